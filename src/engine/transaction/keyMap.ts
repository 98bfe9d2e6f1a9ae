// An ordered map from keys to values that never changes: `with` gives a new map, which shares all
// but one chunk with the old one. So a savepoint is a reference, and an iterator walks over the map
// as it was, whatever is written meanwhile.
//
//   chunks   [ a b c ] [ f g ] [ k m n o ] …     ascending, within and between chunks; none empty
//
// A lookup halves twice: among the chunks by their first keys, then inside one. A chunk that grows
// past its bound is cut in two.

import { compareBytes } from '../../base/bytes.ts';

const CHUNK_MAX = 128;

/** A key and what the map holds for it. */
export interface KeyItem<Value> {
  readonly key: Uint8Array;
  readonly value: Value;
}

type Chunk<Value> = readonly KeyItem<Value>[];

/** Immutable; begins as `emptyKeyMap`. Keys are not copied: they must not change any more. */
export class KeyMap<Value> {
  readonly size: number;
  private readonly chunks: readonly Chunk<Value>[];

  constructor(chunks: readonly Chunk<Value>[], size: number) {
    this.chunks = chunks;
    this.size = size;
  }

  /** What the map holds for `key`. */
  get(key: Uint8Array): Value | undefined {
    const item = this.seek(key).item;
    return item !== undefined && compareBytes(item.key, key) === 0 ? item.value : undefined;
  }

  /** The map in which `key` has `value`. */
  with(key: Uint8Array, value: Value): KeyMap<Value> {
    const item = { key, value };
    const { chunks } = this;
    if (chunks.length === 0) return new KeyMap([[item]], 1);
    const at = Math.max(0, this.chunkAtOrBefore(key));
    const chunk = chunks[at]!;
    const place = placeIn(chunk, key);
    const replaces = place < chunk.length && compareBytes(chunk[place]!.key, key) === 0;
    const changed = chunk.toSpliced(place, replaces ? 1 : 0, item);
    const size = replaces ? this.size : this.size + 1;
    if (changed.length <= CHUNK_MAX) return new KeyMap(chunks.with(at, changed), size);
    const half = changed.length >>> 1;
    return new KeyMap(chunks.toSpliced(at, 1, changed.slice(0, half), changed.slice(half)), size);
  }

  /** The map without the keys that are at least `from` and below `to`. */
  withoutRange(from: Uint8Array, to: Uint8Array): KeyMap<Value> {
    const { chunks } = this;
    if (compareBytes(from, to) >= 0) return this;
    const start = Math.max(0, this.chunkAtOrBefore(from));
    let end = start;
    while (end < chunks.length && compareBytes(chunks[end]![0]!.key, to) < 0) end++;
    const touched = chunks.slice(start, end);
    const kept = touched
      .map((chunk) => [...chunk.slice(0, placeIn(chunk, from)), ...chunk.slice(placeIn(chunk, to))])
      .filter((chunk) => chunk.length > 0);
    const removed = itemsIn(touched) - itemsIn(kept);
    if (removed === 0) return this;
    return new KeyMap(chunks.toSpliced(start, end - start, ...kept), this.size - removed);
  }

  /** A position on the smallest key. */
  first(): KeyPosition<Value> {
    return new KeyPosition(this.chunks, 0, 0);
  }

  /** A position on the greatest key. */
  last(): KeyPosition<Value> {
    const at = this.chunks.length - 1;
    return new KeyPosition(this.chunks, at, (this.chunks[at]?.length ?? 0) - 1);
  }

  /** A position on the smallest key that is at least `key`. */
  seek(key: Uint8Array): KeyPosition<Value> {
    const at = Math.max(0, this.chunkAtOrBefore(key));
    const chunk = this.chunks[at];
    if (chunk === undefined) return this.first();
    const place = placeIn(chunk, key);
    return place < chunk.length
      ? new KeyPosition(this.chunks, at, place)
      : new KeyPosition(this.chunks, at + 1, 0);
  }

  /** Every item, ascending. */
  *items(): Generator<KeyItem<Value>> {
    for (const chunk of this.chunks) yield* chunk;
  }

  /** Index of the last chunk whose first key is at most `key`, or -1. */
  private chunkAtOrBefore(key: Uint8Array): number {
    let low = 0;
    let high = this.chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareBytes(this.chunks[middle]![0]!.key, key) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** A place in a map, which stays as it was. */
export class KeyPosition<Value> {
  private readonly chunks: readonly Chunk<Value>[];
  private chunk: number;
  private index: number;

  constructor(chunks: readonly Chunk<Value>[], chunk: number, index: number) {
    this.chunks = chunks;
    this.chunk = chunk;
    this.index = index;
  }

  /** What stands here; `undefined` before the first and behind the last key. */
  get item(): KeyItem<Value> | undefined {
    return this.chunks[this.chunk]?.[this.index];
  }

  next(): void {
    if (++this.index < (this.chunks[this.chunk]?.length ?? 0)) return;
    this.chunk++;
    this.index = 0;
  }

  previous(): void {
    if (--this.index >= 0) return;
    this.chunk--;
    this.index = (this.chunks[this.chunk]?.length ?? 0) - 1;
  }
}

const EMPTY: KeyMap<never> = new KeyMap([], 0);

/** The map that holds nothing. */
export function emptyKeyMap<Value>(): KeyMap<Value> {
  return EMPTY;
}

function itemsIn<Value>(chunks: readonly Chunk<Value>[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

/** Index of the first item of a chunk whose key is at least `key`. */
function placeIn<Value>(chunk: Chunk<Value>, key: Uint8Array): number {
  let low = 0;
  let high = chunk.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(chunk[middle]!.key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
