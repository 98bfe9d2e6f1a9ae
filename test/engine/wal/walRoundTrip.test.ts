// What was logged is what is recovered, and a log's end says how it ended.

import { expect, test } from 'vitest';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { MemoryVfs } from '../../../src/base/memoryVfs.ts';
import { KIND_DELETE, KIND_PUT } from '../../../src/engine/entryKind.ts';
import { finishLog } from '../../../src/engine/log/finishLog.ts';
import { walIdentity } from '../../../src/engine/wal/walFormat.ts';
import { WalReader } from '../../../src/engine/wal/walReader.ts';
import { WalWriter } from '../../../src/engine/wal/walWriter.ts';
import { WriteBatch } from '../../../src/engine/writeBatch.ts';

interface Recovered {
  sequence: number;
  timestampMicros: number;
  kind: number;
  key: Uint8Array;
  value: Uint8Array;
}

function recover(reader: WalReader): Recovered[] {
  const entries: Recovered[] = [];
  while (reader.next()) {
    let sequence = reader.firstSequence;
    const { cursor, timestampMicros } = reader;
    while (cursor.next()) {
      const [key, value] = [cursor.copyKey(), cursor.copyValue()];
      entries.push({ sequence: sequence++, timestampMicros, kind: cursor.kind, key, value });
    }
  }
  return entries;
}

const SEQUENCE = 2 ** 40;
const TIMESTAMP = 1_700_000_000_000_123;

function sampleBatch(): WriteBatch {
  return new WriteBatch()
    .put(encodeUtf8('one'), encodeUtf8('first'))
    .delete(encodeUtf8('two'))
    .put(new Uint8Array(0), new Uint8Array(0));
}

test('entries come back with kind, key, value, sequence and time', async () => {
  const vfs = new MemoryVfs();
  const writer = await WalWriter.create(vfs, '/', 7);
  writer.append(sampleBatch(), SEQUENCE, TIMESTAMP);
  writer.append(new WriteBatch().append(sampleBatch()), SEQUENCE + 3, TIMESTAMP + 1);
  expect(writer.log.recordsUnsynced).toBe(2);
  await writer.end();
  const reader = new WalReader(vfs.open('/000007.log', 'read'), 7, false);
  const entries = recover(reader);
  expect(entries.map(({ sequence }) => sequence - SEQUENCE)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(entries[0]).toEqual({
    sequence: SEQUENCE,
    timestampMicros: TIMESTAMP,
    kind: KIND_PUT,
    key: encodeUtf8('one'),
    value: encodeUtf8('first'),
  });
  expect(entries[4]!.kind).toBe(KIND_DELETE);
  expect(reader.lastSequence).toBe(SEQUENCE + 5);
  expect(reader.outcome).toMatchObject({ verdict: 'whole', ended: true, reason: '' });
});

test('a log without its end is whole when newest and damaged when not', async () => {
  const vfs = new MemoryVfs();
  const writer = await WalWriter.create(vfs, '/', 7);
  writer.append(sampleBatch(), 1, TIMESTAMP);
  writer.close();
  const newest = new WalReader(vfs.open('/000007.log', 'read'), 7, true);
  expect(recover(newest)).toHaveLength(3);
  expect(newest.outcome).toMatchObject({ verdict: 'whole', ended: false });
  const older = new WalReader(vfs.open('/000007.log', 'read'), 7, false);
  expect(recover(older)).toHaveLength(3);
  expect(older.damage).toMatchObject({ code: 'CORRUPTION', file: '000007.log' });
});

test('a torn log that was finished counts as ended', async () => {
  const vfs = new MemoryVfs();
  const writer = await WalWriter.create(vfs, '/', 7);
  writer.append(sampleBatch(), 1, TIMESTAMP);
  writer.append(sampleBatch(), 4, TIMESTAMP);
  writer.close();
  const file = vfs.open('/000007.log', 'write');
  file.truncate(file.sizeBytes() - 1);
  const torn = new WalReader(file, 7, true);
  expect(recover(torn)).toHaveLength(3);
  expect(torn.outcome.verdict).toBe('torn');
  await finishLog(vfs, '/', '000007.log', walIdentity(7), {
    stopOffset: torn.outcome.stopOffset,
    syncedOffset: 0,
    ended: false,
  });
  const finished = new WalReader(vfs.open('/000007.log', 'read'), 7, false);
  expect(recover(finished)).toHaveLength(3);
  expect(finished.outcome).toMatchObject({ verdict: 'whole', ended: true });
});
