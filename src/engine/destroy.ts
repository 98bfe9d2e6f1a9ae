// Deleting a whole store: its own files, and nothing else that may lie beside them.
//
// CURRENT goes first and durably: a destruction that is interrupted leaves something that no longer
// opens, never half a store that does; destroying it again finishes the work.

import type { Environment } from '../base/environment.ts';
import { CURRENT_FILE_NAME, LOCK_FILE_NAME, parseFileName } from './fileNames.ts';
import { notAStore, recognise } from './open/storeRecognition.ts';

/**
 * Deletes the files of the store in `directory`; no error when the directory is missing or empty.
 * The directory itself stays.
 * @throws LsmError `NOT_A_STORE` when something else stands there, `LOCKED`, `IO`.
 */
export async function destroyStore(directory: string, environment: Environment): Promise<void> {
  const { vfs } = environment;
  const found = recognise(vfs, directory);
  if (found.kind === 'missing') return;
  if (found.kind === 'other') throw notAStore(directory, found);
  const lock = vfs.lock(vfs.join(directory, LOCK_FILE_NAME));
  try {
    const names = vfs.list(directory).filter((name) => {
      const kind = parseFileName(name)?.kind;
      return kind !== undefined && kind !== 'lock';
    });
    if (names.includes(CURRENT_FILE_NAME)) {
      vfs.remove(vfs.join(directory, CURRENT_FILE_NAME));
      await vfs.syncDirectory(directory);
    }
    for (const name of names) {
      if (name !== CURRENT_FILE_NAME) vfs.remove(vfs.join(directory, name));
    }
    await vfs.syncDirectory(directory);
  } finally {
    lock.release();
  }
}
