// Disks that fail: after a failed write or sync nothing more is written until the store is opened
// again, everybody who waits is told, and what was acknowledged is there afterwards.

import { describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../src/base/bytes.ts';
import { LsmError } from '../../src/base/errors.ts';
import type { Lsm } from '../../src/engine/db.ts';
import type { LsmOptions } from '../../src/engine/options.ts';
import { RecordingSink } from './recordingSink.ts';
import { bytes, getText, newStore, openOn, putAll, texts } from './testStore.ts';
import { SimulatedDisk } from '../reliability/disk/simulatedDisk.ts';

describe('a failed sync of the log', () => {
  test('refuses every writer of the group and all that follow, but not readers', async () => {
    const disk = new SimulatedDisk();
    const events = new RecordingSink();
    const { store } = await newStore({ events }, disk);
    await putAll(store, { before: '1' });
    disk.shouldFail = (call, path) => call === 'sync' && path.endsWith('.log');
    const group = [
      store.put(bytes('a'), bytes('1'), { sync: true }),
      store.put(bytes('b'), bytes('2')),
    ];
    for (const write of group) await expect(write).rejects.toMatchObject({ code: 'IO' });
    disk.shouldFail = () => false;
    await expect(store.put(bytes('c'), bytes('3'))).rejects.toMatchObject({ code: 'NOT_OPEN' });
    await expect(store.flush()).rejects.toMatchObject({ code: 'NOT_OPEN' });
    expect(texts(store)).toEqual(['before=1']);
    expect(store.readOnlyBecause).toMatch(/EIO/);
    expect(events.of('error')).toHaveLength(1);
    expect(events.of('write.end')).toHaveLength(1);
    expect(store.describe().problems).toHaveLength(1);
    await store.close();
    const again = await openOn(disk);
    expect(await getText(again, 'before')).toBe('1');
    await again.put(bytes('c'), bytes('3'));
    await again.close();
  });

  test('tells writers that wait for room', async () => {
    const disk = new SimulatedDisk();
    const { store } = await newStore({ memtableSize: 1024, maxImmutableMemtables: 1 }, disk);
    disk.shouldFail = (call, path) => call === 'sync' && path.endsWith('.sst');
    const outcomes: string[] = [];
    while (outcomes.at(-1) !== 'NOT_OPEN' && outcomes.length < 100) {
      const write = store.put(bytes(`k${outcomes.length}`), new Uint8Array(200));
      outcomes.push(
        await write.then(
          () => 'done',
          (thrown: LsmError) => thrown.code,
        ),
      );
    }
    expect(outcomes).toContain('done');
    expect(outcomes.at(-1)).toBe('NOT_OPEN');
    await store.close();
  });
});

describe('a failed flush', () => {
  test('loses nothing: the log still has it', async () => {
    const disk = new SimulatedDisk();
    const { store } = await newStore({}, disk);
    await putAll(store, { a: '1', b: '2' });
    disk.shouldFail = (call, path) => call === 'write' && path.endsWith('.sst');
    await expect(store.flush()).rejects.toMatchObject({ code: 'NOT_OPEN' });
    disk.shouldFail = () => false;
    expect(texts(store)).toEqual(['a=1', 'b=2']);
    await store.close();
    const again = await openOn(disk);
    expect(texts(again)).toEqual(['a=1', 'b=2']);
    await again.flush();
    expect(again.stats().levels[0]).toMatchObject({ tables: 1 });
    await again.close();
  });
});

describe('a table that cannot be read', () => {
  test('fails the read, and a compaction of it stops writing but ends no process', async () => {
    const disk = new SimulatedDisk();
    const { store } = await newStore({ memtableSize: 1024, blockCacheSize: 0 }, disk);
    await putAll(store, { a: '1' });
    await store.flush();
    expect(await getText(store, 'a')).toBe('1');
    disk.shouldFail = (call, path) => call === 'read' && path.endsWith('.sst');
    await expect(store.get(bytes('a'))).rejects.toMatchObject({ code: 'IO' });
    await expect(store.compactRange()).rejects.toThrow(LsmError);
    expect(store.readOnlyBecause).not.toBe('');
    disk.shouldFail = () => false;
    expect(await getText(store, 'a')).toBe('1');
    await store.close();
  });
});

describe('a file that cannot be deleted', () => {
  test('is reported, stays, and goes with the next open', async () => {
    const disk = new SimulatedDisk();
    const { store } = await newStore({}, disk);
    await putAll(store, { a: '1' });
    disk.shouldFail = (call) => call === 'remove';
    await store.flush();
    await store.compactRange();
    await putAll(store, { b: '2' });
    expect(store.describe().problems.length).toBeGreaterThan(0);
    disk.shouldFail = () => false;
    await store.close();
    const logs = (): number =>
      [...disk.contents().keys()].filter((name) => /\.(log|sst)$/.test(name)).length;
    const before = logs();
    const again = await openOn(disk);
    expect(logs()).toBeLessThan(before);
    expect(texts(again)).toEqual(['a=1', 'b=2']);
    await again.close();
  });
});

/** Writes that were acknowledged, in a run that a disk may end at any call. */
async function workload(disk: SimulatedDisk, options: LsmOptions): Promise<Map<string, string>> {
  const acknowledged = new Map<string, string>();
  let store: Lsm | undefined;
  try {
    store = await openOn(disk, options);
    for (let key = 0; key < 24; key++) {
      await store.put(bytes(`k${key}`), bytes(`v${key}`.repeat(20)), { sync: key % 4 === 0 });
      acknowledged.set(`k${key}`, `v${key}`.repeat(20));
      if (key === 16) await store.compactRange();
    }
    await store.flush();
  } catch (thrown) {
    if (!(thrown instanceof LsmError)) throw thrown;
  }
  await store?.close().catch((thrown: unknown) => {
    if (!(thrown instanceof LsmError)) throw thrown;
  });
  return acknowledged;
}

describe.each([
  { compaction: 'leveled' },
  { compaction: 'size-tiered' },
  { compaction: 'leveled', walSync: 'interval', recycleLogs: 2 },
] as const)('a disk under a store of %o', (given) => {
  const options: LsmOptions = {
    ...given,
    memtableSize: 1024,
    blockSize: 256,
    maxL0SSTables: 1,
    tierRuns: 2,
    targetTableSize: 1024,
  };

  test(
    'may fail at any call, once or from then on, and nothing acknowledged is lost',
    { timeout: 120_000 },
    async () => {
      const counting = new SimulatedDisk();
      await workload(counting, options);
      expect(counting.calls).toBeGreaterThan(100);
      const lost: string[] = [];
      for (let failing = 1; failing <= counting.calls; failing++) {
        for (const forever of [false, true]) {
          const disk = new SimulatedDisk();
          disk.shouldFail = (_call, _path, number) =>
            forever ? number >= failing : number === failing;
          const acknowledged = await workload(disk, options);
          const after = await openOn(disk.afterKill(), options);
          const found = new Map(
            [...after.entries()].map(([key, value]) => [decodeUtf8(key), decodeUtf8(value)]),
          );
          for (const [key, value] of acknowledged) {
            if (found.get(key) !== value) lost.push(`${key} after call ${failing}`);
          }
          await after.put(bytes('later'), bytes('works'));
          await after.close();
        }
      }
      expect(lost).toEqual([]);
    },
  );

  test(
    'may lose power at any call, and nothing acknowledged with a sync is lost',
    { timeout: 120_000 },
    async () => {
      const counting = new SimulatedDisk();
      await workload(counting, options);
      const lost: string[] = [];
      for (let failing = 1; failing <= counting.calls; failing++) {
        const disk = new SimulatedDisk();
        disk.shouldFail = (_call, _path, number) => number >= failing;
        const acknowledged = await workload(disk, options);
        const after = await openOn(disk.afterPowerFailure(undefined), options);
        const keys = new Set([...after.entries()].map(([key]) => decodeUtf8(key)));
        const last = [...acknowledged.keys()].map((key) => Number(key.slice(1))).at(-1) ?? -1;
        // Every fourth write is synced, and a sync covers all before it.
        for (let key = 0; key <= last - (last % 4) && last >= 0; key++) {
          if (!keys.has(`k${key}`)) lost.push(`k${key} at call ${failing}`);
        }
        await after.close();
      }
      expect(lost).toEqual([]);
    },
  );
});
