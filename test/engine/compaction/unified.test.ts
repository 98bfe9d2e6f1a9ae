import { describe, expect, test } from 'vitest';
import { parseScaling } from '../../../src/engine/compaction/scaling.ts';
import { lazyLeveled, unified } from '../../../src/engine/compaction/unified.ts';
import { resolveOptions } from '../../../src/engine/options.ts';
import { table, versionOf } from '../tableFixture.ts';
import { busy, contextOf, inputsOf } from './strategyFixture.ts';

const KIB = 1024;

describe('scaling parameters', () => {
  test('are a word for each level', () => {
    expect(parseScaling('T4, N,L10')).toEqual([
      { fanout: 4, runs: 4 },
      { fanout: 2, runs: 2 },
      { fanout: 10, runs: 2 },
    ]);
  });

  test.each(['', 'T', 'T1', 'X4', 'T4,', 'T4 L4', 'L1001'])('are refused as %j', (text) => {
    expect(() => resolveOptions({ scalingParameters: text })).toThrow(/scalingParameters/);
  });
});

describe('unified compaction', () => {
  const options = { memtableSize: KIB, scalingParameters: 'T3, L4' };

  test('gives the runs of a full tiered level down, into the run of a leveled one', () => {
    const version = versionOf(
      [
        [0, table(23, 'a', 'z')],
        [0, table(22, 'a', 'z')],
        [0, table(21, 'a', 'z')],
        [1, table(5, 'a', 'm', { run: 9 })],
        [1, table(6, 'n', 'z', { run: 9 })],
      ],
      4,
    );
    const { plan, candidates } = unified.decide(contextOf(version, {}, options));
    expect(inputsOf(plan)).toEqual(['0: 23, 22, 21', '1: 5, 6']);
    expect(plan).toMatchObject({ outputLevel: 1, outputRun: 23, manner: 'merge' });
    expect(candidates.map(({ measure, value, limit }) => [measure, value, limit])).toEqual([
      ['runs', 3, 3],
      ['bytes', 2000, KIB * 3 * 4],
      ['bytes', 0, KIB * 3 * 4 * 4],
      ['bytes', 0, 0],
    ]);
  });

  test('moves the run of a leveled level that has outgrown it', () => {
    const version = versionOf([[1, table(5, 'a', 'm', { run: 9, sizeBytes: 20 * KIB })]], 4);
    const { plan } = unified.decide(contextOf(version, {}, options));
    expect(plan).toMatchObject({ outputLevel: 2, outputRun: 9, manner: 'move' });
  });

  test('waits for the level that its output goes into', () => {
    const places = [23, 22, 21].map((file) => [0, table(file, 'a', 'z')] as const);
    const version = versionOf([...places, [1, table(5, 'a', 'm', { run: 9 })]], 4);
    const running = [busy([5], 2, 'a', 'm')];
    const decision = unified.decide(contextOf(version, { running }, options));
    expect(decision.plan).toBeUndefined();
    expect(decision.candidates[0]!.why).toBe('inputs-busy');
  });

  test('merges the last level where it is', () => {
    const version = versionOf(
      [
        [3, table(5, 'a', 'm', { run: 9 })],
        [3, table(6, 'a', 'm', { run: 8 })],
      ],
      4,
    );
    const { plan } = unified.decide(contextOf(version, {}, options));
    expect(plan).toMatchObject({ outputLevel: 3, outputRun: 9 });
  });
});

describe('lazy leveling', () => {
  test('is tiered above the deepest level in use, and leveled there', () => {
    const version = versionOf(
      [
        [0, table(23, 'a', 'z')],
        [1, table(9, 'a', 'z')],
        [1, table(8, 'a', 'z')],
        [1, table(7, 'a', 'z')],
        [2, table(5, 'a', 'z', { run: 2 })],
      ],
      4,
    );
    const { plan, candidates } = lazyLeveled.decide(contextOf(version));
    expect(inputsOf(plan)).toEqual(['1: 9, 8, 7', '2: 5']);
    expect(plan).toMatchObject({ outputLevel: 2, outputRun: 9 });
    expect(candidates.map(({ measure }) => measure)).toEqual(['runs', 'runs', 'bytes', 'bytes']);
  });
});
