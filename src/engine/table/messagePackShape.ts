// Walks over MessagePack bytes before a decoder sees them, so that no declared length can make it
// allocate or recurse: every value must be there in full, and nesting is shallow.

import { ByteReader } from '../../base/byteReader.ts';

const DEPTH_MAX = 4;

/**
 * Checks that `bytes` hold exactly one value of plain types (nil, booleans, numbers, strings,
 * binary, arrays, maps).
 * @throws LsmError `CORRUPTION` naming the place.
 */
export function checkMessagePack(bytes: Uint8Array, file: string, offset: number): void {
  const reader = new ByteReader(bytes, file, offset);
  // Values still to come at each depth.
  const pending = [1];
  while (pending.length > 0) {
    const depth = pending.length - 1;
    if (pending[depth] === 0) {
      pending.pop();
      continue;
    }
    pending[depth]!--;
    const children = passValue(reader);
    if (children === 0) continue;
    if (pending.length === DEPTH_MAX) throw reader.damage(`nested deeper than ${DEPTH_MAX}`);
    pending.push(children);
  }
  if (reader.remaining > 0) throw reader.damage(`${reader.remaining} bytes too many`);
}

/** Passes over one value's own bytes; answers how many values follow inside it. */
function passValue(reader: ByteReader): number {
  const type = reader.readUint8('a type');
  if (type < 0x80 || type >= 0xe0) return 0;
  if (type < 0x90) return 2 * (type & 0x0f);
  if (type < 0xa0) return type & 0x0f;
  if (type < 0xc0) return skip(reader, type & 0x1f);
  switch (type) {
    case 0xc0: // nil
    case 0xc2: // false
    case 0xc3: // true
      return 0;
    case 0xc4: // bin 8
    case 0xd9: // str 8
      return skip(reader, bigEndian(reader, 1));
    case 0xc5: // bin 16
    case 0xda: // str 16
      return skip(reader, bigEndian(reader, 2));
    case 0xc6: // bin 32
    case 0xdb: // str 32
      return skip(reader, bigEndian(reader, 4));
    case 0xcc: // uint 8
    case 0xd0: // int 8
      return skip(reader, 1);
    case 0xcd: // uint 16
    case 0xd1: // int 16
      return skip(reader, 2);
    case 0xca: // float 32
    case 0xce: // uint 32
    case 0xd2: // int 32
      return skip(reader, 4);
    case 0xcb: // float 64
    case 0xcf: // uint 64
    case 0xd3: // int 64
      return skip(reader, 8);
    case 0xdc: // array 16
      return bigEndian(reader, 2);
    case 0xdd: // array 32
      return bigEndian(reader, 4);
    case 0xde: // map 16
      return 2 * bigEndian(reader, 2);
    case 0xdf: // map 32
      return 2 * bigEndian(reader, 4);
    default:
      throw reader.damage(`type 0x${type.toString(16)} has no place here`, reader.position - 1);
  }
}

function skip(reader: ByteReader, lengthBytes: number): number {
  reader.skip(lengthBytes, 'a value');
  return 0;
}

function bigEndian(reader: ByteReader, width: number): number {
  let value = 0;
  for (let index = 0; index < width; index++) value = value * 256 + reader.readUint8('a length');
  return value;
}
