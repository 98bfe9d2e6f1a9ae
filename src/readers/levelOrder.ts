// The tables of a tree as its engine asks them for a key: all of level 0, newest first; of a deeper
// level, whose tables lie side by side, those that the key can be in, found by halving.

import type { TableInfo } from '../protocol/events.ts';
import type { CompareKeys } from './keyOrder.ts';
import type { PlacedFile } from './storeReader.ts';

/** Puts a level's tables into the order in which they are asked. */
export function inAskingOrder(
  tables: readonly TableInfo[],
  level: number,
  compare: CompareKeys,
): TableInfo[] {
  if (level === 0) return tables.toSorted((left, right) => right.file - left.file);
  return tables.toSorted(({ smallestKey: left }, { smallestKey: right }) =>
    compare(left, left.length, right, right.length),
  );
}

/**
 * Tables that never overlap, together: each table of level 0, each deeper level.
 * @param levels each as `inAskingOrder` gives it.
 */
export function runsOf(
  levels: readonly (readonly TableInfo[])[],
): readonly (readonly TableInfo[])[] {
  const [top = [], ...deeper] = levels;
  return [...top.map((table) => [table]), ...deeper];
}

/** @param levels each as `inAskingOrder` gives it. */
export function placesOf(
  key: Uint8Array,
  levels: readonly (readonly TableInfo[])[],
  compare: CompareKeys,
): PlacedFile[] {
  const places: PlacedFile[] = (levels[0] ?? []).map((table) => ({ level: 0, table }));
  for (let level = 1; level < levels.length; level++) {
    const tables = levels[level]!;
    // Two neighbours may share a key: its versions may be spread over both.
    for (let at = firstReaching(key, tables, compare); at < tables.length; at++) {
      const { smallestKey } = tables[at]!;
      if (compare(smallestKey, smallestKey.length, key, key.length) > 0) break;
      places.push({ level, table: tables[at]! });
    }
  }
  return places;
}

/** The first table whose last key is not before `key`. */
function firstReaching(
  key: Uint8Array,
  tables: readonly TableInfo[],
  compare: CompareKeys,
): number {
  let low = 0;
  let high = tables.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { largestKey } = tables[middle]!;
    if (compare(largestKey, largestKey.length, key, key.length) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
