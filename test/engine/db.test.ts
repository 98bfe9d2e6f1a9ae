import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../src/base/bytes.ts';
import { LsmError } from '../../src/base/errors.ts';
import { KEY_SIZE_MAX, VALUE_SIZE_MAX } from '../../src/engine/options.ts';
import { WriteBatch } from '../../src/engine/writeBatch.ts';
import { bytes, getText, namesOn, newStore, openOn, putAll, texts } from './testStore.ts';
import { SimulatedDisk } from '../reliability/disk/simulatedDisk.ts';

describe('reading and writing', () => {
  test('a key has the value it was given last, until it is deleted', async () => {
    const { store } = await newStore();
    await putAll(store, { apple: 'green', pear: 'yellow' });
    await store.put(bytes('apple'), bytes('red'));
    expect(await getText(store, 'apple')).toBe('red');
    await store.delete(bytes('apple'));
    expect(await getText(store, 'apple')).toBeUndefined();
    expect(await getText(store, 'plum')).toBeUndefined();
    expect(texts(store)).toEqual(['pear=yellow']);
    await store.close();
  });

  test('arrays are the caller\u2019s own, before and after', async () => {
    const { store } = await newStore();
    const key = bytes('key');
    const value = bytes('value');
    const written = store.put(key, value);
    key.fill(0);
    value.fill(0);
    await written;
    const read = store.getSync(bytes('key'))!;
    expect(decodeUtf8(read)).toBe('value');
    read.fill(0);
    expect(await getText(store, 'key')).toBe('value');
    await store.close();
  });

  test('an empty key and an empty value are like any other', async () => {
    const { store } = await newStore();
    await store.put(bytes(''), bytes(''));
    await store.flush();
    expect(store.getSync(bytes(''))).toEqual(bytes(''));
    expect(texts(store)).toEqual(['=']);
    await store.close();
  });

  test('a batch is done as a whole, the last write to a key wins', async () => {
    const { store } = await newStore();
    const batch = new WriteBatch().put(bytes('a'), bytes('1')).delete(bytes('b'));
    batch.put(bytes('b'), bytes('2')).put(bytes('a'), bytes('3'));
    await store.write(batch);
    expect(texts(store)).toEqual(['a=3', 'b=2']);
    await store.write(new WriteBatch());
    expect(store.gauges().lastSequence).toBe(4);
    await store.close();
  });

  test('ranges have bounds, prefixes, directions and limits', async () => {
    const { store } = await newStore({ memtableSize: 1024 });
    await putAll(store, { a: '1', ab: '2', b: '3', ba: '4', c: '5' });
    const keys = (range: Parameters<typeof texts>[1]): string =>
      texts(store, range)
        .map((text) => text.split('=')[0])
        .join(' ');
    for (const where of ['in the memtable', 'in a table']) {
      expect(keys({ from: bytes('ab'), to: bytes('c') }), where).toBe('ab b ba');
      expect(keys({ prefix: bytes('b') }), where).toBe('b ba');
      expect(keys({ reverse: true, limit: 2 }), where).toBe('c ba');
      expect(keys({ prefix: bytes('a'), reverse: true }), where).toBe('ab a');
      expect(keys({ limit: 0 }), where).toBe('');
      await store.flush();
    }
    await store.close();
  });

  test('an iterator moves to and fro', async () => {
    const { store } = await newStore();
    await putAll(store, { a: '1', b: '2', d: '4' });
    const iterator = store.iterator();
    expect(iterator.valid).toBe(false);
    expect(() => iterator.key()).toThrow(/stands on no entry/);
    iterator.seek(bytes('c'));
    expect(decodeUtf8(iterator.key())).toBe('d');
    iterator.prev();
    expect(decodeUtf8(iterator.value())).toBe('2');
    iterator.next();
    iterator.next();
    expect(iterator.valid).toBe(false);
    iterator.close();
    iterator.close();
    expect(() => iterator.seekToFirst()).toThrow(LsmError);
    const back = store.iterator({ reverse: true });
    back.seek(bytes('c'));
    expect(decodeUtf8(back.key())).toBe('b');
    back.close();
    await store.close();
  });

  test('an iterator shows the store as it was when it was opened', async () => {
    const { store } = await newStore({ memtableSize: 1024 });
    await putAll(store, { a: '1', b: '2' });
    await store.flush();
    const iterator = store.iterator();
    await store.put(bytes('a'), bytes('new'));
    await store.delete(bytes('b'));
    await store.compactRange();
    const seen: string[] = [];
    for (iterator.seekToFirst(); iterator.valid; iterator.next()) {
      seen.push(`${decodeUtf8(iterator.key())}=${decodeUtf8(iterator.value())}`);
    }
    iterator.close();
    expect(seen).toEqual(['a=1', 'b=2']);
    expect(texts(store)).toEqual(['a=new']);
    await store.close();
  });
});

