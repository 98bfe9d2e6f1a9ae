// RocksDB's Bloom filters (util/bloom_impl.h), in which all probes of a key fall into one line of
// the cache: of 64 bytes in the newer kind, of what its writer had in the older.

import type { FilterProbe } from '../../../protocol/events.ts';
import { filterHash64, signedHash32 } from './filterHash.ts';
import type { FilterVerdict } from './tableFilter.ts';

const LINE_BYTES = 64;
const LINE_BITS = 8 * LINE_BYTES;
const GOLDEN_RATIO = 0x9e3779b9;
const OLD_SEED = 0xbc9f1d34;

/** Since format version 5: one half of the hash chooses the line, the other the bits. */
export function probeLocalBloom(
  bits: Uint8Array,
  probesMax: number,
  key: Uint8Array,
): FilterVerdict {
  const hash = filterHash64(key);
  const low = Number(hash & 0xffff_ffffn);
  const high = Number(hash >> 32n);
  const lines = Math.floor(bits.length / LINE_BYTES);
  const line = Number((BigInt(low) * BigInt(lines)) >> 32n);
  const probes = probe(bits, probesMax, function* places() {
    for (let word = high; ; word = Math.imul(word, GOLDEN_RATIO)) {
      yield line * LINE_BITS + (word >>> 23);
    }
  });
  return verdict(bits, probesMax, probes, [low, high]);
}

/** Before: one hash chooses the line by its remainder, and the bits by a step of its own. */
export function probeOldBloom(
  bits: Uint8Array,
  probesMax: number,
  lines: number,
  key: Uint8Array,
): FilterVerdict {
  const hash = signedHash32(key, OLD_SEED);
  const lineBits = (8 * bits.length) / lines;
  const start = (hash % lines) * lineBits;
  const step = (hash >>> 17) | (hash << 15);
  const probes = probe(bits, probesMax, function* places() {
    for (let word = hash; ; word = (word + step) | 0) yield start + (word & (lineBits - 1));
  });
  return verdict(bits, probesMax, probes, [hash, step >>> 0]);
}

function probe(
  bits: Uint8Array,
  probesMax: number,
  places: () => Iterable<number>,
): readonly FilterProbe[] {
  const probes: FilterProbe[] = [];
  for (const bit of places()) {
    if (probes.length === probesMax) break;
    const set = (bits[bit >>> 3]! & (1 << (bit & 7))) !== 0;
    probes.push({ bit, set });
    if (!set) break;
  }
  return probes;
}

function verdict(
  bits: Uint8Array,
  probesMax: number,
  probes: readonly FilterProbe[],
  hash: readonly [number, number],
): FilterVerdict {
  const mayContain = probes.every(({ set }) => set);
  return { mayContain, kind: 'bloom', hash, bitCount: 8 * bits.length, probes, probesMax, bits };
}
