// The entry `lsm-lens/engine`: the storage engine as a library for Node. It binds Node's
// environment in, so that a path is all it takes to open a store; everything else is the engine's
// own. docs/library.md is the guide.

import { rmdir } from 'node:fs/promises';
import { parse, resolve } from 'node:path';
import { Lsm as Store } from '../../engine/db.ts';
import { destroyStore } from '../../engine/destroy.ts';
import type { LsmOptions } from '../../engine/options.ts';
import { TableBuilder as Builder } from '../../engine/ingest/tableBuilder.ts';
import type { TableBuilderOptions } from '../../engine/ingest/tableBuilder.ts';
import { repairStore } from '../../engine/repair/repair.ts';
import type { RepairReport } from '../../engine/repair/repairReport.ts';
import { verifyStore } from '../../engine/verify.ts';
import type { VerifyReport } from '../../engine/verify.ts';
import type { Progress } from '../../protocol/messages.ts';
import { ioError, systemCodeOf } from '../ioErrors.ts';
import { libraryEnvironment } from './libraryEnvironment.ts';

export { LsmError } from '../../base/errors.ts';
export type { LsmErrorCode } from '../../base/errors.ts';
export { decodeUint64, encodeUint64 } from '../../base/mergeOperators/builtInOperators.ts';
export type { MergeOperator } from '../../base/mergeOperators/mergeOperator.ts';
export type { CompactionRange } from '../../engine/db.ts';
export { COMPACTION_STRATEGIES } from '../../engine/compaction/compactionOptions.ts';
export type { CompactionStrategyName } from '../../engine/compaction/compactionOptions.ts';
export { DEFAULT_OPTIONS } from '../../engine/options.ts';
export type { FamilyOptions, LsmOptions, ResolvedOptions } from '../../engine/options.ts';
export type { ColumnFamily } from '../../engine/family/columnFamily.ts';
export type { RangeOptions, ReadOptions } from '../../engine/readOptions.ts';
export type { LsmIterator } from '../../engine/read/storeIterator.ts';
export type { Snapshot } from '../../engine/snapshotList.ts';
export type { CheckpointReport } from '../../engine/checkpoint/checkpoint.ts';
export type { IngestManner } from '../../engine/ingest/externalTable.ts';
export type { IngestedTable, IngestOptions } from '../../engine/ingest/ingest.ts';
export type { BuiltTable, TableBuilderOptions } from '../../engine/ingest/tableBuilder.ts';
export type { ApproximateSize, SizeRange } from '../../engine/metrics/approximateSize.ts';
export type { LevelProperties, StoreProperties } from '../../engine/metrics/storeProperties.ts';
export type { RepairedFile, RepairReport } from '../../engine/repair/repairReport.ts';
export type { Transaction } from '../../engine/transaction/transaction.ts';
export type {
  TransactionOptions,
  TransactionRangeOptions,
  TransactionReadOptions,
} from '../../engine/transaction/transactionOptions.ts';
export { TransactionConflict } from '../../engine/transaction/transactionConflict.ts';
export type { VerifyReport } from '../../engine/verify.ts';
export { WriteBatch } from '../../engine/writeBatch.ts';
export type { BatchOptions, WriteOptions } from '../../engine/write/writeQueue.ts';
export type { LsmEvent } from '../../protocol/events.ts';
export type { EventSink } from '../../protocol/eventSink.ts';
export type { Progress } from '../../protocol/messages.ts';
export type { StoreStats } from '../../protocol/storeStats.ts';

/** How a long job is watched and stopped. */
export interface WatchOptions {
  /** Told now and then how far it is. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Stops it; an `AbortSignal` will do. */
  readonly signal?: { readonly aborted: boolean } | undefined;
}

/** What can be done with a directory; `Lsm.open` gives the store in it. */
export interface LsmLibrary {
  /**
   * Opens the store in `directory` (relative to the working directory), creating it unless the
   * options say otherwise. One process at a time may hold it for writing.
   * @throws LsmError `NOT_A_STORE`, `LOCKED`, `CORRUPTION`, `NOT_SUPPORTED` (a newer format),
   * `INVALID_ARGUMENT` (options) or `IO`, telling in one line what is wrong.
   */
  open(directory: string, options?: LsmOptions): Promise<Lsm>;
  /**
   * Checks every byte of a store that nobody holds, and lists what is wrong.
   * @throws LsmError `NOT_A_STORE` when the directory holds none, `CANCELLED`, `IO`.
   */
  verify(directory: string, options?: WatchOptions): Promise<VerifyReport>;
  /**
   * Builds a new store in `into` (missing or empty) of what can be read of a damaged one, which is
   * not changed, and says file by file what was lost. `options` are those of the new store.
   * @throws LsmError `NOT_A_STORE`, `INVALID_ARGUMENT`, `CANCELLED`, `IO`.
   */
  repair(
    directory: string,
    into: string,
    options?: WatchOptions & { readonly store?: LsmOptions },
  ): Promise<RepairReport>;
  /**
   * Deletes a store that nobody holds: its own files, and the directory when nothing else is in
   * it. No error when there is nothing.
   * @throws LsmError `NOT_A_STORE` when something else stands there, `LOCKED`, `IO`.
   */
  destroy(directory: string): Promise<void>;
}

/** Writes a table outside of any store, to be ingested later. */
export type TableBuilder = Builder;

/** The way to one. */
export const TableBuilder: {
  /**
   * Begins a table at `path`, which must not exist; its directory must.
   * @throws LsmError `INVALID_ARGUMENT` for an option out of bounds, `IO`.
   */
  create(path: string, options?: TableBuilderOptions): Promise<TableBuilder>;
} = {
  create: (path, options) => {
    const { dir, base } = parse(resolve(path));
    return Builder.create(dir, base, libraryEnvironment(), options);
  },
};

/** An open store: an ordered map from keys to values, both bytes, kept in a directory. */
export type Lsm = Store;

/** The way in. */
export const Lsm: LsmLibrary = {
  open: (directory, options) => Store.open(resolve(directory), libraryEnvironment(), options),
  verify: (directory, { onProgress, signal } = {}) =>
    verifyStore(resolve(directory), libraryEnvironment(), onProgress, signal),
  repair: (directory, into, options) =>
    repairStore(resolve(directory), resolve(into), libraryEnvironment(), options),
  destroy: async (directory) => {
    const path = resolve(directory);
    await destroyStore(path, libraryEnvironment());
    await removeEmptyDirectory(path);
  },
};

/** What else lies in it, or that it is not there, is no fault. */
async function removeEmptyDirectory(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (thrown) {
    const code = systemCodeOf(thrown);
    if (code === 'ENOENT' || code === 'ENOTEMPTY' || code === 'EEXIST') return;
    throw ioError(thrown, 'remove the directory', path);
  }
}
