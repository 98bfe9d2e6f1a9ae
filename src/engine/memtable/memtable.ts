// One memtable: the newest writes of a column family, in order, until a flush has made a table of
// them.
//
// It wraps the skip list with what the store must know about it: its number, the log segments that
// hold the same entries, when it is full, and a picture of its nodes for viewers. Range deletes are
// kept aside: they are no entries of a key. Another structure
// behind the same methods (a B+tree, append-and-sort) would take the skip list's place here and in
// memtableIterator.ts; nothing else knows of it.

import { assert } from '../../base/assert.ts';
import { compareBytes, copyOfRange } from '../../base/bytes.ts';
import type { Random } from '../../base/random.ts';
import type { FileNumber } from '../../protocol/events.ts';
import type { MemtableNode, MemtableState } from '../../protocol/treeState.ts';
import type { EncodedEntry } from '../encodedEntry.ts';
import { entryKindName, KIND_RANGE_DELETE } from '../entryKind.ts';
import type { EntryIterator } from '../iterator/entryIterator.ts';
import { TombstoneLog } from '../rangeDelete/tombstoneLog.ts';
import type { KeyBoundsOptions } from '../iterator/keyBounds.ts';
import { createArena } from './arena.ts';
import type { Arena } from './arena.ts';
import { MemtableIterator } from './memtableIterator.ts';
import { sampleNodes } from './sampleNodes.ts';
import { NO_NODE, SkipList } from './skipList.ts';
import type { SearchTrace } from './searchTrace.ts';

/** Room beyond the bytes at which it is full, so that small writes never seal it early. */
const SLACK_BYTES = 64 * 1024;

/** Entries that stand for all of them when a share is estimated. */
const SHARE_SAMPLE = 512;

/** What a new memtable is. */
export interface MemtableParameters {
  /** Its running number in the store. */
  readonly id: number;
  /** Column family. */
  readonly family: number;
  /** Bytes of entries at which it counts as full. */
  readonly fullAtBytes: number;
  /** Bytes that its first batch may need, when that is more than a usual memtable has. */
  readonly neededBytes?: number;
  readonly random: Random;
}

/**
 * The newest writes, ordered; nodes are named by numbers (arena.ts). While it is open only the
 * store's thread inserts, which therefore reads it plainly.
 */
export class Memtable {
  readonly id: number;
  readonly family: number;
  /** Where the entries lie: their keys, values and figures by node. */
  readonly arena: Arena;
  /** Log segments that hold its entries, ascending: needed until it is flushed. */
  readonly walSegments: FileNumber[] = [];
  /** Bytes that its entries are meant to take; then it is full. */
  readonly capacityBytes: number;
  /** Of the newest write in it; 0 while it is empty. */
  largestSequence = 0;
  /** Its range deletes, which are no entries. */
  readonly rangeDeletes: TombstoneLog = new TombstoneLog();
  private readonly list: SkipList;
  private readonly random: Random;
  private readonly fullAtBytes: number;

  /** @throws LsmError `INVALID_ARGUMENT` when `neededBytes` is beyond what an arena can be. */
  constructor(parameters: MemtableParameters) {
    this.id = parameters.id;
    this.family = parameters.family;
    this.fullAtBytes = parameters.fullAtBytes;
    this.random = parameters.random;
    const { fullAtBytes, neededBytes = 0 } = parameters;
    this.capacityBytes = Math.max(fullAtBytes, neededBytes);
    this.arena = createArena(Math.max(fullAtBytes + SLACK_BYTES, neededBytes));
    this.list = new SkipList(this.arena);
  }

  /** The memory itself; a thread that gets it walks a `SkipList` over an `Arena` of it. */
  get buffer(): SharedArrayBuffer {
    return this.arena.buffer;
  }

  get entries(): number {
    return this.arena.entries;
  }

  get tombstones(): number {
    return this.arena.tombstones;
  }

  /** Bytes that its entries take, with their towers, and its range deletes. */
  get sizeBytes(): number {
    return this.arena.sizeBytes + this.rangeDeletes.sizeBytes;
  }

  /** Bytes left in its memory. */
  get freeBytes(): number {
    return this.arena.capacityBytes - this.arena.sizeBytes;
  }