describe('limits', () => {
  test('a key above 1 MiB or a value above 256 MiB is refused, and nothing else', async () => {
    const { store } = await newStore();
    const long = new Uint8Array(KEY_SIZE_MAX + 1);
    const refused = { code: 'INVALID_ARGUMENT' };
    const good = store.put(bytes('a'), bytes('1'));
    await expect(store.put(long, bytes('1'))).rejects.toMatchObject(refused);
    await expect(store.delete(long)).rejects.toMatchObject(refused);
    const huge = new Uint8Array(VALUE_SIZE_MAX + 1);
    await expect(store.put(bytes('b'), huge)).rejects.toMatchObject(refused);
    await good;
    expect(texts(store)).toEqual(['a=1']);
    await store.put(long.subarray(1), bytes('longest'));
    expect(store.getSync(long.subarray(1))).toEqual(bytes('longest'));
    await store.close();
  });

  test('a value larger than the memtable is accepted, wherever it is read from', async () => {
    const { store, disk } = await newStore({ memtableSize: 1024 });
    const value = new Uint8Array(100_000).fill(7);
    await putAll(store, { small: 'one' });
    await store.put(bytes('large'), value);
    expect(isDeepStrictEqual(store.getSync(bytes('large')), value)).toBe(true);
    await putAll(store, { after: 'two' });
    await store.waitForIdle();
    expect(isDeepStrictEqual(store.getSync(bytes('large')), value)).toBe(true);
    await store.close();
    const again = await openOn(disk, { memtableSize: 1024 });
    expect(isDeepStrictEqual(again.getSync(bytes('large')), value)).toBe(true);
    expect(texts(again, { to: bytes('b') })).toEqual(['after=two']);
    await again.close();
  });

  test('options out of bounds are refused by name', async () => {
    await expect(newStore({ memtableSize: 3 })).rejects.toThrow(/memtableSize is 3/);
    await expect(newStore({ compaction: 'other' as never })).rejects.toThrow(/compaction is other/);
    await expect(newStore({ maxL0SSTables: 30, l0StopTables: 20 })).rejects.toThrow(/l0StopTables/);
  });
});

describe('snapshots', () => {
  test('see what was, through flushes and compactions, until they are released', async () => {
    const { store } = await newStore({ memtableSize: 1024 });
    await putAll(store, { a: '1', b: '2' });
    const snapshot = store.snapshot();
    await putAll(store, { a: 'later', c: '3' });
    await store.delete(bytes('b'));
    await store.compactRange();
    expect(texts(store, { snapshot })).toEqual(['a=1', 'b=2']);
    expect(decodeUtf8((await store.get(bytes('b'), { snapshot }))!)).toBe('2');
    expect(texts(store)).toEqual(['a=later', 'c=3']);
    expect(store.stats().tableEntries).toBe(5);
    snapshot.release();
    snapshot.release();
    await store.compactRange();
    expect(store.stats().tableEntries).toBe(2);
    expect(() => store.getSync(bytes('a'), { snapshot })).toThrow(/released/);
    await store.close();
  });

  test('are of one store only', async () => {
    const one = await newStore();
    const other = await newStore();
    const snapshot = one.store.snapshot();
    await expect(other.store.get(bytes('a'), { snapshot })).rejects.toThrow(/another store/);
    await one.store.close();
    await other.store.close();
  });
});

