// Pebble's binary fuse filter (sstable/tablefilters/binaryfuse; Graf and Lemire, "Binary Fuse
// Filters: Fast and Smaller Than Xor Filters", 2022):
//
//   fingerprints, packed from the lowest bit of each byte on | seed uint64 | segments uint32
//   | logarithm of the fingerprints in a segment uint8 | bits of a fingerprint uint8
//
// A key's hash, mixed with the seed, picks one fingerprint in each of three segments in a row. Of a
// key that is in it they differ, all three together, by the key's own fingerprint; of others that
// is so by chance, half of the time for each bit. So each bit is a probe, of the parity of three.

import { loadUint32 } from '../../../base/byteReader.ts';
import { add64, loadWord64, multiply64 } from '../../../base/word64.ts';
import { xxh3 } from '../../../base/xxh3.ts';
import type { FilterProbe } from '../../../protocol/events.ts';
import { unprobed } from './tableFilter.ts';
import type { FilterVerdict } from './tableFilter.ts';

const TRAILER_BYTES = 14;
const SEGMENTS_OFFSET = 8;
const SHIFT_OFFSET = 12;
const WIDTH_OFFSET = 13;
const WIDTHS: ReadonlySet<number> = new Set([4, 8, 10, 12, 16]);
const SHIFT_MAX = 30;

/** Asks a filter; one that is none says that all may be in it. */
export function probeFuse(filter: Uint8Array, key: Uint8Array): FilterVerdict {
  if (filter.length <= TRAILER_BYTES) return unprobed(false);
  const end = filter.length - TRAILER_BYTES;
  const bits = filter.subarray(0, end);
  const shift = filter[end + SHIFT_OFFSET]!;
  const width = filter[end + WIDTH_OFFSET]!;
  if (shift > SHIFT_MAX || !WIDTHS.has(width)) return unprobed(true);
  const hash = mixed(add64(xxh3(key, 0, key.length), loadWord64(filter, end)));
  const starts = BigInt(loadUint32(filter, end + SEGMENTS_OFFSET)) << BigInt(shift);
  const places = placesOf(hash, starts, shift);
  if (places.some((place) => (place + 1) * width > 8 * end)) return unprobed(true);
  const wanted = Number((hash ^ (hash >> 32n)) & 0xffffn);
  const probes: FilterProbe[] = [];
  for (let bit = 0; bit < width; bit++) {
    const parity = places.reduce((sum, place) => sum ^ bitAt(bits, place * width + bit), 0);
    const set = parity === ((wanted >>> bit) & 1);
    probes.push({ bit: places[0]! * width + bit, set });
    if (!set) break;
  }
  return {
    mayContain: probes.every(({ set }) => set),
    kind: 'fuse',
    hash: [Number(hash & 0xffff_ffffn), Number(hash >> 32n)],
    bitCount: 8 * bits.length,
    probes,
    probesMax: width,
    bits,
  };
}

/** The last steps of MurmurHash3's 64 bits. */
function mixed(sum: bigint): bigint {
  const once = multiply64(sum ^ (sum >> 33n), 0xff51afd7ed558ccdn);
  const twice = multiply64(once ^ (once >> 33n), 0xc4ceb9fe1a85ec53n);
  return twice ^ (twice >> 33n);
}

function placesOf(hash: bigint, starts: bigint, shift: number): readonly number[] {
  const segment = 2 ** shift;
  const mask = BigInt(segment - 1);
  const first = Number(((hash * starts) >> 64n) & 0xffff_ffffn);
  const within = (place: number, picked: bigint): number => Number(BigInt(place) ^ (picked & mask));
  return [first, within(first + segment, hash >> 18n), within(first + 2 * segment, hash)];
}

function bitAt(bits: Uint8Array, bit: number): number {
  return (bits[Math.floor(bit / 8)]! >>> (bit % 8)) & 1;
}
