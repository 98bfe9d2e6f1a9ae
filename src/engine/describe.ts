// The engine's own account of itself: what a viewer's fold starts from, and what it must equal
// later.

import type { Gauges, LevelTarget, MemtableGauges } from '../protocol/events.ts';
import type { LevelState, TransactionState, TreeState } from '../protocol/treeState.ts';
import type { EngineState } from './engineState.ts';
import type { FamilyState } from './family/familyState.ts';
import type { ResolvedOptions } from './options.ts';
import { tablesOfLevel } from './manifest/version.ts';
import { nameOfExtractor } from './table/prefixExtractor.ts';
import type { PrefixExtractor } from './table/prefixExtractor.ts';
import { COMPARATOR_NAME } from './internalKey.ts';
import { ENGINE_NAME, ENGINE_VERSION } from './engineVersion.ts';

/** Nodes of a memtable that are shown: all, or an even sample of so many. */
const NODES_MAX = 512;

/** Everything as it is now. */
export function describe(state: EngineState): TreeState {
  const { options, versions, events, environment } = state;
  return {
    store: {
      directory: state.directory,
      engine: ENGINE_NAME,
      engineVersion: ENGINE_VERSION,
      comparator: COMPARATOR_NAME,
      readOnly: options.readOnly,
      strategy: state.families.default.strategy.name,
      options: plainOptions(options),
    },
    eventNumber: events.lastNumber,
    timeMicros: environment.clock.wallMicros(),
    lastSequence: state.lastSequence,
    wal: state.wal.describe(),
    families: state.families.list.map((family) => describeFamily(state, family)),
    cache: {
      sizeBytes: state.cache.sizeBytes,
      capacityBytes: state.cache.capacityBytes,
      blocks: state.cache.blockCount,
    },
    jobs: [...state.jobs.values()],
    snapshots: state.snapshots.list(),
    transactions: transactionsOf(state),
    manifest: versions.manifestState(),
    counters: { ...state.counters },
    problems: state.problems,
  };
}

function describeFamily(state: EngineState, family: FamilyState): TreeState['families'][number] {
  const { id, name, memtables, version } = family;
  const targets = family.targets();
  return {
    family: id,
    name,
    memtable: memtables.active.describe(NODES_MAX),
    immutables: memtables.sealed.map(({ memtable }) => memtable.describe(NODES_MAX)),
    levels: version.levels.map((level) => levelState(level, targets[level.level]!)),
    ghosts: state.versions.ghosts(id),
    stall: family.stall,
  };
}

function levelState(level: Parameters<typeof tablesOfLevel>[0], target: LevelTarget): LevelState {
  const { level: number, sizeBytes } = level;
  return { level: number, tables: tablesOfLevel(level), sizeBytes, target };
}

/** Options as words and numbers. */
function plainOptions(options: ResolvedOptions): TreeState['store']['options'] {
  const plain = Object.entries(options).map(([name, value]) => [name, plainOption(value)]);
  return Object.fromEntries(plain);
}

function plainOption(value: ResolvedOptions[keyof ResolvedOptions]): string | number | boolean {
  if (value === null) return 'none';
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' ? nameOfExtractor(value as PrefixExtractor) : value;
}

/** The figures that per-operation events move; cheap enough for every frame. */
export function gaugesOf(state: EngineState): Gauges {
  return {
    lastSequence: state.lastSequence,
    wal: state.wal.describe(),
    memtables: state.families.list.map(memtableGaugesOf),
    cache: { sizeBytes: state.cache.sizeBytes, blocks: state.cache.blockCount },
    transactions: transactionsOf(state),
    counters: { ...state.counters },
  };
}

function transactionsOf({ transactions }: EngineState): TransactionState[] {
  return [...transactions.values()].map((transaction) => transaction.describe());
}

function memtableGaugesOf({ id, memtables }: FamilyState): MemtableGauges {
  const { id: memtable, entries, tombstones, rangeDeletes, sizeBytes } = memtables.active;
  return { family: id, memtable, entries, tombstones, rangeDeletes: rangeDeletes.count, sizeBytes };
}
