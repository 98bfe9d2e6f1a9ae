// A foreign store in figures. What only a running engine counts (operations, cache, filters) is 0.

import { NO_COUNTS } from '../../protocol/emptyState.ts';
import { NO_FLOW, NO_LATENCIES } from '../../protocol/emptyStats.ts';
import type { LevelStats, StoreStats } from '../../protocol/storeStats.ts';
import type { StoredState, StoreReader } from '../../readers/storeReader.ts';

/** Figures of the directory as it is; reads tables whose engine keeps no figures. */
export function foreignStats(reader: StoreReader): StoreStats {
  const counted = [...reader.countedTables()];
  const state = reader.describe();
  const levels = levelsOf(state);
  const sum = (figure: (level: LevelStats) => number): number =>
    levels.reduce((total, level) => total + figure(level), 0);
  const tableBytes = sum(({ sizeBytes }) => sizeBytes);
  const largest = Math.max(0, ...levels.map(({ sizeBytes }) => sizeBytes));
  const walSizeBytes = state.wal.segments.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  const memtables = state.families.map(({ memtable }) => memtable);
  return {
    memtableSizeBytes: memtables.reduce((total, { sizeBytes }) => total + sizeBytes, 0),
    memtableEntries: memtables.reduce((total, { entries }) => total + entries, 0),
    immutableMemtables: state.families.flatMap(({ immutables }) => immutables).length,
    tables: counted.length,
    tableEntries: sum(({ entries }) => entries),
    tombstones: sum(({ tombstones }) => tombstones),
    diskUsageBytes: tableBytes + walSizeBytes + state.manifest.sizeBytes,
    walSizeBytes,
    lastSequence: state.lastSequence,
    snapshots: 0,
    cacheSizeBytes: 0,
    cacheCapacityBytes: 0,
    levels,
    writeAmplification: 0,
    readAmplification: 0,
    spaceAmplification: largest === 0 ? 0 : tableBytes / largest,
    filterFalsePositiveRate: 0,
    cacheHitRate: 0,
    openTables: 0,
    openTablesSizeBytes: 0,
    latencies: NO_LATENCIES,
    counters: NO_COUNTS,
  };
}

function levelsOf({ families }: StoredState): LevelStats[] {
  return families.flatMap(({ levels }) =>
    levels.map(({ level, tables, sizeBytes, target }) => ({
      level,
      tables: tables.length,
      runs: new Set(tables.map(({ run }) => run)).size,
      sizeBytes,
      entries: tables.reduce((total, { entries }) => total + entries, 0),
      tombstones: tables.reduce((total, { tombstones }) => total + tombstones, 0),
      score: target.score,
      writeAmplification: 0,
      spaceAmplification: 0,
      filterFalsePositiveRate: 0,
      filterPredictedRate: 0,
      flow: NO_FLOW,
    })),
  );
}
