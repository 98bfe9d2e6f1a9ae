// One range delete as it lies in a memtable or a table: every entry with a key from `from` to
// before `to` and a smaller sequence number is gone.
//
// Bounds of tables are keys, both included, and a span's end is not a key of it. So a span is cut
// between two tables just behind a key k, at k followed by a zero byte: no key lies between the
// two, the first table ends with k, and the tables stay apart. An end that is no such successor
// counts as included where bounds are compared, which is one key too many and never one too few.

import { compareBytes } from '../../base/bytes.ts';
import type { SequenceNumber } from '../../protocol/events.ts';

/** A range delete, or a piece of one. Plain data; the arrays are not changed. */
export interface RangeTombstone {
  /** First key that it covers. */
  readonly from: Uint8Array;
  /** First key after `from` that it does not cover. */
  readonly to: Uint8Array;
  readonly sequence: SequenceNumber;
  /** Wall clock of the write, microseconds since 1970. */
  readonly timestampMicros: number;
}

/** The order in tables: by first key, of equal ones the newest first. */
export function compareTombstones(a: RangeTombstone, b: RangeTombstone): number {
  return compareBytes(a.from, b.from) || b.sequence - a.sequence;
}

/** The smallest key that is greater than `key`. */
export function successorOf(key: Uint8Array): Uint8Array {
  const successor = new Uint8Array(key.length + 1);
  successor.set(key);
  return successor;
}

/** The greatest key that a span ending before `to` may cover: exact for a successor. */
export function boundOf(to: Uint8Array): Uint8Array {
  return to[to.length - 1] === 0 ? to.subarray(0, to.length - 1) : to;
}

/** Key ranges of a table, both ends included. */
export interface Bounds {
  readonly smallestKey: Uint8Array;
  readonly largestKey: Uint8Array;
}

/** The bounds of a table with these range deletes; `points` are those of its entries, if any. */
export function boundsWith(
  points: Bounds | undefined,
  tombstones: readonly RangeTombstone[],
): Bounds | undefined {
  let bounds = points;
  for (const { from, to } of tombstones) {
    const end = boundOf(to);
    const smallestKey = bounds === undefined ? from : lesser(bounds.smallestKey, from);
    const largestKey = bounds === undefined ? end : greater(bounds.largestKey, end);
    bounds = { smallestKey, largestKey };
  }
  return bounds;
}

/** The part of a tombstone before `end`, or `undefined` when it begins no earlier. */
export function partBefore(tombstone: RangeTombstone, end: Uint8Array): RangeTombstone | undefined {
  if (compareBytes(tombstone.from, end) >= 0) return undefined;
  return compareBytes(tombstone.to, end) <= 0 ? tombstone : { ...tombstone, to: end };
}

/** The part of a tombstone from `start` on, or `undefined` when it ends no later. */
export function partFrom(tombstone: RangeTombstone, start: Uint8Array): RangeTombstone | undefined {
  if (compareBytes(tombstone.to, start) <= 0) return undefined;
  return compareBytes(tombstone.from, start) >= 0 ? tombstone : { ...tombstone, from: start };
}

function lesser(a: Uint8Array, b: Uint8Array): Uint8Array {
  return compareBytes(a, b) <= 0 ? a : b;
}

function greater(a: Uint8Array, b: Uint8Array): Uint8Array {
  return compareBytes(a, b) >= 0 ? a : b;
}
