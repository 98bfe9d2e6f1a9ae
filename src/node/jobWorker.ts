// The entry of a job thread (dist/jobWorker.cjs): runs flushes and merges for the store that
// started it, until that ends it.

import { parentPort } from 'node:worker_threads';
import { ensureExists } from '../base/assert.ts';
import { serveJobs } from '../engine/jobs/threads/serveJobs.ts';
import { nodeEnvironment } from './nodeEnvironment.ts';

const port = ensureExists(parentPort, 'the port of a worker thread');

serveJobs(
  {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
  },
  nodeEnvironment(),
);
