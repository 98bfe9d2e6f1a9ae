// How much lies in a range of keys, about, without reading it: tables inside the range count whole,
// those at its ends by their index, memtables by a sample of their entries. Off by no more than a
// block at each end of each run, and by the sample's chance.

import { compareBytes } from '../../base/bytes.ts';
import type { TableInfo } from '../../protocol/events.ts';
import type { EngineState } from '../engineState.ts';
import type { ColumnFamily } from '../family/columnFamily.ts';
import type { FamilyState } from '../family/familyState.ts';
import { SEQUENCE_MAX } from '../iterator/entryIterator.ts';
import { overlappingInLevel } from '../manifest/version.ts';
import type { TableReader } from '../table/tableReader.ts';

/** A range of keys. */
export interface SizeRange {
  /** The default column family when left out. */
  readonly family?: ColumnFamily | undefined;
  /** Smallest key, included; unbounded when left out. */
  readonly from?: Uint8Array | undefined;
  /** Where to end, not included; unbounded when left out. */
  readonly to?: Uint8Array | undefined;
}

/** What lies in a range, about. */
export interface ApproximateSize {
  /** Bytes in table files, as they are on disk. */
  readonly tableBytes: number;
  /** Bytes that its entries take in memtables. */
  readonly memtableBytes: number;
  /** In both; every version and every tombstone counts. */
  readonly entries: number;
}

/**
 * Adds up a family's tables and memtables.
 * @throws LsmError `CORRUPTION`, `IO` when the index of a table at an end cannot be read.
 */
export function approximateSizeOf(
  state: EngineState,
  family: FamilyState,
  range: SizeRange,
): ApproximateSize {
  const sum = { tableBytes: 0, memtableBytes: 0, entries: 0 };
  if (isEmptyRange(range)) return sum;
  for (const level of family.version.levels) {
    for (const table of overlappingInLevel(level, { from: range.from, to: range.to })) {
      const part = isInside(table, range) ? table : partOf(state.tables.reader(table), range);
      sum.tableBytes += part.sizeBytes;
      sum.entries += part.entries;
    }
  }
  for (const memtable of family.allMemtables()) {
    const share = memtable.shareOf(range);
    sum.memtableBytes += Math.round(share * memtable.sizeBytes);
    sum.entries += Math.round(share * memtable.entries);
  }
  return sum;
}

function isEmptyRange({ from, to }: SizeRange): boolean {
  return from !== undefined && to !== undefined && compareBytes(from, to) >= 0;
}

function isInside({ smallestKey, largestKey }: TableInfo, { from, to }: SizeRange): boolean {
  const begins = from === undefined || compareBytes(from, smallestKey) <= 0;
  return begins && (to === undefined || compareBytes(largestKey, to) < 0);
}

/** The blocks from the one that may hold `from` up to the one that may hold `to`. */
function partOf(
  { index }: TableReader,
  { from, to }: SizeRange,
): { readonly sizeBytes: number; readonly entries: number } {
  const first = from === undefined ? 0 : index.find(from, SEQUENCE_MAX, null);
  const end = to === undefined ? index.blockCount : index.find(to, SEQUENCE_MAX, null);
  if (first === index.blockCount) return { sizeBytes: 0, entries: 0 };
  // Both ends lie in one block: half of it, for want of a better guess.
  if (first >= end) {
    return {
      sizeBytes: index.sizeOf(first) / 2,
      entries: Math.ceil(index.entriesOf(first) / 2),
    };
  }
  let entries = 0;
  for (let block = first; block < end; block++) entries += index.entriesOf(block);
  return { sizeBytes: index.offsetOf(end) - index.offsetOf(first), entries };
}
