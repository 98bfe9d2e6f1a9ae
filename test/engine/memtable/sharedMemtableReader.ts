// Runs in a worker thread: reads a memtable of which it got nothing but the shared buffer.

import { parentPort, workerData } from 'node:worker_threads';
import { Arena } from '../../../src/engine/memtable/arena.ts';
import { MemtableIterator } from '../../../src/engine/memtable/memtableIterator.ts';
import { SkipList } from '../../../src/engine/memtable/skipList.ts';

const iterator = new MemtableIterator(new SkipList(new Arena(workerData as SharedArrayBuffer)));
const keys: string[] = [];
for (iterator.first(); iterator.valid; iterator.next()) {
  const { entry } = iterator;
  const [key, value] = [Buffer.from(entry.copyKey()), Buffer.from(entry.copyValue())];
  keys.push(`${key.toString('hex')}@${entry.sequence}=${value.toString('hex')}`);
}
parentPort!.postMessage(keys);