  get isEmpty(): boolean {
    return this.arena.entries === 0 && this.rangeDeletes.count === 0;
  }

  /** It is time to seal it. */
  get isFull(): boolean {
    return this.sizeBytes >= this.fullAtBytes || this.rangeDeletes.isFull;
  }

  /**
   * Whether entries of together `sizeBytesMax` (arena.ts: `batchSizeBytesMax`) surely have room.
   */
  fits(sizeBytesMax: number): boolean {
    return sizeBytesMax <= this.freeBytes;
  }

  /** Notes that a log segment holds entries of this memtable. */
  addWalSegment(wal: FileNumber): void {
    if (this.walSegments.at(-1) !== wal) this.walSegments.push(wal);
  }

  /**
   * Adds an entry, which must fit, or a range delete.
   * @param trace collects the search path, or `null`.
   * @returns the new node; NO_NODE for a range delete.
   */
  insert(
    entry: EncodedEntry,
    sequence: number,
    timestampMicros: number,
    trace: SearchTrace | null = null,
  ): number {
    if (sequence > this.largestSequence) this.largestSequence = sequence;
    if (entry.kind === KIND_RANGE_DELETE) return this.insertRange(entry, sequence, timestampMicros);
    const node = this.list.insert(entry, sequence, timestampMicros, this.random, trace);
    assert(node !== NO_NODE, 'an entry is added only where it fits');
    return node;
  }

  private insertRange(entry: EncodedEntry, sequence: number, timestampMicros: number): number {
    const { bytes, keyStart, keyLength, valueStart, valueLength } = entry;
    this.rangeDeletes.add({
      from: copyOfRange(bytes, keyStart, keyStart + keyLength),
      to: copyOfRange(bytes, valueStart, valueStart + valueLength),
      sequence,
      timestampMicros,
    });
    return NO_NODE;
  }

  /**
   * The newest version of `key` with a sequence of at most `sequence` (perhaps a tombstone: see
   * `arena.kindOf`), or `NO_NODE`. Allocates nothing without a trace.
   */
  find(key: Uint8Array, sequence: number, trace: SearchTrace | null = null): number {
    return this.list.find(key, sequence, trace);
  }

  /**
   * How many versions of `key` are newer than `sequence`: those that a reader there passes over.
   */
  countNewerVersions(key: Uint8Array, sequence: number): number {
    let count = 0;
    let node = this.list.find(key, Number.MAX_SAFE_INTEGER);
    const end = this.list.seek(key, sequence);
    for (; node !== NO_NODE && node !== end; node = this.list.next(node)) count++;
    return count;
  }

  /** A new iterator over all entries; it stays usable for as long as somebody holds it. */
  iterator(): EntryIterator {
    return new MemtableIterator(this.list);
  }

  /** The share of its entries, about, whose keys are at least `from` and below `to`. */
  shareOf({ from, to }: KeyBoundsOptions): number {
    const sample = sampleNodes(this.list, SHARE_SAMPLE);
    const inside = sample.filter((node) => {
      const key = this.arena.copyKeyOf(node);
      const begins = from === undefined || compareBytes(key, from) >= 0;
      return begins && (to === undefined || compareBytes(key, to) < 0);
    });
    return sample.length === 0 ? 0 : inside.length / sample.length;
  }

  /** What it looks like, with at most `nodesMax` of its nodes: all, or an even sample. */
  describe(nodesMax: number): MemtableState {
    const { arena } = this;
    return {
      memtable: this.id,
      entries: arena.entries,
      tombstones: arena.tombstones,
      rangeDeletes: this.rangeDeletes.count,
      sizeBytes: this.sizeBytes,
      capacityBytes: this.capacityBytes,
      nodes: sampleNodes(this.list, nodesMax).map((node) => this.describeNode(node)),
    };
  }

  private describeNode(node: number): MemtableNode {
    const { arena } = this;
    return {
      key: arena.copyKeyOf(node),
      sequence: arena.sequenceOf(node),
      entryKind: entryKindName(arena.kindOf(node)),
      valueSizeBytes: arena.valueLengthOf(node),
      height: arena.heightOf(node),
    };
  }
}
