// Column families as their users see them: key spaces of their own that are written together.

import { describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../../src/base/bytes.ts';
import type { Lsm } from '../../../src/engine/db.ts';
import type { ColumnFamily } from '../../../src/engine/family/columnFamily.ts';
import type { LsmOptions } from '../../../src/engine/options.ts';
import { verifyStore } from '../../../src/engine/verify.ts';
import { WalWriter } from '../../../src/engine/wal/walWriter.ts';
import { WriteBatch } from '../../../src/engine/writeBatch.ts';
import { RecordingSink } from '../recordingSink.ts';
import { DIRECTORY, simulatedEnvironment } from '../simulatedWorld.ts';
import { bytes, namesOn, newStore, openOn, texts } from '../testStore.ts';
import { SimulatedDisk } from '../../reliability/disk/simulatedDisk.ts';

async function get(store: Lsm, key: string, family?: ColumnFamily): Promise<string | undefined> {
  const value = await store.get(bytes(key), { family });
  return value === undefined ? undefined : decodeUtf8(value);
}

const logsOn = (disk: SimulatedDisk): string[] =>
  namesOn(disk).filter((name) => name.endsWith('.log'));
const tablesOn = (disk: SimulatedDisk): string[] =>
  namesOn(disk).filter((name) => name.endsWith('.sst'));

/** A store with a family `side`, both with entries in a table and in the log. */
async function filled(
  options: LsmOptions = {},
): Promise<{ store: Lsm; disk: SimulatedDisk; side: ColumnFamily }> {
  const { store, disk } = await newStore(options);
  const side = await store.createFamily('side');
  await store.put(bytes('a'), bytes('1'));
  await store.put(bytes('a'), bytes('2'), { family: side });
  await store.flush();
  await store.write(new WriteBatch().put(bytes('b'), bytes('3')).put(bytes('b'), bytes('4'), side));
  return { store, disk, side };
}

describe('a column family', () => {
  test('has keys of its own, in memory, in tables and after a reopening', async () => {
    const { store, disk, side } = await filled();
    expect([await get(store, 'a'), await get(store, 'a', side)]).toEqual(['1', '2']);
    expect(texts(store, { family: side })).toEqual(['a=2', 'b=4']);
    await store.delete(bytes('a'), { family: side });
    expect(texts(store)).toEqual(['a=1', 'b=3']);
    await store.close();
    const again = await openOn(disk);
    expect(again.families.map(({ id, name }) => `${id} ${name}`)).toEqual(['0 default', '1 side']);
    expect(texts(again, { family: again.family('side') })).toEqual(['b=4']);
    expect(texts(again)).toEqual(['a=1', 'b=3']);
    await again.close();
    const report = await verifyStore(DIRECTORY, simulatedEnvironment(1, disk));
    expect(report.problems).toEqual([]);
  });

  test('is read at a snapshot like any other', async () => {
    const { store, side } = await filled();
    const snapshot = store.snapshot();
    await store.put(bytes('a'), bytes('later'), { family: side });
    await store.compactRange({ family: side });
    expect(decodeUtf8(store.getSync(bytes('a'), { family: side, snapshot })!)).toBe('2');
    expect(texts(store, { family: side, snapshot })).toEqual(['a=2', 'b=4']);
    snapshot.release();
    await store.close();
  });

  test('keeps the log that it needs, and lets it go when it is flushed', async () => {
    const { store, disk, side } = await filled();
    const before = logsOn(disk);
    await store.flush(store.families[0]);
    expect(logsOn(disk)).toEqual(expect.arrayContaining(before));
    await store.flush(side);
    expect(logsOn(disk).filter((name) => before.includes(name))).toEqual([]);
    await store.close();
  });

  test('is flushed when it alone keeps a log that has grown too large', async () => {
    const sink = new RecordingSink();
    const options = { memtableSize: 2048, maxWalSize: 4096, events: sink };
    const { store, side } = await filled(options);
    for (let key = 0; key < 100; key++) await store.put(bytes(`key${key}`), new Uint8Array(100));
    await store.waitForIdle();
    const sealed = sink.of('memtable.seal').filter(({ reason }) => reason === 'wal-full');
    expect(sealed.map(({ family }) => family)).toEqual([side.id]);
    expect(store.describe().wal.segments.length).toBeLessThan(5);
    await store.close();
  });

  test('that is no more, or is of another store, is refused by name', async () => {
    const { store, side } = await filled();
    const { store: other } = await newStore();
    const foreign = await other.createFamily('foreign');
    expect(() => store.getSync(bytes('a'), { family: foreign })).toThrow(/"foreign"/);
    await expect(store.put(bytes('a'), bytes('1'), { family: foreign })).rejects.toThrow(/foreign/);
    const batch = new WriteBatch().put(bytes('x'), bytes('1')).put(bytes('a'), bytes('5'), side);
    await store.dropFamily(side);
    await expect(store.write(batch)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await get(store, 'x')).toBeUndefined();
    expect(() => store.iterator({ family: side })).toThrow(/"side" was dropped/);
    await expect(store.flush(side)).rejects.toThrow(/dropped/);
    await expect(store.compactRange({ family: side })).rejects.toThrow(/dropped/);
    await expect(store.dropFamily(side)).rejects.toThrow(/dropped/);
    await store.close();
    await other.close();
  });

  test('needs a name that is new and fits', async () => {
    const { store } = await filled();
    for (const name of ['', 'side', 'default', 'x'.repeat(256), 'half \ud800']) {
      const made = store.createFamily(name);
      await expect(made, name).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
    const longest = await store.createFamily('x'.repeat(255));
    expect(longest.id).toBe(2);
    await expect(store.dropFamily(store.families[0]!)).rejects.toThrow(/default/);
    await store.close();
    const { store: reader } = { store: await openOn(new SimulatedDisk()) };
    await reader.close();
    await expect(reader.createFamily('late')).rejects.toMatchObject({ code: 'NOT_OPEN' });
  });
});

describe('a dropped family', () => {
  test('leaves an open iterator its tables until it is closed', async () => {
    const { store, disk, side } = await filled();
    const iterator = store.iterator({ family: side });
    const before = tablesOn(disk);
    await store.dropFamily(side);
    expect(tablesOn(disk)).toEqual(before);
    iterator.seekToFirst();
    expect(decodeUtf8(iterator.value())).toBe('2');
    iterator.next();
    expect(decodeUtf8(iterator.value())).toBe('4');
    iterator.close();
    expect(tablesOn(disk)).toHaveLength(before.length - 1);
    expect(texts(store)).toEqual(['a=1', 'b=3']);
    await store.close();
  });

  test('stays gone when its entries are still in the log, and its name begins anew', async () => {
    const { store, disk, side } = await filled();
    await store.dropFamily(side);
    const anew = await store.createFamily('side');
    expect(anew.id).toBe(2);
    await store.put(bytes('c'), bytes('5'), { family: anew });
    const again = await openOn(disk.afterKill());
    expect(texts(again, { family: again.family('side') })).toEqual(['c=5']);
    expect(texts(again)).toEqual(['a=1', 'b=3']);
    const next = await again.createFamily('third');
    expect(next.id).toBe(3);
    await again.close();
    await store.close();
  });

  test('takes its jobs with it', async () => {
    const sink = new RecordingSink();
    const { store, disk } = await newStore({ memtableSize: 1024, blockSize: 64, events: sink });
    const side = await store.createFamily('side');
    const writes: Promise<void>[] = [];
    for (let key = 0; key < 40; key++) {
      writes.push(store.put(bytes(`key${key}`), new Uint8Array(90), { family: side }));
      if (key % 8 === 7) await Promise.all(writes);
    }
    await store.dropFamily(side);
    await store.waitForIdle();
    expect(store.failure).toBeUndefined();
    expect(tablesOn(disk)).toEqual([]);
    expect(store.describe().jobs).toEqual([]);
    const begun = sink.of('flush.begin').length;
    expect(sink.of('flush.end')).toHaveLength(begun);
    await store.close();
    const again = await openOn(disk);
    expect(again.families.map(({ name }) => name)).toEqual(['default']);
    await again.close();
  });
});

describe('options of a family', () => {
  test('are its own, stored, and changed by what a later opening gives', async () => {
    const { store, disk } = await newStore({ memtableSize: 4096, blockSize: 256 });
    await store.createFamily('side', { memtableSize: 2048, compaction: 'size-tiered' });
    const capacities = (from: Lsm): number[] =>
      from.describe().families.map(({ memtable }) => memtable.capacityBytes);
    expect(capacities(store)).toEqual([4096, 2048]);
    await store.close();
    const again = await openOn(disk);
    expect(capacities(again)).toEqual([4096, 2048]);
    expect(again.options).toMatchObject({ memtableSize: 4096, blockSize: 256 });
    expect(again.describe().families[1]!.levels[0]!.target.measure).toBe('runs');
    await again.close();
    const families = { side: { memtableSize: 1024 } };
    const changed = await openOn(disk, { memtableSize: 8192, families });
    expect(capacities(changed)).toEqual([8192, 1024]);
    await changed.close();
    const last = await openOn(disk, { readOnly: true });
    expect(capacities(last)).toEqual([8192, 1024]);
    expect(last.options.blockSize).toBe(256);
    await last.close();
  });

  test('that are the whole store’s, out of bounds or of no family are refused', async () => {
    const { store, disk } = await newStore();
    const foreign = { blockCacheSize: 1 } as LsmOptions;
    await expect(store.createFamily('side', foreign)).rejects.toThrow(/blockCacheSize/);
    await expect(store.createFamily('side', { memtableSize: 1 })).rejects.toThrow(/memtableSize/);
    expect(store.families).toHaveLength(1);
    await store.close();
    await expect(openOn(disk, { families: { side: {} } })).rejects.toThrow(/"side"/);
  });
});

test('a log that writes to a family which never was is damage', async () => {
  const { store, disk } = await newStore();
  const copy = disk.afterKill();
  const log = Number.parseInt(logsOn(copy)[0]!, 10);
  copy.remove(copy.join(DIRECTORY, logsOn(copy)[0]!));
  const writer = await WalWriter.create(copy, DIRECTORY, log);
  const ghost = { id: 1, name: 'ghost' };
  writer.append(new WriteBatch().put(bytes('a'), bytes('1'), ghost), 1, 1);
  await writer.sync();
  writer.close();
  await expect(openOn(copy)).rejects.toThrow(/column family 1, which the manifest does not know/);
  const report = await verifyStore(DIRECTORY, simulatedEnvironment(1, copy));
  expect(report.problems.map(({ message }) => message).join()).toContain('column family 1');
  await store.close();
});
