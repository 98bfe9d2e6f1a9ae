// Opens a store for one command that writes, and always closes it again.

import { LsmError } from '../base/errors.ts';
import type { EditableCatalogue } from '../session/catalogue.ts';
import { openEditableCatalogue } from '../session/openCatalogue.ts';
import { BUNDLES } from './bundles.ts';
import type { WritingOptions } from '../session/openCatalogue.ts';

/**
 * Writes to a store under its lock.
 * @param use is told by the signal when the user interrupts; the store is closed in any case.
 * @throws LsmError `CANCELLED` when it was interrupted.
 */
export async function writingTo<T>(
  directory: string,
  options: WritingOptions,
  use: (store: EditableCatalogue, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    return await useAndClose(directory, options, (store) => use(store, interruption.signal));
  } catch (thrown) {
    if (!interruption.signal.aborted) throw thrown;
    throw new LsmError('CANCELLED', 'interrupted; what was written before stays', {
      cause: thrown,
    });
  } finally {
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
  }
}

async function useAndClose<T>(
  directory: string,
  options: WritingOptions,
  use: (store: EditableCatalogue) => Promise<T>,
): Promise<T> {
  const store = await openEditableCatalogue(directory, options, BUNDLES.jobWorkerFile);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}
