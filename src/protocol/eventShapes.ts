// What the parts that many events share may look like: keys, tables, search steps, totals.

import { COMPRESSION_NAMES } from '../base/compression/blockCodec.ts';
import type { CompressionName } from '../base/compression/blockCodec.ts';
import { NO_COUNTS } from './emptyState.ts';
import type { MergeDecision } from './compactionEvents.ts';
import type {
  CompactionCandidate,
  CompactionInput,
  CompactionReason,
  Counters,
  EntryKind,
  FilterInsertion,
  FilterProbe,
  Gauges,
  HalvingStep,
  LevelTarget,
  MemtableGauges,
  MergeHead,
  MergeTotals,
  PlacedTable,
  SearchStep,
  TableInfo,
  WriteEntry,
} from './events.ts';
import type { TransactionState, WalState } from './treeState.ts';
import type { Schema } from './schema.ts';
import {
  boolean,
  bytes,
  choice,
  count,
  list,
  nullable,
  number,
  optional,
  pair,
  record,
  text,
  union,
} from './schema.ts';

const KIB = 1024;

/** Longest list in an event; a job may have this many inputs or outputs. */
export const LIST_MAX = 200_000;

/** A key: at most 1 MiB, the engine's own limit; a byte more where a range delete was cut. */
export const key: Schema<Uint8Array> = bytes(KIB * KIB + 1);
/** The first bytes of a value. */
export const preview: Schema<Uint8Array> = bytes(KIB);
/** A name or a reason. */
export const words: Schema<string> = text(10_000);
export const entryKind: Schema<EntryKind> = choice(
  'put',
  'delete',
  'merge',
  'single-delete',
  'range-delete',
);
/** Two unsigned 32-bit words of a hash. */
export const hashWords: Schema<readonly [number, number]> = pair(count, count);
export const files: Schema<readonly number[]> = list(count, LIST_MAX);

export const compression: Schema<CompressionName> = choice(...COMPRESSION_NAMES);

export const tableInfo: Schema<TableInfo> = record<TableInfo>({
  file: count,
  name: words,
  sizeBytes: count,
  run: count,
  entries: count,
  tombstones: count,
  rangeDeletes: count,
  smallestKey: key,
  largestKey: key,
  smallestSequence: count,
  largestSequence: count,
  createdMicros: count,
  largestTimestampMicros: count,
  rawKeyBytes: count,
  rawValueBytes: count,
  dataBlocks: count,
  filterSizeBytes: count,
  indexSizeBytes: count,
  compression,
  madeBy: choice('flush', 'compaction', 'ingest', 'unknown'),
  uncounted: optional(boolean),
});

export const placedTable: Schema<PlacedTable> = record<PlacedTable>({
  level: count,
  table: tableInfo,
});

export const searchStep: Schema<SearchStep> = record<SearchStep>({
  level: count,
  key: nullable(key),
  sequence: count,
  went: choice('right', 'down'),
});

export const halvingStep: Schema<HalvingStep> = record<HalvingStep>({
  low: number,
  middle: number,
  high: number,
  key,
  comparison: number,
});

export const filterProbe: Schema<FilterProbe> = record<FilterProbe>({ bit: count, set: boolean });

export const filterInsertion: Schema<FilterInsertion> = record<FilterInsertion>({
  key,
  bits: list(count, 256),
});

export const writeEntry: Schema<WriteEntry> = record<WriteEntry>({
  family: count,
  kind: entryKind,
  key,
  valueSizeBytes: count,
  valuePreview: preview,
});

const mergeResult = record({ verdict: choice('keep'), operands: count, valueSizeBytes: count });

export const mergeDecision: Schema<MergeDecision> = union<MergeDecision, 'because'>('because', {
  'newest-version': record({ verdict: choice('keep') }),
  'snapshot-needs-it': record({ verdict: choice('keep'), snapshot: count }),
  'tombstone-may-hide-older': record({ verdict: choice('keep'), level: count }),
  'tombstone-hides-kept': record({ verdict: choice('keep'), kept: count }),
  shadowed: record({ verdict: choice('drop'), by: count }),
  'tombstone-nothing-older-below': record({ verdict: choice('drop') }),
  'older-delete-hides': record({ verdict: choice('drop'), by: count }),
  'range-deleted': record({ verdict: choice('drop'), by: count }),
  expired: record({ verdict: choice('drop') }),
  'single-delete-annihilated': record({ verdict: choice('drop'), with: count }),
  'operand-awaits-base': record({ verdict: choice('keep'), level: count }),
  'merge-failed': record({ verdict: choice('keep') }),
  'operands-merged': mergeResult,
  'operands-combined': mergeResult,
  merged: record({ verdict: choice('drop'), into: count }),
});

export const compactionCandidate: Schema<CompactionCandidate> = record<CompactionCandidate>({
  level: count,
  subject: words,
  score: number,
  measure: choice('files', 'bytes', 'runs', 'percent', 'seconds', 'manual'),
  value: number,
  limit: number,
  chosen: boolean,
  why: words,
});

/** The rules by which strategies choose. */
export const compactionReason: Schema<CompactionReason> = choice(
  'level-score',
  'size-ratio',
  'size-amplification',
  'run-count',
  'window-closed',
  'expired',
  'size-limit',
  'manual',
);

export const compactionInput: Schema<CompactionInput> = record<CompactionInput>({
  level: count,
  files,
});

export const mergeTotals: Schema<MergeTotals> = record<MergeTotals>({
  entriesIn: count,
  entriesOut: count,
  shadowed: count,
  tombstonesDropped: count,
  rangeDeleted: count,
  annihilated: count,
  expired: count,
  merged: count,
  rangeDeletesIn: count,
  rangeDeletesOut: count,
  bytesRead: count,
  bytesWritten: count,
  waitedMicros: count,
});

export const mergeHead: Schema<MergeHead> = record<MergeHead>({
  key,
  sequence: count,
  file: count,
  level: count,
});

export const levelTarget: Schema<LevelTarget> = record<LevelTarget>({
  level: count,
  score: number,
  measure: choice('files', 'bytes', 'runs', 'sublevels'),
  limit: number,
});

export const counters: Schema<Counters> = record<Counters>(
  Object.fromEntries(Object.keys(NO_COUNTS).map((name) => [name, count])) as {
    readonly [Name in keyof Counters]: Schema<number>;
  },
);

export const walState: Schema<WalState> = record<WalState>({
  segments: list(
    record({
      file: count,
      sizeBytes: count,
      syncedBytes: nullable(count),
      records: count,
      recordsUnsynced: nullable(count),
    }),
    LIST_MAX,
  ),
  active: count,
});

const memtableGauges: Schema<MemtableGauges> = record<MemtableGauges>({
  family: count,
  memtable: count,
  entries: count,
  tombstones: count,
  rangeDeletes: count,
  sizeBytes: count,
});

export const transactionState: Schema<TransactionState> = record<TransactionState>({
  transaction: count,
  isolation: choice('snapshot', 'serializable'),
  sequence: count,
  entries: count,
  sizeBytes: count,
  keysRead: count,
  rangesRead: count,
  savepoints: count,
});

export const gauges: Schema<Gauges> = record<Gauges>({
  lastSequence: count,
  wal: walState,
  memtables: list(memtableGauges, 10_000),
  cache: record({ sizeBytes: count, blocks: count }),
  transactions: list(transactionState, 100_000),
  counters,
});
