// Four threads insert into one skip list and read it at once, with nothing between them but its
// atomic steps.

import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createArena } from '../../../src/engine/memtable/arena.ts';
import { NO_NODE, SkipList } from '../../../src/engine/memtable/skipList.ts';
import type { Bundle } from '../../support/bundleForNode.ts';
import { bundleForNode } from '../../support/bundleForNode.ts';
import { checkHistory, wholeNode } from './skipListHistory.ts';
import type { Observation, ThreadInput } from './skipListHistory.ts';

const THREADS = 4;
const INSERTIONS = 300;

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleForNode(new URL('skipListThread.ts', import.meta.url));
});
afterAll(() => bundle.discard());

function runThread(workerData: ThreadInput): Promise<Observation[]> {
  const worker = new Worker(bundle.path, { workerData });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

test.for([{ keys: 5 }, { keys: 2000 }])('on $keys keys', async ({ keys }) => {
  const arena = createArena(4 * 1024 * 1024);
  const control = new SharedArrayBuffer(4 * (2 + THREADS));
  const common = { arena: arena.buffer, control, threads: THREADS, insertions: INSERTIONS, keys };
  const started = Array.from({ length: THREADS }, (_, thread) => runThread({ ...common, thread }));
  const history = (await Promise.all(started)).flat();

  checkHistory(history);
  const inserted = history.filter(({ did }) => did === 'insert').map(({ sequence }) => sequence);
  const found: number[] = [];
  const list = new SkipList(arena);
  for (let node = list.first(); node !== NO_NODE; node = list.next(node)) {
    found.push(wholeNode(arena, node).sequence);
  }
  expect(found.length).toBe(THREADS * INSERTIONS);
  expect(new Set(found)).toEqual(new Set(inserted));
  expect(arena.entries).toBe(found.length);
});

test('the checker refuses a look-up that goes back, and one that is too early', () => {
  const insert = { did: 'insert', key: 'k', sequence: 1, began: 0, ended: 1 } as const;
  const find = (sequence: number, began: number, ended: number): Observation => ({
    did: 'find',
    key: 'k',
    sequence,
    began,
    ended,
  });
  expect(() => checkHistory([insert, find(1, 2, 3), find(1, 4, 5)])).not.toThrow();
  expect(() => checkHistory([insert, find(0, 2, 3)])).toThrow('found 0');
  expect(() => checkHistory([{ ...insert, began: 8, ended: 9 }, find(1, 2, 3)])).toThrow('found 1');
  const late = { ...insert, ended: 9 };
  expect(() => checkHistory([late, find(1, 2, 3), find(0, 4, 5)])).toThrow('found 0');
});
