// All column families of an open store. The set follows the manifest: whatever is published there,
// families that come and go included, it shows from then on.

import { ensureExists } from '../../base/assert.ts';
import { LsmError } from '../../base/errors.ts';
import type { Random } from '../../base/random.ts';
import type { FileNumber } from '../../protocol/events.ts';
import type { FamilyRecord } from '../manifest/familyRecord.ts';
import type { StoreRecord } from '../manifest/storeRecord.ts';
import { familyOf } from '../manifest/version.ts';
import type { MergeOperators } from '../merge/mergeOperators.ts';
import { OperandMerger } from '../merge/operandMerger.ts';
import type { Memtable } from '../memtable/memtable.ts';
import type { FamilyOptions, LsmOptions, ResolvedOptions } from '../options.ts';
import type { MemtableMaker } from '../write/memtableQueue.ts';
import type { ColumnFamily } from './columnFamily.ts';
import {
  chosenFor,
  familyOptionsOf,
  refuseForeignOptions,
  refuseOtherOperator,
} from './familyOptions.ts';
import { FamilyState } from './familyState.ts';

/** The families by number and in order of their numbers. */
export class FamilySet {
  /** Number 0; a direct reference, since most stores use no other. */
  readonly default: FamilyState;
  readonly mergeOperators: MergeOperators;
  private readonly given: LsmOptions;
  private readonly make: MemtableMaker;
  private readonly byId = new Map<number, FamilyState>();
  private states: readonly FamilyState[] = [];

  /**
   * @param given when the store was opened.
   * @throws LsmError `INVALID_ARGUMENT` for options out of bounds or of a family that is not there,
   * and for another merge operator than the stored one.
   */
  constructor(
    record: StoreRecord,
    given: LsmOptions,
    mergeOperators: MergeOperators,
    random: Random,
  ) {
    let lastMemtable = 0;
    this.make = { nextId: () => ++lastMemtable, random };
    this.given = given;
    this.mergeOperators = mergeOperators;
    for (const [name, options] of Object.entries(given.families ?? {})) {
      refuseForeignOptions(name, options);
      mergeOperators.requireKnown(options.mergeOperator);
      if (record.families.some((family) => family.name === name)) continue;
      throw new LsmError(
        'INVALID_ARGUMENT',
        `there is no column family "${name}" to have options; make it with createFamily`,
      );
    }
    const base = chosenFor(record.families[0]!, given);
    this.default = this.begin(record, record.families[0]!, base);
    this.follow(record);
  }

  /** All of them, ascending by number. */
  get list(): readonly FamilyState[] {
    return this.states;
  }

  /** The family of this number; `undefined` when it is not there, or no more. */
  find(id: number): FamilyState | undefined {
    return id === 0 ? this.default : this.byId.get(id);
  }

  /** The family of this number, which must be there. */
  of(id: number): FamilyState {
    return ensureExists(this.find(id), `column family ${id}`);
  }

  /**
   * The family that a caller means.
   * @throws LsmError `INVALID_ARGUMENT` when it was dropped, or is another store's.
   */
  meant(family: ColumnFamily | undefined): FamilyState {
    if (family === undefined) return this.default;
    const known = this.find(family.id);
    if (known === family && !known.dropped) return known;
    const { name } = family;
    throw new LsmError(
      'INVALID_ARGUMENT',
      `the column family "${name}" was dropped, or is of another store`,
    );
  }

  /**
   * The options that a new family would have.
   * @throws LsmError `INVALID_ARGUMENT` naming the one that is no family's or out of bounds.
   */
  optionsFor(name: string, own: FamilyOptions): ResolvedOptions {
    refuseForeignOptions(name, own);
    this.mergeOperators.requireKnown(own.mergeOperator);
    return familyOptionsOf(this.given, this.default.chosen, own);
  }

  /** From now on the families of `record` are there, each with its tables. */
  follow(record: StoreRecord): void {
    for (const family of record.families) {
      const known = this.byId.get(family.id);
      if (known === undefined) this.begin(record, family, this.default.chosen);
      else known.show(familyOf(record.version, family.id));
    }
    for (const { id } of this.states) {
      if (!record.families.some((family) => family.id === id)) this.byId.delete(id);
    }
    this.states = [...this.byId.values()];
  }

  /** The family whose oldest sealed memtable is the oldest of all; `undefined` when none waits. */
  nextToFlush(): FamilyState | undefined {
    let next: FamilyState | undefined;
    for (const family of this.states) {
      const oldest = family.memtables.sealed[0]?.memtable.id ?? Infinity;
      const best = next?.memtables.sealed[0]?.memtable.id ?? Infinity;
      if (!family.dropped && oldest < best) next = family;
    }
    return next;
  }

  /** The oldest log segment that entries of other memtables than `gone` still need. */
  oldestWalBesides(gone: readonly Memtable[]): FileNumber | undefined {
    let oldest: FileNumber | undefined;
    for (const family of this.states) {
      for (const memtable of family.allMemtables()) {
        const wal = gone.includes(memtable) ? undefined : memtable.walSegments[0];
        if (wal !== undefined && wal < (oldest ?? Infinity)) oldest = wal;
      }
    }
    return oldest;
  }

  private begin(record: StoreRecord, family: FamilyRecord, base: FamilyOptions): FamilyState {
    const chosen = chosenFor(family, this.given);
    const { id, name, flushedSequence } = family;
    const options = familyOptionsOf(this.given, base, chosen);
    const { mergeOperator } = options;
    refuseOtherOperator(name, mergeOperator, storedOperator(record, family));
    const merger = new OperandMerger(name, mergeOperator, this.mergeOperators.find(mergeOperator));
    const version = familyOf(record.version, id);
    const parameters = { id, name, chosen, options, version, flushedSequence, merger };
    const state = new FamilyState(parameters, this.make);
    this.byId.set(id, state);
    return state;
  }
}

/** What the family's operands were written for. */
function storedOperator({ families }: StoreRecord, { options }: FamilyRecord): string | null {
  const own = options.mergeOperator;
  return own === undefined ? (families[0]!.options.mergeOperator ?? null) : own;
}
