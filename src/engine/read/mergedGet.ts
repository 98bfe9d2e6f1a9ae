// A get of a key whose newest version is a merge operand: the slow way, which plain values never
// take. The places are asked once more, now for every version from the newest down to what the
// operands stand on: a put, or something that hides all that is older, or the key's beginning.

import { compareRanges } from '../../base/bytes.ts';
import { hash64 } from '../../base/hash.ts';
import type { SequenceNumber, TableInfo } from '../../protocol/events.ts';
import type { EngineState } from '../engineState.ts';
import { KIND_MERGE, KIND_PUT } from '../entryKind.ts';
import { expiryCutoff } from '../expiry.ts';
import type { FamilyState } from '../family/familyState.ts';
import { Entry } from '../iterator/entry.ts';
import type { EntryIterator } from '../iterator/entryIterator.ts';
import { tableHolding } from '../manifest/version.ts';
import type { Memtable } from '../memtable/memtable.ts';
import { OperandStack } from '../merge/operandStack.ts';
import { NOT_COVERED } from '../rangeDelete/fragments.ts';
import { FILTER_SEED } from '../table/filter.ts';
import { UNTRACED_READS } from '../table/readContext.ts';

/**
 * The value that the operands of `key` make for a reader at `sequence`.
 * @throws LsmError `MERGE_FAILED`, `NOT_SUPPORTED` (no such operator), `CORRUPTION`, `IO`.
 */
export function mergedGet(
  state: EngineState,
  family: FamilyState,
  key: Uint8Array,
  sequence: SequenceNumber,
): Uint8Array {
  family.merger.requireOperator();
  return new OperandSearch(state, family, key, sequence).run().mergeWith(family.merger, key);
}

/** Goes through the places, newest first. */
class OperandSearch {
  private readonly state: EngineState;
  private readonly family: FamilyState;
  private readonly key: Uint8Array;
  private readonly sequence: SequenceNumber;
  private readonly cutoff: number;
  private readonly stack = new OperandStack();
  private readonly hash = new Uint32Array(2);
  private readonly found = new Entry();
  /** The range delete over the key in the place that is asked. */
  private cover: SequenceNumber = NOT_COVERED;

  constructor(state: EngineState, family: FamilyState, key: Uint8Array, sequence: SequenceNumber) {
    this.state = state;
    this.family = family;
    this.key = key;
    this.sequence = sequence;
    this.cutoff = expiryCutoff(family.options, state.environment.clock);
    hash64(key, 0, key.length, FILTER_SEED, this.hash);
  }

  run(): OperandStack {
    this.stack.clear('newest-first');
    this.search();
    return this.stack;
  }

  private search(): void {
    const { family, key } = this;
    for (const memtable of [...family.allMemtables()].reverse()) {
      if (this.endsInMemtable(memtable)) return;
    }
    for (const { runs } of family.version.levels) {
      for (const run of runs) {
        const table = tableHolding(run, key);
        if (table !== undefined && this.endsInTable(table)) return;
      }
    }
  }

  private endsInMemtable(memtable: Memtable): boolean {
    const { key, sequence } = this;
    this.cover = memtable.rangeDeletes.coverOf(key, sequence);
    const versions = memtable.iterator();
    versions.seek(key, sequence);
    return this.endsIn(versions) || this.cover !== NOT_COVERED;
  }

  private endsInTable(table: TableInfo): boolean {
    const { key, sequence, found } = this;
    const reader = this.state.tables.reader(table);
    this.cover = reader.coverOf(key, sequence);
    if (!reader.get(key, this.hash, sequence, found, null)) return this.cover !== NOT_COVERED;
    if (this.endsAt(found)) return true;
    const versions = reader.iterator(UNTRACED_READS);
    versions.seek(key, found.sequence - 1);
    return this.endsIn(versions) || this.cover !== NOT_COVERED;
  }

  /** Takes the versions of the key that follow; whether nothing older counts. */
  private endsIn(versions: EntryIterator): boolean {
    for (; versions.valid && this.isOfKey(versions.entry); versions.next()) {
      if (this.endsAt(versions.entry)) return true;
    }
    return false;
  }

  private endsAt(entry: Entry): boolean {
    if (entry.sequence < this.cover || entry.timestampMicros < this.cutoff) return true;
    if (entry.kind === KIND_PUT) this.stack.setBase(entry);
    if (entry.kind !== KIND_MERGE) return true;
    this.stack.push(entry);
    return false;
  }

  private isOfKey({ keyBytes, keyOffset, keyLength }: Entry): boolean {
    const { key } = this;
    const end = keyOffset + keyLength;
    return compareRanges(key, 0, key.length, keyBytes, keyOffset, end) === 0;
  }
}
