// What can be chosen about a store, with defaults. docs/options.md explains each one's effect.

import { encodeUtf8 } from '../base/bytes.ts';
import { COMPRESSION_NAMES } from '../base/compression/blockCodec.ts';
import type { CompressionName } from '../base/compression/blockCodec.ts';
import { LsmError } from '../base/errors.ts';
import type { MergeOperator } from '../base/mergeOperators/mergeOperator.ts';
import type { EventSink } from '../protocol/eventSink.ts';
import { isExtractor, PREFIX_LENGTH_MAX } from './table/prefixExtractor.ts';
import type { PrefixExtractor } from './table/prefixExtractor.ts';
import {
  checkCompactionOptions,
  COMPACTION_BOUNDS,
  COMPACTION_CHOICES,
  DEFAULT_COMPACTION_OPTIONS,
  runsBeforeCompaction,
} from './compaction/compactionOptions.ts';
import type { CompactionOptions } from './compaction/compactionOptions.ts';

/**
 * When writes become durable that do not say it themselves: each before it is acknowledged, all so
 * far now and then, or whenever the log is closed.
 */
export type WalSyncMode = 'always' | 'interval' | 'never';

/**
 * What opening does about a log that is not whole; the names are RocksDB's (WALRecoveryMode), what
 * they mean here docs/options.md says.
 */
export type WalRecoveryMode =
  | 'tolerate-corrupted-tail'
  | 'absolute-consistency'
  | 'point-in-time'
  | 'skip-any-corrupted';

/** How the bits of filters are shared out: equally, or as Monkey does (filterAllocation.ts). */
export type FilterAllocation = 'uniform' | 'monkey';

/** The options that each column family has for itself. They are stored with the store. */
export const FAMILY_OPTION_NAMES = [
  'memtableSize',
  'maxImmutableMemtables',
  'maxL0SSTables',
  'l0SlowdownTables',
  'l0StopTables',
  'compaction',
  'levelBaseSize',
  'levelMultiplier',
  'maxLevels',
  'dynamicLevelBytes',
  'compactionPicking',
  'tierRuns',
  'sizeRatioPercent',
  'minMergeWidth',
  'maxMergeWidth',
  'maxSizeAmplificationPercent',
  'scalingParameters',
  'fifoMaxSize',
  'fifoTtlSeconds',
  'timeWindowSeconds',
  'timeWindowTtlSeconds',
  'targetTableSize',
  'blockSize',
  'blockRestartInterval',
  'compression',
  'compressionPerLevel',
  'bloomBitsPerKey',
  'filterAllocation',
  'prefixExtractor',
  'indexPartitionSize',
  'pendingBytesSlowdown',
  'pendingBytesStop',
  'delayedWriteRate',
  'ttlSeconds',
  'mergeOperator',
] as const;

/** Options of one column family; the default family's stand for what is left out. */
export type FamilyOptions = Pick<LsmOptions, (typeof FAMILY_OPTION_NAMES)[number]>;

/** Options as a caller gives them; everything has a default. */
export interface LsmOptions extends CompactionOptions {
  /** Bytes a memtable may hold before it is sealed. */
  readonly memtableSize?: number;
  /** Level-0 tables that start a compaction (the seed's name and default). */
  readonly maxL0SSTables?: number;
  /** Level-0 tables at which each write is delayed. */
  readonly l0SlowdownTables?: number;
  /** Level-0 tables at which writes wait. */
  readonly l0StopTables?: number;
  /** Bytes that wait to be compacted, estimated, at which writes are slowed down. */
  readonly pendingBytesSlowdown?: number;
  /** Bytes that wait to be compacted, estimated, at which writes wait. */
  readonly pendingBytesStop?: number;
  /** Bytes a second that may be written when writes are slowed down. */
  readonly delayedWriteRate?: number;
  /** Sealed memtables waiting for their flush at which writes wait. */
  readonly maxImmutableMemtables?: number;
  /**
   * Safety net: look for a compaction at least this often, milliseconds. Work is scheduled by
   * events.
   */
  readonly compactionIntervalMs?: number;
  /** Bytes of entries in a data block before compression. */
  readonly blockSize?: number;
  /** Entries between restart points in a block. */
  readonly blockRestartInterval?: number;
  /** Bytes of a table's index at which a part of it ends that is loaded by itself. */
  readonly indexPartitionSize?: number;
  /** How data blocks are compressed. */
  readonly compression?: CompressionName;
  /** One for each level from 0 on, the last for all deeper ones; empty: `compression` for all. */
  readonly compressionPerLevel?: readonly CompressionName[];
  /** Bits of filter for each key; 0 for no filter. */
  readonly bloomBitsPerKey?: number;
  /** Whose prefixes go into the filters, too, for scans over one prefix; `null` for none. */
  readonly prefixExtractor?: PrefixExtractor | null;
  /** Whether every key gets as many bits, or the keys of small runs more. */
  readonly filterAllocation?: FilterAllocation;
  /** Tables kept open at once. */
  readonly maxOpenFiles?: number;
  /** Bytes of blocks kept in memory. */
  readonly blockCacheSize?: number;
  /**
   * Threads for flushes and merges; 0, or where there are none: in slices on the store's own
   * thread.
   */
  readonly workers?: number;
  /** Entries written longer ago than this are gone, seconds; 0: they stay. */
  readonly ttlSeconds?: number;
  /**
   * Name of what makes values of merge operands, built in or given in `mergeOperators`; `null`:
   * nothing is merged. Once chosen it stays.
   */
  readonly mergeOperator?: string | null;
  /** Operators of the user's own, which families may name. */
  readonly mergeOperators?: readonly MergeOperator[];
  /** Bytes of log at which the column families that keep its oldest segment are flushed. */
  readonly maxWalSize?: number;
  /** What column families have for themselves, by name; the families must be there. */
  readonly families?: Readonly<Record<string, FamilyOptions>>;
  readonly createIfMissing?: boolean;
  readonly errorIfExists?: boolean;
  /** Takes no lock and writes nothing. */
  readonly readOnly?: boolean;
  /** When the log is synced for writes that have no `sync` of their own. */
  readonly walSync?: WalSyncMode;
  /** With `walSync: 'interval'`: a write is not synced later than this, milliseconds. */
  readonly walSyncIntervalMs?: number;
  /** Files of log segments that are kept to be used again instead of being deleted. */
  readonly recycleLogs?: number;
  /** What opening does about a log that is not whole. */
  readonly walRecovery?: WalRecoveryMode;
  readonly events?: EventSink;
}

