import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { sizeTiered } from '../../../src/engine/compaction/sizeTiered.ts';
import type { ManualProgress } from '../../../src/engine/compaction/strategy.ts';
import { familyOf } from '../../../src/engine/manifest/version.ts';
import type { Version } from '../../../src/engine/manifest/version.ts';
import { table, versionOf } from '../tableFixture.ts';
import { busy, contextOf, inputsOf } from './strategyFixture.ts';

/** Runs over the whole key space in level 0, newest first, by size. */
function runsOf(...sizes: number[]): Version {
  return versionOf(
    sizes.map((sizeBytes, index) => [0, table(50 - index, 'a', 'z', { sizeBytes })]),
    4,
  );
}

/** Files of the plan, and why each rule was or was not followed. */
function decided(version: Version, rest = {}, options = {}): [string[], string[]] {
  const { plan, candidates } = sizeTiered.decide(contextOf(version, rest, options));
  return [inputsOf(plan), candidates.map(({ why }) => why)];
}

describe('size-tiered compaction', () => {
  test('does nothing before there are enough runs', () => {
    expect(decided(runsOf(1000, 1000))).toEqual([[], Array(3).fill('too-few-runs')]);
  });

  test('merges all when the newer runs are large against the oldest', () => {
    expect(decided(runsOf(1000, 1000, 1000))).toEqual([
      ['0: 50, 49, 48'],
      ['first-rule-that-applies', 'another-rule-first', 'rule-does-not-apply'],
    ]);
  });

  test('otherwise merges neighbours of like size, the newest that are', () => {
    const version = runsOf(1000, 5000, 4900, 9000, 90_000);
    expect(decided(version)[0]).toEqual(['0: 49, 48, 47']);
    expect(decided(version, {}, { maxMergeWidth: 2 })[0]).toEqual(['0: 49, 48']);
    expect(decided(version, {}, { minMergeWidth: 4 })).toEqual([
      ['0: 50, 49, 48'],
      ['rule-does-not-apply', 'rule-does-not-apply', 'first-rule-that-applies'],
    ]);
    expect(decided(runsOf(1000, 1010, 9000, 90_000))[0]).toEqual(['0: 50, 49']);
  });

  test('lets the next run be larger by the ratio', () => {
    const version = runsOf(1000, 1200, 9000, 90_000);
    expect(decided(version, {}, { tierRuns: 4 })[0]).toEqual([]);
    expect(decided(version, {}, { tierRuns: 4, sizeRatioPercent: 20 })[0]).toEqual(['0: 50, 49']);
  });

  test('passes over what is being merged, and waits for it before it merges all', () => {
    const three = runsOf(1000, 1000, 1000);
    const running = [busy([48], 1, 'a', 'z')];
    expect(decided(three, { running })).toEqual([
      ['0: 50, 49'],
      ['inputs-busy', 'first-rule-that-applies', 'rule-does-not-apply'],
    ]);
    expect(decided(three, { running: [busy([49], 1, 'a', 'z')] })[0]).toEqual([]);
  });

  test('puts a run as deep as its size asks, but never below an older one', () => {
    const alone = sizeTiered.decide(
      contextOf(runsOf(9000, 9000, 9000), {}, { memtableSize: 1024 }),
    );
    expect(alone.plan).toMatchObject({ outputLevel: 3, outputRun: 50, manner: 'merge' });
    const above = versionOf(
      [
        [0, table(50, 'a', 'z')],
        [0, table(49, 'a', 'z')],
        [1, table(7, 'a', 'z', { sizeBytes: 9000, run: 60 })],
      ],
      4,
    );
    const { plan } = sizeTiered.decide(contextOf(above, {}, { memtableSize: 1024 }));
    expect(inputsOf(plan)).toEqual(['0: 50, 49']);
    // Newer than run 60, which lies there already.
    expect(plan).toMatchObject({ outputLevel: 1, outputRun: 61 });
  });

  test('tells how many bytes wait', () => {
    const pending = (version: Version): number =>
      sizeTiered.backlog(familyOf(version, 0), contextOf(version).options).pendingBytes;
    expect(pending(runsOf(1000, 1000))).toBe(0);
    expect(pending(runsOf(1000, 1000, 1000))).toBe(3000);
  });

  test('by hand makes one run of everything in the range', () => {
    const version = versionOf(
      [
        [0, table(21, 'a', 'c')],
        [0, table(22, 'd', 'f')],
        [0, table(23, 'g', 'k')],
        [1, table(11, 'a', 'm', { run: 5 })],
        [1, table(12, 'n', 'z', { run: 5 })],
      ],
      3,
    );
    const progress: ManualProgress = {
      range: { from: encodeUtf8('b'), to: encodeUtf8('b') },
      level: 0,
      deepestLevel: 1,
      bottommostLevel: 'force',
      doneTo: undefined,
      firstOwnFile: 40,
    };
    const step = sizeTiered.manualStep(contextOf(version), progress)!;
    expect(inputsOf(step.plan)).toEqual(['0: 23, 22, 21', '1: 11']);
    expect(step.plan).toMatchObject({ outputLevel: 1, outputRun: 23, reason: 'manual' });
    expect(sizeTiered.manualStep(contextOf(version), step.next)).toBeUndefined();
    const oneRun = contextOf(versionOf([[1, table(11, 'a', 'm', { run: 5 })]], 3));
    expect(sizeTiered.manualStep(oneRun, progress)).toBeDefined();
    const skipping: ManualProgress = { ...progress, bottommostLevel: 'skip' };
    expect(sizeTiered.manualStep(oneRun, skipping)).toBeUndefined();
  });
});
