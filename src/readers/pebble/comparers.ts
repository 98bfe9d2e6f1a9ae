// The comparators of Pebble's stores that are known here, and how each splits keys: into what comes
// before the version, of which filters are made, and the version. Of one key the newest version
// comes first; a key without a version comes before all of its versions.

import { compareBytes, compareRanges } from '../../base/bytes.ts';
import { COCKROACH_COMPARATOR, cockroachSplit } from '../../base/cockroachKey.ts';
import type { CompareKeys, KeyOrder } from '../keyOrder.ts';
import { compareBytewise } from '../keyOrder.ts';

/** An order of keys that end with a version, or may. */
export interface PebbleComparer extends KeyOrder {
  readonly compare: CompareKeys;
  /** Where in `key[0, length)` the version begins; `length` when there is none. */
  readonly split: (key: Uint8Array, length: number) => number;
  /**
   * Orders suffixes of range keys: stricter than versions within keys, as two of the same time may
   * be written differently.
   */
  readonly compareSuffixes: (first: Uint8Array, second: Uint8Array) => number;
}

const WALL_TIME_BYTES = 8;
const WITH_LOGICAL_TIME_BYTES = 12;
/** A bit that once told of made-up times, and counts no more, stands behind. */
const WITH_SYNTHETIC_BIT_BYTES = 13;

/** Pebble's own: keys have no versions. */
const BYTEWISE: PebbleComparer = {
  name: 'leveldb.BytewiseComparator',
  compare: compareBytewise,
  split: (_, length) => length,
  compareSuffixes: compareBytes,
};

/** CockroachDB's (cockroachkvs/cockroachkvs.go). */
export const COCKROACH_ORDER: PebbleComparer = {
  name: COCKROACH_COMPARATOR,
  split: cockroachSplit,
  compareSuffixes: (first, second) => {
    if (first.length === 0 || second.length === 0) return first.length - second.length;
    return compareBytes(second.subarray(0, -1), first.subarray(0, -1));
  },
  compare: (first, firstLength, second, secondLength) => {
    if (firstLength === 0 || secondLength === 0) return firstLength - secondLength;
    const firstSplit = cockroachSplit(first, firstLength);
    const secondSplit = cockroachSplit(second, secondLength);
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

/** Where what counts of a version ends. */
function versionEnd(key: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length !== WITH_LOGICAL_TIME_BYTES && length !== WITH_SYNTHETIC_BIT_BYTES) return end;
  for (let at = start + WALL_TIME_BYTES; at < start + WITH_LOGICAL_TIME_BYTES; at++) {
    if (key[at] !== 0) return start + WITH_LOGICAL_TIME_BYTES;
  }
  return start + WALL_TIME_BYTES;
}

const AT_SIGN = 0x40;
const SYNTHETIC_BYTES = 10;
const UNDERSCORE = 0x5f;
const DIGIT_ZERO = 0x30;

/** Of Pebble's tests and their directories (internal/testkeys): `key@12`. */
const TEST_KEYS: PebbleComparer = {
  name: 'pebble.internal.testkeys',
  split: testSplit,
  compareSuffixes: (first, second) => {
    const byTime = TEST_KEYS.compare(first, first.length, second, second.length);
    return byTime === 0 ? first.length - second.length : byTime;
  },
  compare: (first, firstLength, second, secondLength) => {
    const firstSplit = testSplit(first, firstLength);
    const secondSplit = testSplit(second, secondLength);
    const byKey = compareRanges(first, 0, firstSplit, second, 0, secondSplit);
    if (byKey !== 0) return byKey;
    const hasNone = firstSplit === firstLength || secondSplit === secondLength;
    if (hasNone) return firstLength - firstSplit - (secondLength - secondSplit);
    const firstEnd = digitsEnd(first, firstSplit, firstLength);
    const secondEnd = digitsEnd(second, secondSplit, secondLength);
    const firstStart = digitsStart(first, firstSplit + 1, firstEnd);
    const secondStart = digitsStart(second, secondSplit + 1, secondEnd);
    const byDigits = secondEnd - secondStart - (firstEnd - firstStart);
    if (byDigits !== 0) return byDigits;
    return compareRanges(second, secondStart, secondEnd, first, firstStart, firstEnd);
  },
};

function testSplit(key: Uint8Array, length: number): number {
  for (let at = length - 1; at >= 0; at--) if (key[at] === AT_SIGN) return at;
  return length;
}

/** A `_synthetic` behind the digits does not count. */
function digitsEnd(key: Uint8Array, split: number, length: number): number {
  const end = length - SYNTHETIC_BYTES;
  return end > split && key[end] === UNDERSCORE ? end : length;
}

/** Of two numbers without zeros in front the longer is the greater. */
function digitsStart(key: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && key[at] === DIGIT_ZERO) at++;
  return at;
}

/** Those that a store may name. */
export const PEBBLE_COMPARERS: readonly PebbleComparer[] = [BYTEWISE, COCKROACH_ORDER, TEST_KEYS];

/** `undefined` when it is not known here. */
export function comparerNamed(name: string | undefined): PebbleComparer | undefined {
  return PEBBLE_COMPARERS.find((each) => each.name === name);
}
