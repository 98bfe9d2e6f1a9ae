// What a tree's state may look like when it comes from a file or over a wire.

import {
  compactionInput,
  counters,
  entryKind,
  files,
  key,
  levelTarget,
  LIST_MAX,
  mergeTotals,
  tableInfo,
  transactionState,
  walState,
  words,
} from './eventShapes.ts';
import type { Schema } from './schema.ts';
import {
  boolean,
  choice,
  count,
  either,
  list,
  map,
  nullable,
  number,
  record,
  text,
  union,
} from './schema.ts';
import type {
  FamilyState,
  JobState,
  LevelState,
  MemtableState,
  Problem,
  StallState,
  StoreInfo,
  TreeState,
} from './treeState.ts';

const storeInfo: Schema<StoreInfo> = record<StoreInfo>({
  directory: words,
  engine: words,
  engineVersion: words,
  comparator: words,
  readOnly: boolean,
  strategy: words,
  options: map(either(number, boolean, words), 1000),
});

const memtableState: Schema<MemtableState> = record<MemtableState>({
  memtable: count,
  entries: count,
  tombstones: count,
  rangeDeletes: count,
  sizeBytes: count,
  capacityBytes: count,
  nodes: list(
    record({ key, sequence: count, entryKind, valueSizeBytes: count, height: count }),
    10_000,
  ),
});

const levelState: Schema<LevelState> = record<LevelState>({
  level: count,
  tables: list(tableInfo, LIST_MAX),
  sizeBytes: count,
  target: levelTarget,
});

const stallState: Schema<StallState> = record<StallState>({
  severity: choice('slowdown', 'stop'),
  limit: choice('l0-tables', 'immutable-memtables', 'pending-bytes'),
  value: number,
  limitValue: number,
  since: count,
});

const familyState: Schema<FamilyState> = record<FamilyState>({
  family: count,
  name: words,
  memtable: memtableState,
  immutables: list(memtableState, 1000),
  levels: list(levelState, 1000),
  ghosts: list(tableInfo, LIST_MAX),
  stall: nullable(stallState),
});

const jobState: Schema<JobState> = union<JobState, 'kind'>('kind', {
  flush: record({
    job: count,
    family: count,
    memtable: count,
    file: count,
    entries: count,
    entriesDone: count,
    bytesWritten: count,
    beganAt: count,
  }),
  compaction: record({
    job: count,
    family: count,
    inputs: list(compactionInput, 1000),
    outputLevel: count,
    entries: count,
    sizeBytes: count,
    totals: mergeTotals,
    outputs: files,
    beganAt: count,
  }),
});

const problem: Schema<Problem> = record<Problem>({
  code: words,
  message: text(100_000),
  file: words,
  offset: number,
});

/** A state, whole. */
export const treeStateSchema: Schema<TreeState> = record<TreeState>({
  store: storeInfo,
  eventNumber: count,
  timeMicros: count,
  lastSequence: count,
  wal: walState,
  families: list(familyState, 10_000),
  cache: record({ sizeBytes: count, capacityBytes: count, blocks: count }),
  jobs: list(jobState, 1000),
  snapshots: files,
  transactions: list(transactionState, 100_000),
  manifest: record({ name: words, sizeBytes: count, edits: count }),
  counters,
  problems: list(problem, 10_000),
});
