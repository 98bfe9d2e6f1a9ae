// The tests of some workloads: crashed in every way, and the one crash that is asked for by name.

import { describe, expect, test } from 'vitest';
import { EXHAUSTIVE, note } from '../effort.ts';
import { LOSSES } from '../disk/losses.ts';
import type { Workload } from '../workload/workloads.ts';
import { crashEverywhere, crashOnce } from './crashRun.ts';
import type { CrashBounds, CrashName } from './crashRun.ts';

/** Each crash is followed by one while it is recovered from; some stores are opened once more. */
const REOPENINGS_PER_CRASH = 2.2;
/** Of one run of all suites. */
const REOPENINGS_MIN = 10_000;

const SEEDS = EXHAUSTIVE ? [1, 2, 3] : [1];

/** The crash to be done again, or `undefined`. */
const asked = process.env['LSM_LENS_CRASH'];

function boundsFor(share: number): CrashBounds {
  if (EXHAUSTIVE) return { depth: 2, outcomes: 3, crashesMax: Infinity };
  const crashesMax = Math.ceil((REOPENINGS_MIN * share) / REOPENINGS_PER_CRASH);
  return { depth: 1, outcomes: 1, crashesMax };
}

/**
 * Declares the tests of workloads.
 * @param all number of the workloads of all suites, which share the work.
 */
export function crashSuite(workloads: readonly Workload[], all: number): void {
  if (asked !== undefined) {
    againSuite(workloads, asked);
    return;
  }
  describe.each(workloads)('the workload "$name"', (workload) => {
    test.each(SEEDS)('may crash after any call, seed %d', async (seed) => {
      const report = await crashEverywhere(workload, seed, boundsFor(1 / all));
      const { points, crashes, reopenings, faults } = report;
      const counts = `${points} calls, ${crashes} crashes, ${reopenings} reopenings`;
      note(`${workload.name}, seed ${seed}: ${counts}`);
      expect(faults).toEqual([]);
      expect(reopenings).toBeGreaterThanOrEqual(EXHAUSTIVE ? points : REOPENINGS_MIN / all);
    });
  });
}

function againSuite(workloads: readonly Workload[], name: string): void {
  const workload = workloads.find((candidate) => name.startsWith(`${candidate.name}/`));
  test.runIf(workload !== undefined)(`the crash ${name}`, async () => {
    const report = await crashOnce(workload!, crashOf(name), boundsFor(1).depth);
    expect(report.faults).toEqual([]);
  });
}

function crashOf(name: string): CrashName {
  const [, seed, call, loss, outcome] = name.split('/');
  const known = LOSSES.find((candidate) => candidate === loss)!;
  return { seed: Number(seed), call: Number(call), loss: known, outcome: Number(outcome) };
}
