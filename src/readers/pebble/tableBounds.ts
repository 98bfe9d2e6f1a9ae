// Between which user keys a table lies, as its manifest has it. A bound with the greatest sequence
// number stands for a key that is not in the table itself: a range ends before it.

import { parseInternalKey } from '../internalKey.ts';
import type { CompareKeys } from '../keyOrder.ts';
import type { RocksdbTable } from '../rocksdb/newFile.ts';

/** 2^56 - 1 as far as a number holds it. */
const EXCLUSIVE_SEQUENCE_MIN = 2 ** 55;

/** A range of user keys. */
export interface KeyBounds {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  /** `to` itself is not in it. */
  readonly endsBefore: boolean;
}

/** @throws LsmError `CORRUPTION` when a bound is no internal key. */
export function boundsOf({
  smallest,
  largest,
}: Pick<RocksdbTable, 'smallest' | 'largest'>): KeyBounds {
  const { userKey: to, sequence } = parseInternalKey(largest, '', -1);
  const from = parseInternalKey(smallest, '', -1).userKey;
  return { from, to, endsBefore: sequence >= EXCLUSIVE_SEQUENCE_MIN };
}

/** Whether a key lies within the bounds. */
export function isWithin(
  key: Uint8Array,
  { from, to, endsBefore }: KeyBounds,
  compare: CompareKeys,
): boolean {
  if (compare(key, key.length, from, from.length) < 0) return false;
  const order = compare(key, key.length, to, to.length);
  return endsBefore ? order < 0 : order <= 0;
}
