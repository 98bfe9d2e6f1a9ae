// Opens a directory as the engine that wrote it wants: the one place where the command line's
// reading commands learn whose store it is.

import type { LsmOptions } from '../engine/options.ts';
import type { Catalogue, EditableCatalogue, Verification, Watch } from './catalogue.ts';
import { openOwnStore, verifyOwnStore } from './ownStore.ts';

/** What may be chosen when a store is opened for writing. */
export type WritingOptions = Pick<
  LsmOptions,
  'createIfMissing' | 'compaction' | 'memtableSize' | 'levelBaseSize' | 'targetTableSize'
>;

/**
 * Opens a store to read. Takes no lock and writes nothing.
 * @throws LsmError that names what the directory looks like when it is no store.
 */
export function openCatalogue(directory: string): Promise<Catalogue> {
  return openOwnStore(directory, { readOnly: true, createIfMissing: false });
}

/**
 * Opens a store of our own engine to write, with its lock.
 * @throws LsmError `LOCKED` when another process has it.
 */
export function openEditableCatalogue(
  directory: string,
  options: WritingOptions,
): Promise<EditableCatalogue> {
  return openOwnStore(directory, options);
}

/**
 * Reads every byte of a store and checks it. Damage is reported, never thrown.
 * @throws LsmError when the directory is no store at all.
 */
export function verifyDirectory(directory: string, watch: Watch = {}): Promise<Verification> {
  return verifyOwnStore(directory, watch);
}
