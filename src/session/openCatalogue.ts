// Opens a directory as the engine that wrote it wants: the one place where the command line's
// reading commands learn whose store it is.

import path from 'node:path';
import { LsmError } from '../base/errors.ts';
import { notAStore, recognise } from '../engine/open/storeRecognition.ts';
import type { LsmOptions } from '../engine/options.ts';
import type {
  Catalogue,
  EditableCatalogue,
  RepairSummary,
  Verification,
  Watch,
} from './catalogue.ts';
import { checkForeign, ForeignCatalogue } from './foreign/foreignCatalogue.ts';
import { openForeign, prepareForeign } from './foreign/openReader.ts';
import { nodeEnvironment } from '../node/nodeEnvironment.ts';
import type { PastEvent, StoreReader } from '../readers/storeReader.ts';
import { readWhileMoving } from './movingStore.ts';
import { openOwnStore, repairOwnStore, verifyOwnStore } from './ownStore.ts';

/** What may be chosen when a store is opened for writing. */
export type WritingOptions = Omit<LsmOptions, 'events' | 'mergeOperators' | 'readOnly'>;

/**
 * Opens a store, hands it over to be read, and closes it. Takes no lock and writes nothing.
 * @param use is called again, with the store as it is by then, when another process has changed it
 *   so that it could not be read to the end.
 * @param watch hears how far the opening of another engine's directory is.
 * @throws LsmError that names what the directory looks like when it is no store.
 */
export function readCatalogue<T>(
  directory: string,
  use: (store: Catalogue) => T | Promise<T>,
  { onProgress }: Watch = {},
): Promise<T> {
  const absolute = path.resolve(directory);
  const read = async (): Promise<T> => {
    const environment = nodeEnvironment();
    const foreign = openForeign(absolute, environment, onProgress);
    if (foreign !== undefined) await prepareForeign(environment);
    const store =
      foreign === undefined
        ? await openOwnStore(absolute, { readOnly: true, createIfMissing: false })
        : new ForeignCatalogue(foreign, environment.scheduler);
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  };
  return readWhileMoving(absolute, read, () => true);
}

/**
 * Opens a store of our own engine to write, with its lock.
 * @param jobWorkerFile the bundle of its job threads; left out: jobs run in slices.
 * @throws LsmError `LOCKED` when another process has it.
 */
export function openEditableCatalogue(
  directory: string,
  options: WritingOptions,
  jobWorkerFile?: string,
): Promise<EditableCatalogue> {
  return openOwnStore(path.resolve(directory), options, jobWorkerFile);
}

/**
 * Reads every byte of a store and checks it. Damage is reported, never thrown.
 * @throws LsmError when the directory is no store at all.
 */
export function verifyDirectory(directory: string, watch: Watch = {}): Promise<Verification> {
  const absolute = path.resolve(directory);
  return readWhileMoving(
    absolute,
    () => verifyOnce(absolute, watch),
    ({ ok }) => ok,
  );
}

export type { PastEvent };

/** What tells of a directory's past and present. */
export type PastCatalogue = Pick<StoreReader, 'describe' | 'history' | 'follow' | 'close'>;

/**
 * Opens another engine's directory to tell its history.
 * @param watch hears how far the opening is.
 * @throws LsmError `NOT_SUPPORTED` for a store of our own, whose history is in its recordings;
 * `NOT_A_STORE`.
 */
export async function readPast(
  directory: string,
  { onProgress }: Watch = {},
): Promise<PastCatalogue> {
  const absolute = path.resolve(directory);
  const environment = nodeEnvironment();
  const foreign = openForeign(absolute, environment, onProgress);
  if (foreign !== undefined) return foreign;
  const recognition = recognise(environment.vfs, absolute);
  if (recognition.kind !== 'store') throw notAStore(absolute, recognition);
  throw new LsmError(
    'NOT_SUPPORTED',
    `${absolute} is a store of LSM Lens: record it while it runs to see its history later`,
    { file: absolute },
  );
}

/**
 * Builds a new store in `into` (missing or empty) of what can be read of a damaged one of ours.
 * @throws LsmError when the directory is no store of ours, or `into` is not free.
 */
export function repairDirectory(
  directory: string,
  into: string,
  watch: Watch = {},
): Promise<RepairSummary> {
  return repairOwnStore(path.resolve(directory), path.resolve(into), watch);
}

async function verifyOnce(directory: string, watch: Watch): Promise<Verification> {
  const environment = nodeEnvironment();
  const foreign = openForeign(directory, environment, watch.onProgress);
  if (foreign === undefined) return verifyOwnStore(directory, watch);
  await prepareForeign(environment);
  try {
    return await checkForeign(foreign, () => environment.scheduler.turn(), watch);
  } finally {
    foreign.close();
  }
}
