// Job threads on the simulated disk: a run repeats for its seed, call by call, and the store's own
// calls come between those of its jobs.

import { expect, test } from 'vitest';
import { SimulatedDisk } from '../disk/simulatedDisk.ts';
import { WorkloadRun } from '../workload/workloadRun.ts';
import { THREAD_WORKLOADS } from '../workload/workloads.ts';

const [workload] = THREAD_WORKLOADS;

/** Every call that a workload makes, and how often one of its threads went on. */
async function callsOf(
  seed: number,
  inThreads: boolean,
): Promise<{ calls: string[]; steps: number }> {
  const disk = new SimulatedDisk();
  const calls: string[] = [];
  disk.shouldFail = (call, path) => {
    calls.push(`${call} ${path}`);
    return false;
  };
  const run = new WorkloadRun(seed, disk, { ...workload!, inThreads });
  await run.open();
  for (const step of workload!.steps) await step(run);
  await run.close();
  return { calls, steps: run.environment.threads?.steps ?? 0 };
}

/** Tables of the store that were written but not yet synced when the log was written. */
function interruptions(calls: readonly string[]): number {
  const created = calls.filter((call) => /^create \/store\/.*\.sst$/.test(call));
  return created.filter((create) => {
    const from = calls.indexOf(create.replace('create', 'write'));
    const to = calls.indexOf(create.replace('create', 'sync'), from);
    return calls.slice(from, to).some((call) => /^write .*\.log$/.test(call));
  }).length;
}

test('a run in threads repeats for its seed', async () => {
  const [first, again, other] = [
    await callsOf(1, true),
    await callsOf(1, true),
    await callsOf(2, true),
  ];
  expect(first.steps).toBeGreaterThan(1000);
  expect(again).toEqual(first);
  expect(other.calls).not.toEqual(first.calls);
});

test('writers go on between two calls of a job', async () => {
  const inSlices = interruptions((await callsOf(1, false)).calls);
  expect(interruptions((await callsOf(1, true)).calls)).toBeGreaterThan(inSlices);
});
