// What was written after a given sequence number: to one key, or anywhere in a range. Places whose
// newest entry is not above it are passed by their figures alone, so for a short span only the
// memtable is asked.
//
// What was written and removed again may be merged away without a trace; the key is then as it was.

import { compareBytes, compareRanges } from '../../base/bytes.ts';
import { hash64 } from '../../base/hash.ts';
import type { SequenceNumber, TableInfo } from '../../protocol/events.ts';
import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';
import { Entry } from '../iterator/entry.ts';
import { SEQUENCE_MAX } from '../iterator/entryIterator.ts';
import type { EntryIterator } from '../iterator/entryIterator.ts';
import { deleteUnneededTables } from '../jobs/obsoleteFiles.ts';
import { overlappingInLevel, tableHolding } from '../manifest/version.ts';
import type { Memtable } from '../memtable/memtable.ts';
import { NO_NODE } from '../memtable/skipList.ts';
import type { RangeTombstone } from '../rangeDelete/rangeTombstone.ts';
import { FILTER_SEED } from '../table/filter.ts';
import { JOB_READS } from '../table/readContext.ts';

/** A key that was written to, and when. */
export interface KeyChange {
  readonly key: Uint8Array;
  readonly sequence: SequenceNumber;
}

/** A range of keys; an end that is `undefined` is open. */
export interface CheckedRange {
  /** Included. */
  readonly lower: Uint8Array | undefined;
  readonly upper: Uint8Array | undefined;
  readonly upperIncluded: boolean;
}

/** Entries looked at between two turns of the event loop. */
const SLICE_ENTRIES = 2048;

const found = new Entry();
const hash = new Uint32Array(2);

/**
 * The sequence number of the newest entry of `key` when it is above `since`, otherwise 0.
 * @throws LsmError `CORRUPTION`, `IO` when a table cannot be read.
 */
export function newestChange(
  { tables }: EngineState,
  family: FamilyState,
  key: Uint8Array,
  since: SequenceNumber,
): SequenceNumber {
  for (const memtable of newerMemtables(family, since)) {
    const node = memtable.find(key, SEQUENCE_MAX);
    const written = node === NO_NODE ? 0 : memtable.arena.sequenceOf(node);
    const newest = Math.max(written, memtable.rangeDeletes.coverOf(key, SEQUENCE_MAX));
    if (newest > 0) return above(newest, since);
  }
  hash64(key, 0, key.length, FILTER_SEED, hash);
  for (const level of family.version.levels) {
    for (const run of level.runs) {
      const table = tableHolding(run, key);
      if (table === undefined || table.largestSequence <= since) continue;
      const reader = tables.reader(table);
      const isWritten = reader.get(key, hash, SEQUENCE_MAX, found, null);
      const cover = reader.coverOf(key, SEQUENCE_MAX);
      const newest = Math.max(isWritten ? found.sequence : 0, cover);
      if (newest > 0) return above(newest, since);
    }
  }
  return 0;
}

function above(sequence: SequenceNumber, since: SequenceNumber): SequenceNumber {
  return sequence > since ? sequence : 0;
}

/** Memtables with writes above `since`, newest first. */
function newerMemtables(family: FamilyState, since: SequenceNumber): Memtable[] {
  const newer = [...family.allMemtables()].filter((memtable) => memtable.largestSequence > since);
  return newer.reverse();
}

/**
 * A key of `range` with an entry above `since`, or `undefined`. Gives way to others in between;
 * what is written meanwhile may be missed.
 * @throws LsmError `CORRUPTION`, `IO` when a table cannot be read.
 */
export async function changeInRange(
  state: EngineState,
  family: FamilyState,
  range: CheckedRange,
  since: SequenceNumber,
): Promise<KeyChange | undefined> {
  const pinned = state.versions.retain();
  try {
    const memtables = newerMemtables(family, since);
    const readers = newerTables(family, range, since).map((table) => state.tables.reader(table));
    const spans = [
      ...memtables.flatMap((memtable) => memtable.rangeDeletes.all),
      ...readers.flatMap((reader) => reader.rangeTombstones),
    ];
    const deleted = spans.find((span) => span.sequence > since && meets(range, span));
    if (deleted !== undefined) return { key: deleted.from, sequence: deleted.sequence };
    const sources = [
      ...memtables.map((memtable) => memtable.iterator()),
      ...readers.map((reader) => reader.iterator(JOB_READS)),
    ];
    for (const source of sources) {
      const change = await changeInSource(state, source, range, since);
      if (change !== undefined) return change;
    }
    return undefined;
  } finally {
    state.versions.release(pinned);
    if (state.mayWork) deleteUnneededTables(state);
  }
}

function newerTables(
  { version }: FamilyState,
  range: CheckedRange,
  since: SequenceNumber,
): TableInfo[] {
  return version.levels
    .flatMap((level) => overlappingInLevel(level, { from: range.lower, to: range.upper }))
    .filter((table) => table.largestSequence > since);
}

async function changeInSource(
  state: EngineState,
  source: EntryIterator,
  range: CheckedRange,
  since: SequenceNumber,
): Promise<KeyChange | undefined> {
  if (range.lower === undefined) source.first();
  else source.seek(range.lower, SEQUENCE_MAX);
  for (let entries = 1; source.valid && isInside(range, source.entry); entries++) {
    const { sequence } = source.entry;
    if (sequence > since) return { key: source.entry.copyKey(), sequence };
    source.next();
    if (entries % SLICE_ENTRIES === 0) await state.environment.scheduler.turn();
  }
  return undefined;
}

/** Whether a range delete covers keys of the range. */
function meets({ lower, upper, upperIncluded }: CheckedRange, span: RangeTombstone): boolean {
  if (lower !== undefined && compareBytes(span.to, lower) <= 0) return false;
  if (upper === undefined) return true;
  const order = compareBytes(span.from, upper);
  return order < 0 || (order === 0 && upperIncluded);
}

/** Whether an entry lies before the range's upper end. */
function isInside({ upper, upperIncluded }: CheckedRange, entry: Entry): boolean {
  if (upper === undefined) return true;
  const { keyBytes, keyOffset, keyLength } = entry;
  const order = compareRanges(keyBytes, keyOffset, keyOffset + keyLength, upper, 0, upper.length);
  return order < 0 || (order === 0 && upperIncluded);
}
