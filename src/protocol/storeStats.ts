// A store in figures, as `stats()` answers. docs/metrics.md says how each is reckoned.

import type { Counters } from './events.ts';

/** What was done to one level since the store was opened. */
export interface LevelFlow {
  /** Flushes into it (level 0), or compactions whose output level it was. */
  readonly jobs: number;
  /** Input bytes of those compactions that lay in shallower levels. */
  readonly bytesReadAbove: number;
  /** Input bytes of those compactions that lay in this level already. */
  readonly bytesReadOwn: number;
  readonly bytesWritten: number;
  /** Tables that came from another level as they were. */
  readonly bytesMoved: number;
  readonly entriesIn: number;
  /** Shadowed versions and needless tombstones among them, which were not written again. */
  readonly entriesDropped: number;
  readonly durationMicros: number;
  /** Asked by gets. */
  readonly filterChecks: number;
  readonly filterNegatives: number;
  readonly filterFalsePositives: number;
}

/** One level as it is. */
export interface LevelShape {
  readonly level: number;
  readonly tables: number;
  /** Sorted runs: places where a get may have to look. */
  readonly runs: number;
  readonly sizeBytes: number;
  readonly entries: number;
  readonly tombstones: number;
  readonly score: number;
}

/** One level, of all column families together, and what was done to it. */
export interface LevelStats extends LevelShape {
  /** Bytes written into it per byte that came from above; 0 when nothing came. */
  readonly writeAmplification: number;
  /** Its bytes per byte of the largest level. */
  readonly spaceAmplification: number;
  /** Share of filter checks on absent keys that said "maybe", since open. */
  readonly filterFalsePositiveRate: number;
  /** What its filters' bits and probes promise; 0 when it has none. */
  readonly filterPredictedRate: number;
  readonly flow: LevelFlow;
}

/** What is timed. */
export type LatencyName = 'get' | 'write' | 'sync' | 'flush' | 'compaction' | 'stall' | 'blockRead';

/** The durations of one kind of work since the store was opened, microseconds. */
export interface LatencyStats {
  /** Of those that were timed: each, or of `get`, `write` and `blockRead` one in 17. */
  readonly count: number;
  readonly sumMicros: number;
  readonly maxMicros: number;
  readonly p50Micros: number;
  readonly p90Micros: number;
  readonly p99Micros: number;
  readonly p999Micros: number;
  /** How many were shorter than 1, 2, 4, … microseconds, as far as any was longer. */
  readonly belowPowers: readonly number[];
}

/** One column family as it is. */
export interface FamilyStats {
  readonly family: number;
  readonly name: string;
  readonly memtableSizeBytes: number;
  readonly memtableEntries: number;
  readonly immutableMemtables: number;
  readonly levels: readonly LevelShape[];
}

/** Everything there is to say in figures. Every ratio is 0 when its denominator is. */
export interface StoreStats {
  readonly memtableSizeBytes: number;
  readonly memtableEntries: number;
  readonly immutableMemtables: number;
  readonly tables: number;
  /** Entries in tables, versions and tombstones included. */
  readonly tableEntries: number;
  readonly tombstones: number;
  readonly diskUsageBytes: number;
  readonly walSizeBytes: number;
  readonly lastSequence: number;
  readonly snapshots: number;
  readonly cacheSizeBytes: number;
  readonly cacheCapacityBytes: number;
  readonly levels: readonly LevelStats[];
  /** By their numbers; the figures above are those of all of them. */
  readonly families: readonly FamilyStats[];
  /** Bytes written to disk (log, flush, compaction) per byte the user wrote, since open. */
  readonly writeAmplification: number;
  /** Data blocks looked at (cache or disk) per get, since open. */
  readonly readAmplification: number;
  /** Table bytes on disk per byte of the largest level. */
  readonly spaceAmplification: number;
  /** Share of filter checks on absent keys that said "maybe". */
  readonly filterFalsePositiveRate: number;
  readonly cacheHitRate: number;
  /** Tables whose index and filter are in memory, and the bytes that these take. */
  readonly openTables: number;
  readonly openTablesSizeBytes: number;
  readonly latencies: Readonly<Record<LatencyName, LatencyStats>>;
  readonly counters: Counters;
}
