// The steps of `lsm-lens bench`. Two stores are filled, one in key order and one in random order;
// reads, scans and the compaction run on the second, whose tables overlap. What a step leaves to be
// flushed or merged is waited for before the next begins, and counts for neither.

import path from 'node:path';
import { assert } from '../../base/assert.ts';
import type { EditableCatalogue, LiveEntry } from '../../session/catalogue.ts';
import { hostClock } from '../../session/hostClock.ts';
import { openEditableCatalogue } from '../../session/openCatalogue.ts';
import { BUNDLES } from '../bundles.ts';
import { BenchEntries } from './benchEntries.ts';
import { fillBatches } from './fillBatches.ts';
import type { BenchPlan } from './benchEntries.ts';

/** What a step cost. */
export interface Measurement {
  readonly name: string;
  readonly operations: number;
  readonly microsPerOperation: number;
  readonly operationsPerSecond: number;
  /** Keys and values written or read, in millions of bytes. */
  readonly megabytesPerSecond: number;
}

interface Step {
  readonly name: string;
  readonly operations: number;
  /** Keys and values that an operation writes or reads. */
  readonly bytesPerOperation: number;
  readonly work: () => void | Promise<void>;
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
  yield* measureOn(path.join(directory, 'sequential'), (store) => stepsInOrder(store, entries));
  yield* measureOn(path.join(directory, 'random'), (store) => [
    ...stepsAtRandom(store, entries),
    ...stepsOfReading(store, entries),
  ]);
}

async function* measureOn(
  directory: string,
  stepsFor: (store: EditableCatalogue) => readonly Step[],
): AsyncGenerator<Measurement> {
  const store = await openEditableCatalogue(directory, {}, BUNDLES.jobWorkerFile);
  try {
    for (const step of stepsFor(store)) {
      yield await measure(step);
      await store.waitForIdle();
    }
  } finally {
    await store.close();
  }
}

async function measure({ name, operations, bytesPerOperation, work }: Step): Promise<Measurement> {
  const beganMicros = hostClock.monotonicMicros();
  await work();
  const micros = Math.max(hostClock.monotonicMicros() - beganMicros, 1);
  return {
    name,
    operations,
    microsPerOperation: micros / operations,
    operationsPerSecond: (operations / micros) * 1e6,
    megabytesPerSecond: (operations * bytesPerOperation) / micros,
  };
}

function stepsInOrder(store: EditableCatalogue, entries: BenchEntries): readonly Step[] {
  const { count: operations, entrySizeBytes: bytesPerOperation } = entries;
  const synced = Math.min(operations, SYNCED_WRITES_MAX);
  return [
    {
      name: 'fill in order',
      operations,
      bytesPerOperation,
      work: () => fill(store, entries.inOrder(), false),
    },
    {
      name: 'write and sync',
      operations: synced,
      bytesPerOperation,
      work: () => fill(store, firstOf(entries.shuffled(), synced), true),
    },
  ];
}

function stepsAtRandom(store: EditableCatalogue, entries: BenchEntries): readonly Step[] {
  const common = { operations: entries.count, bytesPerOperation: entries.entrySizeBytes };
  return [
    { ...common, name: 'fill at random', work: () => fill(store, entries.shuffled(), false) },
    {
      ...common,
      name: `overwrite, ${BATCH_ENTRIES} a batch`,
      work: () => fillBatches(store, entries.shuffled(), BATCH_ENTRIES),
    },
  ];
}

function stepsOfReading(store: EditableCatalogue, entries: BenchEntries): readonly Step[] {
  const common = { operations: entries.count, bytesPerOperation: entries.entrySizeBytes };
  const compact = async (): Promise<void> => {
    await store.flush();
    await store.compact();
  };
  return [
    { ...common, name: 'read at random', work: () => readAll(store, entries) },
    { ...common, name: 'flush and compact', work: compact },
    { ...common, name: 'read after compaction', work: () => readAll(store, entries) },
    {
      ...common,
      name: 'read missing keys',
      bytesPerOperation: 0,
      work: () => readMissing(store, entries),
    },
    { ...common, name: 'scan', work: () => scan(store, entries.count, false) },
    { ...common, name: 'scan in reverse', work: () => scan(store, entries.count, true) },
  ];
}

async function fill(
  store: EditableCatalogue,
  entries: Iterable<LiveEntry>,
  sync: boolean,
): Promise<void> {
  for (const [key, value] of entries) await store.put(key, value, sync);
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

function* firstOf<T>(items: Iterable<T>, amount: number): Generator<T> {
  let left = amount;
  for (const item of items) {
    if (left-- === 0) return;
    yield item;
  }
}
