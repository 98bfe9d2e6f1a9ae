// All column families of an open store. It follows the version set: whatever that publishes, each
// family shows from then on.

import { ensureExists } from '../../base/assert.ts';
import type { Random } from '../../base/random.ts';
import type { FileNumber } from '../../protocol/events.ts';
import { emptyVersion, familyOf } from '../manifest/version.ts';
import type { Version } from '../manifest/version.ts';
import type { Memtable } from '../memtable/memtable.ts';
import type { ResolvedOptions } from '../options.ts';
import type { MemtableMaker } from '../write/memtableQueue.ts';
import { FamilyState } from './familyState.ts';

/** Name of the family that every store has. */
export const DEFAULT_FAMILY_NAME = 'default';

/** The families by number and in order of their numbers. */
export class FamilySet {
  /** Number 0; a direct reference, since most stores use no other. */
  readonly default: FamilyState;
  private readonly states: FamilyState[];

  constructor(options: ResolvedOptions, random: Random) {
    let lastMemtable = 0;
    const make: MemtableMaker = { nextId: () => ++lastMemtable, random };
    const version = familyOf(emptyVersion(options.maxLevels), 0);
    this.default = new FamilyState(DEFAULT_FAMILY_NAME, version, options, make);
    this.states = [this.default];
  }

  /** All of them, ascending by number. */
  get list(): readonly FamilyState[] {
    return this.states;
  }

  /** The family of this number, which must be there. */
  of(id: number): FamilyState {
    if (id === 0) return this.default;
    const family = this.states.find((candidate) => candidate.id === id);
    return ensureExists(family, `column family ${id}`);
  }

  /** From now on each family shows its tables in `version`. */
  follow(version: Version): void {
    for (const family of this.states) family.version = familyOf(version, family.id);
  }

  /** The family whose oldest sealed memtable is the oldest of all; `undefined` when none waits. */
  nextToFlush(): FamilyState | undefined {
    let next: FamilyState | undefined;
    for (const family of this.states) {
      const oldest = family.memtables.sealed[0]?.memtable.id ?? Infinity;
      if (oldest < (next?.memtables.sealed[0]?.memtable.id ?? Infinity)) next = family;
    }
    return next;
  }

  /** The oldest log segment that entries of other memtables than `flushed` still need. */
  oldestWalBesides(flushed: Memtable | undefined): FileNumber | undefined {
    let oldest: FileNumber | undefined;
    for (const family of this.states) {
      for (const memtable of family.allMemtables()) {
        const wal = memtable === flushed ? undefined : memtable.walSegments[0];
        if (wal !== undefined && wal < (oldest ?? Infinity)) oldest = wal;
      }
    }
    return oldest;
  }
}
