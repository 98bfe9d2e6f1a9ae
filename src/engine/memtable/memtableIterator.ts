// A memtable's entries in order, as merges and scans want them.

import { assert } from '../../base/assert.ts';
import { Entry } from '../iterator/entry.ts';
import type { EntryIterator } from '../iterator/entryIterator.ts';
import { NO_NODE } from './skipList.ts';
import type { SkipList } from './skipList.ts';

/**
 * Stands on a node of a skip list. Entries inserted meanwhile may appear; those of one thread's own
 * past never vanish, so it needs no pin but a reference to the arena.
 */
export class MemtableIterator implements EntryIterator {
  readonly entry: Entry = new Entry();
  private readonly list: SkipList;
  private node: number = NO_NODE;

  constructor(list: SkipList) {
    this.list = list;
    const { bytes, view } = list.arena;
    this.entry.keyBytes = bytes;
    this.entry.keyView = view;
    this.entry.valueBytes = bytes;
    this.entry.valueView = view;
  }

  get valid(): boolean {
    return this.node !== NO_NODE;
  }

  first(): void {
    this.moveTo(this.list.first());
  }

  last(): void {
    this.moveTo(this.list.last());
  }

  seek(key: Uint8Array, sequence: number): void {
    this.moveTo(this.list.seek(key, sequence));
  }

  next(): void {
    assert(this.node !== NO_NODE, 'an iterator moves on only from an entry');
    this.moveTo(this.list.next(this.node));
  }

  prev(): void {
    assert(this.node !== NO_NODE, 'an iterator moves back only from an entry');
    this.moveTo(this.list.previous(this.node));
  }

  private moveTo(node: number): void {
    this.node = node;
    if (node === NO_NODE) return;
    const { arena } = this.list;
    const entry = this.entry;
    entry.keyOffset = arena.keyOffsetOf(node);
    entry.keyLength = arena.keyLengthOf(node);
    entry.kind = arena.kindOf(node);
    entry.sequence = arena.sequenceOf(node);
    entry.timestampMicros = arena.timestampMicrosOf(node);
    entry.valueOffset = arena.valueOffsetOf(node);
    entry.valueLength = arena.valueLengthOf(node);
  }
}
