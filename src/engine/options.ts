// What can be chosen about a store, with defaults. docs/options.md explains each one's effect.

import { COMPRESSION_NAMES } from '../base/compression/blockCodec.ts';
import type { CompressionName } from '../base/compression/blockCodec.ts';
import { LsmError } from '../base/errors.ts';
import type { EventSink } from '../protocol/eventSink.ts';

/** How tables are arranged and merged. */
export type CompactionStrategyName = 'leveled' | 'size-tiered';

/** Every strategy there is. */
export const COMPACTION_STRATEGIES: readonly CompactionStrategyName[] = ['leveled', 'size-tiered'];

/** Options as a caller gives them; everything has a default. */
export interface LsmOptions {
  /** Bytes a memtable may hold before it is sealed. */
  readonly memtableSize?: number;
  /** Level-0 tables that start a compaction (the seed's name and default). */
  readonly maxL0SSTables?: number;
  /** Level-0 tables at which each write is delayed. */
  readonly l0SlowdownTables?: number;
  /** Level-0 tables at which writes wait. */
  readonly l0StopTables?: number;
  /** Sealed memtables waiting for their flush at which writes wait. */
  readonly maxImmutableMemtables?: number;
  /**
   * Safety net: look for a compaction at least this often, milliseconds. Work is scheduled by
   * events.
   */
  readonly compactionIntervalMs?: number;
  readonly compaction?: CompactionStrategyName;
  /** Bytes level 1 may hold before it is compacted (leveled). */
  readonly levelBaseSize?: number;
  /** Each level may hold this many times the one above (leveled). */
  readonly levelMultiplier?: number;
  readonly maxLevels?: number;
  /** Runs of like size that are merged into one (size-tiered). */
  readonly tierRuns?: number;
  /** Bytes at which a compaction begins its next output table. */
  readonly targetTableSize?: number;
  /** Bytes of entries in a data block before compression. */
  readonly blockSize?: number;
  /** Entries between restart points in a block. */
  readonly blockRestartInterval?: number;
  /** How data blocks are compressed. */
  readonly compression?: CompressionName;
  /** One for each level from 0 on, the last for all deeper ones; empty: `compression` for all. */
  readonly compressionPerLevel?: readonly CompressionName[];
  /** Bits of filter for each key; 0 for no filter. */
  readonly bloomBitsPerKey?: number;
  /** Tables kept open at once. */
  readonly maxOpenFiles?: number;
  /** Bytes of blocks kept in memory. */
  readonly blockCacheSize?: number;
  /**
   * Threads for flushes and merges; 0, or where there are none: in slices on the store's own
   * thread.
   */
  readonly workers?: number;
  readonly createIfMissing?: boolean;
  readonly errorIfExists?: boolean;
  /** Takes no lock and writes nothing. */
  readonly readOnly?: boolean;
  /** Sync every write, whatever its own `sync` says. */
  readonly syncWrites?: boolean;
  readonly events?: EventSink;
}

/** Options with every default filled in; the sink stands apart. */
export type ResolvedOptions = Readonly<Required<Omit<LsmOptions, 'events'>>>;

const KIB = 1024;
const MIB = 1024 * KIB;

/** Longest key, bytes. */
export const KEY_SIZE_MAX: number = 1 * MIB;
/** Longest value, bytes. */
export const VALUE_SIZE_MAX: number = 256 * MIB;

/** The defaults; the first three names and figures are the seed's. */
export const DEFAULT_OPTIONS: ResolvedOptions = {
  memtableSize: 64 * MIB,
  maxL0SSTables: 8,
  compactionIntervalMs: 60_000,
  l0SlowdownTables: 20,
  l0StopTables: 36,
  maxImmutableMemtables: 4,
  compaction: 'leveled',
  levelBaseSize: 256 * MIB,
  levelMultiplier: 10,
  maxLevels: 7,
  tierRuns: 4,
  targetTableSize: 64 * MIB,
  blockSize: 4 * KIB,
  blockRestartInterval: 16,
  compression: 'none',
  compressionPerLevel: [],
  bloomBitsPerKey: 10,
  maxOpenFiles: 1000,
  blockCacheSize: 32 * MIB,
  workers: 2,
  createIfMissing: true,
  errorIfExists: false,
  readOnly: false,
  syncWrites: false,
};

