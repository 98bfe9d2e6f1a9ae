// Pebble's logs that tell up to where they were synced: what is known to be durable, and whether a
// fault is a log's end or damage.

import { expect, test } from 'vitest';
import { concatBytes, encodeUtf8 } from '../../src/base/bytes.ts';
import { ByteWriter } from '../../src/base/byteWriter.ts';
import type { PebbleReader } from '../../src/readers/pebble/pebbleReader.ts';
import { pebbleDirectory, writeLogPiece } from './pebbleDirectory.ts';

const LOG = 7;
const NAME = '000007.log';
const BLOCK_BYTES = 32_768;
const HEADER_BYTES = 19;
const WHOLE_SYNCED = 9;

/** A piece that is a whole record and tells up to where the log was synced. */
function writeSynced(writer: ByteWriter, syncedOffset: number, content: Uint8Array): void {
  const header = new ByteWriter();
  header.writeUint8(WHOLE_SYNCED);
  header.writeUint32(LOG);
  header.writeUint64(syncedOffset);
  writeLogPiece(writer, header.toBytes(), content);
}

/** A batch of one put whose record takes so many bytes with its header. */
function batch(sequence: number, recordBytes: number): Uint8Array {
  const writer = new ByteWriter();
  writer.writeUint64(sequence);
  writer.writeUint32(1);
  writer.writeUint8(1);
  writer.writeText(String(sequence).padStart(4, '0'));
  const lengthBytes = recordBytes > 200 ? 3 : 1;
  const valueBytes = recordBytes - HEADER_BYTES - writer.length - lengthBytes;
  // A length of three bytes, whatever it is: varints may be longer than they need.
  const length =
    lengthBytes === 1
      ? [valueBytes]
      : [(valueBytes & 0x7f) | 0x80, ((valueBytes >> 7) & 0x7f) | 0x80, valueBytes >> 14];
  return concatBytes([writer.toBytes(), Uint8Array.from(length), new Uint8Array(valueBytes)]);
}

/** One record in the first block, one that fills the rest of it, one in the second block. */
function threeRecords(lastSyncedOffset: number): Uint8Array {
  const writer = new ByteWriter();
  writeSynced(writer, 0, batch(1, 100));
  writeSynced(writer, 100, batch(2, BLOCK_BYTES - 100));
  writeSynced(writer, lastSyncedOffset, batch(3, 100));
  return writer.toBytes();
}

async function open(log: Uint8Array): Promise<PebbleReader> {
  const { reader } = await pebbleDirectory([{}], { [NAME]: log });
  return reader;
}

test('what the last record says of syncs is told, and no more', async () => {
  const reader = await open(threeRecords(BLOCK_BYTES));
  expect([...reader.entries({})].length).toBe(3);
  const { wal, problems } = reader.describe();
  expect(problems).toEqual([]);
  expect(wal.segments).toEqual([
    {
      ...{ file: LOG, sizeBytes: BLOCK_BYTES + 100, syncedBytes: BLOCK_BYTES },
      ...{ records: 3, recordsUnsynced: null },
    },
  ]);
  reader.close();
});

test('a fault before what a later piece calls synced is damage: that piece is told', async () => {
  const log = threeRecords(BLOCK_BYTES);
  log[5000]! ^= 1;
  const reader = await open(log);
  expect([...reader.entries({})].length).toBe(1);
  expect(reader.problems()).toMatchObject([{ code: 'CORRUPTION', file: NAME, offset: 100 }]);
  expect(reader.problems()[0]!.message).toContain(`the piece at byte ${BLOCK_BYTES} tells`);
  reader.close();
});

test('a fault that nothing calls synced is the end of a log whose writer died', async () => {
  const log = threeRecords(100);
  log[5000]! ^= 1;
  const reader = await open(log);
  expect([...reader.entries({})].length).toBe(1);
  expect(reader.problems()[0]!.message).toContain('takes it for the log’s end');
  reader.close();
});

test('a piece of another log’s number says nothing of this one', async () => {
  const log = threeRecords(BLOCK_BYTES);
  log[5000]! ^= 1;
  const writer = new ByteWriter();
  const header = new ByteWriter();
  header.writeUint8(WHOLE_SYNCED);
  header.writeUint32(LOG + 5);
  header.writeUint64(BLOCK_BYTES);
  writeLogPiece(writer, header.toBytes(), batch(3, 100));
  log.set(writer.toBytes(), BLOCK_BYTES);
  const reader = await open(log);
  expect(reader.problems()[0]!.message).toContain('takes it for the log’s end');
  reader.close();
});

test.each([
  ['seems to be room that was made beforehand', [0, 9, 0x6a, 1, 0, 0, 0, 0, 0, 0, 8, 3, 0, 1]],
  ['seems to be a piece of an unknown type', [...encodeUtf8('gfedcbagfedcbagfedcba')]],
  ['is a piece of the log that was there before', [1, 2, 3, 4, 5, 0, 9, LOG - 1, 0, 0, 0, 1, 2, 3]],
])('in a file that is used again what follows the last record %s', async (_, left) => {
  const writer = new ByteWriter();
  writeSynced(writer, 0, batch(1, 100));
  writer.writeBytes(Uint8Array.from(left));
  writer.writeBytes(new Uint8Array(40).fill(5));
  const reader = await open(writer.toBytes());
  expect([...reader.entries({})].length).toBe(1);
  expect(reader.problems()).toEqual([]);
  reader.close();
});

test('a damaged number of the log in a piece is no piece of another log', async () => {
  const log = threeRecords(BLOCK_BYTES);
  log[100 + 8]! ^= 1;
  const reader = await open(log);
  expect([...reader.entries({})].length).toBe(1);
  expect(reader.problems()).toMatchObject([{ code: 'CORRUPTION', file: NAME, offset: 100 }]);
  reader.close();
});
