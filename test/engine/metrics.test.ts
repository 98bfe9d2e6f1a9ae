// Sizes of ranges, about, and what a store is made of.

import { describe, expect, test } from 'vitest';
import type { Lsm } from '../../src/engine/db.ts';
import { bytes, newStore } from './testStore.ts';

const key = (index: number): Uint8Array => bytes(`key${String(index).padStart(5, '0')}`);

async function fill(store: Lsm, from: number, to: number): Promise<void> {
  const writes: Promise<void>[] = [];
  for (let index = from; index < to; index++)
    writes.push(store.put(key(index), new Uint8Array(100)));
  await Promise.all(writes);
}

describe('approximate sizes', () => {
  test.each(['tables', 'memtables', 'both'] as const)(
    'of ranges in %s are right within a tenth',
    async (place) => {
      const { store } = await newStore({ blockSize: 512, targetTableSize: 40_000 });
      await fill(store, 0, 2000);
      if (place !== 'memtables') await store.compactRange();
      if (place === 'both') await fill(store, 2000, 4000);
      const all = store.approximateSize();
      expect(all.entries).toBe(place === 'both' ? 4000 : 2000);
      expect(all.memtableBytes > 100 * 2000).toBe(place !== 'tables');
      expect(all.tableBytes).toBe(store.properties().tableBytes);
      expect(all.tableBytes > 0).toBe(place !== 'memtables');
      for (const [from, to] of [
        [0, 1000],
        [500, 1500],
        [100, 300],
        [1900, 2000],
      ] as const) {
        const { entries } = store.approximateSize({ from: key(from), to: key(to) });
        expect(Math.abs(entries - (to - from)), `${from} to ${to}`).toBeLessThan(200);
      }
      const half = store.approximateSize({ to: key(1000) });
      const rest = store.approximateSize({ from: key(1000) });
      expect(Math.abs(half.entries + rest.entries - all.entries)).toBeLessThan(100);
      await store.close();
    },
  );

  test('of nothing are nothing', async () => {
    const { store } = await newStore();
    const nothing = { tableBytes: 0, memtableBytes: 0, entries: 0 };
    expect(store.approximateSize()).toEqual(nothing);
    await fill(store, 0, 50);
    await store.flush();
    expect(store.approximateSize({ from: key(30), to: key(30) })).toEqual(nothing);
    expect(store.approximateSize({ from: key(40), to: key(10) })).toEqual(nothing);
    expect(store.approximateSize({ from: bytes('z') })).toEqual(nothing);
    await store.close();
    expect(() => store.approximateSize()).toThrow(expect.objectContaining({ code: 'NOT_OPEN' }));
  });
});

describe('properties', () => {
  test('say what the store is made of', async () => {
    const { store } = await newStore();
    await fill(store, 0, 100);
    await store.compactRange();
    await fill(store, 50, 150);
    await store.flush();
    await fill(store, 150, 160);
    await store.delete(key(0));
    const snapshot = store.snapshot();
    const transaction = store.transaction();
    const iterator = store.iterator();
    const found = store.properties();
    expect(found.levels[0]).toMatchObject({ level: 0, files: 1, runs: 1 });
    expect(found.levels.reduce((sum, { files }) => sum + files, 0)).toBe(2);
    expect(found).toMatchObject({
      estimatedKeys: 100 + 100 + 10 + 1 - 2,
      activeMemtable: { entries: 11 },
      sealedMemtables: { count: 0, sizeBytes: 0 },
      runningFlushes: 0,
      runningCompactions: 0,
      snapshots: 2,
      oldestSnapshot: 211,
      openTransactions: 1,
      openIterators: 1,
      obsoleteTableBytes: 0,
      stall: null,
      failure: '',
      lastSequence: 211,
    });
    // The table of level 0 overlaps the deeper one, so only that counts as live.
    expect(found.estimatedLiveDataBytes).toBeLessThan(found.tableBytes);
    expect(found.logs).toHaveLength(1);
    await store.compactRange();
    expect(store.properties().obsoleteTableBytes).toBeGreaterThan(0);
    iterator.close();
    expect(store.properties().obsoleteTableBytes).toBe(0);
    transaction.rollback();
    snapshot.release();
    await store.close();
  });
});
