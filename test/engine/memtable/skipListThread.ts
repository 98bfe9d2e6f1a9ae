// Runs in a worker thread: inserts versions of shared keys into a list that others insert into, and
// looks keys up between, noting what it did and when, in tickets that all threads draw from.

import { parentPort, workerData } from 'node:worker_threads';
import { Random } from '../../../src/base/random.ts';
import { Arena } from '../../../src/engine/memtable/arena.ts';
import { NO_NODE, SkipList } from '../../../src/engine/memtable/skipList.ts';
import { encoded } from './memtableModel.ts';
import {
  wholeNode,
  keyOf,
  versionOf,
  WORD_PUBLISHED,
  WORD_READY,
  WORD_TICKET,
} from './skipListHistory.ts';
import type { Observation, ThreadInput } from './skipListHistory.ts';

const { arena: buffer, control, thread, threads, insertions, keys } = workerData as ThreadInput;
const arena = new Arena(buffer);
const list = new SkipList(arena, { shared: true });
const shared = new Int32Array(control);
const random = new Random(100 + thread);
const history: Observation[] = [];

const ticket = (): number => Atomics.add(shared, WORD_TICKET, 1);

function insert(index: number): void {
  const version = versionOf({ key: random.nextBelow(keys), thread, threads, index });
  const began = ticket();
  list.insert(encoded(version), version.sequence, 0, random);
  const ended = ticket();
  Atomics.store(shared, WORD_PUBLISHED + thread, index + 1);
  history.push({
    did: 'insert',
    key: Buffer.from(version.key).toString(),
    sequence: version.sequence,
    began,
    ended,
  });
}

function find(): void {
  const key = keyOf(random.nextBelow(keys));
  const began = ticket();
  const node = list.find(Buffer.from(key), Number.MAX_SAFE_INTEGER);
  const ended = ticket();
  const sequence = node === NO_NODE ? 0 : arena.sequenceOf(node);
  if (node !== NO_NODE) wholeNode(arena, node);
  history.push({ did: 'find', key, sequence, began, ended });
}

/** Walks once through all: in order, nothing half, and all that each thread had published. */
function walk(): void {
  const published = Array.from({ length: threads }, (_, each) =>
    Atomics.load(shared, WORD_PUBLISHED + each),
  );
  const seen = Array.from({ length: threads }, () => 0);
  let before = NO_NODE;
  for (let node = list.first(); node !== NO_NODE; node = list.next(node)) {
    const { sequence, index, thread: by } = wholeNode(arena, node);
    if (index < published[by]!) seen[by]!++;
    if (before !== NO_NODE) {
      const order = Buffer.compare(arena.copyKeyOf(before), arena.copyKeyOf(node));
      const ascends = order < 0 || (order === 0 && arena.sequenceOf(before) > sequence);
      if (!ascends) throw new Error(`out of order at node ${node}`);
    }
    before = node;
  }
  if (seen.join() !== published.join()) {
    throw new Error(`published ${published.join()}, seen of them ${seen.join()}`);
  }
}

// All begin together.
Atomics.add(shared, WORD_READY, 1);
while (Atomics.load(shared, WORD_READY) < threads);
for (let index = 0; index < insertions; index++) {
  insert(index);
  find();
  if (index % 100 === 99) walk();
}
parentPort!.postMessage(history);
