// The ranges that a transaction has deleted, in one column family. What overlaps or touches is one
// range, so a key is in at most one of them, found by a binary search.
//
//   [b d) [h k)  and  [d f)   ►   [b f) [h k)

import { compareBytes } from '../../base/bytes.ts';
import type { CheckedRange } from '../read/changesSince.ts';
import { successorOf } from '../rangeDelete/rangeTombstone.ts';
import { emptyKeyMap } from './keyMap.ts';
import type { KeyMap } from './keyMap.ts';

/** A range of keys: `from` is included, `to` is not. */
export interface KeyRange {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

/** Immutable; begins as `NO_RANGES`. */
export class RangeSet {
  /** Where each range begins, and where it ends. */
  private readonly ends: KeyMap<Uint8Array>;
  /** Bytes of all its ends. */
  readonly sizeBytes: number;

  constructor(ends: KeyMap<Uint8Array>, sizeBytes: number) {
    this.ends = ends;
    this.sizeBytes = sizeBytes;
  }

  get count(): number {
    return this.ends.size;
  }

  /** Whether a range holds `key`. */
  covers(key: Uint8Array): boolean {
    const range = this.lastFrom(key);
    return range !== undefined && compareBytes(key, range.to) < 0;
  }

  /** The set with one range more; the arrays are not copied. */
  with(added: KeyRange): RangeSet {
    let { from, to } = added;
    let { sizeBytes } = this;
    const before = this.lastFrom(from);
    if (before !== undefined && compareBytes(before.to, from) >= 0) from = before.from;
    const joined = this.ends.seek(from);
    for (; joined.item !== undefined && compareBytes(joined.item.key, to) <= 0; joined.next()) {
      const { key, value } = joined.item;
      if (compareBytes(value, to) > 0) to = value;
      sizeBytes -= key.length + value.length;
    }
    sizeBytes += from.length + to.length;
    return new RangeSet(this.ends.withoutRange(from, successorOf(to)).with(from, to), sizeBytes);
  }

  /** Every range, ascending. */
  *ranges(): Generator<KeyRange> {
    for (const { key: from, value: to } of this.ends.items()) yield { from, to };
  }

  /** Whether a range holds any key that `range` may hold. */
  meets({ lower, upper, upperIncluded }: CheckedRange): boolean {
    if (lower !== undefined && this.covers(lower)) return true;
    const next = lower === undefined ? this.ends.first() : this.ends.seek(lower);
    if (next.item === undefined || upper === undefined) return next.item !== undefined;
    const order = compareBytes(next.item.key, upper);
    return order < 0 || (order === 0 && upperIncluded);
  }

  /** The range that begins at `key`, or else the last before it. */
  private lastFrom(key: Uint8Array): KeyRange | undefined {
    const position = this.ends.seek(key);
    const isAtKey = position.item !== undefined && compareBytes(position.item.key, key) === 0;
    if (!isAtKey) position.previous();
    const { item } = position;
    return item === undefined ? undefined : { from: item.key, to: item.value };
  }
}

/** No ranges yet. */
export const NO_RANGES: RangeSet = new RangeSet(emptyKeyMap(), 0);
