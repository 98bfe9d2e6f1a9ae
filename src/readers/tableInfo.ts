// A table as viewers draw it, from what a manifest says of it.

import type { TableInfo } from '../protocol/events.ts';
import { parseInternalKey } from './internalKey.ts';

/** A table's line in a manifest. Keys are internal. */
export interface ManifestTable {
  readonly number: number;
  readonly sizeBytes: number;
  readonly smallest: Uint8Array;
  readonly largest: Uint8Array;
}

/** What the manifest says of a table, and its place among the runs. */
export interface NamedTable {
  readonly name: string;
  readonly table: ManifestTable;
  /** As in `TableInfo`. */
  readonly run: number;
  /** Microseconds since 1970. */
  readonly createdMicros: number;
  readonly madeBy: TableInfo['madeBy'];
  /** The manifest's name, for messages. */
  readonly manifest: string;
}

/** A table of which only the manifest's line is known: its figures are 0, `uncounted` says so. */
export function uncountedTable(named: NamedTable): TableInfo {
  const { name, table, run, createdMicros, madeBy, manifest } = named;
  const smallest = parseInternalKey(table.smallest, manifest, -1);
  const largest = parseInternalKey(table.largest, manifest, -1);
  return {
    file: table.number,
    name,
    sizeBytes: table.sizeBytes,
    run,
    entries: 0,
    tombstones: 0,
    rangeDeletes: 0,
    smallestKey: smallest.userKey,
    largestKey: largest.userKey,
    smallestSequence: Math.min(smallest.sequence, largest.sequence),
    largestSequence: Math.max(smallest.sequence, largest.sequence),
    createdMicros,
    largestTimestampMicros: createdMicros,
    rawKeyBytes: 0,
    rawValueBytes: 0,
    dataBlocks: 0,
    filterSizeBytes: 0,
    indexSizeBytes: 0,
    compression: 'none',
    madeBy,
    uncounted: true,
  };
}
