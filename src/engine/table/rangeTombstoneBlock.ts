// The range deletes of a table, in a block of their own that is read when the table is opened.
//
//   | part      | bytes                                                             |
//   | --------- | ----------------------------------------------------------------- |
//   | tombstone | one for each, by first key, of equal ones the newest first:       |
//   |           | sequence varint, timestamp varint, length varint, first key,      |
//   |           | length varint, the key before which it ends                       |
//   | tail      | count u32, at least 1                                             |
//
// They are stored as they were written, or cut at the table's bounds; readers fragment them
// (rangeDelete/fragments.ts). The block is never compressed. DO NOT CHANGE: on disk.

import { ByteReader, loadUint32 } from '../../base/byteReader.ts';
import { ByteWriter } from '../../base/byteWriter.ts';
import { compareBytes, copyOfRange } from '../../base/bytes.ts';
import { corruption } from '../../base/errors.ts';
import { compareTombstones } from '../rangeDelete/rangeTombstone.ts';
import type { RangeTombstone } from '../rangeDelete/rangeTombstone.ts';

const TAIL_BYTES = 4;
/** Four varints of a byte each, and an end that is not empty. */
const TOMBSTONE_BYTES_MIN = 5;

/** The block's bytes, without the trailer. @param tombstones in order; at least one. */
export function encodeRangeTombstones(tombstones: readonly RangeTombstone[]): Uint8Array {
  const writer = new ByteWriter();
  for (const { from, to, sequence, timestampMicros } of tombstones) {
    writer.writeVarint(sequence);
    writer.writeVarint(timestampMicros);
    writer.writeLengthAndBytes(from);
    writer.writeLengthAndBytes(to);
  }
  writer.writeUint32(tombstones.length);
  return writer.toBytes();
}

/**
 * Reads the block.
 * @throws LsmError `CORRUPTION` when it does not add up, or its tombstones are empty or not in
 * order.
 */
export function decodeRangeTombstones(
  bytes: Uint8Array,
  file: string,
  offset: number,
): RangeTombstone[] {
  const end = bytes.length - TAIL_BYTES;
  const count = end < 0 ? 0 : loadUint32(bytes, end);
  if (count === 0 || count * TOMBSTONE_BYTES_MIN > end) {
    const message = `a block of ${bytes.length} bytes says it has ${count} range deletes`;
    throw corruption(message, file, offset + Math.max(end, 0));
  }
  const reader = new ByteReader(bytes, file, offset, 0, end);
  const tombstones: RangeTombstone[] = [];
  for (let index = 0; index < count; index++) {
    const start = reader.position;
    const tombstone = readTombstone(reader);
    if (compareBytes(tombstone.from, tombstone.to) >= 0) {
      throw reader.damage('a range delete ends where it begins, or before', start);
    }
    if (index > 0 && compareTombstones(tombstones[index - 1]!, tombstone) >= 0) {
      throw reader.damage('range deletes are not in order', start);
    }
    tombstones.push(tombstone);
  }
  if (reader.remaining > 0) {
    throw reader.damage(`${reader.remaining} bytes follow the last range delete`);
  }
  return tombstones;
}

function readTombstone(reader: ByteReader): RangeTombstone {
  const sequence = reader.readVarint('sequence of a range delete');
  const timestampMicros = reader.readVarint('timestamp of a range delete');
  const from = readKey(reader, 'first key of a range delete');
  return { from, to: readKey(reader, 'end of a range delete'), sequence, timestampMicros };
}

function readKey(reader: ByteReader, what: string): Uint8Array {
  const length = reader.readLength(`length of the ${what}`);
  const start = reader.position;
  reader.skip(length, what);
  return copyOfRange(reader.bytes, start, start + length);
}
