// A get that tells every step: what each place answered and what asking it cost.

import { hash64 } from '../../base/hash.ts';
import type { OperationId, SequenceNumber, TableInfo } from '../../protocol/events.ts';
import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';
import { isTombstone } from '../entryKind.ts';
import type { EntryKindCode } from '../entryKind.ts';
import { Entry } from '../iterator/entry.ts';
import { givesValue } from '../iterator/visibleKind.ts';
import { tableHolding } from '../manifest/version.ts';
import type { Memtable } from '../memtable/memtable.ts';
import { SearchTrace } from '../memtable/searchTrace.ts';
import { NO_NODE } from '../memtable/skipList.ts';
import { FILTER_SEED } from '../table/filter.ts';
import { PREVIEW_BYTES } from '../write/writeEvents.ts';

/** What was found, and where. */
interface Answer {
  readonly source: 'memtable' | 'immutable' | 'table';
  readonly level: number;
  readonly file: number;
  readonly kind: number;
  readonly sequence: SequenceNumber;
  readonly value: Uint8Array | undefined;
}

/** A get as `readPath.ts` does it, telling each step under `operation`. */
export function tracedGet(
  state: EngineState,
  family: FamilyState,
  key: Uint8Array,
  sequence: SequenceNumber,
  isSnapshot: boolean,
  operation: OperationId,
): Uint8Array | undefined {
  const { events, counters } = state;
  const { clock } = state.environment;
  const began = clock.monotonicMicros();
  const before = { ...counters };
  events.emit({
    kind: 'get.begin',
    operation,
    family: family.id,
    key: key.slice(),
    sequence,
    snapshot: isSnapshot,
  });
  const search = new TracedSearch(state, family, key, sequence, operation);
  const answer = search.inMemtables() ?? search.inTables();
  const value = answer?.value;
  events.emit({
    kind: 'get.end',
    operation,
    result: resultOf(answer?.kind),
    source: answer?.source ?? 'none',
    level: answer?.level ?? -1,
    file: answer?.file ?? 0,
    sequence: answer?.sequence ?? 0,
    valueSizeBytes: value?.length ?? 0,
    valuePreview: value?.slice(0, PREVIEW_BYTES) ?? new Uint8Array(0),
    tablesConsidered: search.tablesConsidered,
    filterNegatives: counters.filterNegatives - before.filterNegatives,
    blocksRead: counters.blockReads - before.blockReads,
    blocksFromCache: counters.cacheHits - before.cacheHits,
    durationMicros: clock.monotonicMicros() - began,
  });
  return value;
}

function resultOf(kind: number | undefined): 'found' | 'tombstone' | 'absent' {
  if (kind === undefined) return 'absent';
  return isTombstone(kind as EntryKindCode) ? 'tombstone' : 'found';
}

class TracedSearch {
  tablesConsidered = 0;
  private readonly state: EngineState;
  private readonly family: FamilyState;
  private readonly key: Uint8Array;
  private readonly sequence: SequenceNumber;
  private readonly operation: OperationId;

  constructor(
    state: EngineState,
    family: FamilyState,
    key: Uint8Array,
    sequence: SequenceNumber,
    operation: OperationId,
  ) {
    this.state = state;
    this.family = family;
    this.key = key;
    this.sequence = sequence;
    this.operation = operation;
  }

  inMemtables(): Answer | undefined {
    const { active, sealed } = this.family.memtables;
    const newestFirst = sealed.map(({ memtable }) => memtable).toReversed();
    let answer = this.inMemtable(active, false);
    for (const memtable of newestFirst) answer ??= this.inMemtable(memtable, true);
    return answer;
  }

  inTables(): Answer | undefined {
    const hash = new Uint32Array(2);
    hash64(this.key, 0, this.key.length, FILTER_SEED, hash);
    for (const { level, runs } of this.family.version.levels) {
      for (const run of runs) {
        const holder = tableHolding(run, this.key);
        this.tellSkipped(level, run.tables, holder);
        const answer = holder === undefined ? undefined : this.inTable(level, holder, hash);
        if (answer !== undefined) return answer;
      }
    }
    return undefined;
  }

  private inMemtable(memtable: Memtable, immutable: boolean): Answer | undefined {
    const { key, sequence, operation } = this;
    const { arena } = memtable;
    const trace = new SearchTrace();
    const node = memtable.find(key, sequence, trace);
    const kind = node === NO_NODE ? undefined : arena.kindOf(node);
    this.state.events.emit({
      kind: 'memtable.lookup',
      operation,
      memtable: memtable.id,
      immutable,
      path: trace.steps,
      result: resultOf(kind),
      sequence: node === NO_NODE ? 0 : arena.sequenceOf(node),
      passedOver: memtable.countNewerVersions(key, sequence),
    });
    if (kind === undefined) return undefined;
    return {
      source: immutable ? 'immutable' : 'memtable',
      level: -1,
      file: 0,
      kind,
      sequence: arena.sequenceOf(node),
      value: givesValue(kind) ? arena.copyValueOf(node) : undefined,
    };
  }

  private inTable(level: number, table: TableInfo, hash: Uint32Array): Answer | undefined {
    const { state, key, sequence, operation } = this;
    this.tablesConsidered++;
    const found = new Entry();
    const trace = { operation, level };
    if (!state.tables.reader(table).get(key, hash, sequence, found, trace)) return undefined;
    return {
      source: 'table',
      level,
      file: table.file,
      kind: found.kind,
      sequence: found.sequence,
      value: givesValue(found.kind) ? found.copyValue() : undefined,
    };
  }

  /**
   * A run of many tables is skipped by a search, not table by table: only single ones are told of.
   */
  private tellSkipped(
    level: number,
    tables: readonly TableInfo[],
    holder: TableInfo | undefined,
  ): void {
    if (holder !== undefined || tables.length > 1) return;
    const { events } = this.state;
    const file = tables[0]!.file;
    const { operation } = this;
    events.emit({ kind: 'table.skip', operation, level, file, reason: 'key-range' });
  }
}
