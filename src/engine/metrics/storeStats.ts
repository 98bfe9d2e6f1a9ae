// The store in figures: all column families together, and the shape of each. Every ratio is 0 when
// its denominator is.

import type { TableInfo } from '../../protocol/events.ts';
import type {
  FamilyStats,
  LevelFlow,
  LevelShape,
  LevelStats,
  StoreStats,
} from '../../protocol/storeStats.ts';
import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';
import { tablesOfLevel } from '../manifest/version.ts';
import { FILTER_LINE_BYTES } from '../table/filter.ts';
import { predictedFalsePositiveRate, probesFor } from '../table/filterRate.ts';

/** Figures as of now; amplifications and rates since the store was opened. */
export function statsOf(state: EngineState): StoreStats {
  const { counters, metrics, cache, versions } = state;
  const families = state.families.list;
  const { bloomBitsPerKey } = state.families.default.options;
  const familyTables = families.map(levelTablesOf);
  const shapes = familyTables.reduce(together);
  const largestLevelBytes = Math.max(...shapes.map((shape) => shape.sizeBytes));
  const levels = shapes.map((shape, level) => {
    const flow = metrics.levels.flowOf(level);
    return levelStats(level, shape, { flow, largestLevelBytes, bloomBitsPerKey });
  });
  const tableBytes = sum(levels, (level) => level.sizeBytes);
  const walSizeBytes = state.wal.sizeBytes;
  return {
    memtableSizeBytes: sum(families, ({ memtables }) => memtables.active.sizeBytes),
    memtableEntries: sum(families, ({ memtables }) => memtables.active.entries),
    immutableMemtables: sum(families, ({ memtables }) => memtables.sealed.length),
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
    families: families.map((family, index) => familyStats(family, familyTables[index]!)),
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
  readonly flow: LevelFlow;
  readonly largestLevelBytes: number;
  /** Of the store's options now; older tables may have other filters. */
  readonly bloomBitsPerKey: number;
}

/** What one level holds, in one family or in several. */
interface LevelTables {
  readonly tables: readonly TableInfo[];
  readonly runs: number;
  readonly sizeBytes: number;
  readonly score: number;
}

function levelTablesOf(family: FamilyState): LevelTables[] {
  const targets = family.targets();
  return family.version.levels.map((level) => ({
    tables: tablesOfLevel(level),
    runs: level.runs.length,
    sizeBytes: level.sizeBytes,
    score: targets[level.level]!.score,
  }));
}

/** The levels of two families together, number by number; the score is the more urgent one's. */
function together(left: readonly LevelTables[], right: readonly LevelTables[]): LevelTables[] {
  const [more, fewer] = left.length < right.length ? [right, left] : [left, right];
  return more.map((level, index) => {
    const other = fewer[index];
    if (other === undefined) return level;
    return {
      tables: [...level.tables, ...other.tables],
      runs: level.runs + other.runs,
      sizeBytes: level.sizeBytes + other.sizeBytes,
      score: Math.max(level.score, other.score),
    };
  });
}

function familyStats(
  { id, name, memtables: { active, sealed } }: FamilyState,
  levels: readonly LevelTables[],
): FamilyStats {
  return {
    family: id,
    name,
    memtableSizeBytes: active.sizeBytes,
    memtableEntries: active.entries,
    immutableMemtables: sealed.length,
    levels: levels.map((tables, level) => shapeOf(level, tables)),
  };
}

function shapeOf(level: number, { tables, runs, sizeBytes, score }: LevelTables): LevelShape {
  return {
    level,
    tables: tables.length,
    runs,
    sizeBytes,
    entries: sum(tables, (table) => table.entries),
    tombstones: sum(tables, (table) => table.tombstones),
    score,
  };
}

function levelStats(level: number, shape: LevelTables, context: LevelContext): LevelStats {
  const { tables, sizeBytes } = shape;
  const { flow, largestLevelBytes, bloomBitsPerKey } = context;
  const { filterFalsePositives, filterNegatives } = flow;
  return {
    ...shapeOf(level, shape),
    writeAmplification: ratio(flow.bytesWritten, flow.bytesReadAbove),
    spaceAmplification: ratio(sizeBytes, largestLevelBytes),
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
