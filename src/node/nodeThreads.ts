// Node's worker threads behind base's interface.

import { Worker } from 'node:worker_threads';
import type { Thread, ThreadListener, Threads } from '../base/threads.ts';

/** Starts threads that run one file. */
export class NodeThreads implements Threads {
  private readonly programFile: string;

  /** @param programFile a bundle, `dist/jobWorker.cjs`. */
  constructor(programFile: string) {
    this.programFile = programFile;
  }

  start(listener: ThreadListener): Thread {
    const worker = new Worker(this.programFile, { name: 'lsm-lens jobs' });
    worker.unref();
    let ending = false;
    let cause: Error | undefined;
    worker.on('message', (message) => listener.onMessage(message));
    worker.on('error', (error) => {
      cause ??= error;
    });
    worker.once('exit', (code) => {
      if (!ending) listener.onDeath(cause ?? new Error(`a worker ended with code ${code}`));
    });
    return {
      post: (message) => worker.postMessage(message),
      keepAlive: (on) => {
        if (on) worker.ref();
        else worker.unref();
      },
      end: async () => {
        ending = true;
        await worker.terminate();
      },
    };
  }
}
