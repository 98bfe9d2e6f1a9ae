// What can be chosen about compaction: the strategy and the figures of each. docs/options.md
// explains every one's effect, docs/compaction.md the strategies.

import { LsmError } from '../../base/errors.ts';
import { parseScaling } from './scaling.ts';

/** How tables are arranged and merged. */
export type CompactionStrategyName =
  | 'leveled'
  | 'size-tiered'
  | 'lazy-leveled'
  | 'unified'
  | 'fifo'
  | 'time-window';

/** Every strategy there is. */
export const COMPACTION_STRATEGIES: readonly CompactionStrategyName[] = [
  'leveled',
  'size-tiered',
  'lazy-leveled',
  'unified',
  'fifo',
  'time-window',
];

/** Which table of a full level goes down next. */
export type CompactionPicking = 'round-robin' | 'least-overlap';

/** Choices about compaction as a caller gives them; everything has a default. */
export interface CompactionOptions {
  readonly compaction?: CompactionStrategyName;
  /** Bytes level 1 may hold before it is compacted (leveled). */
  readonly levelBaseSize?: number;
  /** Each level may hold this many times the one above (leveled). */
  readonly levelMultiplier?: number;
  readonly maxLevels?: number;
  /** Level limits follow the size of the deepest level (leveled). */
  readonly dynamicLevelBytes?: boolean;
  /** Which table of a full level goes down next (leveled). */
  readonly compactionPicking?: CompactionPicking;
  /** Sorted runs that start a merge (size-tiered, lazy-leveled, the open window). */
  readonly tierRuns?: number;
  /** Percent by which a run may exceed those before it and still be merged with them. */
  readonly sizeRatioPercent?: number;
  /** Runs of like size that are merged at least (size-tiered). */
  readonly minMergeWidth?: number;
  /** Runs of like size that are merged at most (size-tiered). */
  readonly maxMergeWidth?: number;
  /** Bytes of all runs but the oldest, in percent of the oldest, that start a merge of all. */
  readonly maxSizeAmplificationPercent?: number;
  /** A letter and a number for each level, as `T4, T4, L10` (unified). */
  readonly scalingParameters?: string;
  /** Bytes of tables above which the oldest are dropped (fifo). */
  readonly fifoMaxSize?: number;
  /** Tables whose newest entry is older than this are dropped; 0 for never (fifo). */
  readonly fifoTtlSeconds?: number;
  /** Length of a window (time-window). */
  readonly timeWindowSeconds?: number;
  /** Tables whose newest entry is older than this are dropped; 0 for never (time-window). */
  readonly timeWindowTtlSeconds?: number;
  /** Bytes at which a compaction begins its next output table. */
  readonly targetTableSize?: number;
  /** Compactions that may run side by side, of the whole store. */
  readonly maxConcurrentCompactions?: number;
  /** Bytes a second that the store's compactions may write all together; 0 for no limit. */
  readonly compactionRateLimit?: number;
}

/** With every default filled in. */
export type ResolvedCompactionOptions = Readonly<Required<CompactionOptions>>;

const KIB = 1024;
const MIB = 1024 * KIB;
const DAY_SECONDS = 86_400;

/** The defaults; those of the size-tiered strategy are RocksDB's, of windows Cassandra's. */
export const DEFAULT_COMPACTION_OPTIONS: ResolvedCompactionOptions = {
  compaction: 'leveled',
  levelBaseSize: 256 * MIB,
  levelMultiplier: 10,
  maxLevels: 7,
  dynamicLevelBytes: false,
  compactionPicking: 'round-robin',
  tierRuns: 4,
  sizeRatioPercent: 1,
  minMergeWidth: 2,
  maxMergeWidth: 64,
  maxSizeAmplificationPercent: 200,
  scalingParameters: 'T4',
  fifoMaxSize: 1024 * MIB,
  fifoTtlSeconds: 0,
  timeWindowSeconds: DAY_SECONDS,
  timeWindowTtlSeconds: 0,
  targetTableSize: 64 * MIB,
  maxConcurrentCompactions: 2,
  compactionRateLimit: 0,
};

/** Inclusive bounds of the numeric ones. */
export const COMPACTION_BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  levelBaseSize: [1 * KIB, 2 ** 50],
  levelMultiplier: [2, 1000],
  maxLevels: [2, 16],
  tierRuns: [2, 64],
  sizeRatioPercent: [0, 10_000],
  minMergeWidth: [2, 64],
  maxMergeWidth: [2, 64],
  maxSizeAmplificationPercent: [1, 1_000_000],
  fifoMaxSize: [1 * KIB, 2 ** 50],
  fifoTtlSeconds: [0, 2 ** 31],
  timeWindowSeconds: [1, 366 * DAY_SECONDS],
  timeWindowTtlSeconds: [0, 2 ** 31],
  targetTableSize: [1 * KIB, 2 ** 40],
  maxConcurrentCompactions: [1, 64],
  compactionRateLimit: [0, 2 ** 40],
};

/** The words that each option of words may be. */
export const COMPACTION_CHOICES: Readonly<Record<string, readonly string[]>> = {
  compaction: COMPACTION_STRATEGIES,
  compactionPicking: ['round-robin', 'least-overlap'] satisfies CompactionPicking[],
};

/**
 * Checks what is neither a number nor one of several words.
 * @throws LsmError `INVALID_ARGUMENT` naming the option.
 */
export function checkCompactionOptions(options: ResolvedCompactionOptions): void {
  const { dynamicLevelBytes, minMergeWidth } = options;
  if (typeof dynamicLevelBytes !== 'boolean') {
    throw refused('dynamicLevelBytes', dynamicLevelBytes, 'true or false');
  }
  if (options.maxMergeWidth < minMergeWidth) {
    throw refused('maxMergeWidth', options.maxMergeWidth, `at least minMergeWidth`);
  }
  parseScaling(options.scalingParameters);
}

/** Runs of level 0 that the strategy lets gather before it merges any. */
export function runsBeforeCompaction(
  options: ResolvedCompactionOptions & { readonly maxL0SSTables: number },
): number {
  switch (options.compaction) {
    case 'leveled':
      return options.maxL0SSTables;
    case 'unified':
      return parseScaling(options.scalingParameters)[0]!.runs;
    case 'fifo':
      return 0;
    case 'size-tiered':
    case 'lazy-leveled':
    case 'time-window':
      return options.tierRuns;
  }
}

function refused(name: string, value: unknown, allowed: string): LsmError {
  const message = `option ${name} is ${String(value)}; it must be ${allowed}`;
  return new LsmError('INVALID_ARGUMENT', message);
}
