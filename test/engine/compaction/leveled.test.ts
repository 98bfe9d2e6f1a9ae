import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { leveled } from '../../../src/engine/compaction/leveled.ts';
import type { ManualProgress } from '../../../src/engine/compaction/strategy.ts';
import { table, versionOf } from '../tableFixture.ts';
import { busy, contextOf, inputsOf } from './strategyFixture.ts';

const run = { run: 0 };

describe('leveled scores', () => {
  test('count files in level 0 and bytes below; the last level has no limit', () => {
    const version = versionOf(
      [
        [0, table(9, 'a', 'z')],
        [1, table(1, 'a', 'c', { ...run, sizeBytes: 1500 })],
        [2, table(2, 'a', 'c', { ...run, sizeBytes: 9000 })],
        [3, table(3, 'a', 'c', { ...run, sizeBytes: 1_000_000 })],
      ],
      4,
    );
    const { version: family, options } = contextOf(version);
    expect(leveled.targets(family, options)).toEqual([
      { level: 0, score: 1 / 3, measure: 'files', limit: 3 },
      { level: 1, score: 0.5, measure: 'bytes', limit: 3000 },
      { level: 2, score: 1.5, measure: 'bytes', limit: 6000 },
      { level: 3, score: 0, measure: 'bytes', limit: 0 },
    ]);
  });

  test('tell why each level was chosen or not', () => {
    const version = versionOf(
      [
        [0, table(9, 'a', 'z')],
        [1, table(1, 'a', 'c', { ...run, sizeBytes: 6000 })],
        [2, table(2, 'a', 'c', { ...run, sizeBytes: 9000 })],
      ],
      4,
    );
    const { candidates, plan } = leveled.decide(contextOf(version));
    expect(candidates.map(({ chosen, why }) => `${chosen} ${why}`)).toEqual([
      'false score-below-1',
      'true highest-score',
      'false lower-score',
      'false score-below-1',
    ]);
    expect(plan).toMatchObject({ outputLevel: 2, outputRun: 0, manner: 'merge' });
    expect(inputsOf(plan)).toEqual(['1: 1', '2: 2']);
  });

  test('do nothing when nothing is due', () => {
    const { candidates, plan } = leveled.decide(contextOf(versionOf([[0, table(1, 'a', 'b')]])));
    expect(plan).toBeUndefined();
    expect(candidates.every((candidate) => !candidate.chosen)).toBe(true);
  });
});

describe('a level-0 compaction', () => {
  const version = versionOf([
    [0, table(1, 'a', 'd')],
    [0, table(2, 'x', 'z')],
    [0, table(3, 'c', 'h')],
    [0, table(4, 'g', 'k')],
    [1, table(5, 'a', 'b', run)],
    [1, table(6, 'j', 'm', run)],
    [1, table(7, 'x', 'y', run)],
  ]);

  test('takes the oldest table, all that overlap it through others, and level 1 under them', () => {
    expect(inputsOf(leveled.decide(contextOf(version)).plan)).toEqual(['0: 4, 3, 1', '1: 5, 6']);
  });

  test('leaves what is being merged, and waits where it would write into the same range', () => {
    const first = busy([1, 3, 4, 5, 6], 1, 'a', 'm');
    expect(leveled.decide(contextOf(version, { running: [first] })).plan).toBeUndefined();
    const one = { maxL0SSTables: 1 };
    const second = leveled.decide(contextOf(version, { running: [first] }, one));
    expect(inputsOf(second.plan)).toEqual(['0: 2', '1: 7']);
    const wide = busy([1, 3, 4, 5, 6], 1, 'a', 'xx');
    const waiting = leveled.decide(contextOf(version, { running: [wide] }, one));
    expect(waiting.plan).toBeUndefined();
    expect(waiting.candidates[0]).toMatchObject({ chosen: false, why: 'inputs-busy' });
  });

  test('moves a table that overlaps nothing', () => {
    const alone = versionOf([
      [0, table(1, 'a', 'b')],
      [0, table(2, 'c', 'd')],
      [0, table(3, 'e', 'f')],
      [1, table(5, 'x', 'y', run)],
    ]);
    expect(leveled.decide(contextOf(alone)).plan).toMatchObject({ manner: 'move', outputLevel: 1 });
  });

  test('rewrites instead of moving when tombstones would lie on the ground', () => {
    const tombstones = { tombstones: 3 };
    const places = (deep: string): Parameters<typeof versionOf>[0] => [
      [0, table(1, 'a', 'b', tombstones)],
      [0, table(2, 'c', 'd')],
      [0, table(3, 'e', 'f')],
      [3, table(5, deep, 'x', run)],
    ];
    expect(leveled.decide(contextOf(versionOf(places('b')))).plan?.manner).toBe('move');
    expect(leveled.decide(contextOf(versionOf(places('c')))).plan?.manner).toBe('merge');
  });
});

