// What the engine's hooks cost a put (a hundred in a batch) and a get, in processor time, by who
// listens. The ways take turns, so that all meet the same machine, and of each the quickest round
// counts. Run by scripts/hooksCost.mjs.

import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import { Lsm } from '../../src/engine/db.ts';
import { WriteBatch } from '../../src/engine/writeBatch.ts';
import { nodeEnvironment } from '../../src/node/nodeEnvironment.ts';
import type { EventSink } from '../../src/protocol/eventSink.ts';

const ROUNDS = 5;
const BATCH = 100;
const VALUE = new Uint8Array(100).fill(7);

/** Counts what it hears, and keeps nothing. */
function listener(toEach: boolean): EventSink {
  let heard = 0;
  const rest = { entry: false, gate: null, emit: () => ++heard };
  return { structural: true, write: toEach, read: toEach, ...rest };
}

const WAYS: readonly (readonly [name: string, sink: EventSink | undefined])[] = [
  ['nobody listens', undefined],
  ['structural events', listener(false)],
  ['every write and read, too', listener(true)],
];

const { values } = parseArgs({ options: { operations: { type: 'string', default: '100000' } } });
const operations = Number(values.operations);
const keys = Array.from({ length: operations }, (_, index) => {
  return encodeUtf8(String((index * 7919) % operations).padStart(16, '0'));
});

/** Microseconds of processor time for each operation. */
async function costOf(work: () => Promise<void> | void): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / operations;
}

async function put(store: Lsm): Promise<void> {
  for (let from = 0; from < operations; from += BATCH) {
    const batch = new WriteBatch();
    for (const key of keys.slice(from, from + BATCH)) batch.put(key, VALUE);
    await store.write(batch);
  }
}

function get(store: Lsm): void {
  for (const key of keys) store.getSync(key);
}

async function measure(directory: string, sink: EventSink | undefined): Promise<number[]> {
  const options = sink === undefined ? {} : { events: sink };
  const store = await Lsm.open(directory, nodeEnvironment(), options);
  try {
    const writing = await costOf(() => put(store));
    await store.compactRange();
    get(store);
    return [writing, await costOf(() => get(store))];
  } finally {
    await store.close();
  }
}

const scratch = mkdtempSync(path.join(os.tmpdir(), 'lsm-lens-hooks-'));
const best = WAYS.map(() => [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
for (let round = 0; round < ROUNDS; round++) {
  for (const [way, [, sink]] of WAYS.entries()) {
    const costs = await measure(path.join(scratch, `${round} ${way}`), sink);
    best[way] = best[way]!.map((cost, index) => Math.min(cost, costs[index]!));
  }
}
rmSync(scratch, { recursive: true });
process.stdout.write('processor time of an operation, µs\n');
for (const [way, [name]] of WAYS.entries()) {
  const [writing, reading] = best[way]!;
  process.stdout.write(
    `${name.padEnd(28)} put ${writing!.toFixed(2)}  get ${reading!.toFixed(2)}\n`,
  );
}
