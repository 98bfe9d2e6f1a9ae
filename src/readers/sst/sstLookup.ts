// A get inside one table, as LevelDB does it: the index tells the one block that may hold the key,
// that block's filter whether it can, and only then the block is read and searched.

import { corruption } from '../../base/errors.ts';
import type { EventSink } from '../../protocol/eventSink.ts';
import type { FileNumber, HalvingStep, OperationId } from '../../protocol/events.ts';
import { lookupResult, sequenceAt, TRAILER_BYTES } from '../internalKey.ts';
import type { CompareKeys } from '../keyOrder.ts';
import { ProblemList } from '../problems.ts';
import { BlockCursor } from './block.ts';
import type { CompareKey } from './block.ts';
import { restartByHash } from './hashIndex.ts';
import { SstCursor } from './sstCursor.ts';
import type { SstReader } from './sstReader.ts';
import type { FilterVerdict, TableFilter } from './filters/tableFilter.ts';

/** A version that was found. */
export interface FoundVersion {
  readonly sequence: number;
  /** The kind's number on disk. */
  readonly code: number;
  readonly value: Uint8Array;
}

/** Where a lookup tells its steps. */
export interface LookupTrace {
  readonly sink: EventSink;
  readonly operation: OperationId;
  readonly level: number;
  readonly file: FileNumber;
  readonly nowMicros: () => number;
}

/** What was asked and answered in one table. */
export interface TableAnswer {
  readonly found: FoundVersion | undefined;
  /** What follows it, where older versions matter too; newest first. */
  readonly older: readonly FoundVersion[];
  readonly filterSaidNo: boolean;
  readonly blocksRead: number;
}

/** A line of a filter in events, bytes. */
const LINE_BYTES = 64;

const NOT_HERE: TableAnswer = {
  found: undefined,
  older: [],
  filterSaidNo: false,
  blocksRead: 0,
};

/**
 * The newest version of `key` in the table.
 * @param needsOlder whether what is older than a version of such a kind is asked for too.
 * @throws LsmError `CORRUPTION`, `NOT_SUPPORTED` or `IO`.
 */
export function lookUp(
  reader: SstReader,
  key: Uint8Array,
  compare: CompareKeys,
  trace: LookupTrace | undefined,
  needsOlder: (code: number) => boolean = () => false,
): TableAnswer {
  const block = seekIndex(reader, key, compare, trace);
  if (block >= reader.index.length) return NOT_HERE;
  const { offset } = reader.index[block]!.handle;
  const { filter } = reader;
  const verdict = filter?.check(key, offset);
  if (verdict !== undefined && trace !== undefined) tellFilter(trace, verdict);
  if (verdict?.mayContain === false) return { ...NOT_HERE, filterSaidNo: true };
  const found = searchBlock(reader, block, key, compare, filter, trace);
  const older =
    found !== undefined && needsOlder(found.code)
      ? olderVersions(reader, key, compare, needsOlder)
      : [];
  return { found, older, filterSaidNo: false, blocksRead: 1 };
}

/** All versions of `key` but the newest, up to the first that needs none older. */
function olderVersions(
  reader: SstReader,
  key: Uint8Array,
  compare: CompareKeys,
  needsOlder: (code: number) => boolean,
): FoundVersion[] {
  const problems = new ProblemList();
  const cursor = new SstCursor(reader, compare, problems);
  const versions: FoundVersion[] = [];
  cursor.seek(key);
  for (cursor.next(); cursor.valid; cursor.next()) {
    if (compare(cursor.key, cursor.keyLength, key, key.length) !== 0) break;
    const { sequence, code } = cursor;
    versions.push({ sequence, code, value: cursor.value().slice() });
    if (!needsOlder(code)) break;
  }
  const [fault] = problems.list();
  if (fault === undefined) return versions;
  const { file, offset, message } = fault;
  throw corruption(message, file, offset);
}

