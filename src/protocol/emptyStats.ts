// The figures of a store of which nothing has been measured.

import type { LatencyName, LatencyStats, LevelFlow } from './storeStats.ts';

/** Nothing was done to a level. */
export const NO_FLOW: LevelFlow = {
  jobs: 0,
  bytesReadAbove: 0,
  bytesReadOwn: 0,
  bytesWritten: 0,
  bytesMoved: 0,
  entriesIn: 0,
  entriesDropped: 0,
  durationMicros: 0,
  filterChecks: 0,
  filterNegatives: 0,
  filterFalsePositives: 0,
};

const NEVER: LatencyStats = {
  count: 0,
  sumMicros: 0,
  maxMicros: 0,
  p50Micros: 0,
  p90Micros: 0,
  p99Micros: 0,
  p999Micros: 0,
  belowPowers: [0],
};

/** Nothing was timed. */
export const NO_LATENCIES: Readonly<Record<LatencyName, LatencyStats>> = {
  get: NEVER,
  write: NEVER,
  sync: NEVER,
  flush: NEVER,
  compaction: NEVER,
  stall: NEVER,
  blockRead: NEVER,
};
