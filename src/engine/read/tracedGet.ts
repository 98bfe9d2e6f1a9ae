// A get that tells every step: what each place answered and what asking it cost.

import { equalBytes } from '../../base/bytes.ts';
import { LsmError } from '../../base/errors.ts';
import { hash64 } from '../../base/hash.ts';
import type { OperationId, SequenceNumber, TableInfo } from '../../protocol/events.ts';
import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';
import { isTombstone, KIND_MERGE, KIND_PUT, KIND_RANGE_DELETE } from '../entryKind.ts';
import type { EntryKindCode } from '../entryKind.ts';
import { Entry } from '../iterator/entry.ts';
import type { EntryIterator } from '../iterator/entryIterator.ts';
import { givesValue } from '../iterator/visibleKind.ts';
import { tableHolding } from '../manifest/version.ts';
import type { Memtable } from '../memtable/memtable.ts';
import { SearchTrace } from '../memtable/searchTrace.ts';
import { NO_NODE } from '../memtable/skipList.ts';
import { NOT_COVERED } from '../rangeDelete/fragments.ts';
import { expiryCutoff } from '../expiry.ts';
import { FILTER_SEED } from '../table/filter.ts';
import { lookupResult } from '../table/tableReadEvents.ts';
import { PREVIEW_BYTES } from '../write/writeEvents.ts';

/** Stand for the kind of an answer that has expired, or cannot be made; on no disk. */
const KIND_EXPIRED = -1;
const KIND_FAILED = -2;

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

/** What became of the operands. */
interface Merged {
  readonly operands: number;
  readonly fault: LsmError | undefined;
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
  const { operands, fault } = search.merged;
  const value = answer?.value;
  events.emit({
    kind: 'get.end',
    operation,
    result: endOf(answer?.kind),
    coveredBy: search.cover,
    source: answer?.source ?? 'none',
    level: answer?.level ?? -1,
    file: answer?.file ?? 0,
    sequence: answer?.sequence ?? 0,
    valueSizeBytes: value?.length ?? 0,
    valuePreview: value?.slice(0, PREVIEW_BYTES) ?? new Uint8Array(0),
    operands,
    tablesConsidered: search.tablesConsidered,
    filterNegatives: counters.filterNegatives - before.filterNegatives,
    blocksRead: counters.blockReads - before.blockReads,
    blocksFromCache: counters.cacheHits - before.cacheHits,
    durationMicros: clock.monotonicMicros() - began,
  });
  if (fault !== undefined) throw fault;
  return value;
}

function endOf(kind: number | undefined): 'found' | 'tombstone' | 'expired' | 'failed' | 'absent' {
  if (kind === KIND_EXPIRED) return 'expired';
  if (kind === KIND_FAILED) return 'failed';
  if (kind === undefined) return 'absent';
  return isTombstone(kind as EntryKindCode) ? 'tombstone' : 'found';
}

class TracedSearch {
  tablesConsidered = 0;
  /** Of the range delete that covers the key in the place asked last. */
  cover: SequenceNumber = NOT_COVERED;
  /** Of the operands that were gathered. */
  merged: Merged = { operands: 0, fault: undefined };
  /** Newest first; the first one is the newest version of the key. */
  private readonly operands: Answer[] = [];
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
    const end = this.search();
    return this.operands.length === 0 ? end : this.merge(end);
  }

  /** The version that ends the search, operands apart. */
  private search(): Answer | undefined {
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
      result: lookupResult(kind),
      coveredBy: this.cover,
      sequence: node === NO_NODE ? 0 : arena.sequenceOf(node),
      passedOver: memtable.countNewerVersions(key, sequence),
    });
    const place = { source: immutable ? 'immutable' : 'memtable', level: -1, file: 0 } as const;
    if (kind === undefined) return this.covered(place);
    const found = { kind, sequence: arena.sequenceOf(node) };
    const writtenMicros = arena.timestampMicrosOf(node);
    const version = { ...place, ...found };
    const answer = this.shown(version, writtenMicros, () => arena.copyValueOf(node));
    return answer ?? this.olderIn(place, memtable.iterator(), found.sequence);
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
    const answer = this.shown(version, found.timestampMicros, () => found.copyValue());
    return (
      answer ??
      this.olderIn(
        place,
        reader.iterator({ operation, useCache: true, fillCache: true }),
        foundSequence,
      )
    );
  }

  /** Goes on below an operand: the next versions of the same place. */
  private olderIn(
    place: Place,
    versions: EntryIterator,
    sequence: SequenceNumber,
  ): Answer | undefined {
    versions.seek(this.key, sequence - 1);
    for (; versions.valid && equalBytes(versions.entry.copyKey(), this.key); versions.next()) {
      const { entry } = versions;
      const version = { ...place, kind: entry.kind, sequence: entry.sequence };
      const answer = this.shown(version, entry.timestampMicros, () => entry.copyValue());
      if (answer !== undefined) return answer;
    }
    return this.covered(place);
  }

  /** The value that the operands make of what ended the search. */
  private merge(end: Answer | undefined): Answer {
    const { state, family, key, operation } = this;
    const { clock } = state.environment;
    const began = clock.monotonicMicros();
    const newest = this.operands[0]!;
    const oldestFirst = this.operands.map(({ value }) => value!).toReversed();
    let value: Uint8Array | undefined;
    let fault: LsmError | undefined;
    try {
      value = family.merger.merge(key, end?.value?.slice(), oldestFirst);
    } catch (thrown) {
      if (!(thrown instanceof LsmError)) throw thrown;
      fault = thrown;
    }
    this.merged = { operands: oldestFirst.length, fault };
    state.events.emit({
      kind: 'get.merge',
      operation,
      operator: family.options.mergeOperator ?? '',
      operands: oldestFirst.length,
      baseSequence: end?.value === undefined ? 0 : end.sequence,
      outcome: fault === undefined ? 'merged' : 'failed',
      valueSizeBytes: value?.length ?? 0,
      valuePreview: value?.slice(0, PREVIEW_BYTES) ?? new Uint8Array(0),
      durationMicros: clock.monotonicMicros() - began,
    });
    return { ...newest, kind: fault === undefined ? KIND_PUT : KIND_FAILED, value };
  }

  /** The answer of a place that holds no version of the key, but perhaps a range delete over it. */
  private covered(place: Place): Answer | undefined {
    const { cover: sequence } = this;
    if (sequence === NOT_COVERED) return undefined;
    return { ...place, kind: KIND_RANGE_DELETE, sequence, value: undefined };
  }

  /**
   * The answer of a place that holds a version: itself, or the range delete that hides it;
   * `undefined` when it is an operand, which is taken.
   */
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
    const answer = { ...version, value: givesValue(kind) ? value() : undefined };
    if (kind !== KIND_MERGE) return answer;
    this.takeOperand(answer);
    return undefined;
  }

  private takeOperand(operand: Answer): void {
    this.operands.push(operand);
    const { source, level, file, sequence, value } = operand;
    this.state.events.emit({
      kind: 'get.operand',
      operation: this.operation,
      source,
      level,
      file,
      sequence,
      operandSizeBytes: value!.length,
      operandPreview: value!.slice(0, PREVIEW_BYTES),
      operands: this.operands.length,
    });
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