/** Options of one family and its store with every default filled in. */
export type ResolvedOptions = Readonly<Required<Omit<LsmOptions, OwnPath>>>;

/** Options that are no plain data, or others' options: they go their own ways through the store. */
type OwnPath = 'events' | 'families' | 'mergeOperators';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

/** Longest key, bytes. */
export const KEY_SIZE_MAX: number = 1 * MIB;
/** Longest name of a merge operator, bytes of UTF-8. */
export const OPERATOR_NAME_SIZE_MAX = 255;
/** Longest value, bytes. */
export const VALUE_SIZE_MAX: number = 256 * MIB;

/** The defaults; the first three names and figures are the seed's. */
export const DEFAULT_OPTIONS: ResolvedOptions = {
  memtableSize: 64 * MIB,
  maxL0SSTables: 8,
  compactionIntervalMs: 60_000,
  l0SlowdownTables: 20,
  l0StopTables: 36,
  pendingBytesSlowdown: 64 * GIB,
  pendingBytesStop: 256 * GIB,
  delayedWriteRate: 16 * MIB,
  maxImmutableMemtables: 4,
  ...DEFAULT_COMPACTION_OPTIONS,
  blockSize: 4 * KIB,
  blockRestartInterval: 16,
  indexPartitionSize: 1 * MIB,
  compression: 'none',
  compressionPerLevel: [],
  bloomBitsPerKey: 10,
  prefixExtractor: null,
  filterAllocation: 'uniform',
  maxOpenFiles: 1000,
  blockCacheSize: 32 * MIB,
  workers: 2,
  ttlSeconds: 0,
  mergeOperator: null,
  maxWalSize: 1024 * MIB,
  createIfMissing: true,
  errorIfExists: false,
  readOnly: false,
  walSync: 'never',
  walSyncIntervalMs: 1000,
  recycleLogs: 0,
  walRecovery: 'tolerate-corrupted-tail',
};

/** Inclusive bounds of every numeric option. */
export const OPTION_BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  memtableSize: [1 * KIB, 1024 * MIB],
  maxL0SSTables: [1, 10_000],
  l0SlowdownTables: [1, 100_000],
  l0StopTables: [2, 100_000],
  pendingBytesSlowdown: [1 * KIB, 2 ** 50],
  pendingBytesStop: [1 * KIB, 2 ** 50],
  delayedWriteRate: [1 * KIB, 2 ** 40],
  maxImmutableMemtables: [1, 64],
  compactionIntervalMs: [10, 86_400_000],
  ...COMPACTION_BOUNDS,
  blockSize: [64, 16 * MIB],
  blockRestartInterval: [1, 1024],
  indexPartitionSize: [64, 1024 * MIB],
  bloomBitsPerKey: [0, 64],
  maxOpenFiles: [1, 1_000_000],
  blockCacheSize: [0, 2 ** 40],
  ttlSeconds: [0, 2 ** 32],
  workers: [0, 64],
  walSyncIntervalMs: [1, 3_600_000],
  recycleLogs: [0, 64],
  maxWalSize: [1 * KIB, 2 ** 50],
};

