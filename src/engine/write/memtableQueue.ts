// The memtables of a column family: the one that takes writes, and the sealed ones that wait for
// their flush, oldest first.

import type { Random } from '../../base/random.ts';
import type { SealReason } from '../../protocol/events.ts';
import { Memtable } from '../memtable/memtable.ts';

/** A memtable that takes no more writes. */
export interface SealedMemtable {
  readonly memtable: Memtable;
  readonly reason: SealReason;
}

/** What all memtables of a store have in common. */
export interface MemtableMaker {
  /** The number of the store's next memtable: a later one has a greater number. */
  readonly nextId: () => number;
  readonly random: Random;
}

/** Newest writes first: the active one, then the sealed ones from the end of the list. */
export class MemtableQueue {
  /** Oldest first. */
  readonly sealed: SealedMemtable[] = [];
  active: Memtable;
  private readonly family: number;
  private readonly fullAtBytes: number;
  private readonly make: MemtableMaker;

  constructor(family: number, fullAtBytes: number, make: MemtableMaker) {
    this.family = family;
    this.fullAtBytes = fullAtBytes;
    this.make = make;
    this.active = this.prepare(0);
  }

  /**
   * A memtable to take the active one's place.
   * @param neededBytes that it must have room for, beyond its usual size.
   * @throws LsmError `INVALID_ARGUMENT` when no memtable can be that large.
   */
  prepare(neededBytes: number): Memtable {
    return new Memtable({
      id: this.make.nextId(),
      family: this.family,
      fullAtBytes: this.fullAtBytes,
      neededBytes,
      random: this.make.random,
    });
  }

  /** Seals the active memtable and puts `next` in its place. */
  seal(reason: SealReason, next: Memtable): void {
    this.sealed.push({ memtable: this.active, reason });
    this.active = next;
  }
}
