// A get that tells every step: what each place answered and what asking it cost.

import { hash64 } from '../../base/hash.ts';
import type { OperationId, SequenceNumber, TableInfo } from '../../protocol/events.ts';
import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';
import { isTombstone, KIND_RANGE_DELETE } from '../entryKind.ts';
import type { EntryKindCode } from '../entryKind.ts';
import { Entry } from '../iterator/entry.ts';
import { givesValue } from '../iterator/visibleKind.ts';
import { tableHolding } from '../manifest/version.ts';
import type { Memtable } from '../memtable/memtable.ts';
import { SearchTrace } from '../memtable/searchTrace.ts';
import { NO_NODE } from '../memtable/skipList.ts';
import { NOT_COVERED } from '../rangeDelete/fragments.ts';
import { expiryCutoff } from '../expiry.ts';
import { FILTER_SEED } from '../table/filter.ts';
import { PREVIEW_BYTES } from '../write/writeEvents.ts';

/** Stands for the kind of an answer that has expired; on no disk. */
const KIND_EXPIRED = -1;

/** Where something was found. */
interface Place {
  readonly source: 'memtable' | 'immutable' | 'table';
  readonly level: number;
  readonly file: number;
}

/** What was found, and where. */
interface Answer extends Place {
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
  const answer = search.run();
  const value = answer?.value;
  events.emit({
    kind: 'get.end',
    operation,
    result: answer?.kind === KIND_EXPIRED ? 'expired' : resultOf(answer?.kind),
    coveredBy: search.cover,
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
  /** Of the range delete that covers the key in the place asked last. */
  cover: SequenceNumber = NOT_COVERED;
  private readonly cutoff: number;
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
    this.cutoff = expiryCutoff(family.options, state.environment.clock);
  }

  run(): Answer | undefined {
    const { active } = this.family.memtables;
    for (const memtable of [...this.family.allMemtables()].reverse()) {
      const answer = this.inMemtable(memtable, memtable !== active);
      if (answer !== undefined) return answer;
    }
    return this.inTables();
  }

  private inTables(): Answer | undefined {
    const hash = new Uint32Array(2);
    hash64(this.key, 0, this.key.length, FILTER_SEED, hash);
    const { counters, metrics } = this.state;
    metrics.levels.beginFilters(counters);
    for (const { level, runs } of this.family.version.levels) {
      for (const run of runs) {
        const holder = tableHolding(run, this.key);
        this.tellSkipped(level, run.tables, holder);
        const answer = holder === undefined ? undefined : this.inTable(level, holder, hash);
        metrics.levels.attributeFilters(level, counters);
        if (answer !== undefined) return answer;
      }
    }
    return undefined;
  }

  private inMemtable(memtable: Memtable, immutable: boolean): Answer | undefined {
    const { key, sequence, operation } = this;
    const { arena } = memtable;
    this.cover = memtable.rangeDeletes.coverOf(key, sequence);
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
      coveredBy: this.cover,
      sequence: node === NO_NODE ? 0 : arena.sequenceOf(node),
      passedOver: memtable.countNewerVersions(key, sequence),
    });
    const place = { source: immutable ? 'immutable' : 'memtable', level: -1, file: 0 } as const;
    if (kind === undefined) return this.covered(place);
    const found = { kind, sequence: arena.sequenceOf(node) };
    const writtenMicros = arena.timestampMicrosOf(node);
    return this.shown({ ...place, ...found }, writtenMicros, () => arena.copyValueOf(node));
  }

  private inTable(level: number, table: TableInfo, hash: Uint32Array): Answer | undefined {
    const { state, key, sequence, operation } = this;
    this.tablesConsidered++;
    const place = { source: 'table', level, file: table.file } as const;
    const reader = state.tables.reader(table);
    this.cover = reader.coverOf(key, sequence);
    if (this.cover !== NOT_COVERED) {
      const { cover: coveredBy } = this;
      state.events.emit({ kind: 'table.cover', operation, level, file: table.file, coveredBy });
    }
    const found = new Entry();
    const isThere = reader.get(key, hash, sequence, found, { operation, level });
    if (!isThere) return this.covered(place);
    const { kind, sequence: foundSequence } = found;
    const version = { ...place, kind, sequence: foundSequence };
    return this.shown(version, found.timestampMicros, () => found.copyValue());
  }

  /** The answer of a place that holds no version of the key, but perhaps a range delete over it. */
  private covered(place: Place): Answer | undefined {
    const { cover: sequence } = this;
    if (sequence === NOT_COVERED) return undefined;
    return { ...place, kind: KIND_RANGE_DELETE, sequence, value: undefined };
  }

  /** The answer of a place that holds a version: itself, or the range delete that hides it. */
  private shown(
    version: Omit<Answer, 'value'>,
    writtenMicros: number,
    value: () => Uint8Array,
  ): Answer | undefined {
    if (version.sequence < this.cover) return this.covered(version);
    const { kind } = version;
    if (givesValue(kind) && writtenMicros < this.cutoff) {
      return { ...version, kind: KIND_EXPIRED, value: undefined };
    }
    return { ...version, value: givesValue(kind) ? value() : undefined };
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
