// The engine's world for a program that imports the library: with the job threads' bundle, which
// the build puts one folder up.

import { fileURLToPath } from 'node:url';
import type { Environment } from '../../base/environment.ts';
import { nodeEnvironment } from '../nodeEnvironment.ts';

/** Node's disk, clock and threads. */
export function libraryEnvironment(): Environment {
  const jobWorkerFile = fileURLToPath(new URL('../jobWorker.cjs', import.meta.url));
  return nodeEnvironment({ jobWorkerFile });
}
