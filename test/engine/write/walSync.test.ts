// When writes become durable: what each mode promises for a power failure, and no more than that.

import { describe, expect, test } from 'vitest';
import { ManualScheduler } from '../../../src/base/manualScheduler.ts';
import { Lsm } from '../../../src/engine/db.ts';
import type { LsmOptions } from '../../../src/engine/options.ts';
import { RecordingSink } from '../recordingSink.ts';
import { DIRECTORY, nextTurn, simulatedEnvironment } from '../simulatedWorld.ts';
import { bytes, newStore, openOn, putAll, texts } from '../testStore.ts';
import { SimulatedDisk } from '../../reliability/disk/simulatedDisk.ts';

/** A store whose timers the test moves. */
async function timedStore(
  options: LsmOptions,
  disk = new SimulatedDisk(),
): Promise<{ store: Lsm; disk: SimulatedDisk; timers: ManualScheduler }> {
  const timers = new ManualScheduler();
  const environment = { ...simulatedEnvironment(7, disk), scheduler: timers };
  return { store: await Lsm.open(DIRECTORY, environment, options), disk, timers };
}

/** What a power failure would leave that takes everything it may. */
async function afterPowerFailure(disk: SimulatedDisk): Promise<string[]> {
  const store = await openOn(disk.afterPowerFailure(undefined));
  const found = texts(store);
  await store.close();
  return found;
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTurn();
}

describe('always', () => {
  test('every acknowledged write is durable, but for those that do not want to be', async () => {
    const { store, disk } = await newStore({ walSync: 'always' });
    await store.put(bytes('a'), bytes('1'));
    expect(await afterPowerFailure(disk)).toEqual(['a=1']);
    await store.put(bytes('b'), bytes('2'), { sync: false });
    expect(await afterPowerFailure(disk)).toEqual(['a=1']);
    await store.delete(bytes('a'));
    expect(await afterPowerFailure(disk)).toEqual(['b=2']);
    await store.close();
  });

  test('writes of one turn share one sync', async () => {
    const { store } = await newStore({ walSync: 'always' });
    const before = store.stats().counters.walSyncs;
    await Promise.all(['a', 'b', 'c'].map((key) => store.put(bytes(key), bytes('1'))));
    expect(store.stats().counters.walSyncs).toBe(before + 1);
    await store.close();
  });
});

describe('never', () => {
  test('a sync is only made by a write that asks for it, and covers all before it', async () => {
    const { store, disk, timers } = await timedStore({ walSync: 'never' });
    const timersAtRest = timers.pendingTimers;
    await putAll(store, { a: '1', b: '2' });
    expect(timers.pendingTimers).toBe(timersAtRest);
    expect(await afterPowerFailure(disk)).toEqual([]);
    await store.put(bytes('c'), bytes('3'), { sync: true });
    await putAll(store, { d: '4' });
    expect(await afterPowerFailure(disk)).toEqual(['a=1', 'b=2', 'c=3']);
    await store.close();
    expect(await afterPowerFailure(disk)).toEqual(['a=1', 'b=2', 'c=3', 'd=4']);
  });

  test('sealing a memtable makes its log durable', async () => {
    const { store, disk } = await newStore({ walSync: 'never' });
    await putAll(store, { a: '1' });
    await store.flush();
    await putAll(store, { b: '2' });
    expect(await afterPowerFailure(disk)).toEqual(['a=1']);
    await store.close();
  });
});

