// Every way to cut a log short and to flip one byte of it: what is read is always a prefix of what
// was written, and what was durable is never silently missing.

import { expect, test } from 'vitest';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { MemoryVfs } from '../../../src/base/memoryVfs.ts';
import { LOG_HEADER_SIZE } from '../../../src/engine/log/logFormat.ts';
import type { LogOutcome } from '../../../src/engine/log/logReader.ts';
import { WalReader } from '../../../src/engine/wal/walReader.ts';
import { WalWriter } from '../../../src/engine/wal/walWriter.ts';
import { WriteBatch } from '../../../src/engine/writeBatch.ts';

/** A log, with where each record begins and what it says was synced. */
interface SampleLog {
  readonly bytes: Uint8Array;
  readonly offsets: readonly number[];
  readonly syncedOffsets: readonly number[];
  readonly keys: readonly string[];
}

/** Six records; synced after the second and the fourth; without an end record. */
async function sampleLog(options: { readonly end: boolean }): Promise<SampleLog> {
  const vfs = new MemoryVfs();
  const writer = await WalWriter.create(vfs, '/', 3);
  const offsets: number[] = [];
  const syncedOffsets: number[] = [];
  const keys: string[] = [];
  for (let record = 0; record < 6; record++) {
    const batch = new WriteBatch();
    for (let entry = 0; entry <= record % 3; entry++) {
      keys.push(`key ${record}.${entry}`);
      batch.put(encodeUtf8(keys.at(-1)!), encodeUtf8('value'.repeat(entry)));
    }
    offsets.push(writer.append(batch, 10 * record + 1, 1_700_000_000_000_000));
    syncedOffsets.push(writer.log.lastSyncedOffset);
    if (record === 1 || record === 3) await writer.sync();
  }
  if (options.end) {
    offsets.push(writer.log.sizeBytes);
    syncedOffsets.push(writer.log.sizeBytes);
    await writer.end();
  }
  const file = vfs.open('/000003.log', 'read');
  const bytes = new Uint8Array(file.sizeBytes());
  file.read(bytes, 0, bytes.length, 0);
  return { bytes, offsets, syncedOffsets, keys };
}

function read(bytes: Uint8Array, newest = true): { keys: string[]; outcome: LogOutcome } {
  const vfs = new MemoryVfs();
  const file = vfs.open('/000003.log', 'create');
  file.write(bytes, 0, bytes.length, 0);
  const reader = new WalReader(file, 3, newest);
  const keys: string[] = [];
  while (reader.next()) {
    while (reader.cursor.next()) keys.push(new TextDecoder().decode(reader.cursor.copyKey()));
  }
  return { keys, outcome: reader.outcome };
}

/** The record that holds a byte, -1 in the file header. */
function recordAt(log: SampleLog, at: number): number {
  return log.offsets.findLastIndex((offset) => offset <= at);
}

function keysBefore(log: SampleLog, record: number): string[] {
  return log.keys.filter((key) => Number(key[4]) < record);
}

test('cut at every length, the newest log gives the records that are whole', async () => {
  const log = await sampleLog({ end: false });
  for (let length = 0; length < log.bytes.length; length++) {
    const { keys, outcome } = read(log.bytes.slice(0, length));
    const whole = length === LOG_HEADER_SIZE || log.offsets.includes(length);
    const record = Math.max(0, recordAt(log, length));
    expect(keys).toEqual(keysBefore(log, record));
    expect(outcome.verdict).toBe(whole ? 'whole' : 'torn');
    expect(outcome.stopOffset).toBe(length < LOG_HEADER_SIZE ? 0 : log.offsets[record]);
  }
});

test('cut at any length, an older log is damaged', async () => {
  const log = await sampleLog({ end: true });
  expect(read(log.bytes, false).outcome).toMatchObject({ verdict: 'whole', ended: true });
  for (let length = 0; length < log.bytes.length; length++) {
    const { keys, outcome } = read(log.bytes.slice(0, length), false);
    expect(keys).toEqual(keysBefore(log, Math.max(0, recordAt(log, length))));
    expect(outcome.verdict).toBe('damaged');
    expect(outcome.reason).not.toBe('');
  }
});

test.each([0x01, 0x80, 0xff])(
  'flipped by %i, a byte of what was synced is damage',
  async (mask) => {
    for (const end of [false, true]) {
      const log = await sampleLog({ end });
      for (let at = 0; at < log.bytes.length; at++) {
        const flipped = log.bytes.slice();
        flipped[at]! ^= mask;
        const record = recordAt(log, at);
        const stop = record < 0 ? 0 : log.offsets[record]!;
        const later = log.syncedOffsets.slice(record + 1);
        const durable = record < 0 || later.some((synced) => synced > stop);
        const { keys, outcome } = read(flipped);
        expect(keys).toEqual(keysBefore(log, Math.max(0, record)));
        expect(outcome).toMatchObject({ verdict: durable ? 'damaged' : 'torn', stopOffset: stop });
        expect(read(flipped, false).outcome.verdict).toBe('damaged');
      }
    }
  },
);

test('a value that holds a copy of this very log is never taken for records', async () => {
  const inner = await sampleLog({ end: true });
  const vfs = new MemoryVfs();
  const writer = await WalWriter.create(vfs, '/', 3);
  writer.append(new WriteBatch().put(encodeUtf8('first'), Uint8Array.of()), 1, 0);
  const before = writer.log.sizeBytes;
  writer.append(new WriteBatch().put(encodeUtf8('copy'), inner.bytes), 2, 0);
  writer.close();
  const file = vfs.open('/000003.log', 'write');
  for (const cut of [1, 100]) {
    file.truncate(writer.log.sizeBytes - cut);
    const reader = new WalReader(file, 3, true);
    expect(reader.next()).toBe(true);
    expect(reader.next()).toBe(false);
    expect(reader.outcome).toMatchObject({ verdict: 'torn', stopOffset: before });
  }
});

test('what an earlier log left in a reused file is not read', async () => {
  const log = await sampleLog({ end: true });
  const vfs = new MemoryVfs();
  const writer = await WalWriter.create(vfs, '/', 4);
  writer.append(new WriteBatch().put(encodeUtf8('new'), Uint8Array.of()), 100, 0);
  const { sizeBytes } = writer.log;
  writer.close();
  const file = vfs.open('/000004.log', 'write');
  file.write(log.bytes, sizeBytes, log.bytes.length - sizeBytes, sizeBytes);
  const reader = new WalReader(file, 4, true);
  expect(reader.next()).toBe(true);
  expect(reader.next()).toBe(false);
  expect(reader.outcome).toMatchObject({ verdict: 'torn', stopOffset: sizeBytes });
});

test('a log of another number, purpose or newer format is refused', async () => {
  const { bytes } = await sampleLog({ end: false });
  const vfs = new MemoryVfs();
  const file = vfs.open('/000009.log', 'create');
  file.write(bytes, 0, bytes.length, 0);
  const renamed = new WalReader(file, 9, true);
  expect(renamed.next()).toBe(false);
  expect(renamed.damage?.message).toMatch(/000009\.log at byte 0.*it is log 3/);
});
