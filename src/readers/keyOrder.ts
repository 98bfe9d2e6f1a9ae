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

/** Comparators that engines bring along. */
const BUILT_IN: ReadonlyMap<string, CompareKeys> = new Map([
  ['leveldb.BytewiseComparator', compareBytewise],
  ['rocksdb.BytewiseComparator', compareBytewise],
  ['rocksdb.InternalKeyComparator', compareBytewise],
  ['rocksdb.ReverseBytewiseComparator', compareReverseBytewise],
]);

/** The order under `name`; `others` are the engine's own further comparators. */
export function keyOrderNamed(name: string, others: readonly KeyOrder[] = []): KeyOrder {
  const builtIn = BUILT_IN.get(name);
  if (builtIn !== undefined) return { name, compare: builtIn };
  return others.find((order) => order.name === name) ?? { name, compare: undefined };
}
