// Fields that many records of a RocksDB manifest are made of.

import type { ByteReader } from '../../base/byteReader.ts';
import { copyOfRange, decodeUtf8 } from '../../base/bytes.ts';

/** More levels would be damage. */
const LEVELS_MAX = 64;
const VARINT_BYTES_MAX = 10;

export function readLevel(reader: ByteReader): number {
  const level = reader.readVarint32('a level');
  if (level >= LEVELS_MAX) throw reader.damage(`level ${level} is beyond any store's`);
  return level;
}

/** Bytes behind their length, in memory of their own. */
export function readBlob(reader: ByteReader, what: string): Uint8Array {
  const length = reader.readLength(`the length of ${what}`);
  const start = reader.position;
  reader.skip(length, what);
  return copyOfRange(reader.bytes, start, start + length);
}

export function readText(reader: ByteReader, what: string): string {
  return decodeUtf8(readBlob(reader, what));
}

/** A varint of up to 64 bits; above 2^53 not exact. */
export function readLargeVarint(reader: ByteReader, what: string): number {
  let value = 0;
  let scale = 1;
  for (let count = 0; count < VARINT_BYTES_MAX; count++) {
    const byte = reader.readUint8(what);
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
    scale *= 0x80;
  }
  throw reader.damage(`${what} is longer than ${VARINT_BYTES_MAX} bytes`);
}
