// Runs in a worker thread: reads a memtable of which it got nothing but the shared buffer.

import { parentPort, workerData } from 'node:worker_threads';
import { openSharedMemtable } from '../../../src/engine/memtable/sharedMemtable.ts';

const iterator = openSharedMemtable(workerData as SharedArrayBuffer);
const keys: string[] = [];
for (iterator.first(); iterator.valid; iterator.next()) {
  const { entry } = iterator;
  const [key, value] = [Buffer.from(entry.copyKey()), Buffer.from(entry.copyValue())];
  keys.push(`${key.toString('hex')}@${entry.sequence}=${value.toString('hex')}`);
}
parentPort!.postMessage(keys);
