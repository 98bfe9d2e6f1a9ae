// A cursor over versions that lie in memory: what a log holds, in order.

import type { EntryCursor } from './entryCursor.ts';
import type { CompareKeys } from './keyOrder.ts';

/** A version in memory. */
export interface ListedEntry {
  readonly key: Uint8Array;
  readonly sequence: number;
  readonly code: number;
  readonly value: Uint8Array;
}

const NOTHING: ListedEntry = {
  key: new Uint8Array(0),
  sequence: 0,
  code: 0,
  value: new Uint8Array(0),
};

/** Puts versions in order: by key, for one key the newest first. */
export function sortEntries(entries: ListedEntry[], compare: CompareKeys): void {
  entries.sort(
    (left, right) =>
      compare(left.key, left.key.length, right.key, right.key.length) ||
      right.sequence - left.sequence,
  );
}

/** Walks over versions that `sortEntries` has put in order. */
export class ListCursor implements EntryCursor {
  private readonly entries: readonly ListedEntry[];
  private readonly compare: CompareKeys;
  private index = 0;

  constructor(entries: readonly ListedEntry[], compare: CompareKeys) {
    this.entries = entries;
    this.compare = compare;
  }

  get valid(): boolean {
    return this.index >= 0 && this.index < this.entries.length;
  }

  get key(): Uint8Array {
    return this.current.key;
  }

  get keyLength(): number {
    return this.current.key.length;
  }

  get sequence(): number {
    return this.current.sequence;
  }

  get code(): number {
    return this.current.code;
  }

  value(): Uint8Array {
    return this.current.value;
  }

  first(): void {
    this.index = 0;
  }

  last(): void {
    this.index = this.entries.length - 1;
  }

  seek(key: Uint8Array): void {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.entries[middle]!;
      if (this.compare(entry.key, entry.key.length, key, key.length) < 0) low = middle + 1;
      else high = middle;
    }
    this.index = low;
  }

  next(): void {
    this.index++;
  }

  prev(): void {
    this.index--;
  }

  private get current(): ListedEntry {
    return this.entries[this.index] ?? NOTHING;
  }
}