describe('flush and compaction by hand', () => {
  test('a flush makes a table of level 0 and retires the log', async () => {
    const { store, disk } = await newStore();
    await putAll(store, { a: '1' });
    const before = namesOn(disk).filter((name) => name.endsWith('.log'));
    await store.flush();
    await store.flush();
    const { levels, memtableEntries } = store.stats();
    expect(levels[0]).toMatchObject({ tables: 1, entries: 1 });
    expect(memtableEntries).toBe(0);
    const after = namesOn(disk).filter((name) => name.endsWith('.log'));
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
    await store.close();
  });

  test('two at once both end: the second waits for the tables that the first holds', async () => {
    const { store } = await newStore();
    for (let key = 0; key < 200; key++) {
      await store.put(bytes(`k${key + 100}`), new Uint8Array(50));
    }
    await store.flush();
    await store.put(bytes('k100'), bytes('newest'));
    await Promise.all([store.compactRange(), store.compactRange()]);
    expect(store.failure).toBeUndefined();
    expect(decodeUtf8((await store.get(bytes('k100')))!)).toBe('newest');
    expect(texts(store)).toHaveLength(200);
    await store.close();
  });

  test('a compaction of a range leaves what lies outside of it', async () => {
    const { store } = await newStore({ targetTableSize: 1024, blockSize: 64 });
    for (let key = 0; key < 100; key++) {
      await store.put(bytes(`k${key + 100}`), new Uint8Array(50));
    }
    await store.compactRange();
    const files = (): number[] =>
      store.describe().families[0]!.levels[1]!.tables.map(({ file }) => file);
    const before = files();
    expect(before.length).toBeGreaterThan(3);
    await store.put(bytes('k100'), bytes('changed'));
    await store.compactRange({ from: bytes('k100'), to: bytes('k101') });
    const kept = files().filter((file) => before.includes(file));
    expect(kept).toEqual(before.slice(1));
    await store.close();
  });

  test('a compaction tells its progress, and stops when told to', async () => {
    const { store } = await newStore({ memtableSize: 1024, targetTableSize: 1024, blockSize: 64 });
    for (let key = 0; key < 60; key++) await store.put(bytes(`k${key}`), new Uint8Array(60));
    const seen: [number, number][] = [];
    await store.compactRange({}, { onProgress: ({ done, total }) => seen.push([done, total]) });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen[0]![0]).toBe(0);
    for (const [done, total] of seen) expect(done).toBeLessThanOrEqual(total);
    const stopped = store.compactRange({}, { signal: { aborted: true } });
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
    await store.put(bytes('still'), bytes('open'));
    await store.close();
  });

  test('deleting everything leaves no table behind', async () => {
    const { store } = await newStore({ memtableSize: 1024, blockSize: 64 });
    for (let key = 0; key < 50; key++) await store.put(bytes(`k${key}`), bytes('v'));
    await store.flush();
    for (let key = 0; key < 50; key++) await store.delete(bytes(`k${key}`));
    await store.compactRange();
    expect(store.stats()).toMatchObject({ tables: 0, tableEntries: 0, tombstones: 0 });
    await store.close();
  });
});

describe('closing', () => {
  test('lets everything go; a second close is the first', async () => {
    const { store, disk } = await newStore();
    await putAll(store, { a: '1' });
    const iterator = store.iterator();
    const closing = store.close();
    expect(store.close()).toBe(closing);
    await closing;
    const closed = { code: 'NOT_OPEN' };
    await expect(store.put(bytes('a'), bytes('2'))).rejects.toMatchObject(closed);
    await expect(store.get(bytes('a'))).rejects.toMatchObject(closed);
    await expect(store.flush()).rejects.toMatchObject(closed);
    await expect(store.compactRange()).rejects.toMatchObject(closed);
    expect(() => store.iterator()).toThrow(LsmError);
    expect(() => store.snapshot()).toThrow(LsmError);
    expect(() => iterator.seekToFirst()).toThrow(LsmError);
    expect(namesOn(disk)).not.toContain('LOCK');
    const again = await openOn(disk);
    expect(texts(again)).toEqual(['a=1']);
    await again.close();
  });

  test('does the writes asked for before, and stops jobs that run', async () => {
    for (const compaction of ['leveled', 'size-tiered'] as const) {
      const options = { compaction, memtableSize: 1024, maxL0SSTables: 1, tierRuns: 2 };
      const { store, disk } = await newStore(options);
      const writes = Array.from({ length: 200 }, (_, key) =>
        store.put(bytes(`k${key}`), new Uint8Array(40)),
      );
      const closing = store.close();
      await Promise.all(writes);
      await closing;
      const again = await openOn(disk, options);
      expect(texts(again)).toHaveLength(200);
      await again.close();
    }
  });

  test('two stores cannot be open in one directory', async () => {
    const { store, disk } = await newStore();
    await expect(openOn(disk)).rejects.toMatchObject({ code: 'LOCKED' });
    await store.close();
    await (await openOn(disk)).close();
  });
});

describe('read-only', () => {
  test('sees the log too, takes no lock and writes nothing', async () => {
    const { store, disk } = await newStore();
    await putAll(store, { a: '1' });
    await store.flush();
    await putAll(store, { b: '2' });
    const before = disk.contents();
    const reader = await openOn(disk, { readOnly: true });
    expect(texts(reader)).toEqual(['a=1', 'b=2']);
    const refused = { code: 'NOT_SUPPORTED' };
    await expect(reader.put(bytes('c'), bytes('3'))).rejects.toMatchObject(refused);
    await expect(reader.flush()).rejects.toMatchObject(refused);
    await expect(reader.compactRange()).rejects.toMatchObject(refused);
    expect(reader.readOnlyBecause).toMatch(/read-only/);
    await reader.waitForIdle();
    await reader.close();
    expect(disk.contents()).toEqual(before);
    await store.close();
  });

  test('creates nothing', async () => {
    const disk = new SimulatedDisk();
    await expect(openOn(disk, { readOnly: true })).rejects.toMatchObject({ code: 'NOT_A_STORE' });
    expect(disk.stat('/store')).toBeUndefined();
  });
});
