// The entry `lsm-lens/engine`: the storage engine as a library for Node. It binds Node's
// environment in, so that a path is all it takes to open a store; everything else is the engine's
// own. docs/library.md is the guide.

import { rmdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Lsm as Store } from '../../engine/db.ts';
import { destroyStore } from '../../engine/destroy.ts';
import type { LsmOptions } from '../../engine/options.ts';
import { verifyStore } from '../../engine/verify.ts';
import type { VerifyReport } from '../../engine/verify.ts';
import type { Progress } from '../../protocol/messages.ts';
import { ioError, systemCodeOf } from '../ioErrors.ts';
import { libraryEnvironment } from './libraryEnvironment.ts';

export { LsmError } from '../../base/errors.ts';
export type { LsmErrorCode } from '../../base/errors.ts';
export type { CompactionRange } from '../../engine/db.ts';
export { COMPACTION_STRATEGIES, DEFAULT_OPTIONS } from '../../engine/options.ts';
export type { CompactionStrategyName, LsmOptions, ResolvedOptions } from '../../engine/options.ts';
export type { RangeOptions, ReadOptions } from '../../engine/readOptions.ts';
export type { LsmIterator } from '../../engine/read/storeIterator.ts';
export type { Snapshot } from '../../engine/snapshotList.ts';
export type { VerifyReport } from '../../engine/verify.ts';
export { WriteBatch } from '../../engine/writeBatch.ts';
export type { WriteOptions } from '../../engine/write/writeQueue.ts';
export type { LsmEvent } from '../../protocol/events.ts';
export type { EventSink } from '../../protocol/eventSink.ts';
export type { Progress, StoreStats } from '../../protocol/messages.ts';

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
   * Deletes a store that nobody holds: its own files, and the directory when nothing else is in
   * it. No error when there is nothing.
   * @throws LsmError `NOT_A_STORE` when something else stands there, `LOCKED`, `IO`.
   */
  destroy(directory: string): Promise<void>;
}

/** An open store: an ordered map from keys to values, both bytes, kept in a directory. */
export type Lsm = Store;

/** The way in. */
export const Lsm: LsmLibrary = {
  open: (directory, options) => Store.open(resolve(directory), libraryEnvironment(), options),
  verify: (directory, { onProgress, signal } = {}) =>
    verifyStore(resolve(directory), libraryEnvironment(), onProgress, signal),
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
