// A get's way through the store: the memtable, the sealed memtables from the newest to the oldest,
// then of each run, newest first and level by level, the one table whose range holds the key. The
// first entry found at or below the reader's sequence is the answer; a tombstone is an answer too,
// and so is a range delete that covers the key: all that later places hold is older. A merge
// operand alone is none: mergedGet.ts gathers those below it.
//
// Reads run to their end without giving up the thread, so nothing has to be pinned. The steps are
// the same whether or not they are told of; telling has its own copy of the loop, so that the quick
// one stays quick.

import { compareBytes } from '../../base/bytes.ts';
import { hash64 } from '../../base/hash.ts';
import type { OperationId, SequenceNumber, TableInfo } from '../../protocol/events.ts';
import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';
import { Entry } from '../iterator/entry.ts';
import { givesValue } from '../iterator/visibleKind.ts';
import { firstTableAtOrAfter } from '../manifest/version.ts';
import type { Run } from '../manifest/version.ts';
import type { Memtable } from '../memtable/memtable.ts';
import { NO_NODE } from '../memtable/skipList.ts';
import { NOT_COVERED } from '../rangeDelete/fragments.ts';
import { expiryCutoff, NO_EXPIRY } from '../expiry.ts';
import { FILTER_SEED } from '../table/filter.ts';
import { KIND_DELETE, KIND_MERGE, KIND_PUT } from '../entryKind.ts';
import type { EntryKindCode } from '../entryKind.ts';
import { mergedGet } from './mergedGet.ts';
import { tracedGet } from './tracedGet.ts';

const found = new Entry();
const hash = new Uint32Array(2);

/**
 * The value of `key` as a reader at `sequence` sees it, in an array of its own.
 * @throws LsmError `CORRUPTION` or `IO` when a table cannot be read; as `mergedGet`.
 */
export function get(
  state: EngineState,
  family: FamilyState,
  key: Uint8Array,
  sequence: SequenceNumber,
  isSnapshot: boolean,
  operation: OperationId | undefined,
): Uint8Array | undefined {
  const { counters, metrics } = state;
  const { clock } = state.environment;
  const isTimed = metrics.gets.chooses();
  const began = isTimed ? clock.monotonicMicros() : 0;
  counters.gets++;
  const value = state.events.read
    ? tracedGet(state, family, key, sequence, isSnapshot, operation ?? state.nextOperation())
    : plainGet(state, family, key, sequence);
  if (value !== undefined) counters.getsFound++;
  if (isTimed) metrics.latencies.get.record(clock.monotonicMicros() - began);
  return value;
}

function plainGet(
  state: EngineState,
  family: FamilyState,
  key: Uint8Array,
  sequence: SequenceNumber,
): Uint8Array | undefined {
  const { memtables } = family;
  const { active, sealed } = memtables;
  const cutoff = expiryCutoff(family.options, state.environment.clock);
  let cover = NOT_COVERED;
  for (let index = sealed.length; index >= 0; index--) {
    const memtable = index === sealed.length ? active : sealed[index]!.memtable;
    if (memtable.rangeDeletes.count > 0) cover = memtable.rangeDeletes.coverOf(key, sequence);
    const node = memtable.find(key, sequence);
    if (node !== NO_NODE) {
      const kind = visibleKind(memtable, node, cover, cutoff);
      if (kind === KIND_PUT) return memtable.arena.copyValueOf(node);
      return kind === KIND_MERGE ? mergedGet(state, family, key, sequence) : undefined;
    }
    if (cover !== NOT_COVERED) return undefined;
  }
  hash64(key, 0, key.length, FILTER_SEED, hash);
  const { counters, metrics } = state;
  metrics.levels.beginFilters(counters);
  for (const level of family.version.levels) {
    for (let index = 0; index < level.runs.length; index++) {
      const table = holderOf(level.runs[index]!, key);
      if (table === undefined) continue;
      const reader = state.tables.reader(table);
      if (table.rangeDeletes > 0) cover = reader.coverOf(key, sequence);
      const isFound = reader.get(key, hash, sequence, found, null);
      metrics.levels.attributeFilters(level.level, counters);
      if (isFound) {
        if (found.sequence < cover || found.timestampMicros < cutoff) return undefined;
        if (found.kind === KIND_PUT) return found.copyValue();
        return givesValue(found.kind) ? mergedGet(state, family, key, sequence) : undefined;
      }
      if (cover !== NOT_COVERED) return undefined;
    }
  }
  return undefined;
}

/** The kind of a memtable's node for the reader: KIND_DELETE when it is hidden or has expired. */
function visibleKind(
  { arena }: Memtable,
  node: number,
  cover: SequenceNumber,
  cutoff: number,
): EntryKindCode {
  if (arena.sequenceOf(node) < cover) return KIND_DELETE;
  if (cutoff > NO_EXPIRY && arena.timestampMicrosOf(node) < cutoff) return KIND_DELETE;
  return arena.kindOf(node);
}

function holderOf(run: Run, key: Uint8Array): TableInfo | undefined {
  const { tables } = run;
  const table = tables.length === 1 ? tables[0] : tables[firstTableAtOrAfter(run, key)];
  if (table === undefined || compareBytes(table.smallestKey, key) > 0) return undefined;
  return tables.length > 1 || compareBytes(table.largestKey, key) >= 0 ? table : undefined;
}
