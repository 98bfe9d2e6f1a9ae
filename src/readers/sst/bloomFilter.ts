// LevelDB's filter block (doc/table_format.md, util/bloom.cc): a Bloom filter for each 2 KiB of
// data, by the offset of the data block.
//
//   filter*  bits | number of probes, uint8
//   offset   of each filter, uint32, and of this array's own beginning
//            logarithm of the bytes of data for each filter, uint8

import { loadUint32 } from '../../base/byteReader.ts';
import { corruption } from '../../base/errors.ts';
import type { FilterProbe } from '../../protocol/events.ts';
import type { FilterVerdict, TableFilter } from './tableFilter.ts';

const HASH_SEED = 0xbc9f1d34;
const HASH_MULTIPLIER = 0xc6a4a793;
/** Numbers of probes above it are kept for other kinds of filters: they match everything. */
const PROBES_MAX = 30;

const NO_BITS = new Uint8Array(0);

/** The filters of one table. */
export class BloomFilterBlock implements TableFilter {
  private readonly bytes: Uint8Array;
  private readonly offsetsStart: number;
  private readonly baseLog: number;

  /** @throws LsmError `CORRUPTION` when it is not laid out as one. */
  constructor(bytes: Uint8Array, file: string, offset: number) {
    if (bytes.length < 5) throw corruption('a filter block is too short', file, offset);
    this.bytes = bytes;
    this.baseLog = bytes[bytes.length - 1]!;
    this.offsetsStart = loadUint32(bytes, bytes.length - 5);
    const isInside = this.offsetsStart <= bytes.length - 5;
    if (!isInside || this.baseLog > 30) {
      throw corruption('a filter block does not fit its own description', file, offset);
    }
  }

  /** Asks the filter of the data block that begins at `blockOffset`. */
  check(key: Uint8Array, blockOffset: number): FilterVerdict {
    const hash = bloomHash(key);
    const step = ((hash >>> 17) | (hash << 15)) >>> 0;
    const index = Math.floor(blockOffset / 2 ** this.baseLog);
    const entry = this.offsetsStart + 4 * index;
    const everything = {
      mayContain: true,
      hash,
      step,
      bitCount: 0,
      probes: [],
      probesMax: 0,
      bits: NO_BITS,
    };
    if (entry + 4 > this.bytes.length - 1) return everything;
    const start = loadUint32(this.bytes, entry);
    const end = loadUint32(this.bytes, entry + 4);
    if (start === end) return { ...everything, mayContain: false };
    if (start > end || end > this.offsetsStart || end - start < 2) return everything;
    return this.probe(hash, step, start, end - 1);
  }

  private probe(hash: number, step: number, start: number, end: number): FilterVerdict {
    const { bytes } = this;
    const count = bytes[end]!;
    const bitCount = (end - start) * 8;
    const probes: FilterProbe[] = [];
    const bits = bytes.subarray(start, end);
    if (count > PROBES_MAX) {
      return { mayContain: true, hash, step, bitCount, probes, probesMax: 0, bits };
    }
    let place = hash;
    let mayContain = true;
    for (let probe = 0; probe < count && mayContain; probe++) {
      const bit = place % bitCount;
      mayContain = (bytes[start + (bit >>> 3)]! & (1 << (bit & 7))) !== 0;
      probes.push({ bit, set: mayContain });
      place = (place + step) >>> 0;
    }
    return { mayContain, hash, step, bitCount, probes, probesMax: count, bits };
  }
}

/** LevelDB's hash (util/hash.cc), a simple cousin of Murmur. */
export function bloomHash(key: Uint8Array): number {
  let hash = (HASH_SEED ^ Math.imul(key.length, HASH_MULTIPLIER)) >>> 0;
  let position = 0;
  for (; position + 4 <= key.length; position += 4) {
    hash = Math.imul(hash + loadUint32(key, position), HASH_MULTIPLIER);
    hash ^= hash >>> 16;
  }
  const left = key.length - position;
  if (left > 2) hash += key[position + 2]! << 16;
  if (left > 1) hash += key[position + 1]! << 8;
  if (left > 0) {
    hash = Math.imul(hash + key[position]!, HASH_MULTIPLIER);
    hash ^= hash >>> 24;
  }
  return hash >>> 0;
}
