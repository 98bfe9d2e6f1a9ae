// The store in figures. Every ratio is 0 when its denominator is.

import type { TableInfo } from '../../protocol/events.ts';
import type { LevelFlow, LevelStats, StoreStats } from '../../protocol/storeStats.ts';
import type { EngineState } from '../engineState.ts';
import { tablesOfLevel } from '../manifest/version.ts';
import type { Level } from '../manifest/version.ts';
import { FILTER_LINE_BYTES } from '../table/filter.ts';
import { predictedFalsePositiveRate, probesFor } from '../table/filterRate.ts';

/** Figures as of now; amplifications and rates since the store was opened. */
export function statsOf(state: EngineState): StoreStats {
  const { counters, metrics, cache, versions } = state;
  const family = state.families.default;
  const { memtables } = family;
  const { bloomBitsPerKey } = family.options;
  const targets = family.targets();
  const largestLevelBytes = Math.max(...family.version.levels.map((level) => level.sizeBytes));
  const levels = family.version.levels.map((level) => {
    const { score } = targets[level.level]!;
    const flow = metrics.levels.flowOf(level.level);
    return levelStats(level, { score, flow, largestLevelBytes, bloomBitsPerKey });
  });
  const tableBytes = sum(levels, (level) => level.sizeBytes);
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
    snapshots: state.snapshots.list().length,
    cacheSizeBytes: cache.sizeBytes,
    cacheCapacityBytes: cache.capacityBytes,
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
    latencies: metrics.latencyStats(),
    counters: { ...counters },
  };
}

interface LevelContext {
  readonly score: number;
  readonly flow: LevelFlow;
  readonly largestLevelBytes: number;
  /** Of the store's options now; older tables may have other filters. */
  readonly bloomBitsPerKey: number;
}

function levelStats(level: Level, context: LevelContext): LevelStats {
  const { score, flow, largestLevelBytes, bloomBitsPerKey } = context;
  const tables = tablesOfLevel(level);
  const { filterFalsePositives, filterNegatives } = flow;
  return {
    level: level.level,
    tables: level.tableCount,
    runs: level.runs.length,
    sizeBytes: level.sizeBytes,
    entries: sum(tables, (table) => table.entries),
    tombstones: sum(tables, (table) => table.tombstones),
    score,
    writeAmplification: ratio(flow.bytesWritten, flow.bytesReadAbove),
    spaceAmplification: ratio(level.sizeBytes, largestLevelBytes),
    filterFalsePositiveRate: ratio(filterFalsePositives, filterFalsePositives + filterNegatives),
    filterPredictedRate: predictedRateOf(tables, bloomBitsPerKey),
    flow,
  };
}

/** What the filters of a level promise: the mean over its tables, by their entries. */
function predictedRateOf(tables: readonly TableInfo[], bloomBitsPerKey: number): number {
  const filtered = tables.filter((table) => table.filterSizeBytes > 0);
  const promised = sum(filtered, (table) => table.entries * rateOf(table, bloomBitsPerKey));
  return ratio(
    promised,
    sum(filtered, (table) => table.entries),
  );
}

/**
 * As if each entry were a key of its own, so rather too high than too low. The bits a key that a
 * filter was made with are those of the option when its size agrees, otherwise those of its size.
 */
function rateOf({ entries, filterSizeBytes }: TableInfo, bloomBitsPerKey: number): number {
  const lines = Math.max(1, Math.floor(filterSizeBytes / FILTER_LINE_BYTES));
  const lineBits = 8 * FILTER_LINE_BYTES;
  const isAsChosen = lines === Math.ceil((entries * bloomBitsPerKey) / lineBits);
  const bitsPerKey = isAsChosen ? bloomBitsPerKey : Math.round((lines * lineBits) / entries);
  return predictedFalsePositiveRate(entries, lines, probesFor(Math.max(1, bitsPerKey)));
}

function sum<T>(items: readonly T[], figure: (item: T) => number): number {
  return items.reduce((total, item) => total + figure(item), 0);
}

function ratio(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}
