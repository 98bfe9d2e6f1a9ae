// Where a key lies between the left and the right end of the stage. Keys are any bytes, so there is
// no natural scale: the axis is an estimate of a key's rank among all entries. Every table spreads
// its entries evenly over the bounds (smallest and largest keys of all tables) that it spans; what
// they add up to between two neighbouring bounds is that gap's width. Dense stretches of keys get
// room, empty ones little, whatever the keys look like.
//
//     bounds    a0    a7         c3       f1           k9
//     entries     120      40        800       310
//     axis      |--|-|-------------------|-------|

import { compareBytes } from '../../src/base/bytes.ts';
import type { LevelState } from '../../src/protocol/treeState.ts';

/** A scale from keys to 0…1. */
export interface KeyAxis {
  /** Bounds in key order, without repeats. */
  readonly bounds: readonly Uint8Array[];
  /** Place of each bound, ascending, from 0 to 1. */
  readonly places: Float64Array;
}

/** A gap in which no table has entries still gets this share of an average gap. */
const EMPTY_GAP_SHARE = 0.15;

/** The axis over all tables of `levels` and over `extraKeys` (such as the memtable's ends). */
export function keyAxis(
  levels: readonly LevelState[],
  extraKeys: readonly Uint8Array[] = [],
): KeyAxis {
  const keys: Uint8Array[] = [...extraKeys];
  for (const level of levels) {
    for (const table of level.tables) keys.push(table.smallestKey, table.largestKey);
  }
  const bounds = distinct(keys.sort(compareBytes));
  return { bounds, places: cumulated(gapWidths(levels, bounds)) };
}

/** A key's place, 0…1; keys outside all bounds lie at the ends. */
export function placeOf(axis: KeyAxis, key: Uint8Array): number {
  const { bounds, places } = axis;
  const at = lowerBound(bounds, key);
  const right = bounds[at];
  if (right === undefined) return 1;
  const left = bounds[at - 1];
  if (left === undefined || compareBytes(right, key) === 0) return places[at] ?? 0;
  const from = places[at - 1] ?? 0;
  const to = places[at] ?? 1;
  return from + (to - from) * shareBetween(left, right, key);
}

/** The bound nearest to a place: the real key to write under a tick. */
export function boundNear(axis: KeyAxis, place: number): number {
  const { places } = axis;
  let low = 0;
  let high = places.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 1) < place) low = middle + 1;
    else high = middle;
  }
  const before = places[low - 1];
  if (before !== undefined && place - before < (places[low] ?? 1) - place) return low - 1;
  return low;
}

/** How far `key` lies from `left` to `right`, by the bytes after what all three share. */
export function shareBetween(left: Uint8Array, right: Uint8Array, key: Uint8Array): number {
  let shared = 0;
  while (shared < left.length && left[shared] === right[shared]) shared += 1;
  const from = leadingNumber(left, shared);
  const to = leadingNumber(right, shared);
  if (to <= from) return 0.5;
  return Math.min(1, Math.max(0, (leadingNumber(key, shared) - from) / (to - from)));
}

/** Six bytes as a number; missing ones count as zero. */
function leadingNumber(key: Uint8Array, start: number): number {
  let number = 0;
  for (let at = 0; at < 6; at++) number = number * 256 + (key[start + at] ?? 0);
  return number;
}

function distinct(sorted: readonly Uint8Array[]): readonly Uint8Array[] {
  return sorted.filter((key, at) => {
    const before = sorted[at - 1];
    return before === undefined || compareBytes(before, key) !== 0;
  });
}

/**
 * Entries in each gap between neighbouring bounds: density changes at table ends, summed up once.
 */
function gapWidths(levels: readonly LevelState[], bounds: readonly Uint8Array[]): Float64Array {
  const gaps = Math.max(0, bounds.length - 1);
  const change = new Float64Array(gaps + 1);
  for (const level of levels) {
    for (const table of level.tables) {
      const from = lowerBound(bounds, table.smallestKey);
      const to = lowerBound(bounds, table.largestKey);
      if (to <= from) continue;
      const density = Math.max(1, table.entries) / (to - from);
      change[from] = (change[from] ?? 0) + density;
      change[to] = (change[to] ?? 0) - density;
    }
  }
  const widths = new Float64Array(gaps);
  let density = 0;
  let total = 0;
  for (let gap = 0; gap < gaps; gap++) {
    density += change[gap] ?? 0;
    widths[gap] = Math.max(0, density);
    total += Math.max(0, density);
  }
  const least = total > 0 ? (total / gaps) * EMPTY_GAP_SHARE : 1;
  return widths.map((width) => Math.max(width, least));
}

function cumulated(widths: Float64Array): Float64Array {
  const places = new Float64Array(widths.length + 1);
  let total = 0;
  widths.forEach((width, gap) => {
    total += width;
    places[gap + 1] = total;
  });
  return total > 0 ? places.map((place) => place / total) : places;
}

function lowerBound(bounds: readonly Uint8Array[], key: Uint8Array): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const bound = bounds[middle];
    if (bound !== undefined && compareBytes(bound, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
