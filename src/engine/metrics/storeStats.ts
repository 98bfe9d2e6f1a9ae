// The store in figures. Every ratio is 0 when its denominator is.

import type { LevelStats, StoreStats } from '../../protocol/messages.ts';
import type { EngineState } from '../engineState.ts';
import { tablesOfLevel } from '../manifest/version.ts';
import type { Level } from '../manifest/version.ts';

/** Figures as of now; amplifications and rates since the store was opened. */
export function statsOf(state: EngineState): StoreStats {
  const { counters, versions } = state;
  const family = state.families.default;
  const { memtables } = family;
  const targets = family.targets();
  const levels = family.version.levels.map((level) =>
    levelStats(level, targets[level.level]!.score),
  );
  const tableBytes = sum(levels, (level) => level.sizeBytes);
  const largestLevelBytes = Math.max(...levels.map((level) => level.sizeBytes));
  const walSizeBytes = state.wal.sizeBytes;
  return {
    memtableSizeBytes: memtables.active.sizeBytes,
    memtableEntries: memtables.active.entries,
    immutableMemtables: memtables.sealed.length,
    tables: sum(levels, (level) => level.tables),
    tableEntries: sum(levels, (level) => level.entries),
    tombstones: sum(levels, (level) => level.tombstones),
    diskUsageBytes:
      tableBytes + walSizeBytes + state.spareLogs.sizeBytes + versions.manifestState().sizeBytes,
    walSizeBytes,
    lastSequence: state.lastSequence,
    levels,
    writeAmplification: ratio(
      counters.walBytesWritten + counters.flushBytesWritten + counters.compactionBytesWritten,
      counters.userBytesWritten,
    ),
    readAmplification: ratio(counters.cacheHits + counters.cacheMisses, counters.gets),
    spaceAmplification: ratio(tableBytes, largestLevelBytes),
    filterFalsePositiveRate: ratio(
      counters.filterFalsePositives,
      counters.filterFalsePositives + counters.filterNegatives,
    ),
    openTables: state.tables.openTables,
    openTablesSizeBytes: state.tables.memoryBytes,
    cacheHitRate: ratio(counters.cacheHits, counters.cacheHits + counters.cacheMisses),
    counters: { ...counters },
  };
}

function levelStats(level: Level, score: number): LevelStats {
  const tables = tablesOfLevel(level);
  return {
    level: level.level,
    tables: level.tableCount,
    sizeBytes: level.sizeBytes,
    entries: sum(tables, (table) => table.entries),
    tombstones: sum(tables, (table) => table.tombstones),
    score,
  };
}

function sum<T>(items: readonly T[], figure: (item: T) => number): number {
  return items.reduce((total, item) => total + figure(item), 0);
}

function ratio(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}
