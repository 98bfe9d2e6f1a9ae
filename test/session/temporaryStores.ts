// Fresh directories for the stores of one test file, and sessions that are closed after each test.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { LsmOptions } from '../../src/engine/options.ts';
import type { Session } from '../../src/session/session.ts';
import { openSession } from '../../src/session/session.ts';
import type { BuiltWorker } from './builtWorker.ts';

/** Small limits: a few hundred writes give flushes and merges. */
export const SMALL: LsmOptions = {
  memtableSize: 8 * 1024,
  maxL0SSTables: 4,
  levelBaseSize: 32 * 1024,
  levelMultiplier: 4,
  targetTableSize: 16 * 1024,
  blockSize: 512,
};

export interface TemporaryStores {
  /** A path in which nothing stands yet. */
  path(name: string): string;
  open(name: string, options?: LsmOptions): Promise<Session>;
  /** Has `session` closed after the test. */
  closeLater(session: Session): Session;
}

export function useTemporaryStores(worker: BuiltWorker): TemporaryStores {
  let folder = '';
  let open: Session[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lsm-session-'));
  });
  afterEach(async () => {
    await Promise.all(open.map((session) => session.close()));
    open = [];
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const stores: TemporaryStores = {
    path: (name) => path.join(folder, name),
    open: async (name, options = SMALL) => {
      const target = { kind: 'store', path: stores.path(name), options } as const;
      return stores.closeLater(await openSession(target, worker.location()));
    },
    closeLater: (session) => {
      open.push(session);
      return session;
    },
  };
  return stores;
}
