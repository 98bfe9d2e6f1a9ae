// The order of user keys in a foreign store, by the name of the comparator in its manifest.

import { compareRanges } from '../base/bytes.ts';

/** An order of keys. */
export interface KeyOrder {
  /** The comparator's name, as the store has it. */
  readonly name: string;
  /** `undefined` when the comparator is not known: tables can then be walked but not merged. */
  readonly compare: CompareKeys | undefined;
}

/**
 * Orders `first[0, firstLength)` and `second[0, secondLength)`: negative, 0 or positive, like a
 * subtraction.
 */
export type CompareKeys = (
  first: Uint8Array,
  firstLength: number,
  second: Uint8Array,
  secondLength: number,
) => number;

/** The order of unsigned bytes; a prefix is smaller. */
export function compareBytewise(
  first: Uint8Array,
  firstLength: number,
  second: Uint8Array,
  secondLength: number,
): number {
  return compareRanges(first, 0, firstLength, second, 0, secondLength);
}

/** The opposite order: RocksDB's `ReverseBytewiseComparator`. */
export function compareReverseBytewise(
  first: Uint8Array,
  firstLength: number,
  second: Uint8Array,
  secondLength: number,
): number {
  return compareRanges(second, 0, secondLength, first, 0, firstLength);
}

/** Bytes at the end of a key that are a timestamp, in RocksDB's comparators that have one. */
export const TIMESTAMP_BYTES = 8;

/**
 * A key ends with a time, uint64 little-endian: of one key the newest comes first
 * (RocksDB's util/comparator.cc).
 */
function withTimestamps(compare: CompareKeys): CompareKeys {
  return (first, firstLength, second, secondLength) => {
    const firstEnd = Math.max(0, firstLength - TIMESTAMP_BYTES);
    const secondEnd = Math.max(0, secondLength - TIMESTAMP_BYTES);
    const byKey = compare(first, firstEnd, second, secondEnd);
    if (byKey !== 0) return byKey;
    for (let index = TIMESTAMP_BYTES - 1; index >= 0; index--) {
      const byTime = (second[secondEnd + index] ?? 0) - (first[firstEnd + index] ?? 0);
      if (byTime !== 0) return byTime;
    }
    return 0;
  };
}

/** Whether keys in this order end with a time of the user's. */
export function hasTimestamps(comparator: string): boolean {
  return comparator.endsWith('.u64ts');
}

/** Comparators that engines bring along. */
const BUILT_IN: ReadonlyMap<string, CompareKeys> = new Map([
  ['leveldb.BytewiseComparator', compareBytewise],
  ['rocksdb.BytewiseComparator', compareBytewise],
  ['rocksdb.InternalKeyComparator', compareBytewise],
  ['rocksdb.ReverseBytewiseComparator', compareReverseBytewise],
  ['leveldb.BytewiseComparator.u64ts', withTimestamps(compareBytewise)],
  ['rocksdb.ReverseBytewiseComparator.u64ts', withTimestamps(compareReverseBytewise)],
]);

/** The order under `name`; `others` are the engine's own further comparators. */
export function keyOrderNamed(name: string, others: readonly KeyOrder[] = []): KeyOrder {
  const builtIn = BUILT_IN.get(name);
  if (builtIn !== undefined) return { name, compare: builtIn };
  return others.find((order) => order.name === name) ?? { name, compare: undefined };
}
