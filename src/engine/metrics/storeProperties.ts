// What a store is made of, beside the running totals of `stats()`: the figures that RocksDB calls
// properties, as a typed object.

import { compareBytes } from '../../base/bytes.ts';
import type { FileNumber, SequenceNumber, TableInfo } from '../../protocol/events.ts';
import type { StallState } from '../../protocol/treeState.ts';
import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';
import { sizeOf, tablesOfLevel } from '../manifest/version.ts';
import type { Level } from '../manifest/version.ts';

/** One level in figures. */
export interface LevelProperties {
  readonly level: number;
  readonly files: number;
  readonly runs: number;
  readonly sizeBytes: number;
}

/** As of now. RocksDB's name stands behind those that it has. */
export interface StoreProperties {
  /** `num-files-at-level<N>`, and more. */
  readonly levels: readonly LevelProperties[];
  /** `estimate-num-keys`: entries less two for each tombstone, which hides another. */
  readonly estimatedKeys: number;
  /** `estimate-live-data-size`: tables, from the deepest level up, that no counted one overlaps. */
  readonly estimatedLiveDataBytes: number;
  /** `total-sst-files-size`: tables of the newest version, and those that readers still pin. */
  readonly tableBytes: number;
  /** `obsolete-sst-files-size`: the pinned ones among them. */
  readonly obsoleteTableBytes: number;
  /** `num-entries-active-mem-table`, `cur-size-active-mem-table`. */
  readonly activeMemtable: { readonly entries: number; readonly sizeBytes: number };
  /** `num-immutable-mem-table`, and their bytes. */
  readonly sealedMemtables: { readonly count: number; readonly sizeBytes: number };
  /** `num-running-flushes`, `num-running-compactions`. */
  readonly runningFlushes: number;
  readonly runningCompactions: number;
  /** `num-snapshots`, `oldest-snapshot-sequence` (0 for none). */
  readonly snapshots: number;
  readonly oldestSnapshot: SequenceNumber;
  readonly openTransactions: number;
  readonly openIterators: number;
  /** `block-cache-usage`, `block-cache-capacity`. */
  readonly blockCache: { readonly sizeBytes: number; readonly capacityBytes: number };
  /** `is-write-stopped`, and why the family's writers wait or are slowed down. */
  readonly stall: StallState | null;
  /** `background-errors`: the fault after which nothing is written. */
  readonly failure: string;
  readonly lastSequence: SequenceNumber;
  /** Log segments that hold what no table holds, oldest first. */
  readonly logs: readonly FileNumber[];
}

/** The figures of one family, and of the store around it. */
export function propertiesOf(state: EngineState, family: FamilyState): StoreProperties {
  const { versions, cache, snapshots } = state;
  const { levels } = family.version;
  const tables = levels.flatMap(tablesOfLevel);
  const obsoleteTableBytes = sizeOf(versions.ghosts(family.id));
  const { active, sealed } = family.memtables;
  const jobs = [...state.jobs.values()];
  return {
    levels: levels.map(levelProperties),
    estimatedKeys: estimatedKeys(family, tables),
    estimatedLiveDataBytes: estimatedLiveDataBytes(levels),
    tableBytes: sizeOf(tables) + obsoleteTableBytes,
    obsoleteTableBytes,
    activeMemtable: { entries: active.entries, sizeBytes: active.sizeBytes },
    sealedMemtables: {
      count: sealed.length,
      sizeBytes: sealed.reduce((sum, { memtable }) => sum + memtable.sizeBytes, 0),
    },
    runningFlushes: jobs.filter(({ kind }) => kind === 'flush').length,
    runningCompactions: jobs.filter(({ kind }) => kind === 'compaction').length,
    snapshots: snapshots.list().length,
    oldestSnapshot: snapshots.list()[0] ?? 0,
    openTransactions: state.transactions.size,
    openIterators: state.iterators.size,
    blockCache: { sizeBytes: cache.sizeBytes, capacityBytes: cache.capacityBytes },
    stall: family.stall,
    failure: state.failure?.message ?? '',
    lastSequence: state.lastSequence,
    logs: versions.logs,
  };
}

function levelProperties({ level, tableCount, runs, sizeBytes }: Level): LevelProperties {
  return { level, files: tableCount, runs: runs.length, sizeBytes };
}

function estimatedKeys(family: FamilyState, tables: readonly TableInfo[]): number {
  const memtables = [...family.allMemtables()];
  let keys = 0;
  for (const { entries, tombstones } of [...tables, ...memtables]) keys += entries - 2 * tombstones;
  return Math.max(0, keys);
}

function estimatedLiveDataBytes(levels: readonly Level[]): number {
  const counted: TableInfo[] = [];
  for (const level of levels.toReversed()) {
    const free = tablesOfLevel(level).filter(
      (table) => !counted.some((one) => overlap(one, table)),
    );
    counted.push(...free);
  }
  return sizeOf(counted);
}

function overlap(left: TableInfo, right: TableInfo): boolean {
  return (
    compareBytes(left.smallestKey, right.largestKey) <= 0 &&
    compareBytes(right.smallestKey, left.largestKey) <= 0
  );
}
