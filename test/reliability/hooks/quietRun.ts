// A workload in which nothing runs beside anything else: which file gets which number then depends
// on what is asked for alone, and not on how long a viewer makes somebody wait.

import { encodeUtf8 } from '../../../src/base/bytes.ts';
import type { LsmOptions } from '../../../src/engine/options.ts';
import { DEFAULT } from '../workload/ledger.ts';
import type { Change } from '../workload/ledger.ts';
import * as steps from '../workload/steps.ts';
import type { Step } from '../workload/steps.ts';
import * as storeSteps from '../workload/storeSteps.ts';
import * as transactionSteps from '../workload/transactionSteps.ts';
import { WorkloadRun } from '../workload/workloadRun.ts';

/** Memtables are flushed when a step says so; compactions start at some of the flushes. */
export const QUIET: LsmOptions = {
  memtableSize: 256 * 1024,
  maxConcurrentCompactions: 1,
  maxL0SSTables: 4,
  l0SlowdownTables: 12,
  l0StopTables: 20,
  tierRuns: 4,
};

/** Waits after each write until the jobs are done that it has brought about. */
export class QuietRun extends WorkloadRun {
  override async promise(...parameters: Parameters<WorkloadRun['promise']>): Promise<void> {
    await super.promise(...parameters);
    await this.store.waitForIdle();
  }
}

/** Point reads of every key, and scans: of operands, beneath range deletes, of what is gone. */
const reads: Step = async (run) => {
  const snapshot = run.store.snapshot();
  for (const family of run.store.families) {
    const range = family.name === DEFAULT ? {} : { family };
    const found = [...run.store.entries(range), ...run.store.entries({ ...range, reverse: true })];
    for (const [key] of found) await run.store.get(key, { ...range, snapshot });
    for (let key = 10; key < 50; key++) await run.store.get(encodeUtf8(`key${key}`), range);
  }
  snapshot.release();
};

/** One writer who must wait for a flush before the next memtable may be sealed. */
export const heldUp: Step = async (run) => {
  const changes = Array.from({ length: 12 }, (_, index): Change => {
    return [DEFAULT, `held${index}`, run.newValue(300)];
  });
  await run.promise(
    changes.map((change) => [change]),
    false,
    async () => {
      for (const change of changes) await run.store.write(run.batchOf([change]));
    },
  );
};

/** So much that a flush and a merge tell how far they are. */
const muchAtOnce: Step = async (run) => {
  for (let round = 0; round < 2; round++) {
    const changes = Array.from({ length: 700 }, (_, index): Change => {
      return [DEFAULT, `much${String(index).padStart(3, '0')}`, run.newValue()];
    });
    await run.write(changes, { sync: false });
    await steps.flush(run);
  }
  await run.store.compactRange();
};

/** Tables whose keys fill the manifest. */
export const longKeys: Step = async (run) => {
  for (const letter of ['x', 'y', 'z']) {
    await run.put(letter.repeat(400 * 1024));
    await steps.flush(run);
  }
};

const { createFamily, puts, batches, deletes, burst, merges, flush, idle } = steps;

/** Everything that a store can do. */
export const LIFE: readonly Step[] = [
  createFamily,
  puts,
  batches,
  deletes,
  flush,
  burst,
  merges,
  reads,
  flush,
  steps.singleDeletes,
  steps.rangeDeletes,
  puts,
  storeSteps.checkpoint,
  transactionSteps.transactions,
  transactionSteps.savepoints,
  flush,
  reads,
  transactionSteps.conflicts,
  storeSteps.ingest,
  transactionSteps.longTransaction,
  steps.compactUnderSnapshot,
  merges,
  flush,
  merges,
  reads,
  batches,
  steps.dropFamily,
  steps.reopen,
  muchAtOnce,
  reads,
  storeSteps.expiry,
  storeSteps.otherStrategy,
  createFamily,
  batches,
  steps.flushLog,
  steps.compactAll,
  puts,
  steps.reopen,
  puts,
  steps.rangeDeletes,
  reads,
].flatMap((step) => [step, idle]);
