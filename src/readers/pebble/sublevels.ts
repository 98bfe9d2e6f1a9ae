// The sublevels of Pebble's level 0 (internal/manifest/l0_sublevels.go): tables of one never
// overlap, and each table lies above all older ones that it overlaps. They are written down
// nowhere. Counted as Pebble does:
//
// 1. All bounds of all tables cut the keys into intervals.
// 2. From the oldest table to the newest, each takes the sublevel above the greatest one that is in
//    any of its intervals, or 0. From then on all its intervals have that sublevel on top.
//
// So what lies on top is kept as stretches of intervals with one sublevel each: a table replaces
// all that it covers by one.

import type { CompareKeys } from '../keyOrder.ts';
import type { RocksdbTable } from '../rocksdb/newFile.ts';
import { boundsOf } from './tableBounds.ts';

/** A table and its intervals, the last one included. */
interface Covering {
  readonly table: RocksdbTable;
  first: number;
  last: number;
}

/** Where a table begins or ends. An end that is in the table comes right behind its key. */
interface Bound {
  readonly of: Covering;
  readonly key: Uint8Array;
  readonly side: 'first' | 'last';
  readonly isBehindKey: boolean;
}

/** Intervals next to each other with the same sublevel on top. */
interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly sublevel: number;
}

/**
 * The sublevel of each table of level 0 by its number; 0 is the oldest.
 * @throws LsmError `CORRUPTION` when a bound is no internal key.
 */
export function sublevelsOf(
  tables: Iterable<RocksdbTable>,
  compare: CompareKeys,
): ReadonlyMap<number, number> {
  const coverings = cutIntoIntervals([...tables].sort(oldestFirst), compare);
  const sublevels = new Map<number, number>();
  const tops: Stretch[] = [];
  for (const covering of coverings) {
    sublevels.set(covering.table.number, putOnTop(covering, tops));
  }
  return sublevels;
}

/** Pebble's order of age in level 0. */
function oldestFirst(left: RocksdbTable, right: RocksdbTable): number {
  return (
    left.largestSequence - right.largestSequence ||
    left.smallestSequence - right.smallestSequence ||
    left.number - right.number
  );
}

function cutIntoIntervals(tables: readonly RocksdbTable[], compare: CompareKeys): Covering[] {
  const coverings = tables.map((table): Covering => ({ table, first: 0, last: 0 }));
  const bounds = coverings.flatMap((of): Bound[] => {
    const { from, to, endsBefore } = boundsOf(of.table);
    return [
      { of, key: from, side: 'first', isBehindKey: false },
      { of, key: to, side: 'last', isBehindKey: !endsBefore },
    ];
  });
  const order = (left: Bound, right: Bound): number =>
    compare(left.key, left.key.length, right.key, right.key.length) ||
    Number(left.isBehindKey) - Number(right.isBehindKey);
  bounds.sort(order);
  let interval = 0;
  for (const [index, bound] of bounds.entries()) {
    if (index > 0 && order(bounds[index - 1]!, bound) !== 0) interval++;
    bound.of[bound.side] = bound.side === 'first' ? interval : interval - 1;
  }
  return coverings;
}

function putOnTop({ first, last }: Covering, tops: Stretch[]): number {
  const start = firstReaching(first, tops);
  let end = start;
  let sublevel = 0;
  while (end < tops.length && tops[end]!.first <= last) {
    sublevel = Math.max(sublevel, tops[end]!.sublevel + 1);
    end++;
  }
  const covered = tops.slice(start, end);
  const left = covered.filter((stretch) => stretch.first < first);
  const right = covered.filter((stretch) => stretch.last > last);
  tops.splice(
    start,
    end - start,
    ...left.map((stretch) => ({ ...stretch, last: first - 1 })),
    { first, last, sublevel },
    ...right.map((stretch) => ({ ...stretch, first: last + 1 })),
  );
  return sublevel;
}

/** The first stretch that does not end before an interval. */
function firstReaching(interval: number, tops: readonly Stretch[]): number {
  let low = 0;
  let high = tops.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (tops[middle]!.last < interval) low = middle + 1;
    else high = middle;
  }
  return low;
}
