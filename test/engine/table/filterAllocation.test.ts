// Monkey gives out as many bits as there are, and fewer keys are looked for in vain than when every
// key has as many bits.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { monkeyBitsPerKey } from '../../../src/engine/table/filterAllocation.ts';
import { predictedFalsePositiveRate, probesFor } from '../../../src/engine/table/filterRate.ts';
import type { FilterAllocation } from '../../../src/engine/options.ts';
import { WriteBatch } from '../../../src/engine/writeBatch.ts';
import { newStore } from '../testStore.ts';

/** Bits a key for each of the runs. */
function shares(bits: number, runs: readonly number[]): number[] {
  return runs.map((entries, index) =>
    monkeyBitsPerKey(
      bits,
      entries,
      runs.filter((_, other) => other !== index),
    ),
  );
}

/** How many of the runs a get of an absent key looks into in vain, by the paper's own rate. */
function lookups(bits: readonly number[]): number {
  return bits.reduce((sum, each) => sum + Math.exp(-each * Math.LN2 ** 2), 0);
}

const total = (bits: readonly number[], runs: readonly number[]): number =>
  bits.reduce((sum, each, index) => sum + each * runs[index]!, 0);

describe('monkey', () => {
  test('gives out all bits, no more, to the advantage of every tree', () => {
    const runs = fc.array(fc.integer({ min: 100, max: 1_000_000 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(runs, fc.integer({ min: 1, max: 16 }), (runs, bits) => {
        const monkey = shares(bits, runs);
        const budget = total(
          runs.map(() => bits),
          runs,
        );
        const capped = monkey.some((each) => each === 40);
        expect(total(monkey, runs) / budget).toBeGreaterThan(capped ? 0 : 0.94);
        expect(total(monkey, runs) / budget).toBeLessThan(1.06);
        expect(lookups(monkey)).toBeLessThan(1.06 * lookups(runs.map(() => bits)));
      }),
    );
  });

  test('halves the looks in vain of a tree of four levels', () => {
    const runs = [1000, 10_000, 100_000, 1_000_000];
    const monkey = shares(8, runs);
    expect(monkey).toEqual(monkey.toSorted((a, b) => b - a));
    expect(lookups(monkey)).toBeLessThan(0.5 * lookups([8, 8, 8, 8]));
    const rates = (bits: number[]): number =>
      bits.reduce((sum, each, index) => {
        const lines = Math.ceil((runs[index]! * each) / 512);
        return sum + predictedFalsePositiveRate(runs[index]!, lines, probesFor(each));
      }, 0);
    // Our filters are blocked, and so a little worse than the paper's.
    expect(rates(monkey)).toBeLessThan(0.6 * rates([8, 8, 8, 8]));
  });

  test('gives equal runs equal bits, and a single run all', () => {
    expect(shares(10, [500, 500, 500])).toEqual([10, 10, 10]);
    expect(shares(10, [77])).toEqual([10]);
    expect(shares(0, [5, 50])).toEqual([0, 0]);
  });
});

const ABSENT = 3000;

interface Filters {
  readonly sizeBytes: number;
  /** Tables that a get of an absent key looked into in vain. */
  readonly inVain: number;
}

/** A store of four small runs above two larger levels, asked for absent keys. */
async function filtersOf(
  filterAllocation: FilterAllocation,
  bloomBitsPerKey: number,
): Promise<Filters> {
  const { store } = await newStore({
    memtableSize: 64 * 1024,
    maxL0SSTables: 6,
    levelBaseSize: 64 * 1024,
    targetTableSize: 64 * 1024,
    bloomBitsPerKey,
    filterAllocation,
  });
  const text = (number: number): Uint8Array =>
    encodeUtf8(`user${Math.imul(number + 1, 0x9e3779b1) >>> 0}`);
  const write = async (from: number, to: number): Promise<void> => {
    const batch = new WriteBatch();
    for (let number = from; number < to; number++) batch.put(text(number), encodeUtf8('v'));
    await store.write(batch);
  };
  for (let from = 0; from < 12_000; from += 500) await write(from, from + 500);
  await store.compactRange();
  for (let run = 0; run < 4; run++) {
    await write(20_000 + 500 * run, 20_000 + 500 * (run + 1));
    await store.flush();
  }
  await store.waitForIdle();
  const tables = store.describe().families[0]!.levels.flatMap((level) => level.tables);
  expect(tables.length).toBeGreaterThan(6);
  const before = store.stats().counters;
  for (let number = 0; number < ABSENT; number++) store.getSync(text(1_000_000 + number));
  const after = store.stats().counters;
  await store.close();
  return {
    sizeBytes: tables.reduce((sum, table) => sum + table.filterSizeBytes, 0),
    inVain: (after.filterFalsePositives - before.filterFalsePositives) / ABSENT,
  };
}

test('a store with monkey filters looks in vain less often, even for less memory', async () => {
  const uniform = await filtersOf('uniform', 6);
  const monkey = await filtersOf('monkey', 5);
  expect(monkey.sizeBytes).toBeLessThan(uniform.sizeBytes);
  expect(monkey.inVain).toBeLessThan(0.7 * uniform.inVain);
});
