// Which pictures are taken: each scene's telling events at several moments and sizes.

import type { LsmEvent } from '../../../src/protocol/events.ts';
import type { StoryName } from '../../webview/scenes/sampleStories.ts';

/** One picture of a sheet: a moment of a story, in a size. */
export interface Shot {
  readonly scene: string;
  readonly story: StoryName;
  /** Kind of the event, and which one of that kind in the story, from 0; negative from the end. */
  readonly kind: LsmEvent['kind'];
  readonly nth: number;
  readonly progress: number;
  readonly width: number;
  readonly height: number;
  readonly reducedMotion?: boolean;
  /** Events come too fast to be shown one by one. */
  readonly flowing?: boolean;
}

export interface Sheet {
  readonly name: string;
  /** Of the browser's window. */
  readonly width: number;
  readonly shots: readonly Shot[];
  readonly themes?: readonly ('dark' | 'light' | 'high-contrast' | 'high-contrast-light')[];
}

type Moment = readonly [kind: LsmEvent['kind'], nth: number, ...progresses: number[]];
type Size = readonly [width: number, height: number];

const narrow: Size = [432, 142];
const wide: Size = [936, 142];
const middle: Size = [936, 330];
const stage: Size = [1000, 600];
const everyTheme = ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const;

function shots(
  scene: string,
  story: StoryName,
  sizes: readonly Size[],
  moments: readonly Moment[],
): readonly Shot[] {
  return moments.flatMap(([kind, nth, ...progresses]) =>
    progresses.flatMap((progress) =>
      sizes.map(([width, height]) => ({ scene, story, kind, nth, progress, width, height })),
    ),
  );
}

const writeMoments: readonly Moment[] = [
  ['write.begin', -3, 0.5, 1],
  ['write.group', -1, 0.25, 1],
  ['wal.append', -1, 0.15, 0.4, 0.75, 1],
  ['wal.sync', -1, 0.5, 1],
  ['memtable.insert', -4, 0, 0.1, 0.25, 0.5, 0.7, 0.85, 1],
  ['write.end', -3, 0.3, 1],
];

const bloomMoments: readonly Moment[] = [
  ['filter.check', 0, 0.08, 0.35, 0.7, 1],
  ['filter.check', -1, 0.6, 1],
  ['index.seek', 0, 0.3, 1],
  ['block.read', 60, 0.4, 1],
  ['block.search', 0, 0.3, 1],
  ['block.search', -1, 1],
];

const readMoments: readonly Moment[] = [
  ['get.begin', 3, 1],
  ['memtable.lookup', 3, 0.2, 1],
  ['filter.check', 3, 0.2, 1],
  ['index.seek', 2, 1],
  ['block.read', 62, 1],
  ['block.search', 2, 1],
  ['get.end', 0, 1],
  ['get.end', 3, 0.2, 1],
  ['table.skip', 0, 1],
  ['get.end', 2, 1],
];

const flushMoments: readonly Moment[] = [
  ['wal.rotate', 0, 1],
  ['memtable.seal', 0, 0.2, 0.6, 1],
  ['flush.begin', 0, 1],
  ['table.entry', 3, 0.15, 0.45, 0.7, 1],
  ['table.entry', 4, 1],
  ['table.block', 0, 0.3, 0.7, 1],
  ['table.filter', 0, 0.3, 0.6, 1],
  ['table.block', 5, 1],
  ['table.block', 6, 1],
  ['table.block', 7, 1],
  ['table.block', 8, 1],
  ['table.create', 0, 0.5, 1],
  ['manifest.edit', 0, 0.3, 0.7, 1],
  ['wal.delete', 0, 0.5, 1],
  ['flush.end', 0, 1],
];

const mergeMoments: readonly Moment[] = [
  ['compaction.pick', 0, 0.3, 1],
  ['compaction.begin', 0, 0.4, 1],
  ['compaction.entry', 20, 0, 0.08, 0.3, 0.6, 1],
  ['compaction.entry', 27, 0.6, 1],
  ['compaction.entry', 60, 1],
  ['table.block', -3, 1],
  ['table.filter', -1, 0.5],
  ['table.create', -1, 0.5],
  ['manifest.edit', -2, 0.4, 1],
  ['table.delete', 0, 0.6],
  ['compaction.end', 0, 1],
];

const operandMoments: readonly Moment[] = [
  ['get.operand', 0, 0.3, 1],
  ['get.operand', 1, 0.3, 0.6],
  ['get.operand', 3, 1],
  ['get.merge', 0, 0.1, 0.35, 0.5, 0.7, 1],
  ['get.end', 0, 1],
  ['get.merge', 1, 0.3, 1],
];

const mergedMoments: readonly Moment[] = [
  ['compaction.entry', 0, 0.6, 1],
  ['compaction.entry', 1, 0.3, 0.6, 0.7, 1],
  ['compaction.entry', 2, 0.6, 1],
  ['compaction.entry', -20, 1],
  ['compaction.end', -1, 1],
];

