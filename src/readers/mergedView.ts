// What a foreign store holds, seen as its own engine would: all places that hold versions merged,
// for each key the newest one, unless that is a tombstone.
//
// A heap over the cursors gives the versions in order. Backward they come the other way round: for
// each key the oldest first, so the last one seen before the key changes is the newest.

import { copyOfRange } from '../base/bytes.ts';
import type { EntryCursor } from './entryCursor.ts';
import type { CompareKeys } from './keyOrder.ts';
import { withoutPrefix } from './viewRange.ts';
import type { ViewRange } from './viewRange.ts';

/** Kinds of versions that hold a value. */
const CODE_PUT = 1;

/** The live entries of a range; keys and values are the caller's own. */
export function* liveEntries(
  cursors: readonly EntryCursor[],
  compare: CompareKeys,
  given: ViewRange,
): Generator<[Uint8Array, Uint8Array]> {
  const range = withoutPrefix(given);
  let left = range.limit ?? Infinity;
  const walk = range.reverse === true ? backward : forward;
  if (left <= 0) return;
  for (const entry of walk(cursors, compare, range)) {
    yield entry;
    if (--left <= 0) return;
  }
}

function* forward(
  cursors: readonly EntryCursor[],
  compare: CompareKeys,
  { from, to }: ViewRange,
): Generator<[Uint8Array, Uint8Array]> {
  const heap = new CursorHeap(cursors, compare, 1);
  heap.begin((cursor) => (from === undefined ? cursor.first() : cursor.seek(from)));
  let key: Uint8Array | undefined;
  for (; heap.top !== undefined; heap.advance((cursor) => cursor.next())) {
    const { top } = heap;
    if (key !== undefined && compare(top.key, top.keyLength, key, key.length) === 0) continue;
    if (to !== undefined && compare(top.key, top.keyLength, to, to.length) >= 0) return;
    key = copyOfRange(top.key, 0, top.keyLength);
    if (top.code === CODE_PUT) yield [key, top.value().slice()];
  }
}

function* backward(
  cursors: readonly EntryCursor[],
  compare: CompareKeys,
  { from, to }: ViewRange,
): Generator<[Uint8Array, Uint8Array]> {
  const heap = new CursorHeap(cursors, compare, -1);
  heap.begin((cursor) => beginBefore(cursor, to));
  let newest: { key: Uint8Array; value: Uint8Array | undefined } | undefined;
  for (; heap.top !== undefined; heap.advance((cursor) => cursor.prev())) {
    const { top } = heap;
    if (from !== undefined && compare(top.key, top.keyLength, from, from.length) < 0) break;
    const value = top.code === CODE_PUT ? top.value().slice() : undefined;
    if (
      newest !== undefined &&
      compare(top.key, top.keyLength, newest.key, newest.key.length) === 0
    ) {
      newest.value = value;
      continue;
    }
    if (newest?.value !== undefined) yield [newest.key, newest.value];
    newest = { key: copyOfRange(top.key, 0, top.keyLength), value };
  }
  if (newest?.value !== undefined) yield [newest.key, newest.value];
}

function beginBefore(cursor: EntryCursor, to: Uint8Array | undefined): void {
  if (to === undefined) {
    cursor.last();
    return;
  }
  cursor.seek(to);
  if (cursor.valid) cursor.prev();
  else cursor.last();
}

/** A binary heap of cursors, the next one in the walk's direction on top. */
class CursorHeap {
  private readonly cursors: EntryCursor[];
  private readonly compare: CompareKeys;
  private readonly direction: 1 | -1;
  private size = 0;

  constructor(cursors: readonly EntryCursor[], compare: CompareKeys, direction: 1 | -1) {
    this.cursors = [...cursors];
    this.compare = compare;
    this.direction = direction;
  }

  get top(): EntryCursor | undefined {
    return this.size > 0 ? this.cursors[0] : undefined;
  }

  begin(place: (cursor: EntryCursor) => void): void {
    for (const cursor of this.cursors) place(cursor);
    const standing = this.cursors.filter((cursor) => cursor.valid);
    this.cursors.splice(0, this.cursors.length, ...standing);
    this.size = standing.length;
    for (let index = (this.size >>> 1) - 1; index >= 0; index--) this.sink(index);
  }

  advance(move: (cursor: EntryCursor) => void): void {
    const top = this.cursors[0]!;
    move(top);
    if (!top.valid) {
      this.size--;
      this.cursors[0] = this.cursors[this.size]!;
      this.cursors[this.size] = top;
    }
    this.sink(0);
  }

  private sink(start: number): void {
    const { cursors } = this;
    let index = start;
    for (;;) {
      let best = index;
      for (let child = 2 * index + 1; child <= 2 * index + 2; child++) {
        if (child < this.size && this.isBefore(cursors[child]!, cursors[best]!)) best = child;
      }
      if (best === index) return;
      const moved = cursors[index]!;
      cursors[index] = cursors[best]!;
      cursors[best] = moved;
      index = best;
    }
  }

  private isBefore(left: EntryCursor, right: EntryCursor): boolean {
    const byKey = this.compare(left.key, left.keyLength, right.key, right.keyLength);
    const order = byKey === 0 ? right.sequence - left.sequence : byKey;
    return order * this.direction < 0;
  }
}
