// The workloads: options, and steps in an order in which each meets the others' traces.

import { COMPACTION_STRATEGIES } from '../../../src/engine/compaction/compactionOptions.ts';
import type { StoreSetup } from './storeSetup.ts';
import * as steps from './steps.ts';
import type { Step } from './steps.ts';
import * as storeSteps from './storeSteps.ts';
import * as transactionSteps from './transactionSteps.ts';

export interface Workload extends StoreSetup {
  readonly name: string;
  readonly steps: readonly Step[];
}

const EVERYTHING: readonly Step[] = [
  steps.createFamily,
  steps.puts,
  steps.batches,
  steps.deletes,
  steps.flush,
  steps.burst,
  steps.merges,
  steps.singleDeletes,
  steps.rangeDeletes,
  steps.puts,
  steps.idle,
  storeSteps.checkpoint,
  transactionSteps.transactions,
  transactionSteps.savepoints,
  storeSteps.ingest,
  storeSteps.ingestBesideWrites,
  steps.puts,
  steps.compactUnderSnapshot,
  steps.merges,
  steps.batches,
  storeSteps.ingestBesideCompaction,
  transactionSteps.conflicts,
  transactionSteps.longTransaction,
  steps.dropFamily,
  storeSteps.expiry,
  storeSteps.otherStrategy,
  steps.createFamily,
  steps.batches,
  steps.flushLog,
  storeSteps.checkpointBesideWrites,
  steps.reopen,
  steps.puts,
  steps.compactAll,
  storeSteps.expiry,
  steps.merges,
  steps.deletes,
];

const LOG_WORK: readonly Step[] = [
  steps.puts,
  steps.merges,
  steps.burst,
  steps.flush,
  steps.puts,
  steps.flush,
  steps.deletes,
  steps.reopen,
  steps.merges,
  steps.burst,
  steps.puts,
  steps.flush,
  steps.flushLog,
  steps.puts,
  storeSteps.checkpoint,
  steps.puts,
  steps.reopen,
  steps.puts,
];

/** Everything under each strategy. */
export const STRATEGY_WORKLOADS: readonly Workload[] = COMPACTION_STRATEGIES.map((compaction) => {
  return { name: compaction, options: { compaction }, steps: EVERYTHING };
});

/** The log under each of its options. */
export const LOG_WORKLOADS: readonly Workload[] = [
  { name: 'recycled-logs', options: { recycleLogs: 2 }, steps: LOG_WORK },
  {
    name: 'interval-sync',
    options: { walSync: 'interval', walSyncIntervalMs: 1, maxWalSize: 2048 },
    steps: EVERYTHING,
  },
  { name: 'always-sync', options: { walSync: 'always', recycleLogs: 1 }, steps: LOG_WORK },
];

/** Everything, with jobs in threads of their own: two at once. */
export const THREAD_WORKLOADS: readonly Workload[] = [
  { name: 'threads', options: { workers: 2 }, inThreads: true, steps: EVERYTHING },
];

export const WORKLOADS: readonly Workload[] = [
  ...STRATEGY_WORKLOADS,
  ...LOG_WORKLOADS,
  ...THREAD_WORKLOADS,
];
