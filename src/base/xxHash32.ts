// xxHash, 32 bits (Yann Collet, xxhash_spec.md of Cyan4973/xxHash), with seed 0: RocksDB may keep
// it with its blocks.
//
// Four lanes take 16 bytes a step; the lanes, the length and what is left are then mixed.

import { loadUint32 } from './byteReader.ts';

const PRIME_1 = 0x9e3779b1;
const PRIME_2 = 0x85ebca77;
const PRIME_3 = 0xc2b2ae3d;
const PRIME_4 = 0x27d4eb2f;
const PRIME_5 = 0x165667b1;

/** The hash of `bytes[start, end)`, an unsigned integer. */
export function xxHash32(bytes: Uint8Array, start: number, end: number): number {
  let hash = PRIME_5;
  let position = start;
  if (end - start >= 16) {
    let lane1 = (PRIME_1 + PRIME_2) | 0;
    let lane2 = PRIME_2 | 0;
    let lane3 = 0;
    let lane4 = -PRIME_1 | 0;
    for (; position + 16 <= end; position += 16) {
      lane1 = round(lane1, loadUint32(bytes, position));
      lane2 = round(lane2, loadUint32(bytes, position + 4));
      lane3 = round(lane3, loadUint32(bytes, position + 8));
      lane4 = round(lane4, loadUint32(bytes, position + 12));
    }
    hash = rotate(lane1, 1) + rotate(lane2, 7) + rotate(lane3, 12) + rotate(lane4, 18);
  }
  hash = (hash + end - start) | 0;
  for (; position + 4 <= end; position += 4) {
    hash = (hash + Math.imul(loadUint32(bytes, position), PRIME_3)) | 0;
    hash = Math.imul(rotate(hash, 17), PRIME_4);
  }
  for (; position < end; position++) {
    hash = (hash + Math.imul(bytes[position]!, PRIME_5)) | 0;
    hash = Math.imul(rotate(hash, 11), PRIME_1);
  }
  hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function round(lane: number, input: number): number {
  return Math.imul(rotate((lane + Math.imul(input, PRIME_2)) | 0, 13), PRIME_1);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
