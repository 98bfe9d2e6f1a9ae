// What a foreign store holds, seen as its own engine would: all places that hold versions merged,
// for each key what its versions come to.
//
// A heap over the cursors gives the versions in order. Backward they come the other way round: for
// each key the oldest first, so they are gathered until the key changes.

import { copyOfRange } from '../base/bytes.ts';
import type { EntryCursor } from './entryCursor.ts';
import type { CompareKeys } from './keyOrder.ts';
import type { RangeCover } from './rangeCover.ts';
import type { FoundVersion } from './sst/sstLookup.ts';
import { CODE_PUT, NEWEST_ALONE } from './valueRules.ts';
import type { ValueRules } from './valueRules.ts';
import { withoutPrefix } from './viewRange.ts';
import type { ViewRange } from './viewRange.ts';

/** Where versions are, and what they mean. */
export interface MergedPlaces {
  readonly cursors: readonly EntryCursor[];
  readonly compare: CompareKeys;
  /** Left out: LevelDB's. */
  readonly rules?: ValueRules;
  /** Grows while cursors open tables. */
  readonly cover?: RangeCover;
  /** Takes what a value could not be read for; its key is left out then. */
  readonly onFault?: (thrown: unknown) => void;
}

type Entries = Generator<[Uint8Array, Uint8Array]>;

/** The live entries of a range; both parts of one are valid until the next step. */
export function liveEntries(places: MergedPlaces, given: ViewRange): Entries {
  const range = withoutPrefix(given);
  const walk = new MergedWalk(places);
  return range.reverse === true ? walk.backward(range) : walk.forward(range);
}

class MergedWalk {
  private readonly places: MergedPlaces;
  private readonly compare: CompareKeys;
  private readonly rules: ValueRules;
  private readonly cover: RangeCover | undefined;

  constructor(places: MergedPlaces) {
    this.places = places;
    this.compare = places.compare;
    this.rules = places.rules ?? NEWEST_ALONE;
    this.cover = places.cover;
  }

  *forward({ from, to, limit = Infinity }: ViewRange): Entries {
    const { compare, places, cover } = this;
    let left = limit;
    if (left <= 0) return;
    const heap = new CursorHeap(places.cursors, compare, 1);
    heap.begin((cursor) => (from === undefined ? cursor.first() : cursor.seek(from)));
    while (heap.top !== undefined) {
      const { top } = heap;
      if (to !== undefined && compare(top.key, top.keyLength, to, to.length) >= 0) return;
      const key = copyOfRange(top.key, 0, top.keyLength);
      const covered = cover === undefined ? 0 : cover.over(key, key.length);
      const value =
        top.code === CODE_PUT && top.sequence >= covered
          ? top.value()
          : this.settle(key, this.newerThan(covered, heap, key));
      if (value !== undefined) {
        yield [key, value];
        if (--left <= 0) return;
      }
      while (this.isAt(heap, key)) heap.advance(FORWARD);
    }
  }

  *backward({ from, to, limit = Infinity }: ViewRange): Entries {
    const { compare, places } = this;
    let left = limit;
    if (left <= 0) return;
    const heap = new CursorHeap(places.cursors, compare, -1);
    heap.begin((cursor) => beginBefore(cursor, to));
    while (heap.top !== undefined) {
      const { top } = heap;
      if (from !== undefined && compare(top.key, top.keyLength, from, from.length) < 0) return;
      const key = copyOfRange(top.key, 0, top.keyLength);
      const oldestFirst: FoundVersion[] = [];
      for (; this.isAt(heap, key); heap.advance(BACKWARD)) oldestFirst.push(versionAt(heap.top));
      const value = this.settle(key, this.relevant(key, oldestFirst.reverse()));
      if (value === undefined) continue;
      yield [key, value];
      if (--left <= 0) return;
    }
  }

  private isAt({ top }: CursorHeap, key: Uint8Array): boolean {
    return top !== undefined && this.compare(top.key, top.keyLength, key, key.length) === 0;
  }

  /** The versions that matter, newest first. */
  private newerThan(covered: number, heap: CursorHeap, key: Uint8Array): FoundVersion[] {
    const versions: FoundVersion[] = [];
    for (; this.isAt(heap, key) && heap.top!.sequence >= covered; heap.advance(FORWARD)) {
      versions.push(versionAt(heap.top!));
      if (!this.rules.needsOlder(heap.top!.code)) break;
    }
    return versions;
  }

  /** The same among all versions. */
  private relevant(key: Uint8Array, versions: readonly FoundVersion[]): readonly FoundVersion[] {
    const covered = this.cover?.over(key, key.length) ?? 0;
    const end = versions.findIndex(({ sequence }) => sequence < covered);
    const alive = end === -1 ? versions : versions.slice(0, end);
    const last = alive.findIndex(({ code }) => !this.rules.needsOlder(code));
    return last === -1 ? alive : alive.slice(0, last + 1);
  }

  private settle(key: Uint8Array, versions: readonly FoundVersion[]): Uint8Array | undefined {
    if (versions.length === 0) return undefined;
    try {
      return this.rules.valueOf(key, versions);
    } catch (thrown) {
      if (this.places.onFault === undefined) throw thrown;
      this.places.onFault(thrown);
      return undefined;
    }
  }
}

const FORWARD = (cursor: EntryCursor): void => cursor.next();
const BACKWARD = (cursor: EntryCursor): void => cursor.prev();

function versionAt(cursor: EntryCursor): FoundVersion {
  return { sequence: cursor.sequence, code: cursor.code, value: cursor.value().slice() };
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