/** Inclusive bounds of every numeric option. */
const BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  memtableSize: [1 * KIB, 1024 * MIB],
  maxL0SSTables: [1, 10_000],
  l0SlowdownTables: [1, 100_000],
  l0StopTables: [2, 100_000],
  maxImmutableMemtables: [1, 64],
  compactionIntervalMs: [10, 86_400_000],
  levelBaseSize: [1 * KIB, 2 ** 50],
  levelMultiplier: [2, 1000],
  maxLevels: [2, 16],
  tierRuns: [2, 64],
  targetTableSize: [1 * KIB, 2 ** 40],
  blockSize: [64, 16 * MIB],
  blockRestartInterval: [1, 1024],
  bloomBitsPerKey: [0, 64],
  maxOpenFiles: [1, 1_000_000],
  blockCacheSize: [0, 2 ** 40],
  workers: [0, 64],
};

/**
 * Fills in defaults and checks bounds.
 * @throws LsmError `INVALID_ARGUMENT` naming the option, its value and what is allowed.
 */
export function resolveOptions(options: LsmOptions): ResolvedOptions {
  const { events: _events, ...given } = options;
  const defined = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  const resolved: ResolvedOptions = { ...defaultsFor(options), ...defined };
  for (const [name, [least, most]] of Object.entries(BOUNDS)) {
    const value = (resolved as unknown as Record<string, unknown>)[name];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      throw new LsmError(
        'INVALID_ARGUMENT',
        `option ${name} is ${String(value)}; it must be an integer from ${least} to ${most}`,
      );
    }
  }
  for (const name of [resolved.compression, ...resolved.compressionPerLevel]) {
    if (COMPRESSION_NAMES.includes(name)) continue;
    throw new LsmError(
      'INVALID_ARGUMENT',
      `option compression is ${String(name)}; it must be one of ${COMPRESSION_NAMES.join(', ')}`,
    );
  }
  checkTogether(resolved);
  return resolved;
}

/** How the blocks of tables written into a level are compressed. */
export function compressionOfLevel(options: ResolvedOptions, level: number): CompressionName {
  const { compression, compressionPerLevel } = options;
  return compressionPerLevel[level] ?? compressionPerLevel.at(-1) ?? compression;
}

/** A store told to let more tables gather in level 0 brakes its writers later, too. */
function defaultsFor({ maxL0SSTables = 0 }: LsmOptions): ResolvedOptions {
  const { l0SlowdownTables, l0StopTables } = DEFAULT_OPTIONS;
  return {
    ...DEFAULT_OPTIONS,
    l0SlowdownTables: Math.max(l0SlowdownTables, Math.ceil(2.5 * maxL0SSTables)),
    l0StopTables: Math.max(l0StopTables, Math.ceil(4.5 * maxL0SSTables)),
  };
}

/** Writers must never wait for a compaction that is not due yet. */
function checkTogether(options: ResolvedOptions): void {
  const { compaction, l0SlowdownTables, l0StopTables, maxL0SSTables, tierRuns } = options;
  if (compaction !== 'leveled' && compaction !== 'size-tiered') {
    throw new LsmError(
      'INVALID_ARGUMENT',
      `option compaction is ${String(compaction)}; it must be leveled or size-tiered`,
    );
  }
  const trigger = compaction === 'leveled' ? maxL0SSTables : tierRuns;
  if (l0StopTables <= trigger || l0StopTables < l0SlowdownTables) {
    throw new LsmError(
      'INVALID_ARGUMENT',
      `option l0StopTables is ${l0StopTables}; it must be above the ${trigger} tables that ` +
        `start a compaction and not below l0SlowdownTables, which is ${l0SlowdownTables}`,
    );
  }
}
