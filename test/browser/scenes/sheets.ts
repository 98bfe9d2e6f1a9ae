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

const narrow: Size = [420, 130];
const wide: Size = [1060, 140];
const stage: Size = [1000, 600];

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
  ['manifest.edit', -1, 0.4, 1],
  ['table.delete', 0, 0.6],
  ['compaction.end', 0, 1],
];

export const sheets: readonly Sheet[] = [
  {
    name: 'write-narrow',
    width: 1340,
    shots: shots('write-path', 'users', [narrow], writeMoments),
  },
  { name: 'write-wide', width: 1100, shots: shots('write-path', 'users', [wide], writeMoments) },
  {
    name: 'write-stage',
    width: 2060,
    shots: shots(
      'write-path',
      'users',
      [stage],
      [
        ['write.begin', -3, 1],
        ['write.group', -1, 0.6],
        ['wal.append', -1, 0.2, 0.75],
        ['wal.sync', -1, 0.5],
        ['memtable.insert', -4, 0.3, 0.72, 1],
      ],
    ),
  },
  { name: 'bloom-narrow', width: 1340, shots: shots('bloom', 'users', [narrow], bloomMoments) },
  { name: 'bloom-wide', width: 1100, shots: shots('bloom', 'users', [wide], bloomMoments) },
  {
    name: 'bloom-stage',
    width: 2060,
    shots: shots(
      'bloom',
      'users',
      [stage],
      [
        ['filter.check', 0, 0.5, 1],
        ['filter.check', -1, 1],
        ['index.seek', 0, 0.5],
        ['block.read', 60, 0.5],
        ['block.search', 0, 1],
      ],
    ),
  },
  { name: 'read-narrow', width: 1340, shots: shots('read-path', 'users', [narrow], readMoments) },
  {
    name: 'read-crowded',
    width: 1340,
    shots: shots(
      'read-path',
      'crowded',
      [narrow, [1000, 600]],
      [
        ['get.begin', 0, 1],
        ['filter.check', 1, 1],
        ['block.search', 0, 1],
        ['get.end', 0, 1],
        ['get.end', 1, 1],
      ],
    ),
  },
  {
    name: 'read-wide',
    width: 1100,
    shots: shots('read-path', 'users', [wide], readMoments.slice(4)),
  },
  {
    name: 'read-stage',
    width: 2060,
    shots: shots(
      'read-path',
      'users',
      [stage],
      [
        ['get.begin', 3, 1],
        ['filter.check', 2, 0.5],
        ['block.search', 2, 1],
        ['get.end', 3, 1],
      ],
    ),
  },
  { name: 'flush-narrow', width: 1340, shots: shots('flush', 'users', [narrow], flushMoments) },
  { name: 'flush-wide', width: 1100, shots: shots('flush', 'users', [wide], flushMoments) },
  {
    name: 'flush-stage',
    width: 2060,
    shots: shots(
      'flush',
      'users',
      [stage],
      [
        ['memtable.seal', 0, 0.6],
        ['table.entry', 17, 0.2, 0.6],
        ['table.block', 1, 0.7],
        ['table.filter', 0, 0.5],
        ['table.block', 8, 1],
        ['table.create', 0, 0.5],
        ['manifest.edit', 0, 0.7],
      ],
    ),
  },
  { name: 'merge-narrow', width: 1340, shots: shots('merge', 'users', [narrow], mergeMoments) },
  { name: 'merge-wide', width: 1100, shots: shots('merge', 'users', [wide], mergeMoments) },
  {
    name: 'merge-stage',
    width: 2060,
    shots: shots(
      'merge',
      'users',
      [stage],
      [
        ['compaction.pick', 0, 1],
        ['compaction.begin', 0, 1],
        ['compaction.entry', 27, 0.3, 0.6],
        ['compaction.entry', 60, 1],
        ['table.create', -1, 0.5],
        ['manifest.edit', -1, 1],
      ],
    ),
  },
];
