// What each compaction strategy makes of the same workload: keys drawn at random are put again and
// again, then read. Memtables and levels are small, so that little data has the shape of much.

import path from 'node:path';
import { Random } from '../../base/random.ts';
import type { EditableCatalogue, LiveEntry } from '../../session/catalogue.ts';
import { hostClock } from '../../session/hostClock.ts';
import { openEditableCatalogue } from '../../session/openCatalogue.ts';
import { STRATEGIES } from '../../session/storeOptionTable.ts';
import { BUNDLES } from '../bundles.ts';
import { BenchEntries } from './benchEntries.ts';
import type { BenchPlan } from './benchEntries.ts';
import { fillBatches } from './fillBatches.ts';

/** What one strategy cost, at rest after the last write. */
export interface AmplificationMeasurement {
  readonly strategy: string;
  /** Bytes that flushes and merges wrote, per byte of the keys and values put. */
  readonly writeAmplification: number;
  /** Data blocks looked at for each get of a key that is there. */
  readonly readAmplification: number;
  /** Bytes of tables, per byte of the keys and values that are alive. */
  readonly spaceAmplification: number;
  /** Sorted runs: where a get may have to look. */
  readonly runs: number;
  readonly tables: number;
  /** Tables in each level, from level 0 to the deepest that has any. */
  readonly levels: readonly number[];
  readonly seconds: number;
}

/** Each key is put so often, on average. */
const PUTS_PER_KEY = 5;
const BATCH_ENTRIES = 100;
const READS_MAX = 20_000;
const SIZES = {
  memtableSize: 256 * 1024,
  targetTableSize: 256 * 1024,
  levelBaseSize: 1024 * 1024,
  levelMultiplier: 4,
};

/** Runs the strategies in turn in `directory`, which must exist. */
export async function* measureAmplification(
  directory: string,
  plan: BenchPlan,
): AsyncGenerator<AmplificationMeasurement> {
  for (const strategy of STRATEGIES) {
    const folder = path.join(directory, strategy);
    const options = { ...SIZES, compaction: strategy };
    const store = await openEditableCatalogue(folder, options, BUNDLES.jobWorkerFile);
    try {
      yield await measure(store, strategy, plan);
    } finally {
      await store.close();
    }
  }
}

async function measure(
  store: EditableCatalogue,
  strategy: string,
  plan: BenchPlan,
): Promise<AmplificationMeasurement> {
  const beganMicros = hostClock.monotonicMicros();
  const keys = Math.max(1, Math.round(plan.operations / PUTS_PER_KEY));
  const live = [...new BenchEntries({ ...plan, operations: keys }).inOrder()];
  const random = new Random(plan.seed);
  await fillBatches(store, overwrites(live, plan.operations, random), BATCH_ENTRIES);
  await store.flush();
  await store.waitForIdle();
  for (let reads = Math.min(keys, READS_MAX); reads > 0; reads--) {
    store.get(live[random.nextBelow(keys)]![0]);
  }
  const { levels, tables, counters, readAmplification } = store.stats();
  const liveBytes = live.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  const tableBytes = levels.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const written = counters.flushBytesWritten + counters.compactionBytesWritten;
  const deepest = levels.findLastIndex((level) => level.tables > 0);
  return {
    strategy,
    writeAmplification: written / Math.max(1, counters.userBytesWritten),
    readAmplification,
    spaceAmplification: tableBytes / liveBytes,
    runs: levels.reduce((sum, { runs }) => sum + runs, 0),
    tables,
    levels: levels.slice(0, deepest + 1).map((level) => level.tables),
    seconds: (hostClock.monotonicMicros() - beganMicros) / 1e6,
  };
}

/** Every key once, so that all are there; then any of them. */
function* overwrites(
  live: readonly LiveEntry[],
  operations: number,
  random: Random,
): Generator<LiveEntry> {
  yield* live;
  for (let left = operations - live.length; left > 0; left--) {
    yield live[random.nextBelow(live.length)]!;
  }
}
