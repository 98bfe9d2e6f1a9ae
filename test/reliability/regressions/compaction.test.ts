// Bugs of others' compactions that ours could have; README.md names them.

import { describe, expect, test } from 'vitest';
import { runsBelow } from '../../../src/engine/compaction/compactionRun.ts';
import { COMPACTION_STRATEGIES } from '../../../src/engine/compaction/compactionOptions.ts';
import { limitsOf } from '../../../src/engine/compaction/levelTargets.ts';
import { problemOfPlan } from '../../../src/engine/compaction/planCheck.ts';
import type { CompactionPlan } from '../../../src/engine/compaction/strategy.ts';
import { familyOf } from '../../../src/engine/manifest/version.ts';
import type { FamilyVersion } from '../../../src/engine/manifest/version.ts';
import { contextOf } from '../../engine/compaction/strategyFixture.ts';
import { nextTurn } from '../../engine/simulatedWorld.ts';
import { table, versionOf } from '../../engine/tableFixture.ts';
import { bytes, newStore, putAll, texts } from '../../engine/testStore.ts';

/** The merge of tables, by level, into a level. */
function mergeOf(
  version: FamilyVersion,
  inputs: readonly (readonly [level: number, files: readonly number[]])[],
  outputLevel: number,
): CompactionPlan {
  return {
    family: 0,
    reason: 'manual',
    inputs: inputs.map(([level, files]) => ({
      level,
      tables: version.levels[level]!.runs.flatMap(({ tables }) =>
        tables.filter(({ file }) => files.includes(file)),
      ),
    })),
    outputLevel,
    outputRun: 0,
    manner: 'merge',
    cursor: undefined,
  };
}

const inRun = (run: number) => ({ run });

describe('a tombstone', () => {
  const version = familyOf(
    versionOf([
      [0, table(9, 'a', 'z')],
      [0, table(8, 'a', 'z')],
      [0, table(7, 'a', 'z')],
      [1, table(5, 'd', 'f', inRun(0))],
      [2, table(3, 'a', 'z', inRun(0))],
    ]),
    0,
  );

  test('hides what lies in a level that its merge passes by, and in older runs of its own', () => {
    const below = runsBelow(
      version,
      mergeOf(
        version,
        [
          [0, [9, 8]],
          [2, [3]],
        ],
        2,
      ),
    );
    expect(below.map(({ level, run }) => [level, run.tables.map(({ file }) => file)])).toEqual([
      [0, [7]],
      [1, [5]],
    ]);
  });

  test('is carried past no older version: such a merge is not begun', () => {
    const plan = mergeOf(version, [[0, [9, 8, 7]]], 2);
    expect(problemOfPlan(plan, version, [])).toBe('table 9 would pass table 5');
    const whole = mergeOf(
      version,
      [
        [0, [9, 8, 7]],
        [1, [5]],
        [2, [3]],
      ],
      2,
    );
    expect(problemOfPlan(whole, version, [])).toBeUndefined();
  });

  test('in level 0 goes under no older table of level 0 that stays', () => {
    const plan = mergeOf(
      version,
      [
        [0, [9]],
        [1, [5]],
      ],
      1,
    );
    expect(problemOfPlan(plan, version, [])).toBe('table 9 would pass table 8');
  });

  test.each(COMPACTION_STRATEGIES)(
    'brings nothing back under the %s strategy',
    async (compaction) => {
      const { store } = await newStore({
        ...{ compaction, memtableSize: 1024, targetTableSize: 1024, levelBaseSize: 2048 },
        ...{ maxL0SSTables: 2, tierRuns: 2, levelMultiplier: 2, blockSize: 128 },
      });
      await putAll(store, { gone: 'old' });
      for (let round = 0; round < 12; round++) {
        for (let key = 0; key < 20; key++) await store.put(bytes(`k${key}`), bytes(`${round}`));
        if (round === 6) await store.delete(bytes('gone'));
        await store.flush();
        await store.waitForIdle();
        const isThere = store.getSync(bytes('gone')) !== undefined;
        expect(isThere && round > 6).toBe(false);
      }
      await store.compactRange();
      expect(texts(store).filter((entry) => entry.startsWith('gone'))).toEqual([]);
      await store.close();
    },
  );

  test('of a newer memtable hides what an older one still holds', async () => {
    const { store, disk } = await newStore({ memtableSize: 1024, maxImmutableMemtables: 8 });
    // This one's flush is under way when the other two come to wait.
    await store.put(bytes('w'), new Uint8Array(1100));
    await putAll(store, { a: 'old' });
    await store.put(bytes('x'), new Uint8Array(1100));
    await store.delete(bytes('a'));
    await store.put(bytes('y'), new Uint8Array(1100));
    // Seals the one with the delete.
    await store.put(bytes('z'), new Uint8Array(1100));
    const seen = new Set<string>();
    disk.onChange = () => seen.add(String(store.getSync(bytes('a'))));
    while (store.describe().families[0]!.immutables.length > 0) await nextTurn();
    disk.onChange = undefined;
    await store.compactRange();
    seen.add(String(store.getSync(bytes('a'))));
    expect(seen.size).toBeGreaterThan(0);
    expect([...seen]).toEqual(['undefined']);
    expect(texts(store).map((entry) => entry[0])).toEqual(['w', 'x', 'y', 'z']);
    await store.close();
  });
});

describe('the sizes of levels', () => {
  test('of 1 TiB and more leave level 0 a level below itself', () => {
    for (const sizeBytes of [2 ** 31, 2 ** 32, 2 ** 40, 2 ** 44, 2 ** 50]) {
      const version = familyOf(versionOf([[6, table(1, 'a', 'z', { run: 0, sizeBytes })]]), 0);
      const { options } = contextOf(
        { families: [version] },
        {},
        {
          ...{ maxLevels: 7, levelMultiplier: 10, levelBaseSize: 2 ** 28, dynamicLevelBytes: true },
        },
      );
      const { baseLevel, bytes: limits } = limitsOf(version, options);
      expect(baseLevel).toBeGreaterThanOrEqual(1);
      expect(baseLevel).toBeLessThanOrEqual(6);
      expect(limits.every((limit) => limit >= 0 && Number.isFinite(limit))).toBe(true);
    }
  });
});
