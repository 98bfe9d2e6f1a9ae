// Which manifest counts: the one that CURRENT names in its one line, `MANIFEST-nnnnnn\n`. Without a
// sound CURRENT its engine refuses to open; here the newest manifest is shown, and the fault
// listed.

import { LsmError } from '../base/errors.ts';
import type { ForeignDirectory } from './foreignDirectory.ts';
import type { ProblemList } from './problems.ts';

const CURRENT_NAME = 'CURRENT';
const CURRENT_BYTES_MAX = 1024;
const MANIFEST_NAME = /^MANIFEST-(\d{1,16})$/;

/**
 * The manifest's name.
 * @throws LsmError `NOT_A_STORE` when the directory holds none.
 */
export function currentManifest(directory: ForeignDirectory, problems: ProblemList): string {
  const manifests = directory
    .names()
    .filter((name) => MANIFEST_NAME.test(name))
    .sort((left, right) => numberOf(left) - numberOf(right));
  const newest = manifests.at(-1);
  if (newest === undefined) {
    const message = `${directory.path} has no manifest: it is no store of LevelDB's kind`;
    throw new LsmError('NOT_A_STORE', message, { file: directory.path });
  }
  const line = directory.readStart(CURRENT_NAME, CURRENT_BYTES_MAX);
  const named = line.endsWith('\n') ? line.slice(0, -1) : '';
  if (manifests.includes(named)) return named;
  const message = `${CURRENT_NAME} does not name a manifest that is there; ${newest} is shown`;
  problems.add('CORRUPTION', CURRENT_NAME, 0, message);
  return newest;
}

/** The manifest that CURRENT names by now; empty when it cannot be told at the moment. */
export function manifestNow(directory: ForeignDirectory): string {
  return directory.readStart(CURRENT_NAME, CURRENT_BYTES_MAX).trimEnd();
}

function numberOf(manifest: string): number {
  return Number(MANIFEST_NAME.exec(manifest)![1]);
}
