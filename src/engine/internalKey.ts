// The order of all entries in memtables, tables and merges: by user key ascending (unsigned bytes),
// and among versions of one key the newest first, so that the first entry a reader meets at or below
// its own sequence number is the one it sees.

import { compareRanges } from '../base/bytes.ts';

/** Greater than every sequence number: with it, a seek lands on a key's newest version. */
export const SEQUENCE_MAX: number = Number.MAX_SAFE_INTEGER;

/** Name of the order in manifests and table properties. DO NOT CHANGE. */
export const COMPARATOR_NAME = 'lsm-lens.bytewise';

/** Orders two entries: key ascending, then sequence descending. Like a subtraction. */
export function compareEntries(
  firstKey: Uint8Array,
  firstSequence: number,
  secondKey: Uint8Array,
  secondSequence: number,
): number {
  const byKey = compareRanges(firstKey, 0, firstKey.length, secondKey, 0, secondKey.length);
  return byKey !== 0 ? byKey : secondSequence - firstSequence;
}
