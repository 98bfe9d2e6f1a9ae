// Disks that fail: after a failed write or sync nothing more is written until the store is opened
// again, everybody who waits is told, and what was acknowledged is there afterwards. Failures at
// each call of whole workloads are in test/reliability/faults.

import { describe, expect, test } from 'vitest';
import { LsmError } from '../../src/base/errors.ts';
import { RecordingSink } from './recordingSink.ts';
import { nextTurn } from './simulatedWorld.ts';
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

  test('is made good by the next open: what only the cache has is written anew', async () => {
    const disk = new SimulatedDisk();
    const { store } = await newStore({}, disk);
    await putAll(store, { a: '1' });
    disk.shouldFail = (call, path) => call === 'sync' && path.endsWith('.log');
    await expect(store.flushWal()).rejects.toMatchObject({ code: 'IO' });
    disk.shouldFail = () => false;
    await store.close();
    const again = await openOn(disk);
    await again.put(bytes('b'), bytes('2'), { sync: true });
    const later = await openOn(disk.afterPowerFailure(undefined));
    expect(texts(later)).toEqual(['a=1', 'b=2']);
    await later.close();
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
  test('that nobody was told of is told by close: what was not synced may be lost', async () => {
    const disk = new SimulatedDisk();
    const { store } = await newStore({ memtableSize: 1024 }, disk);
    disk.shouldFail = (call, path) => call === 'create' && path.endsWith('.sst');
    const keys = Array.from({ length: 6 }, (_, key) => bytes(`k${key}`));
    await Promise.all(keys.map((key) => store.put(key, new Uint8Array(200))));
    while (store.failure === undefined) await nextTurn();
    await expect(store.close()).rejects.toMatchObject({ code: 'IO', systemCode: 'EIO' });
    const again = await openOn(disk.afterKill());
    expect(texts(again)).toHaveLength(6);
    await again.close();
  });

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
