// Which manifest counts: the one that CURRENT names in its one line, `MANIFEST-nnnnnn\n`. Without a
// sound CURRENT LevelDB refuses to open; here the newest manifest is shown, and the fault listed.

import { LsmError } from '../../base/errors.ts';
import type { ForeignDirectory } from '../foreignDirectory.ts';
import type { ProblemList } from '../problems.ts';
import { CURRENT_NAME, numberedNames } from './fileNames.ts';

const CURRENT_BYTES_MAX = 1024;

/**
 * The manifest's name.
 * @throws LsmError `NOT_A_STORE` when the directory holds none.
 */
export function currentManifest(directory: ForeignDirectory, problems: ProblemList): string {
  const manifests = numberedNames(directory.names(), 'manifest').map(({ name }) => name);
  const newest = manifests.at(-1);
  if (newest === undefined) {
    const message = `${directory.path} has no manifest: it is no LevelDB directory`;
    throw new LsmError('NOT_A_STORE', message, { file: directory.path });
  }
  const line = directory.readStart(CURRENT_NAME, CURRENT_BYTES_MAX);
  const named = line.endsWith('\n') ? line.slice(0, -1) : '';
  if (manifests.includes(named)) return named;
  const message = `${CURRENT_NAME} does not name a manifest that is there; ${newest} is shown`;
  problems.add('CORRUPTION', CURRENT_NAME, 0, message);
  return newest;
}
