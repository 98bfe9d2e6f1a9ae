// A foreign store in figures. What only a running engine counts (operations, cache, filters) is 0.

import { NO_COUNTS } from '../../protocol/emptyState.ts';
import { NO_FLOW, NO_LATENCIES } from '../../protocol/emptyStats.ts';
import type { FamilyStats, LevelShape, LevelStats, StoreStats } from '../../protocol/storeStats.ts';
import type { FamilyState } from '../../protocol/treeState.ts';
import type { StoredState } from '../../readers/storeReader.ts';

/**
 * Figures of the directory as it is.
 * @param tables how many there are, each of them counted.
 */
export function foreignStats(state: StoredState, tables: number): StoreStats {
  const families = state.families.map(familyStats);
  const levels = families
    .map((family) => family.levels)
    .reduce(together, [])
    .map(levelStats);
  const sum = (figure: (level: LevelStats) => number): number =>
    levels.reduce((total, level) => total + figure(level), 0);
  const tableBytes = sum(({ sizeBytes }) => sizeBytes);
  const largest = Math.max(0, ...levels.map(({ sizeBytes }) => sizeBytes));
  const walSizeBytes = state.wal.segments.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  return {
    memtableSizeBytes: families.reduce((total, family) => total + family.memtableSizeBytes, 0),
    memtableEntries: families.reduce((total, family) => total + family.memtableEntries, 0),
    immutableMemtables: families.reduce((total, family) => total + family.immutableMemtables, 0),
    tables,
    tableEntries: sum(({ entries }) => entries),
    tombstones: sum(({ tombstones }) => tombstones),
    diskUsageBytes: tableBytes + walSizeBytes + state.manifest.sizeBytes,
    walSizeBytes,
    lastSequence: state.lastSequence,
    snapshots: 0,
    cacheSizeBytes: 0,
    cacheCapacityBytes: 0,
    levels,
    families,
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

function familyStats(family: FamilyState): FamilyStats {
  const { memtable, immutables, levels } = family;
  return {
    family: family.family,
    name: family.name,
    memtableSizeBytes: memtable.sizeBytes,
    memtableEntries: memtable.entries,
    immutableMemtables: immutables.length,
    levels: levels.map(({ level, tables, sizeBytes, target }) => ({
      level,
      tables: tables.length,
      runs: new Set(tables.map(({ run }) => run)).size,
      sizeBytes,
      entries: tables.reduce((total, { entries }) => total + entries, 0),
      tombstones: tables.reduce((total, { tombstones }) => total + tombstones, 0),
      score: target.score,
    })),
  };
}

/** The levels of two families together, number by number; the score is the more urgent one's. */
function together(left: readonly LevelShape[], right: readonly LevelShape[]): LevelShape[] {
  const [more, fewer] = left.length < right.length ? [right, left] : [left, right];
  return more.map((level, index) => {
    const other = fewer[index];
    if (other === undefined) return level;
    return {
      level: level.level,
      tables: level.tables + other.tables,
      runs: level.runs + other.runs,
      sizeBytes: level.sizeBytes + other.sizeBytes,
      entries: level.entries + other.entries,
      tombstones: level.tombstones + other.tombstones,
      score: Math.max(level.score, other.score),
    };
  });
}

function levelStats(shape: LevelShape): LevelStats {
  return {
    ...shape,
    writeAmplification: 0,
    spaceAmplification: 0,
    filterFalsePositiveRate: 0,
    filterPredictedRate: 0,
    flow: NO_FLOW,
  };
}
