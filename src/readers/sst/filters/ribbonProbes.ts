// RocksDB's Ribbon filter, Standard128 (util/ribbon_alg.h, util/ribbon_impl.h; Dillinger and
// Walzer, "Ribbon filter: practically smaller than Bloom and Xor", 2021).
//
// A key's hash tells where it starts among the slots, a row of 128 coefficients, and a result. The
// filter is the solution of all keys' equations, kept column by column: in each block of 128 slots,
// 16 bytes for each column, the lower columns in all blocks, one more in the upper ones. For a key
// that is in it, the parity of what its coefficients pick from a column is that column's bit of its
// result; for others that is so by chance, half of the time for each column.

import type { FilterProbe } from '../../../protocol/events.ts';
import { multiply64, swapBytes64 } from '../../../base/word64.ts';
import { filterHash64 } from './filterHash.ts';
import type { FilterVerdict } from './tableFilter.ts';

const BLOCK_SLOTS = 128;
const SEGMENT_BYTES = 16;
const COLUMNS_MAX = 32;
const MASK_128: bigint = 2n ** 128n - 1n;

const REHASH_FACTOR = 0x6193d459236a3a0dn;
const RESULT_FACTOR = 0xc28f82822b650bedn;
const COEFFICIENT_FLIP = 0xc367844a6e52731dn;
const SEED_FACTOR = 0xc78219a23eeadd03n;
const SEED_MASK = 0xf0f0f0f0f0f0f0f0n;

/** How a filter's bytes are divided. */
interface Layout {
  readonly starts: number;
  /** Columns of the upper blocks; the lower ones have one less. */
  readonly columns: number;
  /** The first of the upper blocks. */
  readonly upperBlock: number;
}

/**
 * Asks a filter.
 * @param bits without what follows them.
 * @param blocks at least 2.
 * @param seed its number among those that were tried.
 */
export function probeRibbon(
  bits: Uint8Array,
  blocks: number,
  seed: number,
  key: Uint8Array,
): FilterVerdict {
  const { starts, columns, upperBlock } = layoutOf(bits, blocks);
  const hash = multiply64(filterHash64(key) ^ rawSeed(seed), REHASH_FACTOR);
  const start = Number((hash * BigInt(starts)) >> 64n);
  const block = Math.floor(start / BLOCK_SLOTS);
  const firstSegment = block * columns - Math.min(block, upperBlock);
  const ownColumns = block < upperBlock ? columns - 1 : columns;
  const mixed = multiply64(hash, RESULT_FACTOR);
  const coefficients = (mixed << 64n) | ((mixed ^ COEFFICIENT_FLIP) | 1n);
  const result = swapBytes64(mixed);
  const shift = start % BLOCK_SLOTS;
  const left = (coefficients << BigInt(shift)) & MASK_128;
  const right = coefficients >> BigInt(BLOCK_SLOTS - shift);
  const probes: FilterProbe[] = [];
  for (let column = 0; column < ownColumns; column++) {
    const segment = firstSegment + column;
    const picked =
      (segmentAt(bits, segment) & left) ^
      (shift === 0 ? 0n : segmentAt(bits, segment + ownColumns) & right);
    const set = parity(picked) === Number((result >> BigInt(column)) & 1n);
    probes.push({ bit: segment * BLOCK_SLOTS + shift, set });
    if (!set) break;
  }
  return {
    mayContain: probes.every(({ set }) => set),
    kind: 'ribbon',
    hash: [Number(hash & 0xffff_ffffn), Number(hash >> 32n)],
    bitCount: 8 * bits.length,
    probes,
    probesMax: ownColumns,
    bits,
  };
}

function layoutOf(bits: Uint8Array, blocks: number): Layout {
  const starts = blocks * BLOCK_SLOTS - BLOCK_SLOTS + 1;
  const segments = Math.floor(bits.length / SEGMENT_BYTES);
  const columns = Math.ceil(segments / blocks);
  if (columns > COLUMNS_MAX) return { starts, columns: COLUMNS_MAX, upperBlock: 0 };
  return { starts, columns, upperBlock: columns * blocks - segments };
}

function rawSeed(ordinal: number): bigint {
  const spread = multiply64(BigInt(ordinal), SEED_FACTOR);
  return (spread ^ ((spread & SEED_MASK) >> 4n)) & 0xffff_ffffn;
}

/** 128 bits, little-endian; zeros beyond the end. */
function segmentAt(bits: Uint8Array, segment: number): bigint {
  let value = 0n;
  for (let index = SEGMENT_BYTES - 1; index >= 0; index--) {
    value = (value << 8n) | BigInt(bits[segment * SEGMENT_BYTES + index] ?? 0);
  }
  return value;
}

function parity(value: bigint): number {
  let folded = Number((value ^ (value >> 64n)) & 0xffff_ffffn);
  folded ^= Number(((value ^ (value >> 64n)) >> 32n) & 0xffff_ffffn);
  for (let shift = 16; shift > 0; shift >>>= 1) folded ^= folded >>> shift;
  return folded & 1;
}
