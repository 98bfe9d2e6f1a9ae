// The session's worker and its job threads' program as files: bundled from the sources as they are
// now.

import type { SessionLocation } from '../../src/session/session.ts';
import { useBundle, useJobWorker } from '../support/useBundle.ts';

/** What `openSession` needs, once the tests of a file have begun. */
export interface BuiltWorker {
  readonly location: () => Required<SessionLocation>;
}

/** Bundles both before the tests of a file and removes them after them. */
export function useBuiltWorker(): BuiltWorker {
  const session = useBundle(new URL('../../src/session/sessionWorker.ts', import.meta.url));
  const jobs = useJobWorker();
  return { location: () => ({ workerFile: session.file(), jobWorkerFile: jobs.file() }) };
}
