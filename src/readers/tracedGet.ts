// A get in a foreign store, place by place, newest first: memory, then the tables in the order in
// which their engine asks them. The first version found is the answer.

import type { EventSink } from '../protocol/eventSink.ts';
import type { FileNumber, OperationId, TableInfo } from '../protocol/events.ts';
import { entryKindOf } from './internalKey.ts';
import type { CompareKeys } from './keyOrder.ts';
import { ListCursor } from './listCursor.ts';
import type { ListedEntry } from './listCursor.ts';
import type { FoundVersion, LookupTrace } from './sst/sstLookup.ts';
import { lookUp } from './sst/sstLookup.ts';
import type { SstReader } from './sst/sstReader.ts';

/** A memtable as a log has it. */
export interface MemoryPlace {
  /** The number it is drawn with. */
  readonly memtable: number;
  readonly entries: readonly ListedEntry[];
}

/** Where a key may be. */
export interface Places {
  readonly compare: CompareKeys;
  /** What only logs hold, each in order, the newest first. */
  readonly memtables: readonly MemoryPlace[];
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

const CODE_PUT = 1;
const PREVIEW_BYTES = 64;

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
  const get = new PlacedGet(places, key, telling);
  const answer = get.run();
  return answer?.code === CODE_PUT ? answer.value : undefined;
}

class PlacedGet {
  private readonly places: Places;
  private readonly key: Uint8Array;
  private readonly sink: EventSink | undefined;
  private readonly operation: OperationId;
  private tablesConsidered = 0;
  private filterNegatives = 0;
  private blocksRead = 0;

  constructor(places: Places, key: Uint8Array, telling: Telling | undefined) {
    this.places = places;
    this.key = key;
    this.sink = telling?.sink;
    this.operation = telling?.operation ?? 0;
  }

  run(): Answer | undefined {
    const { places, key, sink, operation } = this;
    const began = places.nowMicros();
    sink?.emit({
      kind: 'get.begin',
      operation,
      family: 0,
      key: key.slice(),
      sequence: places.lastSequence,
      snapshot: false,
    });
    const answer = this.inMemory() ?? this.inTables();
    const value = answer?.code === CODE_PUT ? answer.value : undefined;
    sink?.emit({
      kind: 'get.end',
      operation,
      result: resultOf(answer),
      coveredBy: 0,
      source: answer?.source ?? 'none',
      level: answer?.level ?? -1,
      file: answer?.file ?? 0,
      sequence: answer?.sequence ?? 0,
      valueSizeBytes: value?.length ?? 0,
      valuePreview: value?.slice(0, PREVIEW_BYTES) ?? new Uint8Array(0),
      operands: 0,
      tablesConsidered: this.tablesConsidered,
      filterNegatives: this.filterNegatives,
      blocksRead: this.blocksRead,
      blocksFromCache: 0,
      durationMicros: Math.round(places.nowMicros() - began),
    });
    return answer;
  }

  private inMemory(): Answer | undefined {
    for (const [index, place] of this.places.memtables.entries()) {
      const answer = this.inMemtable(place, index > 0);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  private inMemtable({ memtable, entries }: MemoryPlace, immutable: boolean): Answer | undefined {
    const { places, key, sink, operation } = this;
    const cursor = new ListCursor(entries, places.compare);
    cursor.seek(key);
    const isFound =
      cursor.valid && places.compare(cursor.key, cursor.keyLength, key, key.length) === 0;
    const found = isFound
      ? { sequence: cursor.sequence, code: cursor.code, value: cursor.value() }
      : undefined;
    sink?.emit({
      kind: 'memtable.lookup',
      operation,
      memtable,
      immutable,
      path: [],
      result: resultOf(found),
      coveredBy: 0,
      sequence: found?.sequence ?? 0,
      passedOver: 0,
    });
    if (found === undefined) return undefined;
    return { ...found, source: immutable ? 'immutable' : 'memtable', level: -1, file: 0 };
  }

  private inTables(): Answer | undefined {
    const { places } = this;
    for (const { level, table } of places.tables) {
      if (!this.mayHold(table)) {
        if (level === 0) this.tellSkipped(level, table.file);
        continue;
      }
      this.tablesConsidered++;
      const found = this.inTable(level, table.file);
      if (found !== undefined) return { ...found, source: 'table', level, file: table.file };
    }
    return undefined;
  }

  private inTable(level: number, file: FileNumber): FoundVersion | undefined {
    const { places, key, sink, operation } = this;
    const { nowMicros } = places;
    const trace: LookupTrace | undefined =
      sink === undefined ? undefined : { sink, operation, level, file, nowMicros };
    const answer = lookUp(places.open(file), key, places.compare, trace);
    this.blocksRead += answer.blocksRead;
    if (answer.filterSaidNo) this.filterNegatives++;
    return answer.found;
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

function resultOf(found: FoundVersion | undefined): 'found' | 'tombstone' | 'absent' {
  if (found === undefined) return 'absent';
  return entryKindOf(found.code) === 'put' ? 'found' : 'tombstone';
}
