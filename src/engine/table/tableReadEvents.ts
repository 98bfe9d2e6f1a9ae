// What a table's reader tells about its steps. Called only when somebody listens.

import type { EventSink } from '../../protocol/eventSink.ts';
import type { FilterProbe, HalvingStep } from '../../protocol/events.ts';
import { isTombstone, KIND_MERGE } from '../entryKind.ts';
import type { EntryKindCode } from '../entryKind.ts';
import type { Entry } from '../iterator/entry.ts';
import type { BlockSearch } from './blockSearch.ts';
import type { Filter } from './filter.ts';
import type { BlockReadOptions, GetTrace, ReadContext } from './readContext.ts';
import type { TableReader } from './tableReader.ts';

/** What a place says of a key, by the newest version there: `undefined` when there is none. */
export function lookupResult(
  kind: number | undefined,
): 'found' | 'tombstone' | 'operand' | 'absent' {
  if (kind === undefined) return 'absent';
  if (kind === KIND_MERGE) return 'operand';
  return isTombstone(kind as EntryKindCode) ? 'tombstone' : 'found';
}

export function tellFilterCheck(
  table: TableReader,
  filter: Filter,
  hash: Uint32Array,
  probes: readonly FilterProbe[],
  maybe: boolean,
  trace: GetTrace,
  sink: EventSink,
): void {
  const line = filter.lineOf(hash);
  sink.emit({
    kind: 'filter.check',
    operation: trace.operation,
    level: trace.level,
    file: table.file,
    hash: [hash[0]!, hash[1]!],
    bitCount: filter.bitCount,
    line,
    lineBytes: filter.lineBytes(line),
    probes,
    probesMax: filter.probes,
    verdict: maybe ? 'maybe' : 'absent',
    predictedFalsePositiveRate: filter.predictedRate,
  });
}

/** @param block the data block found, or -1. */
export function tellIndexSeek(
  table: TableReader,
  steps: readonly HalvingStep[],
  block: number,
  trace: GetTrace,
  sink: EventSink,
): void {
  sink.emit({
    kind: 'index.seek',
    operation: trace.operation,
    level: trace.level,
    file: table.file,
    blocks: table.index.blockCount,
    steps,
    block,
  });
}

/** @param began monotonic microseconds when the read began. */
export function tellBlockRead(
  table: TableReader,
  block: number,
  cacheHit: boolean,
  began: number,
  options: BlockReadOptions,
  context: ReadContext,
): void {
  context.sink.emit({
    kind: 'block.read',
    operation: options.operation,
    file: table.file,
    block,
    offset: table.index.offsetOf(block),
    sizeBytes: table.index.sizeOf(block),
    rawSizeBytes: table.index.rawSizeOf(block),
    cacheHit,
    durationMicros: context.clock.monotonicMicros() - began,
    cacheSizeBytes: context.cache.sizeBytes,
    cacheBlocks: context.cache.blockCount,
  });
}

export function tellBlockSearch(
  table: TableReader,
  block: number,
  steps: readonly HalvingStep[],
  search: BlockSearch,
  found: Entry,
  trace: GetTrace,
  sink: EventSink,
): void {
  const { sameKey, passedOver } = search;
  sink.emit({
    kind: 'block.search',
    operation: trace.operation,
    level: trace.level,
    file: table.file,
    block,
    steps,
    entriesDecoded: search.decoded,
    result: lookupResult(sameKey ? found.kind : undefined),
    sequence: sameKey ? found.sequence : 0,
    passedOver,
    falsePositive: table.filter !== undefined && !sameKey && passedOver === 0,
  });
}
