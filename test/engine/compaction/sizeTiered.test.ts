import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { sizeTiered } from '../../../src/engine/compaction/sizeTiered.ts';
import { table, versionOf } from '../tableFixture.ts';
import { busy, contextOf, inputsOf } from './strategyFixture.ts';

describe('size-tiered compaction', () => {
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

  test('merges all runs of a full tier into one of the next', () => {
    const { plan, candidates } = sizeTiered.decide(contextOf(version));
    expect(inputsOf(plan)).toEqual(['0: 23, 22, 21']);
    expect(plan).toMatchObject({ outputLevel: 1, outputRun: 23, manner: 'merge' });
    expect(candidates.map(({ value, limit, chosen }) => [value, limit, chosen])).toEqual([
      [3, 3, true],
      [1, 3, false],
      [0, 3, false],
    ]);
  });

  test('counts runs, not tables', () => {
    const { version: family, options } = contextOf(version);
    expect(sizeTiered.targets(family, options)[1]).toEqual({
      level: 1,
      score: 1 / 3,
      measure: 'runs',
      limit: 3,
    });
  });

  test('merges the last tier where it is', () => {
    const last = versionOf(
      [
        [2, table(11, 'a', 'm', { run: 5 })],
        [2, table(12, 'a', 'm', { run: 9 })],
        [2, table(13, 'a', 'm', { run: 7 })],
      ],
      3,
    );
    const { plan } = sizeTiered.decide(contextOf(last));
    expect(plan).toMatchObject({ outputLevel: 2, outputRun: 9 });
    expect(inputsOf(plan)).toEqual(['2: 12, 13, 11']);
  });

  test('waits for a merge that is under way', () => {
    const running = [busy([21], 1, 'a', 'c')];
    expect(sizeTiered.decide(contextOf(version, { running })).plan).toBeUndefined();
    const four = versionOf([...Array(4).keys()].map((index) => [0, table(30 + index, 'a', 'z')]));
    const decision = sizeTiered.decide(contextOf(four, { running: [busy([30], 1, 'a', 'z')] }));
    expect(decision.plan).toBeUndefined();
    expect(decision.candidates[0]).toMatchObject({ value: 3, why: 'inputs-busy' });
  });

  test('by hand makes one run of everything in the range', () => {
    const progress = {
      range: { from: encodeUtf8('b'), to: encodeUtf8('b') },
      level: 0,
      deepestLevel: 1,
      doneTo: undefined,
      firstOwnFile: 40,
    };
    const step = sizeTiered.manualStep(contextOf(version), progress)!;
    expect(inputsOf(step.plan)).toEqual(['0: 23, 22, 21', '1: 11']);
    expect(step.plan).toMatchObject({ outputLevel: 1, outputRun: 23, reason: 'manual' });
    expect(sizeTiered.manualStep(contextOf(version), step.next)).toBeUndefined();
  });
});
