// Stores on a real disk whose jobs run in threads, and threads that can be watched and killed.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { ensureExists } from '../../../src/base/assert.ts';
import type { Environment } from '../../../src/base/environment.ts';
import type { Thread, ThreadListener, Threads } from '../../../src/base/threads.ts';
import { Lsm } from '../../../src/engine/db.ts';
import type { LsmOptions } from '../../../src/engine/options.ts';
import { WriteBatch } from '../../../src/engine/writeBatch.ts';
import { nodeEnvironment } from '../../../src/node/nodeEnvironment.ts';
import { useJobWorker } from '../../support/useBundle.ts';
import { TwoHandClock } from '../simulatedWorld.ts';
import { bytes } from '../testStore.ts';

/** A few hundred writes give flushes and merges of several outputs. */
export const SMALL: LsmOptions = {
  memtableSize: 64 * 1024,
  blockSize: 1024,
  maxL0SSTables: 3,
  levelBaseSize: 64 * 1024,
  targetTableSize: 32 * 1024,
  levelMultiplier: 4,
};

export interface ThreadedStores {
  /** The same at every call but for the directory: what is written depends on the calls alone. */
  environment(): Environment & { readonly threads: Threads };
  /** A path in which nothing stands yet. */
  path(name: string): string;
}

/** Directories and a bundle for the tests of one file. */
export function useThreadedStores(): ThreadedStores {
  const worker = useJobWorker();
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lsm-threads-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    environment: () => {
      const environment = nodeEnvironment({ seed: 3, jobWorkerFile: worker.file() });
      const threads = ensureExists(environment.threads, 'threads where there is a bundle');
      return { ...environment, threads, clock: new TwoHandClock() };
    },
    path: (name) => join(folder, name),
  };
}

/** Every file of a store by name. */
export function filesIn(directory: string): Map<string, Buffer> {
  const names = readdirSync(directory).filter((name) => !name.startsWith('LOCK'));
  return new Map(names.sort().map((name) => [name, readFileSync(join(directory, name))]));
}

/** Puts `count` keys, each some hundred bytes, in an order that makes tables overlap. */
export async function fill(store: Lsm, count: number, round: number): Promise<void> {
  let batch = new WriteBatch();
  for (let index = 1; index <= count; index++) {
    const key = bytes(`key ${String((index * 7919) % count).padStart(6, '0')}`);
    batch.put(key, new Uint8Array(150).fill(round));
    if (index % 50 > 0) continue;
    await store.write(batch);
    batch = new WriteBatch();
  }
  await store.write(batch);
}

/** A life with flushes, merges and a compaction by hand. */
export async function life(
  path: string,
  environment: Environment,
  options: LsmOptions,
): Promise<void> {
  const store = await Lsm.open(path, environment, { ...SMALL, ...options });
  for (let round = 0; round < 2; round++) {
    await fill(store, 300, round);
    await store.delete(bytes(`key 00000${round}`));
    await store.flush();
  }
  await store.compactRange();
  await store.close();
}

/** Counts what is started and passes on what `onMessage` lets through. */
export class WatchedThreads implements Threads {
  started = 0;
  ended = 0;
  private readonly threads: Threads;
  private readonly onMessage: (message: { readonly kind: string }, kill: () => void) => void;

  constructor(
    threads: Threads,
    onMessage: (message: { readonly kind: string }, kill: () => void) => void = () => undefined,
  ) {
    this.threads = threads;
    this.onMessage = onMessage;
  }

  start(listener: ThreadListener): Thread {
    this.started++;
    const kill = (): void => {
      void thread.end();
      listener.onDeath(new Error('killed by the test'));
    };
    const thread = this.threads.start({
      onMessage: (message) => {
        this.onMessage(message as { readonly kind: string }, kill);
        listener.onMessage(message);
      },
      onDeath: (error) => listener.onDeath(error),
    });
    return {
      ...thread,
      end: async () => {
        await thread.end();
        this.ended++;
      },
    };
  }
}
