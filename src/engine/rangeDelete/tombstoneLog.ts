// The range deletes of a memtable. They arrive one by one between reads, and cutting all of them
// into fragments anew each time would cost more with each: so the newest few are asked one by one,
// and only when those are an eighth of all is everything cut again.

import { compareBytes } from '../../base/bytes.ts';
import type { SequenceNumber } from '../../protocol/events.ts';
import { Fragments, NOT_COVERED } from './fragments.ts';
import type { RangeTombstone } from './rangeTombstone.ts';

/** Asked one by one at least, however few there are. */
const LOOSE_MIN = 8;
/** What one costs in memory beyond its keys: an object and two arrays, about. */
const TOMBSTONE_OVERHEAD_BYTES = 256;
/** A memtable with so many is full: reads of its fragments stay quick. */
const COUNT_MAX = 8192;

/** Range deletes in the order in which they came. One thread adds; others may be handed `all`. */
export class TombstoneLog {
  private readonly tombstones: RangeTombstone[] = [];
  private fragments = new Fragments([]);
  /** How many of the oldest the fragments hold. */
  private fragmented = 0;
  private bytes = 0;

  get count(): number {
    return this.tombstones.length;
  }

  /** Bytes of memory that they take, about. */
  get sizeBytes(): number {
    return this.bytes;
  }

  get isFull(): boolean {
    return this.tombstones.length >= COUNT_MAX;
  }

  /** Of the newest; 0 while there are none. */
  get largestSequence(): SequenceNumber {
    return this.tombstones.at(-1)?.sequence ?? 0;
  }

  /** Oldest first; it grows, and what is in it does not change. */
  get all(): readonly RangeTombstone[] {
    return this.tombstones;
  }

  /** Adds one that is newer than all before it. */
  add(tombstone: RangeTombstone): void {
    this.tombstones.push(tombstone);
    this.bytes += tombstone.from.length + tombstone.to.length + TOMBSTONE_OVERHEAD_BYTES;
  }

  /** As `Fragments.coverOf`. */
  coverOf(key: Uint8Array, sequence: SequenceNumber): SequenceNumber {
    const { tombstones } = this;
    const loose = tombstones.length - this.fragmented;
    if (loose > LOOSE_MIN + (this.fragmented >>> 3)) {
      this.fragments = new Fragments(tombstones);
      this.fragmented = tombstones.length;
    }
    for (let index = tombstones.length - 1; index >= this.fragmented; index--) {
      const { from, to, sequence: own } = tombstones[index]!;
      if (own <= sequence && compareBytes(from, key) <= 0 && compareBytes(key, to) < 0) return own;
    }
    return this.fragmented === 0 ? NOT_COVERED : this.fragments.coverOf(key, sequence);
  }
}
