// Every workload on disks that fail at one call, or from it on.

import { describe, expect, test } from 'vitest';
import { EXHAUSTIVE, evenlySpread, note } from '../effort.ts';
import { WORKLOADS } from '../workload/workloads.ts';
import { FAULT_KINDS, THREAD_DIES } from './faultKinds.ts';
import { faultsOf, runWithFault } from './faultRun.ts';
import type { FaultName, FaultOutcome } from './faultRun.ts';

/** Runs with a fault, over all workloads. */
const RUNS = EXHAUSTIVE ? Infinity : 320;
const SEEDS = EXHAUSTIVE ? [1, 2] : [1];
/** A run that takes longer hangs. */
const RUN_MILLIS_MAX = 60_000;

/** The one fault to be done again, or `undefined`. */
const asked = process.env['LSM_LENS_FAULT'];

function orHangs(run: Promise<FaultOutcome>): Promise<FaultOutcome> {
  let timer: NodeJS.Timeout;
  const hangs = new Promise<FaultOutcome>((resolve) => {
    timer = setTimeout(() => resolve({ ended: 'read-only', problem: 'it hangs' }), RUN_MILLIS_MAX);
  });
  return Promise.race([run, hangs]).finally(() => clearTimeout(timer));
}

async function problemsOf(
  workload: (typeof WORKLOADS)[number],
  faults: readonly FaultName[],
): Promise<{ problems: string[]; ends: Map<FaultOutcome['ended'], number> }> {
  const problems: string[] = [];
  const ends = new Map<FaultOutcome['ended'], number>();
  for (const fault of faults) {
    const { ended, problem } = await orHangs(runWithFault(workload, fault));
    ends.set(ended, (ends.get(ended) ?? 0) + 1);
    const name = `${workload.name}/${fault.seed}/${fault.call}/${fault.kind.name}`;
    if (problem !== undefined) problems.push(`${name}: ${problem}`);
  }
  return { problems, ends };
}

const again = asked === undefined ? [] : [asked];

describe.each(asked === undefined ? WORKLOADS : [])('the workload "$name"', (workload) => {
  test.each(SEEDS)('on a disk that fails loses nothing, seed %d', async (seed) => {
    const all = await faultsOf(workload, seed);
    const faults = evenlySpread(all, RUNS / WORKLOADS.length);
    const { problems, ends } = await problemsOf(workload, faults);
    const told = [...ends].map(([ended, count]) => `${count} ${ended}`).join(', ');
    note(`${workload.name}, seed ${seed}: ${faults.length} of ${all.length} faults; ${told}`);
    expect(problems.slice(0, 10)).toEqual([]);
    expect(ends.get('read-only')).toBeGreaterThan(0);
  });
});

test.each(again)('the fault %s', async (name) => {
  const [workloadName, seed, call, kindName] = name.split('/');
  const workload = WORKLOADS.find((each) => each.name === workloadName)!;
  const kind = [...FAULT_KINDS, THREAD_DIES].find((each) => each.name === kindName)!;
  const fault = { seed: Number(seed), call: Number(call), kind };
  expect((await problemsOf(workload, [fault])).problems).toEqual([]);
});
