// Where the bundles of the threads lie: beside the command's own.

import path from 'node:path';
import type { SessionLocation } from '../session/session.ts';

export const BUNDLES: Required<SessionLocation> = {
  workerFile: path.join(__dirname, 'sessionWorker.cjs'),
  jobWorkerFile: path.join(__dirname, 'jobWorker.cjs'),
};
