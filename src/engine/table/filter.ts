// The bloom filter of a table: which keys are certainly not in it. Cache-line blocked (Putze,
// Sanders and Singler, 2007): all bits of a key lie in one line of 64 bytes, so a check touches one
// cache line.
//
//   | part  | bytes                                                                    |
//   | ----- | ------------------------------------------------------------------------ |
//   | lines | n × 64 bytes                                                             |
//   | tail  | keys and prefixes put in u48, probes k u8, kind u8 (1 = this one; others |
//   |       | reserved)                                                                |
//
// A key's hash is `hash64` (base/hash.ts) of its bytes with seed FILTER_SEED: two 32-bit words. A
// prefix's (prefixExtractor.ts) has PREFIX_SEED, so that it is no key's.
//   line    = floor(second × n / 2^32)           multiply and shift, no division
//   probe i = top 9 bits of first × GOLDEN^i     a bit of the line; i from 0 to k - 1
// Bit b of a line is bit b % 8 (from the least significant) of byte b / 8. DO NOT CHANGE: on disk.

import { loadUint48 } from '../../base/byteReader.ts';
import { corruption, LsmError } from '../../base/errors.ts';
import type { FilterProbe } from '../../protocol/events.ts';
import { predictedFalsePositiveRate } from './filterRate.ts';

export const FILTER_SEED = 0x5f1d36f7;
export const PREFIX_SEED = 0x2c9277b5;
export const FILTER_LINE_BYTES = 64;
export const FILTER_TAIL_BYTES = 8;
export const FILTER_KIND_BLOCKED = 1;
/** Lines that a filter may have: 1 GiB. */
export const FILTER_LINES_MAX: number = 2 ** 24;
export const FILTER_PROBES_MAX = 30;

const LINE_BITS = 8 * FILTER_LINE_BYTES;
const GOLDEN = 0x9e3779b9;

/** A filter as read from its block. */
export class Filter {
  /** Lines and tail. */
  readonly bytes: Uint8Array;
  readonly lineCount: number;
  readonly probes: number;
  /** Distinct keys and prefixes that were put in. */
  readonly keys: number;
  /** Expected share of "maybe" among keys that are not in the table. */
  readonly predictedRate: number;

  /**
   * @param bytes the filter block without its trailer; kept, not copied.
   * @throws LsmError `CORRUPTION` when the parts do not fit, `NOT_SUPPORTED` for an unknown kind.
   */
  constructor(bytes: Uint8Array, file: string, offset: number) {
    const tail = bytes.length - FILTER_TAIL_BYTES;
    if (tail < FILTER_LINE_BYTES || tail % FILTER_LINE_BYTES !== 0) {
      throw corruption(`a filter of ${bytes.length} bytes has no whole lines`, file, offset);
    }
    const kind = bytes[tail + 7]!;
    if (kind !== FILTER_KIND_BLOCKED) {
      const message = `${file} has filter kind ${kind}, this version knows ${FILTER_KIND_BLOCKED}`;
      throw new LsmError('NOT_SUPPORTED', message, { file, offset: offset + tail + 7 });
    }
    this.bytes = bytes;
    this.lineCount = tail / FILTER_LINE_BYTES;
    this.keys = loadUint48(bytes, tail);
    if (this.keys > this.bitCount) {
      const message = `a filter of ${this.bitCount} bits for ${this.keys} keys`;
      throw corruption(message, file, offset + tail);
    }
    this.probes = bytes[tail + 6]!;
    if (this.probes === 0 || this.probes > FILTER_PROBES_MAX) {
      throw corruption(`a filter with ${this.probes} probes`, file, offset + tail + 6);
    }
    this.predictedRate = predictedFalsePositiveRate(this.keys, this.lineCount, this.probes);
  }

  /** Bits in all lines. */
  get bitCount(): number {
    return this.lineCount * LINE_BITS;
  }

  /**
   * Whether a key with this hash may be in the table; `false` is certain.
   * @param probes receives each probed bit up to the first unset one; `null` to record none.
   */
  mayContain(hash: Uint32Array, probes: FilterProbe[] | null): boolean {
    const line = lineOf(hash[1]!, this.lineCount);
    const start = line * FILTER_LINE_BYTES;
    let spread = hash[0]!;
    for (let count = this.probes; count > 0; count--) {
      const bit = spread >>> 23;
      const set = (this.bytes[start + (bit >>> 3)]! & (1 << (bit & 7))) !== 0;
      if (probes !== null) probes.push({ bit: line * LINE_BITS + bit, set });
      if (!set) return false;
      spread = Math.imul(spread, GOLDEN);
    }
    return true;
  }

  /** Number of the line that a hash falls into. */
  lineOf(hash: Uint32Array): number {
    return lineOf(hash[1]!, this.lineCount);
  }

  /** A copy of the bytes of a line. */
  lineBytes(line: number): Uint8Array {
    return this.bytes.slice(line * FILTER_LINE_BYTES, (line + 1) * FILTER_LINE_BYTES);
  }
}

/** The line for a hash's second word; below `lineCount` whatever the rounding. */
export function lineOf(word: number, lineCount: number): number {
  return Math.floor((word * lineCount) / 0x1_0000_0000);
}

/** The bits of a hash, in probing order, counted from the filter's start. */
export function bitsOf(first: number, second: number, lineCount: number, probes: number): number[] {
  const start = lineOf(second, lineCount) * LINE_BITS;
  const bits: number[] = [];
  for (let spread = first; bits.length < probes; spread = Math.imul(spread, GOLDEN)) {
    bits.push(start + (spread >>> 23));
  }
  return bits;
}

/** Sets the bits of a hash in `lines`. */
export function setBits(
  lines: Uint8Array,
  first: number,
  second: number,
  lineCount: number,
  probes: number,
): void {
  const start = lineOf(second, lineCount) * FILTER_LINE_BYTES;
  let spread = first;
  for (let count = probes; count > 0; count--) {
    const bit = spread >>> 23;
    lines[start + (bit >>> 3)]! |= 1 << (bit & 7);
    spread = Math.imul(spread, GOLDEN);
  }
}