describe('a compaction of a deeper level', () => {
  const version = versionOf([
    [1, table(1, 'a', 'c', { ...run, sizeBytes: 2000 })],
    [1, table(2, 'e', 'g', { ...run, sizeBytes: 2000 })],
    [1, table(3, 'i', 'k', { ...run, sizeBytes: 2000 })],
    [2, table(4, 'b', 'f', run)],
  ]);
  const cursorAt = (key: string): { cursors: Map<number, Uint8Array> } => ({
    cursors: new Map([[1, encodeUtf8(key)]]),
  });

  test('goes round the key space', () => {
    expect(inputsOf(leveled.decide(contextOf(version)).plan)).toEqual(['1: 1', '2: 4']);
    const second = leveled.decide(contextOf(version, cursorAt('c'))).plan;
    expect(inputsOf(second)).toEqual(['1: 2', '2: 4']);
    expect(second?.cursor).toEqual({ level: 1, key: encodeUtf8('g') });
    const third = leveled.decide(contextOf(version, cursorAt('g'))).plan;
    expect(inputsOf(third)).toEqual(['1: 3']);
    expect(third?.manner).toBe('move');
    expect(inputsOf(leveled.decide(contextOf(version, cursorAt('k'))).plan)).toEqual([
      '1: 1',
      '2: 4',
    ]);
  });

  test('passes over a table that is taken', () => {
    const plan = leveled.decide(
      contextOf(
        version,
        { running: [busy([4], 3, 'b', 'f')] },
        {
          levelBaseSize: 2000,
        },
      ),
    ).plan;
    expect(inputsOf(plan)).toEqual(['1: 3']);
  });
});

describe('a level of several runs, left by another strategy', () => {
  const version = versionOf([
    [0, table(31, 'a', 'z')],
    [0, table(32, 'a', 'z')],
    [0, table(33, 'a', 'z')],
    [2, table(7, 'a', 'm')],
    [2, table(8, 'c', 'x')],
  ]);

  test('is united before anything else', () => {
    const { plan, candidates } = leveled.decide(contextOf(version));
    expect(plan).toMatchObject({ outputLevel: 2, outputRun: 0, reason: 'run-count' });
    expect(inputsOf(plan)).toEqual(['2: 8, 7']);
    expect(candidates[0]).toMatchObject({ why: 'another-level-has-several-runs' });
  });

  test('takes nothing in while it is being united', () => {
    const running = [busy([7, 8], 2, 'a', 'x')];
    const level0 = leveled.decide(contextOf(version, { running })).plan;
    expect(level0?.outputLevel).toBe(1);
    const above = versionOf([
      [1, table(1, 'a', 'b', { ...run, sizeBytes: 5000 })],
      [2, table(7, 'a', 'm')],
      [2, table(8, 'c', 'x')],
    ]);
    expect(leveled.decide(contextOf(above, { running })).plan).toBeUndefined();
  });

  test('keeps the number of its one run when more is merged in', () => {
    const one = versionOf([
      [0, table(31, 'a', 'z')],
      [0, table(32, 'a', 'z')],
      [0, table(33, 'a', 'z')],
      [1, table(8, 'c', 'x')],
    ]);
    expect(leveled.decide(contextOf(one)).plan).toMatchObject({ outputLevel: 1, outputRun: 8 });
  });
});