/** The first block whose last key is not before `key`. */
function seekIndex(
  reader: SstReader,
  key: Uint8Array,
  compare: CompareKeys,
  trace: LookupTrace | undefined,
): number {
  const steps: HalvingStep[] = [];
  let low = 0;
  let high = reader.index.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { key: last } = reader.index[middle]!;
    const order = compare(last, last.length, key, key.length);
    if (trace !== undefined) {
      steps.push({ low, middle, high: high - 1, key: last, comparison: -Math.sign(order) });
    }
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  const blocks = reader.index.length;
  const { sink, operation, level, file } = trace ?? {};
  if (sink !== undefined) {
    const block = low < blocks ? low : -1;
    sink.emit({
      kind: 'index.seek',
      operation: operation!,
      level: level!,
      file: file!,
      blocks,
      steps,
      block,
    });
  }
  return low;
}

function searchBlock(
  reader: SstReader,
  index: number,
  key: Uint8Array,
  compare: CompareKeys,
  filter: TableFilter | undefined,
  trace: LookupTrace | undefined,
): FoundVersion | undefined {
  const began = trace?.nowMicros() ?? 0;
  const isKept = reader.keepsBlock(index);
  const block = reader.dataBlock(index);
  const cursor = new BlockCursor(block);
  let decoded = 0;
  const restart = restartByHash(block, key);
  const order: CompareKey = (at, length) => {
    decoded++;
    return compare(at, Math.max(0, length - TRAILER_BYTES), key, key.length);
  };
  if (restart === 'unknown') cursor.seek(order);
  else if (restart !== 'absent') cursor.seekFrom(restart, order);
  const end = cursor.keyLength - TRAILER_BYTES;
  const isFound = cursor.valid && end >= 0 && compare(cursor.key, end, key, key.length) === 0;
  const found = isFound
    ? {
        sequence: reader.globalSequence ?? sequenceAt(cursor.key, end),
        code: cursor.key[end]!,
        value: cursor.copyValue(),
      }
    : undefined;
  if (trace !== undefined) {
    const { handle } = reader.index[index]!;
    const { sink, operation, level, file, nowMicros } = trace;
    sink.emit({
      kind: 'block.read',
      operation,
      file,
      block: index,
      offset: handle.offset,
      sizeBytes: handle.sizeBytes,
      rawSizeBytes: block.bytes.length,
      cacheHit: isKept,
      durationMicros: Math.round(nowMicros() - began),
      cacheSizeBytes: 0,
      cacheBlocks: 0,
    });
    sink.emit({
      kind: 'block.search',
      operation,
      level,
      file,
      block: index,
      steps: [],
      entriesDecoded: decoded,
      result: lookupResult(found?.code),
      sequence: found?.sequence ?? 0,
      passedOver: 0,
      falsePositive: filter !== undefined && !found && !hasAlike(cursor, key, filter),
    });
  }
  return found;
}

/** Whether a neighbour of where a key would stand is the same to the filter; moves the cursor. */
function hasAlike(cursor: BlockCursor, key: Uint8Array, filter: TableFilter): boolean {
  const isHere = (): boolean =>
    cursor.valid && filter.isAlike?.(cursor.copyKey().subarray(0, -TRAILER_BYTES), key) === true;
  if (isHere()) return true;
  if (cursor.valid) cursor.prev();
  else cursor.last();
  return isHere();
}

/** The part of the filter in which the last probe fell goes along, as large as a line of ours. */
function tellFilter({ sink, operation, level, file }: LookupTrace, verdict: FilterVerdict): void {
  const { mayContain, kind, hash, bitCount, probes, probesMax, bits } = verdict;
  const line = Math.floor((probes.at(-1)?.bit ?? 0) / (8 * LINE_BYTES));
  sink.emit({
    kind: 'filter.check',
    operation,
    level,
    file,
    hash,
    bitCount,
    line,
    lineBytes: bits.slice(line * LINE_BYTES, (line + 1) * LINE_BYTES),
    probes,
    probesMax,
    verdict: mayContain ? 'maybe' : 'absent',
    predictedFalsePositiveRate: kind === 'bloom' ? expectedRate(bits, probesMax) : 0.5 ** probesMax,
    ...(kind !== 'bloom' && { filterKind: kind }),
  });
}

/** The chance that all probes of an absent key meet set bits: the share of set bits, that often. */
function expectedRate(bits: Uint8Array, probes: number): number {
  let set = 0;
  for (const byte of bits) for (let rest = byte; rest !== 0; rest &= rest - 1) set++;
  return bits.length === 0 ? 1 : (set / (8 * bits.length)) ** probes;
}
