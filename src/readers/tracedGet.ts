// A get in a foreign store, place by place, newest first: memory, then the tables in the order in
// which their engine asks them, until what was found needs nothing older.

import type { EventSink } from '../protocol/eventSink.ts';
import type { FileNumber, OperationId, TableInfo } from '../protocol/events.ts';
import { entryKindOf, lookupResult } from './internalKey.ts';
import type { CompareKeys } from './keyOrder.ts';
import { ListCursor } from './listCursor.ts';
import type { ListedEntry } from './listCursor.ts';
import { newestOver } from './rangeCover.ts';
import type { RangeDeletion } from './sst/rangeDeletions.ts';
import type { FoundVersion, LookupTrace } from './sst/sstLookup.ts';
import { lookUp } from './sst/sstLookup.ts';
import type { SstReader } from './sst/sstReader.ts';
import { NEWEST_ALONE } from './valueRules.ts';
import type { ValueRules } from './valueRules.ts';

/** A memtable as a log has it. */
export interface MemoryPlace {
  /** The number it is drawn with. */
  readonly memtable: number;
  readonly entries: readonly ListedEntry[];
  readonly rangeDeletes?: readonly RangeDeletion[];
}

/** Where a key may be. */
export interface Places {
  /** The column family's number; 0 when left out. */
  readonly family?: number;
  /** Left out: LevelDB's. */
  readonly rules?: ValueRules;
  readonly compare: CompareKeys;
  /** What only logs hold, each in order, the newest first. */
  readonly memtables: readonly MemoryPlace[];
  /** Sequence numbers of versions that are not to be seen. */
  readonly hidden?: ReadonlySet<number>;
  readonly lastSequence: number;
  /** In the order in which they are asked. */
  readonly tables: readonly { readonly level: number; readonly table: TableInfo }[];
  readonly open: (file: FileNumber) => SstReader;
  readonly nowMicros: () => number;
}

/** Where a get tells its steps, and under which number. */
export interface Telling {
  readonly sink: EventSink;
  readonly operation: OperationId;
}

const PREVIEW_BYTES = 64;
const ALWAYS = (): boolean => true;

/** A version that was found, and where. */
interface Answer extends FoundVersion {
  readonly source: 'memtable' | 'immutable' | 'table';
  readonly level: number;
  readonly file: FileNumber;
}

/**
 * The value of `key`; each step is told when somebody listens.
 * @throws LsmError when a table on the way cannot be read.
 */
export function tracedGet(
  places: Places,
  key: Uint8Array,
  telling: Telling | undefined,
): Uint8Array | undefined {
  return new PlacedGet(places, key, telling).run();
}

class PlacedGet {
  private readonly places: Places;
  private readonly rules: ValueRules;
  private readonly key: Uint8Array;
  private readonly sink: EventSink | undefined;
  private readonly operation: OperationId;
  /** Found and not deleted, newest first. */
  private readonly versions: FoundVersion[] = [];
  /** The first of them, or the newest that is deleted by a range. */
  private answer: Answer | undefined;
  /** The newest deletion of a range over the key, in the places asked so far. */
  private coveredBy = 0;
  private isSettled = false;
  private tablesConsidered = 0;
  private filterNegatives = 0;
  private blocksRead = 0;

  constructor(places: Places, key: Uint8Array, telling: Telling | undefined) {
    this.places = places;
    this.rules = places.rules ?? NEWEST_ALONE;
    this.key = key;
    this.sink = telling?.sink;
    this.operation = telling?.operation ?? 0;
  }

  run(): Uint8Array | undefined {
    const { places, key, sink, operation } = this;
    const began = places.nowMicros();
    sink?.emit({
      kind: 'get.begin',
      operation,
      family: places.family ?? 0,
      key: key.slice(),
      sequence: places.lastSequence,
      snapshot: false,
    });
    this.askMemory();
    this.askTables();
    const { versions, answer } = this;
    const value = versions.length === 0 ? undefined : this.rules.valueOf(key, versions);
    const operands = versions.filter(({ code }) => this.rules.needsOlder(code)).length;
    if (operands > 0) this.tellMerge(operands, value);
    sink?.emit({
      kind: 'get.end',
      operation,
      result: this.result(value),
      coveredBy: versions.length === 0 ? this.coveredBy : 0,
      source: answer?.source ?? 'none',
      level: answer?.level ?? -1,
      file: answer?.file ?? 0,
      sequence: answer?.sequence ?? 0,
      valueSizeBytes: value?.length ?? 0,
      valuePreview: value?.slice(0, PREVIEW_BYTES) ?? new Uint8Array(0),
      operands,
      tablesConsidered: this.tablesConsidered,
      filterNegatives: this.filterNegatives,
      blocksRead: this.blocksRead,
      blocksFromCache: 0,
      durationMicros: Math.round(places.nowMicros() - began),
    });
    return value;
  }

  private result(value: Uint8Array | undefined): 'found' | 'tombstone' | 'absent' {
    if (value !== undefined) return 'found';
    return this.answer === undefined && this.coveredBy === 0 ? 'absent' : 'tombstone';
  }