describe('compacting by hand', () => {
  const version = versionOf(
    [
      [0, table(9, 'b', 'e')],
      [0, table(8, 'd', 'h')],
      [1, table(1, 'a', 'c', run)],
      [1, table(2, 'm', 'p', run)],
      [2, table(3, 'a', 'z', run)],
    ],
    4,
  );
  const begin: ManualProgress = {
    range: { from: undefined, to: undefined },
    level: 0,
    deepestLevel: 2,
    bottommostLevel: 'force',
    doneTo: undefined,
    firstOwnFile: 10,
  };

  test('rewrites no two tables at the end between which a new one lies', () => {
    const end = versionOf(
      [
        [2, table(3, 'a', 'c', run)],
        [2, table(4, 'd', 'f', run)],
        [2, table(11, 'g', 'h', run)],
        [2, table(5, 'k', 'm', run)],
      ],
      4,
    );
    const first = leveled.manualStep(contextOf(end), { ...begin, level: 2 })!;
    expect(inputsOf(first.plan)).toEqual(['2: 3, 4']);
    expect(inputsOf(leveled.manualStep(contextOf(end), first.next)!.plan)).toEqual(['2: 5']);
  });

  test('leaves alone what lies at the end already, if told so, or what loses nothing by it', () => {
    const end = versionOf(
      [
        [2, table(3, 'a', 'c', run)],
        [2, table(4, 'd', 'f', { ...run, tombstones: 1 })],
        [2, table(5, 'k', 'm', { ...run, compression: 'lz4' })],
        [2, table(6, 'n', 'p', run)],
      ],
      4,
    );
    const at = { ...begin, level: 2 };
    const skipping: ManualProgress = { ...at, bottommostLevel: 'skip' };
    expect(leveled.manualStep(contextOf(end), skipping)).toBeUndefined();
    const choosing: ManualProgress = { ...at, bottommostLevel: 'if-needed' };
    const step = leveled.manualStep(contextOf(end), choosing)!;
    expect(inputsOf(step.plan)).toEqual(['2: 4, 5']);
    expect(leveled.manualStep(contextOf(end), step.next)).toBeUndefined();
  });

  test('goes down level by level', () => {
    const first = leveled.manualStep(contextOf(version), begin)!;
    expect(inputsOf(first.plan)).toEqual(['0: 9, 8', '1: 1']);
    expect(first.plan).toMatchObject({ outputLevel: 1, manner: 'merge', reason: 'manual' });
    const after = versionOf([
      [1, table(10, 'a', 'h', run)],
      [1, table(2, 'm', 'p', run)],
      [2, table(3, 'a', 'z', run)],
    ]);
    const second = leveled.manualStep(contextOf(after), first.next)!;
    expect(inputsOf(second.plan)).toEqual(['1: 10, 2', '2: 3']);
    const done = versionOf([[2, table(11, 'a', 'z', run)]]);
    expect(leveled.manualStep(contextOf(done), second.next)).toBeUndefined();
  });

  test('rewrites what lies at the deepest level already', () => {
    const still = versionOf([[2, table(3, 'a', 'z', run)]]);
    const step = leveled.manualStep(contextOf(still), begin)!;
    expect(step.plan).toMatchObject({ outputLevel: 2, manner: 'merge' });
    expect(inputsOf(step.plan)).toEqual(['2: 3']);
  });

  test('leaves what lies outside of the range', () => {
    const range = { from: encodeUtf8('n'), to: encodeUtf8('o') };
    const step = leveled.manualStep(contextOf(version), { ...begin, range })!;
    expect(inputsOf(step.plan)).toEqual(['1: 2', '2: 3']);
  });

  test('takes steps of a bounded size', () => {
    const many = versionOf(
      Array.from({ length: 20 }, (_, index) => [
        1,
        table(index + 1, `k${index + 10}a`, `k${index + 10}z`, { ...run, sizeBytes: 4096 }),
      ]),
    );
    let progress: ManualProgress = { ...begin, deepestLevel: 2 };
    const seen: string[] = [];
    for (let step = leveled.manualStep(contextOf(many), progress); step !== undefined;) {
      seen.push(...inputsOf(step.plan));
      progress = step.next;
      step = leveled.manualStep(contextOf(many), progress);
    }
    expect(seen).toEqual([
      '1: 1, 2',
      ...Array.from({ length: 9 }, (_, index) => `1: ${index * 2 + 3}, ${index * 2 + 4}`),
    ]);
  });
});

describe('least-overlap picking', () => {
  test('takes the table with the fewest bytes below for each of its own', () => {
    const version = versionOf([
      [1, table(1, 'a', 'c', { ...run, sizeBytes: 2000 })],
      [1, table(2, 'e', 'g', { ...run, sizeBytes: 2000 })],
      [1, table(3, 'i', 'k', { ...run, sizeBytes: 4000 })],
      [2, table(4, 'a', 'b', { ...run, sizeBytes: 3000 })],
      [2, table(5, 'f', 'g', { ...run, sizeBytes: 2500 })],
      [2, table(6, 'j', 'm', { ...run, sizeBytes: 3000 })],
    ]);
    const options = { compactionPicking: 'least-overlap' } as const;
    expect(inputsOf(leveled.decide(contextOf(version, {}, options)).plan)).toEqual([
      '1: 3',
      '2: 6',
    ]);
    const running = [busy([6], 3, 'j', 'm')];
    expect(inputsOf(leveled.decide(contextOf(version, { running }, options)).plan)).toEqual([
      '1: 2',
      '2: 5',
    ]);
  });
});

describe('dynamic level sizes', () => {
  const options = { dynamicLevelBytes: true, levelMultiplier: 10, levelBaseSize: 5000 };

  test('merge level 0 into the last level of an empty tree', () => {
    const version = versionOf(
      [1, 2, 3].map((file) => [0, table(file, 'a', 'b')] as const),
      5,
    );
    expect(leveled.decide(contextOf(version, {}, options)).plan?.outputLevel).toBe(4);
  });

  test('use as many levels as the deepest one needs', () => {
    const version = versionOf(
      [
        ...[1, 2, 3].map((file) => [0, table(file, 'a', 'b')] as const),
        [4, table(9, 'a', 'z', { ...run, sizeBytes: 400_000 })],
      ],
      5,
    );
    const context = contextOf(version, {}, options);
    expect(leveled.decide(context).plan?.outputLevel).toBe(2);
    const limits = leveled.targets(context.version, context.options).map(({ limit }) => limit);
    expect(limits).toEqual([3, 0, 4000, 40_000, 0]);
  });

  test('drain a level that fixed sizes left above', () => {
    const version = versionOf(
      [
        [1, table(8, 'a', 'c', { ...run, sizeBytes: 3000 })],
        [4, table(9, 'a', 'z', { ...run, sizeBytes: 40_000 })],
      ],
      5,
    );
    const { plan } = leveled.decide(contextOf(version, {}, options));
    expect(inputsOf(plan)).toEqual(['1: 8']);
    expect(plan).toMatchObject({ outputLevel: 2, manner: 'move' });
  });
});