describe('interval', () => {
  const options: LsmOptions = { walSync: 'interval', walSyncIntervalMs: 100 };

  test('a write is durable an interval later, whatever is written meanwhile', async () => {
    const { store, disk, timers } = await timedStore(options);
    await putAll(store, { a: '1' });
    timers.advance(60);
    await putAll(store, { b: '2' });
    timers.advance(39);
    await settled();
    expect(await afterPowerFailure(disk)).toEqual([]);
    timers.advance(1);
    await settled();
    expect(await afterPowerFailure(disk)).toEqual(['a=1', 'b=2']);
    await putAll(store, { c: '3' });
    timers.advance(99);
    await settled();
    expect(await afterPowerFailure(disk)).toEqual(['a=1', 'b=2']);
    timers.advance(1);
    await settled();
    expect(await afterPowerFailure(disk)).toEqual(['a=1', 'b=2', 'c=3']);
    await store.close();
  });

  test('a store at rest has no timer for it, and a closed one none at all', async () => {
    const { store, timers } = await timedStore(options);
    const atRest = timers.pendingTimers;
    await putAll(store, { a: '1' });
    expect(timers.pendingTimers).toBe(atRest + 1);
    timers.advance(100);
    await settled();
    expect(timers.pendingTimers).toBe(atRest);
    await store.put(bytes('b'), bytes('2'), { sync: true });
    expect(timers.pendingTimers).toBe(atRest);
    await putAll(store, { c: '3' });
    await store.close();
    expect(timers.pendingTimers).toBe(0);
  });

  test('tells of each sync, in figures that the fold can trust', async () => {
    const events = new RecordingSink();
    const { store, timers } = await timedStore({ ...options, events });
    await putAll(store, { a: '1', b: '2' });
    timers.advance(100);
    await settled();
    const { walSizeBytes } = events.of('wal.append').at(-1)!;
    expect(events.of('wal.sync')).toMatchObject([
      { group: 0, syncedBytes: walSizeBytes, walRecordsUnsynced: 0 },
    ]);
    await store.close();
  });

  test('may fire at any moment of a store that seals, flushes and closes', async () => {
    for (let seed = 0; seed < 12; seed++) {
      const disk = new SimulatedDisk();
      const events = new RecordingSink();
      const environment = simulatedEnvironment(seed, disk);
      const store = await Lsm.open(DIRECTORY, environment, {
        ...options,
        memtableSize: 1024,
        events,
      });
      for (let key = 0; key < 30; key++) await store.put(bytes(`k${key}`), new Uint8Array(100));
      await store.close();
      expect(store.failure).toBeUndefined();
      expect(events.of('error')).toEqual([]);
      expect(events.of('wal.sync').some(({ group }) => group === 0)).toBe(true);
    }
  });

  test('a failed sync stops the store and is never tried again', async () => {
    const disk = new SimulatedDisk();
    const { store, timers } = await timedStore(options, disk);
    await putAll(store, { a: '1' });
    let syncs = 0;
    disk.shouldFail = (call) => call === 'sync' && ++syncs === 1;
    timers.advance(100);
    await settled();
    expect(store.readOnlyBecause).toMatch(/EIO/);
    await expect(store.put(bytes('b'), bytes('2'))).rejects.toMatchObject({ code: 'NOT_OPEN' });
    await expect(store.flushWal()).rejects.toMatchObject({ code: 'NOT_OPEN' });
    timers.advance(1000);
    await settled();
    expect(syncs).toBe(1);
    expect(texts(store)).toEqual(['a=1']);
    await store.close();
  });
});

describe('flushWal', () => {
  test('makes everything written before durable', async () => {
    const { store, disk } = await newStore();
    const writes = [store.put(bytes('a'), bytes('1')), store.put(bytes('b'), bytes('2'))];
    await store.flushWal();
    expect(await afterPowerFailure(disk)).toEqual(['a=1', 'b=2']);
    await Promise.all(writes);
    await putAll(store, { c: '3' });
    await store.flushWal({ sync: false });
    expect(await afterPowerFailure(disk)).toEqual(['a=1', 'b=2']);
    await store.close();
  });

  test('is refused where nothing can be written', async () => {
    const { store, disk } = await newStore();
    await store.close();
    await expect(store.flushWal()).rejects.toMatchObject({ code: 'NOT_OPEN' });
    const reader = await openOn(disk, { readOnly: true });
    await expect(reader.flushWal()).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
    await reader.close();
  });
});