const transactionMoments: readonly Moment[] = [
  ['transaction.begin', 1, 0.3, 1],
  ['transaction.read', 1, 0.3, 1],
  ['transaction.write', 1, 0.2, 0.6],
  ['transaction.commit', 0, 0.4, 1],
  ['transaction.read', 2, 1],
  ['transaction.check', 1, 0.3, 0.7, 1],
  ['transaction.commit', 1, 0.3, 1],
  ['transaction.check', 4, 0.2, 0.5, 1],
  ['transaction.conflict', 0, 0.3, 1],
  ['transaction.walk', 0, 1],
  ['transaction.walk', 1, 1],
  ['transaction.read', 7, 1],
  ['transaction.restore', 0, 0.3, 1],
  ['transaction.conflict', 1, 1],
  ['transaction.check', -1, 0.7],
  ['transaction.commit', -2, 0.4, 1],
  ['transaction.rollback', 0, 1],
  ['transaction.commit', -1, 1],
];

const telling: Readonly<Record<string, readonly Moment[]>> = {
  'write-path': [
    ['write.group', -1, 0.6],
    ['wal.append', -1, 0.2, 0.75],
    ['wal.sync', -1, 0.5],
    ['memtable.insert', -4, 0.3, 0.72, 1],
    ['write.end', -1, 0.4],
  ],
  bloom: [
    ['filter.check', 0, 0.5, 1],
    ['index.seek', 0, 0.5],
    ['block.search', 0, 1],
  ],
  'read-path': [
    ['get.begin', 0, 1],
    ['filter.check', 1, 1],
    ['block.search', 0, 1],
    ['get.end', 0, 1],
  ],
  flush: [
    ['memtable.seal', 0, 0.6],
    ['table.entry', 17, 0.2, 0.6],
    ['table.block', 1, 0.7],
    ['table.filter', 0, 0.5],
    ['table.block', 8, 1],
    ['table.create', 0, 0.5],
    ['manifest.edit', 1, 0.7, 1],
  ],
  merge: [
    ['compaction.pick', 0, 1],
    ['compaction.begin', 0, 1],
    ['compaction.entry', 27, 0.3, 0.6],
    ['compaction.entry', 60, 1],
    ['table.create', -1, 0.5],
    ['manifest.edit', -2, 1],
  ],
};
const everyMoment: Readonly<Record<string, readonly Moment[]>> = {
  'write-path': writeMoments,
  bloom: bloomMoments,
  'read-path': readMoments,
  flush: flushMoments,
  merge: mergeMoments,
};
const names = Object.keys(telling);

/** A sheet over all scenes: the telling moments of one story in one size. */
function across(name: string, story: StoryName, size: Size, width: number): Sheet {
  const all = names.flatMap((scene) => shots(scene, story, [size], telling[scene]!));
  return { name, width, shots: all };
}

export const sheets: readonly Sheet[] = [
  ...names.map((scene) => ({
    name: `${scene}-narrow`,
    width: 1370,
    shots: shots(scene, 'users', [narrow], everyMoment[scene]!),
  })),
  ...names.map((scene) => ({
    name: `${scene}-wide`,
    width: 1920,
    shots: shots(scene, 'users', [wide], everyMoment[scene]!),
  })),
  { ...across('themes', 'users', wide, 1920), themes: everyTheme },
  across('stage', 'users', stage, 2060),
  across('middle', 'users', middle, 1920),
  across('long-keys', 'long-keys', narrow, 1370),
  across('long-keys-stage', 'long-keys', stage, 2060),
  across('tiered', 'tiered', wide, 1920),
  {
    name: 'merges',
    width: 1920,
    shots: [
      ...shots('read-path', 'merges', [wide], operandMoments),
      ...shots('merge', 'merges', [wide], mergedMoments),
    ],
    themes: ['dark', 'light'],
  },
  {
    name: 'merges-stage',
    width: 2060,
    shots: [
      ...shots('read-path', 'merges', [narrow, stage], operandMoments.slice(2, 5)),
      ...shots('merge', 'merges', [narrow, stage], mergedMoments.slice(1, 3)),
    ],
  },
  {
    name: 'transactions',
    width: 1920,
    shots: shots('transaction', 'transactions', [wide], transactionMoments),
    themes: everyTheme,
  },
  {
    name: 'transactions-narrow',
    width: 1370,
    shots: shots('transaction', 'transactions', [narrow], transactionMoments),
  },
  {
    name: 'transactions-stage',
    width: 2060,
    shots: shots('transaction', 'transactions', [stage, middle], transactionMoments),
    themes: ['dark', 'light'],
  },
  {
    name: 'crowded',
    width: 2060,
    shots: shots('read-path', 'crowded', [narrow, stage], telling['read-path']!),
  },
  {
    name: 'reduced-motion',
    width: 1920,
    shots: across('', 'users', wide, 0).shots.map((shot) => ({ ...shot, reducedMotion: true })),
  },
  {
    name: 'flow',
    width: 1920,
    shots: [
      ...shots('write-path', 'users', [narrow, wide], [['write.end', -1, 0.5]]),
      ...shots('flush', 'users', [narrow, wide], [['flush.begin', -1, 0.5]]),
      ...shots('read-path', 'users', [narrow, wide], [['get.end', -1, 0.5]]),
      ...shots('bloom', 'users', [narrow, wide], [['get.end', -1, 0.5]]),
      ...shots('merge', 'users', [narrow, wide], [['compaction.end', -1, 0.5]]),
    ].map((shot) => ({ ...shot, flowing: true })),
  },
];
