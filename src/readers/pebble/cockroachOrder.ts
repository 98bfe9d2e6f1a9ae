// The order of CockroachDB's keys (`cockroach_comparator`, cockroachkvs/cockroachkvs.go): by the
// key before its version, then the newest version first; a key without a version comes before all
// of its versions. A key's last byte is the length of its version plus 1, or 0.

import { compareRanges } from '../../base/bytes.ts';
import type { KeyOrder } from '../keyOrder.ts';

const WALL_TIME_BYTES = 8;
const WITH_LOGICAL_TIME_BYTES = 12;
/** A bit that once told of made-up times, and counts no more, stands behind. */
const WITH_SYNTHETIC_BIT_BYTES = 13;

export const COCKROACH_ORDER: KeyOrder = {
  name: 'cockroach_comparator',
  compare: (first, firstLength, second, secondLength) => {
    if (firstLength === 0 || secondLength === 0) return firstLength - secondLength;
    const firstSplit = splitOf(first, firstLength);
    const secondSplit = splitOf(second, secondLength);
    const byKey = compareRanges(first, 0, firstSplit, second, 0, secondSplit);
    if (byKey !== 0) return byKey;
    const firstVersion = firstLength - firstSplit;
    const secondVersion = secondLength - secondSplit;
    if (firstVersion === 0 || secondVersion === 0) return firstVersion - secondVersion;
    const firstEnd = versionEnd(first, firstSplit, firstLength - 1);
    const secondEnd = versionEnd(second, secondSplit, secondLength - 1);
    return compareRanges(second, secondSplit, secondEnd, first, firstSplit, firstEnd);
  },
};

/** Where the version begins; a key that claims a longer one than itself has none. */
function splitOf(key: Uint8Array, length: number): number {
  return Math.max(0, length - key[length - 1]!);
}

/** Where what counts of a version ends. */
function versionEnd(key: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length !== WITH_LOGICAL_TIME_BYTES && length !== WITH_SYNTHETIC_BIT_BYTES) return end;
  for (let at = start + WALL_TIME_BYTES; at < start + WITH_LOGICAL_TIME_BYTES; at++) {
    if (key[at] !== 0) return start + WITH_LOGICAL_TIME_BYTES;
  }
  return start + WALL_TIME_BYTES;
}
