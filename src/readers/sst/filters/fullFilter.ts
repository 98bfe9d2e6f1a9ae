// A RocksDB filter over many keys, of a whole table or of a part of one
// (table/block_based/filter_policy.cc). The last five bytes tell its kind:
//
//   number of probes, 01 … 7f | number of lines 4   a Bloom filter of before format version 5
//   ff | 00 | probes in five bits | 00 00           a Bloom filter in lines of 64 bytes
//   fe | seed 1 | number of blocks 3                a Ribbon filter
//   others                                          kept for the future: all may be in it
//
// A filter of no more bytes has no keys.

import { loadUint32 } from '../../../base/byteReader.ts';
import { probeLocalBloom, probeOldBloom } from './bloomProbes.ts';
import { probeRibbon } from './ribbonProbes.ts';
import { unprobed } from './tableFilter.ts';
import type { FilterVerdict } from './tableFilter.ts';

const TAIL_BYTES = 5;
const MARK_BLOOM = 0xff;
const MARK_RIBBON = 0xfe;
const OLD_PROBES_MAX = 0x7f;
const PROBES_MAX = 30;
const BLOCKS_MIN = 2;

/** Asks a filter, whatever its kind. */
export function probeFullFilter(filter: Uint8Array, key: Uint8Array): FilterVerdict {
  if (filter.length <= TAIL_BYTES) return unprobed(false);
  const end = filter.length - TAIL_BYTES;
  const bits = filter.subarray(0, end);
  const mark = filter[end]!;
  if (mark === MARK_BLOOM) return newBloom(filter, bits, key);
  if (mark === MARK_RIBBON) {
    const blocks = loadUint32(filter, end + 1) >>> 8;
    return blocks < BLOCKS_MIN ? unprobed(true) : probeRibbon(bits, blocks, filter[end + 1]!, key);
  }
  const isOld = mark > 0 && mark <= OLD_PROBES_MAX;
  return isOld ? oldBloom(bits, mark, loadUint32(filter, end + 1), key) : unprobed(true);
}

/** Whether a filter is of a kind that can be asked here; one without keys always is. */
export function isKnownFilter(filter: Uint8Array): boolean {
  if (filter.length <= TAIL_BYTES) return true;
  const mark = filter[filter.length - TAIL_BYTES]!;
  if (mark === MARK_BLOOM) return isKnownBloom(filter.subarray(-TAIL_BYTES));
  return mark === MARK_RIBBON || (mark > 0 && mark <= OLD_PROBES_MAX);
}

function isKnownBloom(tail: Uint8Array): boolean {
  return tail[1] === 0 && tail[2]! < 32 && tail[3] === 0 && tail[4] === 0;
}

function newBloom(filter: Uint8Array, bits: Uint8Array, key: Uint8Array): FilterVerdict {
  const tail = filter.subarray(-TAIL_BYTES);
  const probes = tail[2]! & 31;
  const isSound = probes >= 1 && probes <= PROBES_MAX && bits.length >= 64;
  return isKnownBloom(tail) && isSound ? probeLocalBloom(bits, probes, key) : unprobed(true);
}

function oldBloom(bits: Uint8Array, probes: number, lines: number, key: Uint8Array): FilterVerdict {
  const lineBytes = lines === 0 ? 0 : bits.length / lines;
  const isPowerOfTwo = Number.isInteger(lineBytes) && (lineBytes & (lineBytes - 1)) === 0;
  return isPowerOfTwo && lineBytes > 0 ? probeOldBloom(bits, probes, lines, key) : unprobed(true);
}
