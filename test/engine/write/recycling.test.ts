// Files of former log segments are used again: the files stay few, and what an earlier segment left
// in a file is never replayed, however much it looks like the new one's.

import { describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../../src/base/bytes.ts';
import { MemoryVfs } from '../../../src/base/memoryVfs.ts';
import { Random } from '../../../src/base/random.ts';
import type { Lsm } from '../../../src/engine/db.ts';
import { LOG_HEADER_SIZE } from '../../../src/engine/log/logFormat.ts';
import { verifyStore } from '../../../src/engine/verify.ts';
import { WalReader } from '../../../src/engine/wal/walReader.ts';
import { WalWriter } from '../../../src/engine/wal/walWriter.ts';
import { WriteBatch } from '../../../src/engine/writeBatch.ts';
import { RecordingSink } from '../recordingSink.ts';
import { DIRECTORY, simulatedEnvironment } from '../simulatedWorld.ts';
import { bytes, namesOn, newStore, openOn, putAll, texts } from '../testStore.ts';
import { SimulatedDisk } from '../../reliability/disk/simulatedDisk.ts';

/** Appends `count` records of one shape: only what they say of the log differs. */
function appendAll(writer: WalWriter, prefix: string, count: number): void {
  for (let record = 0; record < count; record++) {
    const batch = new WriteBatch().put(bytes(`${prefix}${record}`), bytes('value'));
    writer.append(batch, record + 1, 1_700_000_000_000_000);
  }
}

function keysIn(vfs: MemoryVfs, number: number, newest: boolean): string[] {
  const file = vfs.open(`/00000${number}.log`, 'read');
  const reader = new WalReader(file, number, newest);
  const keys: string[] = [];
  while (reader.next()) {
    while (reader.cursor.next()) keys.push(decodeUtf8(reader.cursor.copyKey()));
  }
  expect(reader.damage).toBeUndefined();
  return keys;
}

describe('a log in the file of another', () => {
  test('holds its own records only, however many it has, ended or not', async () => {
    for (let count = 0; count <= 6; count++) {
      const vfs = new MemoryVfs();
      const old = await WalWriter.create(vfs, '/', 3);
      appendAll(old, 'old', 6);
      await old.end();
      const size = vfs.stat('/000003.log')!.sizeBytes;
      const writer = await WalWriter.create(vfs, '/', 4, 3);
      expect(vfs.stat('/000003.log')).toBeUndefined();
      appendAll(writer, 'new', count);
      const own = Array.from({ length: count }, (_, record) => `new${record}`);
      expect(keysIn(vfs, 4, true)).toEqual(own);
      await writer.end();
      expect(keysIn(vfs, 4, false)).toEqual(own);
      expect(vfs.stat('/000004.log')!.sizeBytes).toBe(size);
    }
  });

  test('cut by a crash at any byte of its last record, ends before that record', async () => {
    const vfs = new MemoryVfs();
    const old = await WalWriter.create(vfs, '/', 3);
    appendAll(old, 'old', 4);
    await old.end();
    const path = '/000004.log';
    const writer = await WalWriter.create(vfs, '/', 4, 3);
    appendAll(writer, 'new', 1);
    const start = writer.log.sizeBytes;
    const file = vfs.open(path, 'write');
    const before = new Uint8Array(file.sizeBytes());
    file.read(before, 0, before.length, 0);
    writer.append(new WriteBatch().put(bytes('new1'), bytes('value')), 2, 1_700_000_000_000_000);
    const end = writer.log.sizeBytes;
    expect(keysIn(vfs, 4, true)).toEqual(['new0', 'new1']);
    // Both logs' records end alike: the first difference from behind counts.
    const written = new Uint8Array(end);
    file.read(written, 0, end, 0);
    const differ = written.findLastIndex((byte, at) => byte !== before[at]);
    for (let cut = differ; cut > start; cut--) {
      file.write(before, cut, end - cut, cut);
      expect(keysIn(vfs, 4, true)).toEqual(['new0']);
    }
  });

  test('has a durable header before it has its name', async () => {
    const vfs = new MemoryVfs();
    const old = await WalWriter.create(vfs, '/', 3);
    appendAll(old, 'old', 2);
    await old.end();
    const order: string[] = [];
    const open = vfs.open.bind(vfs);
    vfs.open = (path, mode) => {
      const file = open(path, mode);
      const sync = async (): Promise<void> => void order.push(`sync ${path}`);
      return { ...file, sync };
    };
    const rename = vfs.rename.bind(vfs);
    vfs.rename = (from, to) => {
      order.push(`rename to ${to}`);
      rename(from, to);
    };
    vfs.syncDirectory = async () => void order.push('directory');
    const writer = await WalWriter.create(vfs, '/', 4, 3);
    expect(order).toEqual(['sync /000003.log', 'rename to /000004.log', 'directory']);
    expect(writer.log.sizeBytes).toBe(LOG_HEADER_SIZE);
  });
});

const OPTIONS = { memtableSize: 1024, recycleLogs: 2, maxL0SSTables: 100, l0StopTables: 1000 };

async function fill(store: Lsm, from: number, to: number): Promise<void> {
  for (let key = from; key < to; key++) await store.put(bytes(`k${key}`), new Uint8Array(60));
}

describe('a store that recycles its logs', () => {
  test('keeps so many files and no more, and tells of each', async () => {
    const events = new RecordingSink();
    const { store, disk } = await newStore({ ...OPTIONS, events });
    await fill(store, 0, 120);
    await store.waitForIdle();
    const rotations = events.of('wal.rotate');
    const recycled = rotations.filter((event) => event.recycled > 0);
    expect(recycled.length).toBeGreaterThan(5);
    const kept = events.of('wal.delete').filter((event) => event.recycled);
    expect(kept.map(({ wal }) => wal).slice(0, recycled.length)).toEqual(
      recycled.map((event) => event.recycled),
    );
    const files = namesOn(disk).filter((name) => name.endsWith('.log'));
    const needed = store.describe().wal.segments.length;
    expect(files).toHaveLength(needed + kept.length - recycled.length);
    expect(kept.length - recycled.length).toBeLessThanOrEqual(2);
    const { diskUsageBytes, walSizeBytes } = store.stats();
    expect(diskUsageBytes).toBeGreaterThan(walSizeBytes);
    await store.close();
    const report = await verifyStore(DIRECTORY, simulatedEnvironment(1, disk));
    expect(report.problems).toEqual([]);
    const again = await openOn(disk, OPTIONS);
    expect(texts(again)).toHaveLength(120);
    await again.close();
  });

  test('keeps the files over a reopening, and without the option deletes them', async () => {
    const { store, disk } = await newStore(OPTIONS);
    await fill(store, 0, 60);
    await store.waitForIdle();
    await store.close();
    const logs = (): string[] => namesOn(disk).filter((name) => name.endsWith('.log'));
    const before = logs().length;
    const events = new RecordingSink();
    const again = await openOn(disk, { ...OPTIONS, events });
    await again.flush();
    await fill(again, 60, 80);
    expect(events.of('wal.rotate')[0]!.recycled).toBeGreaterThan(0);
    await again.close();
    expect(logs().length).toBeLessThanOrEqual(before + 1);
    const plain = await openOn(disk, { memtableSize: 1024 });
    expect(logs()).toHaveLength(plain.describe().wal.segments.length);
    await plain.close();
  });

  test('a file that a large value has left is not kept', async () => {
    const events = new RecordingSink();
    const { store } = await newStore({ ...OPTIONS, events });
    await store.put(bytes('large'), new Uint8Array(5000));
    await store.flush();
    expect(events.of('wal.delete').map(({ recycled }) => recycled)).toEqual([false]);
    await store.put(bytes('small'), new Uint8Array(50));
    await store.flush();
    expect(events.of('wal.delete').map(({ recycled }) => recycled)).toEqual([false, true]);
    await store.close();
  });

  test('shows after a power failure no write that it did not have', async () => {
    for (let seed = 0; seed < 40; seed++) {
      const disk = new SimulatedDisk();
      const random = new Random(seed);
      const store = await openOn(disk, OPTIONS);
      // Each key is written once and deleted: an old record that came back would show.
      for (let key = 0; key < 60; key++) {
        await store.put(bytes(`k${key}`), bytes(`v${key}`.repeat(8)));
        await store.delete(bytes(`k${key}`), { sync: true });
      }
      const tail = random.nextBelow(9);
      for (let key = 0; key < tail; key++) await putAll(store, { [`tail${key}`]: 'x'.repeat(24) });
      const after = await openOn(disk.afterPowerFailure(random), OPTIONS);
      const expected = Array.from({ length: tail }, (_, key) => `tail${key}=${'x'.repeat(24)}`);
      const found = texts(after);
      expect(found).toEqual(expected.slice(0, found.length));
      await after.close();
      await store.close();
    }
  });

  test('thinks nothing of an orphan that was made of an old file, but not yet named', async () => {
    const { store, disk } = await newStore(OPTIONS);
    await fill(store, 0, 60);
    await store.waitForIdle();
    const cut = disk.afterKill();
    await store.close();
    const orphan = namesOn(cut).find((name) => name.endsWith('.log'))!;
    const writer = await WalWriter.create(cut, DIRECTORY, 900, Number(orphan.slice(0, 6)));
    writer.close();
    const report = await verifyStore(DIRECTORY, simulatedEnvironment(1, cut));
    expect(report.problems).toEqual([]);
    const again = await openOn(cut, OPTIONS);
    expect(texts(again)).toHaveLength(60);
    expect(namesOn(cut)).toContain('000900.log');
    await again.close();
  });
});
