// What only logs hold of a column family, as memtables. RocksDB writes down nowhere where one
// memtable ended and the next began; it begins a new log when it seals one. So a memtable is shown
// for each log that has entries of the family, under the number of the log at which it was begun.

import type { MemtableState } from '../../protocol/treeState.ts';
import { entryKindOf } from '../internalKey.ts';
import type { CompareKeys } from '../keyOrder.ts';
import { sortEntries } from '../listCursor.ts';
import type { ListedEntry } from '../listCursor.ts';
import type { RangeDeletion } from '../sst/rangeDeletions.ts';
import type { CountedOperation } from './transactions.ts';

/** As many nodes as the page draws of a memtable. */
const NODES_MAX = 512;
/** Kinds that stand for a deletion of their key. */
const TOMBSTONES: ReadonlySet<string | undefined> = new Set(['delete', 'single-delete']);

/** Statements about a range of keys, as they stand in logs. */
export interface LoggedRangeKeys {
  readonly code: number;
  readonly from: Uint8Array;
  readonly content: Uint8Array;
  readonly sequence: number;
}

/** One memtable. */
export class LoggedMemtable {
  /** Of the log at which it was begun. */
  readonly number: number;
  /** The log that its entries stand in. */
  log: number;
  /** In the family's order, for one key the newest first, once `sort` was called. */
  readonly entries: ListedEntry[] = [];
  readonly rangeDeletes: RangeDeletion[] = [];
  readonly rangeKeys: LoggedRangeKeys[] = [];
  tombstones = 0;
  sizeBytes = 0;
  private isSorted = true;

  constructor(number: number) {
    this.number = number;
    this.log = number;
  }

  get isEmpty(): boolean {
    const { entries, rangeDeletes, rangeKeys } = this;
    return entries.length === 0 && rangeDeletes.length === 0 && rangeKeys.length === 0;
  }

  insert({ operation, sequence }: CountedOperation, log: number): void {
    this.log = log;
    if (operation.kind === 'range-delete') {
      const { from, to } = operation;
      this.rangeDeletes.push({ from, to, sequence });
      this.sizeBytes += from.length + to.length;
      return;
    }
    if (operation.kind === 'range-keys') {
      const { code, from, content } = operation;
      this.rangeKeys.push({ code, from, content, sequence });
      this.sizeBytes += from.length + content.length;
      return;
    }
    const { key, code, value } = operation;
    this.entries.push({ key, sequence, code, value });
    if (TOMBSTONES.has(entryKindOf(code))) this.tombstones++;
    this.sizeBytes += key.length + value.length;
    this.isSorted = false;
  }

  /** Without an order they stay as they were written. */
  sort(compare: CompareKeys | undefined): void {
    if (this.isSorted) return;
    this.isSorted = true;
    if (compare !== undefined) sortEntries(this.entries, compare);
  }

  describe(capacityBytes: number): MemtableState {
    const { number, entries, tombstones, rangeDeletes, sizeBytes } = this;
    const every = Math.max(1, Math.ceil(entries.length / NODES_MAX));
    const shown = entries.filter((_, index) => index % every === 0);
    return {
      memtable: number,
      entries: entries.length,
      tombstones,
      rangeDeletes: rangeDeletes.length,
      sizeBytes,
      capacityBytes,
      nodes: shown.map(({ key, sequence, code, value }) => ({
        key,
        sequence,
        entryKind: entryKindOf(code) ?? 'put',
        valueSizeBytes: value.length,
        height: 1,
      })),
    };
  }
}

/** The memtables of one family. */
export class FamilyMemtables {
  active: LoggedMemtable;
  /** Oldest first. */
  sealed: LoggedMemtable[] = [];

  constructor(firstLog: number) {
    this.active = new LoggedMemtable(firstLog);
  }

  /** All of them, the newest first. */
  get newestFirst(): readonly LoggedMemtable[] {
    return [this.active, ...this.sealed.toReversed()];
  }

  /** A new log begins: what has entries is sealed, and given back. */
  rotate(log: number): LoggedMemtable | undefined {
    const { active } = this;
    if (active.isEmpty) return undefined;
    this.sealed.push(active);
    this.active = new LoggedMemtable(log);
    return active;
  }

  /** The newest memtable that a flush up to that log holds; 0 for none. */
  flushedBy(log: number): number {
    const { active, sealed } = this;
    if (!active.isEmpty && active.log < log) return active.number;
    return sealed.findLast((memtable) => memtable.log < log)?.number ?? 0;
  }

  /** Those with entries in logs below `log` only are in tables now; the newest of them. */
  drop(log: number): LoggedMemtable | undefined {
    const gone = this.sealed.filter((memtable) => memtable.log < log);
    this.sealed = this.sealed.filter((memtable) => memtable.log >= log);
    if (!this.active.isEmpty && this.active.log < log) this.active = new LoggedMemtable(log);
    return gone.at(-1);
  }
}
