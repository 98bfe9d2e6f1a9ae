// The memtables of a column family: the one that takes writes, and the sealed ones that wait for
// their flush, oldest first.

import type { Random } from '../../base/random.ts';
import type { MemtableEvent } from '../../protocol/events.ts';
import { Memtable } from '../memtable/memtable.ts';

/** Why a memtable was sealed. */
export type SealReason = (MemtableEvent & { kind: 'memtable.seal' })['reason'];

/** A memtable that takes no more writes. */
export interface SealedMemtable {
  readonly memtable: Memtable;
  readonly reason: SealReason;
}

/** Newest writes first: the active one, then the sealed ones from the end of the list. */
export class MemtableQueue {
  readonly family: number;
  /** Oldest first. */
  readonly sealed: SealedMemtable[] = [];
  active: Memtable;
  private readonly fullAtBytes: number;
  private readonly random: Random;
  private lastId = 0;

  constructor(family: number, fullAtBytes: number, random: Random) {
    this.family = family;
    this.fullAtBytes = fullAtBytes;
    this.random = random;
    this.active = this.prepare(0);
  }

  /**
   * A memtable to take the active one's place.
   * @param neededBytes that it must have room for, beyond its usual size.
   * @throws LsmError `INVALID_ARGUMENT` when no memtable can be that large.
   */
  prepare(neededBytes: number): Memtable {
    return new Memtable({
      id: ++this.lastId,
      family: this.family,
      fullAtBytes: this.fullAtBytes,
      neededBytes,
      random: this.random,
    });
  }

  /** Seals the active memtable and puts `next` in its place. */
  seal(reason: SealReason, next: Memtable): void {
    this.sealed.push({ memtable: this.active, reason });
    this.active = next;
  }

  /** The oldest log segment that entries of other memtables than `flushed` still need. */
  oldestWalBesides(flushed: Memtable | undefined): number | undefined {
    const others = [...this.sealed.map((sealed) => sealed.memtable), this.active];
    const oldest = others
      .filter((memtable) => memtable !== flushed)
      .flatMap((memtable) => memtable.walSegments.slice(0, 1));
    return oldest.length === 0 ? undefined : Math.min(...oldest);
  }
}
