// Walks the tables of one sorted run as if they were one: they never overlap, so at each moment one
// of them is enough. A table is opened only when the walk comes to it.

import { compareBytes } from '../../base/bytes.ts';
import type { FileNumber, TableInfo } from '../../protocol/events.ts';
import type { TableCache } from '../cache/tableCache.ts';
import type { BlockReadOptions } from '../table/readContext.ts';
import { TableIterator } from '../table/tableIterator.ts';
import type { Entry } from './entry.ts';
import type { EntryIterator } from './entryIterator.ts';

/** A position in a run; the tables must be pinned by a version for as long as it lives. */
export class RunIterator implements EntryIterator {
  readonly entry: Entry;
  private readonly tables: readonly TableInfo[];
  private readonly cache: TableCache;
  private readonly iterator: TableIterator;
  /** Index of the table it stands in, or -1. */
  private current = -1;

  /** @param tables ascending by key, not overlapping. */
  constructor(tables: readonly TableInfo[], cache: TableCache, options: BlockReadOptions) {
    this.tables = tables;
    this.cache = cache;
    this.iterator = new TableIterator(options);
    this.entry = this.iterator.entry;
  }

  get valid(): boolean {
    return this.current !== -1 && this.iterator.valid;
  }

  /** The file it stands in, 0 for none. */
  get file(): FileNumber {
    return this.tables[this.current]?.file ?? 0;
  }

  /** The table it stands in; must be `valid`. */
  get table(): TableInfo {
    return this.tables[this.current]!;
  }

  first(): void {
    this.enterForward(0);
  }

  last(): void {
    this.enterBackward(this.tables.length - 1);
  }

  seek(key: Uint8Array, sequence: number): void {
    let low = 0;
    let high = this.tables.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareBytes(this.tables[middle]!.largestKey, key) < 0) low = middle + 1;
      else high = middle;
    }
    if (!this.enter(low)) return;
    this.iterator.seek(key, sequence);
    // Every version of the largest key may be newer than what is sought.
    if (!this.iterator.valid) this.enterForward(this.current + 1);
  }

  next(): void {
    this.iterator.next();
    if (!this.iterator.valid) this.enterForward(this.current + 1);
  }

  prev(): void {
    this.iterator.prev();
    if (!this.iterator.valid) this.enterBackward(this.current - 1);
  }

  /** Goes to the first entry of a table, or of those after it: one may hold range deletes alone. */
  private enterForward(from: number): void {
    for (let index = from; this.enter(index); index++) {
      this.iterator.first();
      if (this.iterator.valid) return;
    }
  }

  private enterBackward(from: number): void {
    for (let index = from; this.enter(index); index--) {
      this.iterator.last();
      if (this.iterator.valid) return;
    }
  }

  /** Goes into a table; false, and nowhere, when there is none. */
  private enter(index: number): boolean {
    const table = this.tables[index];
    if (table === undefined) {
      this.iterator.close();
      this.current = -1;
      return false;
    }
    if (index !== this.current) {
      this.iterator.open(this.cache.reader(table));
      this.current = index;
    }
    return true;
  }
}
