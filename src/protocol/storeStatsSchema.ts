// What the figures of a store may look like when they come from outside.

import { counters } from './eventShapes.ts';
import { count, list, number, record, text } from './schema.ts';
import type { Schema } from './schema.ts';
import type {
  FamilyStats,
  LatencyStats,
  LevelFlow,
  LevelShape,
  LevelStats,
  StoreStats,
} from './storeStats.ts';

const levelFlow: Schema<LevelFlow> = record<LevelFlow>({
  jobs: count,
  bytesReadAbove: count,
  bytesReadOwn: count,
  bytesWritten: count,
  bytesMoved: count,
  entriesIn: count,
  entriesDropped: count,
  durationMicros: count,
  filterChecks: count,
  filterNegatives: count,
  filterFalsePositives: count,
});

const levelShape = {
  level: count,
  tables: count,
  runs: count,
  sizeBytes: count,
  entries: count,
  tombstones: count,
  score: number,
};

const levelStats: Schema<LevelStats> = record<LevelStats>({
  ...levelShape,
  writeAmplification: number,
  spaceAmplification: number,
  filterFalsePositiveRate: number,
  filterPredictedRate: number,
  flow: levelFlow,
});

const familyStats: Schema<FamilyStats> = record<FamilyStats>({
  family: count,
  name: text(1000),
  memtableSizeBytes: count,
  memtableEntries: count,
  immutableMemtables: count,
  levels: list(record<LevelShape>(levelShape), 1000),
});

const latency: Schema<LatencyStats> = record<LatencyStats>({
  count,
  sumMicros: count,
  maxMicros: count,
  p50Micros: count,
  p90Micros: count,
  p99Micros: count,
  p999Micros: count,
  belowPowers: list(count, 64),
});

/** The answer to `stats`. */
export const storeStatsSchema: Schema<StoreStats> = record<StoreStats>({
  memtableSizeBytes: count,
  memtableEntries: count,
  immutableMemtables: count,
  tables: count,
  tableEntries: count,
  tombstones: count,
  diskUsageBytes: count,
  walSizeBytes: count,
  lastSequence: count,
  snapshots: count,
  cacheSizeBytes: count,
  cacheCapacityBytes: count,
  levels: list(levelStats, 1000),
  families: list(familyStats, 100_000),
  writeAmplification: number,
  readAmplification: number,
  spaceAmplification: number,
  filterFalsePositiveRate: number,
  cacheHitRate: number,
  openTables: count,
  openTablesSizeBytes: count,
  latencies: record({
    get: latency,
    write: latency,
    sync: latency,
    flush: latency,
    compaction: latency,
    stall: latency,
    blockRead: latency,
  }),
  counters,
});