/** The words that each option of words may be. */
export const OPTION_CHOICES: Readonly<Record<string, readonly string[]>> = {
  ...COMPACTION_CHOICES,
  compression: COMPRESSION_NAMES,
  filterAllocation: ['uniform', 'monkey'] satisfies FilterAllocation[],
  walSync: ['always', 'interval', 'never'] satisfies WalSyncMode[],
  walRecovery: [
    'tolerate-corrupted-tail',
    'absolute-consistency',
    'point-in-time',
    'skip-any-corrupted',
  ] satisfies WalRecoveryMode[],
};

/**
 * Fills in defaults and checks names and bounds.
 * @throws LsmError `INVALID_ARGUMENT` naming the option, its value and what is allowed.
 */
export function resolveOptions(options: LsmOptions): ResolvedOptions {
  const { events: _events, families: _families, mergeOperators: _own, ...given } = options;
  const defined = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  for (const name of Object.keys(defined)) checkName(name);
  const resolved: ResolvedOptions = { ...defaultsFor(options), ...defined };
  checkEach(resolved);
  checkLevels(resolved);
  checkExtractor(resolved);
  checkOperator(resolved);
  checkTogether(resolved);
  return resolved;
}

/** How the blocks of tables written into a level are compressed. */
export function compressionOfLevel(options: ResolvedOptions, level: number): CompressionName {
  const { compression, compressionPerLevel } = options;
  return compressionPerLevel[level] ?? compressionPerLevel.at(-1) ?? compression;
}

/** A misspelt option would be a choice that the store never hears of. */
function checkName(name: string): void {
  if (Object.hasOwn(DEFAULT_OPTIONS, name)) return;
  const lowered = name.toLowerCase();
  const meant = Object.keys(DEFAULT_OPTIONS).find((known) => known.toLowerCase() === lowered);
  const hint = meant === undefined ? 'docs/options.md has them all' : `is ${meant} meant?`;
  throw new LsmError('INVALID_ARGUMENT', `there is no option ${name}; ${hint}`);
}

function checkEach(values: object): void {
  for (const [name, [least, most]] of Object.entries(OPTION_BOUNDS)) {
    const value = (values as Readonly<Record<string, unknown>>)[name];
    const isNumber = typeof value === 'number' && Number.isInteger(value);
    if (isNumber && value >= least && value <= most) continue;
    throw refusal(name, value, `an integer from ${least} to ${most}`);
  }
  for (const [name, words] of Object.entries(OPTION_CHOICES)) {
    const value = (values as Readonly<Record<string, unknown>>)[name];
    if (words.some((word) => word === value)) continue;
    throw refusal(name, value, `one of ${words.join(', ')}`);
  }
}

function checkLevels({ compressionPerLevel }: ResolvedOptions): void {
  for (const name of compressionPerLevel) {
    if (COMPRESSION_NAMES.includes(name)) continue;
    throw refusal('compressionPerLevel', name, `one of ${COMPRESSION_NAMES.join(', ')}`);
  }
}

function checkExtractor({ prefixExtractor }: ResolvedOptions): void {
  if (prefixExtractor === null || isExtractor(prefixExtractor)) return;
  const allowed =
    `null, {kind: 'fixed', length: 1 to ${PREFIX_LENGTH_MAX}} or ` +
    `{kind: 'delimiter', byte: 0 to 255}`;
  throw refusal('prefixExtractor', JSON.stringify(prefixExtractor), allowed);
}

/** Whether there is such an operator is known where the store is opened. */
function checkOperator({ mergeOperator }: ResolvedOptions): void {
  if (mergeOperator === null) return;
  const isText = typeof mergeOperator === 'string';
  const { length } = isText ? encodeUtf8(mergeOperator) : { length: 0 };
  if (length > 0 && length <= OPERATOR_NAME_SIZE_MAX) return;
  throw refusal(
    'mergeOperator',
    mergeOperator,
    `null or a name of 1 to ${OPERATOR_NAME_SIZE_MAX} bytes`,
  );
}

function refusal(name: string, value: unknown, allowed: string): LsmError {
  const told = `option ${name} is ${String(value)}; it must be ${allowed}`;
  return new LsmError('INVALID_ARGUMENT', told);
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
  const { l0SlowdownTables, l0StopTables } = options;
  checkCompactionOptions(options);
  const trigger = runsBeforeCompaction(options);
  if (l0StopTables <= trigger || l0StopTables < l0SlowdownTables) {
    throw refusal(
      'l0StopTables',
      l0StopTables,
      `above the ${trigger} tables that start a compaction and not below l0SlowdownTables, ` +
        `which is ${l0SlowdownTables}`,
    );
  }
  const { pendingBytesSlowdown, pendingBytesStop } = options;
  if (pendingBytesStop < pendingBytesSlowdown) {
    const least = `not below pendingBytesSlowdown, which is ${pendingBytesSlowdown}`;
    throw refusal('pendingBytesStop', pendingBytesStop, least);
  }
}
