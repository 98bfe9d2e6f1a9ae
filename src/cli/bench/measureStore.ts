// The steps of `lsm-lens bench`. Two stores are filled, one in key order and one in random order;
// reads, scans and the compaction run on the second, whose tables overlap. Each step waits for its
// own work only: flushes and merges that a fill leaves behind are measured as a step of their own.

import path from 'node:path';
import { assert } from '../../base/assert.ts';
import { hostClock } from '../../session/hostClock.ts';
import { openEditableCatalogue } from '../../session/openCatalogue.ts';
import type { EditableCatalogue, LiveEntry } from '../../session/catalogue.ts';
import { BenchEntries } from './benchEntries.ts';

/** What to run. */
export interface BenchPlan {
  readonly operations: number;
  readonly valueSize: number;
  readonly seed: number;
}

/** What a step cost. */
export interface Measurement {
  readonly name: string;
  readonly operations: number;
  readonly microsPerOperation: number;
  readonly operationsPerSecond: number;
  /** Keys and values, in millions of bytes. */
  readonly megabytesPerSecond: number;
}

/** Entries in a batch of the batch step. */
const BATCH_ENTRIES = 100;
/** Synced writes are slow, and their cost does not depend on how many there are. */
const SYNCED_WRITES_MAX = 200;

/** Runs the steps in turn in `directory`, which must exist and be empty. */
export async function* measureStore(
  directory: string,
  plan: BenchPlan,
): AsyncGenerator<Measurement> {
  const entries = new BenchEntries(plan);
  const sequential = await openEditableCatalogue(path.join(directory, 'sequential'), {});
  try {
    yield await measure('fill sequential', plan.operations, entries, () =>
      fill(sequential, entries.inOrder()),
    );
    yield await measure('fill synced', Math.min(plan.operations, SYNCED_WRITES_MAX), entries, () =>
      fill(sequential, firstOf(entries.shuffled(), SYNCED_WRITES_MAX), true),
    );
  } finally {
    await sequential.close();
  }
  const random = await openEditableCatalogue(path.join(directory, 'random'), {});
  try {
    yield await measure('fill random', plan.operations, entries, () =>
      fill(random, entries.shuffled()),
    );
    yield await measure(`fill batches of ${BATCH_ENTRIES}`, plan.operations, entries, () =>
      fillBatches(random, entries.shuffled()),
    );
    yield* measureReading(random, entries, plan.operations);
  } finally {
    await random.close();
  }
}

async function* measureReading(
  store: EditableCatalogue,
  entries: BenchEntries,
  operations: number,
): AsyncGenerator<Measurement> {
  yield await measure('read random in memory', operations, entries, () => readAll(store, entries));
  yield await measure('flush and compact', operations, entries, async () => {
    await store.flush();
    await store.compact();
  });
  yield await measure('read random in tables', operations, entries, () => readAll(store, entries));
  yield await measure('read missing', operations, entries, () => readMissing(store, entries));
  yield await measure('scan', operations, entries, () => scan(store, operations, false));
  yield await measure('scan in reverse', operations, entries, () => scan(store, operations, true));
}

async function measure(
  name: string,
  operations: number,
  entries: BenchEntries,
  work: () => void | Promise<void>,
): Promise<Measurement> {
  const beganMicros = hostClock.monotonicMicros();
  await work();
  const micros = Math.max(hostClock.monotonicMicros() - beganMicros, 1);
  const seconds = micros / 1e6;
  return {
    name,
    operations,
    microsPerOperation: micros / operations,
    operationsPerSecond: operations / seconds,
    megabytesPerSecond: (operations * entries.entrySizeBytes) / seconds / 1e6,
  };
}

async function fill(
  store: EditableCatalogue,
  entries: Iterable<LiveEntry>,
  sync = false,
): Promise<void> {
  for (const [key, value] of entries) await store.put(key, value, sync);
}

function* firstOf<T>(items: Iterable<T>, amount: number): Generator<T> {
  let left = amount;
  for (const item of items) {
    if (left-- === 0) return;
    yield item;
  }
}

async function fillBatches(store: EditableCatalogue, entries: Iterable<LiveEntry>): Promise<void> {
  let batch: LiveEntry[] = [];
  for (const entry of entries) {
    batch.push(entry);
    if (batch.length < BATCH_ENTRIES) continue;
    await store.putAll(batch, false);
    batch = [];
  }
  if (batch.length > 0) await store.putAll(batch, false);
}

function readAll(store: EditableCatalogue, entries: BenchEntries): void {
  let found = 0;
  for (const [key] of entries.shuffled()) if (store.get(key) !== undefined) found++;
  assert(found === entries.count, `${found} of ${entries.count} keys were found`);
}

function readMissing(store: EditableCatalogue, entries: BenchEntries): void {
  for (const key of entries.missingKeys()) {
    assert(store.get(key) === undefined, 'a key that was never written was found');
  }
}

function scan(store: EditableCatalogue, expected: number, reverse: boolean): void {
  let entriesSeen = 0;
  for (const _entry of store.entries({ reverse })) entriesSeen++;
  assert(entriesSeen === expected, `a scan saw ${entriesSeen} of ${expected} entries`);
}
