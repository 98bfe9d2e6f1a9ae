// LevelDB's filter block (doc/table_format.md, util/bloom.cc): a Bloom filter for each 2 KiB of
// data, by the offset of the data block.
//
//   filter*  bits | number of probes, uint8
//   offset   of each filter, uint32, and of this array's own beginning
//            logarithm of the bytes of data for each filter, uint8

import { loadUint32 } from '../../../base/byteReader.ts';
import { corruption } from '../../../base/errors.ts';
import type { FilterProbe } from '../../../protocol/events.ts';
import { unprobed } from './tableFilter.ts';
import type { FilterVerdict, TableFilter } from './tableFilter.ts';

const HASH_SEED = 0xbc9f1d34;
/** Numbers of probes above it are kept for other kinds of filters: they match everything. */
const PROBES_MAX = 30;

/** The filters of one table. */
export class BloomFilterBlock implements TableFilter {
  private readonly bytes: Uint8Array;
  private readonly offsetsStart: number;
  private readonly baseLog: number;

  private readonly hash: (key: Uint8Array, seed: number) => number;

  /**
   * @param hash the engine's.
   * @throws LsmError `CORRUPTION` when it is not laid out as one.
   */
  constructor(
    bytes: Uint8Array,
    hash: (key: Uint8Array, seed: number) => number,
    file: string,
    offset: number,
  ) {
    this.hash = hash;
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
    const hash = this.hash(key, HASH_SEED);
    const index = Math.floor(blockOffset / 2 ** this.baseLog);
    const entry = this.offsetsStart + 4 * index;
    const everything: FilterVerdict = { ...unprobed(true), hash: [hash, 0] };
    if (entry + 4 > this.bytes.length - 1) return everything;
    const start = loadUint32(this.bytes, entry);
    const end = loadUint32(this.bytes, entry + 4);
    if (start === end) return { ...everything, mayContain: false };
    if (start > end || end > this.offsetsStart || end - start < 2) return everything;
    return this.probe(hash, start, end - 1);
  }

  isKnown(): boolean {
    return true;
  }

  private probe(hash: number, start: number, end: number): FilterVerdict {
    const { bytes } = this;
    const count = bytes[end]!;
    const bitCount = (end - start) * 8;
    const probes: FilterProbe[] = [];
    const bits = bytes.subarray(start, end);
    const step = ((hash >>> 17) | (hash << 15)) >>> 0;
    const asked = { kind: 'bloom', hash: [hash, step], bitCount, probes, bits } as const;
    if (count > PROBES_MAX) return { ...asked, mayContain: true, probesMax: 0 };
    let place = hash;
    let mayContain = true;
    for (let probe = 0; probe < count && mayContain; probe++) {
      const bit = place % bitCount;
      mayContain = (bytes[start + (bit >>> 3)]! & (1 << (bit & 7))) !== 0;
      probes.push({ bit, set: mayContain });
      place = (place + step) >>> 0;
    }
    return { ...asked, mayContain, probesMax: count };
  }
}
