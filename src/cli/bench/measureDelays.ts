// How long a compaction holds up others: the event loop of the store's thread is asked every
// millisecond how late it is, while everything in a store of several hundred megabytes is merged,
// once in slices on that thread and once in threads of its own.

import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostClock } from '../../session/hostClock.ts';
import { openEditableCatalogue } from '../../session/openCatalogue.ts';
import { BUNDLES } from '../bundles.ts';
import { BenchEntries } from './benchEntries.ts';
import { fillBatches } from './fillBatches.ts';

/** How late the event loop was during a step. */
export interface DelayMeasurement {
  readonly name: string;
  readonly seconds: number;
  /** Keys and values merged, in millions of bytes. */
  readonly megabytes: number;
  readonly delayMedianMillis: number;
  readonly delayP99Millis: number;
  readonly delayMaxMillis: number;
}

/** What is merged. */
export interface DelayPlan {
  /** Bytes of keys and values. */
  readonly compactionSize: number;
  readonly seed: number;
}

const VALUE_BYTES = 1000;
const BATCH_ENTRIES = 500;
/** How late it is when nobody works shows how busy the machine is with other things. */
const IDLE_MILLIS = 1000;
/** The event loop is asked so often; its own histogram counts it as delay. */
const RESOLUTION_MILLIS = 1;
/** Ten to twenty tables, all overlapping, and none merged before it is asked for. */
const FILLING = { memtableSize: 16 * 1024 * 1024, maxL0SSTables: 10_000 };

/** Runs both ways in turn in `directory`, which must exist. */
export async function* measureDelays(
  directory: string,
  { compactionSize, seed }: DelayPlan,
): AsyncGenerator<DelayMeasurement> {
  yield await measure('nothing, to compare', 0, () => sleep(IDLE_MILLIS));
  const operations = Math.max(1, Math.ceil(compactionSize / VALUE_BYTES));
  for (const [name, workers] of [
    ['compact in slices', 0],
    ['compact in threads', 2],
  ] as const) {
    const entries = new BenchEntries({ operations, valueSize: VALUE_BYTES, seed });
    const options = { ...FILLING, workers };
    const folder = path.join(directory, `workers ${workers}`);
    const store = await openEditableCatalogue(folder, options, BUNDLES.jobWorkerFile);
    try {
      await fillBatches(store, entries.shuffled(), BATCH_ENTRIES);
      await store.flush();
      yield await measure(name, operations * entries.entrySizeBytes, () => store.compact());
    } finally {
      await store.close();
    }
  }
}

async function measure(
  name: string,
  sizeBytes: number,
  work: () => Promise<void>,
): Promise<DelayMeasurement> {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MILLIS });
  const beganMicros = hostClock.monotonicMicros();
  delays.enable();
  await work();
  delays.disable();
  const millis = (nanos: number): number => Math.max(0, nanos / 1e6 - RESOLUTION_MILLIS);
  return {
    name,
    seconds: (hostClock.monotonicMicros() - beganMicros) / 1e6,
    megabytes: sizeBytes / 1e6,
    delayMedianMillis: millis(delays.percentile(50)),
    delayP99Millis: millis(delays.percentile(99)),
    delayMaxMillis: millis(delays.max),
  };
}