  private askMemory(): void {
    for (const [index, place] of this.places.memtables.entries()) {
      if (this.isSettled) return;
      this.askMemtable(place, index > 0);
    }
  }

  /** Takes what a place has found, newest first. */
  private take(
    found: readonly FoundVersion[],
    at: Pick<Answer, 'source' | 'level' | 'file'>,
  ): void {
    for (const version of found) {
      if (this.isSettled) return;
      this.answer ??= { ...version, ...at };
      const isDeleted = version.sequence < this.coveredBy;
      if (!isDeleted) this.versions.push(version);
      if (!isDeleted && this.rules.needsOlder(version.code)) this.tellOperand(version, at);
      this.isSettled = isDeleted || !this.rules.needsOlder(version.code);
    }
  }

  private tellOperand(
    { sequence, value }: FoundVersion,
    at: Pick<Answer, 'source' | 'level' | 'file'>,
  ): void {
    this.sink?.emit({
      kind: 'get.operand',
      operation: this.operation,
      ...at,
      sequence,
      operandSizeBytes: value.length,
      operandPreview: value.slice(0, PREVIEW_BYTES),
      operands: this.versions.length,
    });
  }

  private tellMerge(operands: number, value: Uint8Array | undefined): void {
    const oldest = this.versions.at(-1)!;
    const isBase = entryKindOf(oldest.code) === 'put';
    this.sink?.emit({
      kind: 'get.merge',
      operation: this.operation,
      operator: this.rules.mergedBy,
      operands,
      baseSequence: isBase ? oldest.sequence : 0,
      outcome: 'merged',
      valueSizeBytes: value?.length ?? 0,
      valuePreview: value?.slice(0, PREVIEW_BYTES) ?? new Uint8Array(0),
      durationMicros: 0,
    });
  }

  private askMemtable(place: MemoryPlace, immutable: boolean): void {
    const { places, key, sink, operation } = this;
    const coveredBy = newestOver(place.rangeDeletes ?? [], key, places.compare);
    this.coveredBy = Math.max(this.coveredBy, coveredBy);
    const found = this.inList(place.entries);
    sink?.emit({
      kind: 'memtable.lookup',
      operation,
      memtable: place.memtable,
      immutable,
      path: [],
      result: lookupResult(found[0]?.code),
      coveredBy,
      sequence: found[0]?.sequence ?? 0,
      passedOver: 0,
    });
    this.take(found, { source: immutable ? 'immutable' : 'memtable', level: -1, file: 0 });
  }

  private inList(entries: readonly ListedEntry[]): FoundVersion[] {
    const { places, key, rules } = this;
    const cursor = new ListCursor(entries, places.compare);
    const found: FoundVersion[] = [];
    for (cursor.seek(key); cursor.valid; cursor.next()) {
      if (places.compare(cursor.key, cursor.keyLength, key, key.length) !== 0) break;
      if (places.hidden?.has(cursor.sequence) === true) continue;
      found.push({ sequence: cursor.sequence, code: cursor.code, value: cursor.value() });
      if (!rules.needsOlder(cursor.code)) break;
    }
    return found;
  }

  private askTables(): void {
    for (const { level, table } of this.places.tables) {
      if (this.isSettled) return;
      if (!this.mayHold(table)) {
        if (level === 0) this.tellSkipped(level, table.file);
        continue;
      }
      this.tablesConsidered++;
      this.askTable(level, table.file);
    }
  }

  private askTable(level: number, file: FileNumber): void {
    const { places, key, sink, operation, rules } = this;
    const { nowMicros } = places;
    const reader = places.open(file);
    const coveredBy = newestOver(reader.rangeDeletions(), key, places.compare);
    this.coveredBy = Math.max(this.coveredBy, coveredBy);
    if (coveredBy > 0) sink?.emit({ kind: 'table.cover', operation, level, file, coveredBy });
    const trace: LookupTrace | undefined =
      sink === undefined ? undefined : { sink, operation, level, file, nowMicros };
    const { hidden } = places;
    const needsOlder = hidden === undefined || hidden.size === 0 ? rules.needsOlder : ALWAYS;
    const { found, older, ...counts } = lookUp(reader, key, places.compare, trace, needsOlder);
    this.blocksRead += counts.blocksRead;
    if (counts.filterSaidNo) this.filterNegatives++;
    if (found === undefined) return;
    const seen = [found, ...older].filter(({ sequence }) => hidden?.has(sequence) !== true);
    this.take(seen, { source: 'table', level, file });
  }

  private mayHold({ smallestKey, largestKey }: TableInfo): boolean {
    const { key, places } = this;
    return (
      places.compare(smallestKey, smallestKey.length, key, key.length) <= 0 &&
      places.compare(largestKey, largestKey.length, key, key.length) >= 0
    );
  }

  private tellSkipped(level: number, file: FileNumber): void {
    const { sink, operation } = this;
    sink?.emit({ kind: 'table.skip', operation, level, file, reason: 'key-range' });
  }
}
