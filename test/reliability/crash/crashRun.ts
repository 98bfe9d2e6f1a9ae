// Crashes a workload after each of its calls that changed the disk. The workload runs once; at each
// call the disk's image and the promise of that moment are kept, and afterwards every loss is tried
// on every image: the store must reopen, and reopen again after a second crash on the way.
//
// A crash is named by five parts, as in `leveled/7/123/sectors/2`: workload, seed, number of the
// call, loss, and which of its random outcomes. The same name always gives the same crash; this one
// alone is done by
//
//   LSM_LENS_CRASH=leveled/7/123/sectors/2 npm run test:reliability -- test/reliability/crash

import { Random } from '../../../src/base/random.ts';
import { evenlySpread } from '../effort.ts';
import { SimulatedDisk, diskAfter } from '../disk/simulatedDisk.ts';
import { LOSSES } from '../disk/losses.ts';
import type { Loss } from '../disk/losses.ts';
import type { Promised } from '../workload/ledger.ts';
import { contentOf, reopen } from '../workload/reopening.ts';
import type { Moment } from '../workload/reopening.ts';
import { WorkloadRun } from '../workload/workloadRun.ts';
import type { Workload } from '../workload/workloads.ts';

/** One crash of one run. */
export interface CrashName {
  readonly seed: number;
  /** From 1 on; calls that change nothing are not counted. */
  readonly call: number;
  readonly loss: Loss;
  readonly outcome: number;
}

/** What a run of crashes came to. */
export interface CrashReport {
  /** Calls after which the workload was crashed. */
  points: number;
  crashes: number;
  reopenings: number;
  /** One line each, with the crash's name. */
  readonly faults: string[];
}

/** How much of a run is tried. */
export interface CrashBounds {
  /** Crashes within a crash's recovery, one after the other. */
  readonly depth: number;
  /** Outcomes tried of each loss that is random. */
  readonly outcomes: number;
  /** Crashes tried at most, spread evenly over calls and losses. */
  readonly crashesMax: number;
}

/** More would tell nothing new. */
const FAULTS_TOLD_MAX = 10;
/** Losses that have one outcome only. */
const CERTAIN_LOSSES: readonly Loss[] = ['nothing', 'everything', 'names-first'];

/** A moment of the workload, with the other stores that it had made. */
export interface CrashPoint extends Moment {
  readonly copies: readonly {
    readonly directory: string;
    readonly promised: Promised;
    readonly done: boolean;
  }[];
}

/** Runs a workload once and keeps each of its moments. */
export async function pointsOf(workload: Workload, seed: number): Promise<CrashPoint[]> {
  const disk = new SimulatedDisk();
  const run = new WorkloadRun(seed, disk, workload);
  const points: CrashPoint[] = [];
  disk.onChange = (call, path) => {
    const copies = [...run.copies].map(([directory, { promised, done }]) => {
      return { directory, promised, done };
    });
    points.push({
      image: disk.image(),
      promised: run.ledger.promised,
      call: `${call} ${path}`,
      copies,
    });
  };
  await run.open();
  for (const step of workload.steps) await step(run);
  const wrong = run.ledger.promised.faultIn(contentOf(run.store), false);
  if (wrong !== undefined) throw new Error(`without any crash, ${wrong}`);
  await run.close();
  return points;
}

/** Crashes a workload everywhere. */
export async function crashEverywhere(
  workload: Workload,
  seed: number,
  bounds: CrashBounds,
): Promise<CrashReport> {
  const points = await pointsOf(workload, seed);
  const report: CrashReport = { points: points.length, crashes: 0, reopenings: 0, faults: [] };
  const names = evenlySpread(allCrashes(points.length, seed, bounds.outcomes), bounds.crashesMax);
  for (const name of names) {
    await tryCrash(workload, points[name.call - 1]!, name, bounds.depth, report);
    if (report.faults.length >= FAULTS_TOLD_MAX) break;
  }
  return report;
}

function allCrashes(calls: number, seed: number, outcomes: number): CrashName[] {
  return Array.from({ length: calls }, (_, index) =>
    LOSSES.flatMap((loss) =>
      Array.from({ length: CERTAIN_LOSSES.includes(loss) ? 1 : outcomes }, (__, outcome) => {
        return { seed, call: index + 1, loss, outcome };
      }),
    ),
  ).flat();
}

/** Does one crash again. */
export async function crashOnce(
  workload: Workload,
  name: CrashName,
  depth: number,
): Promise<CrashReport> {
  const report: CrashReport = { points: 1, crashes: 0, reopenings: 0, faults: [] };
  const points = await pointsOf(workload, name.seed);
  await tryCrash(workload, points[name.call - 1]!, name, depth, report);
  return report;
}

async function tryCrash(
  workload: Workload,
  point: CrashPoint,
  { seed, call, loss: first, outcome }: CrashName,
  depth: number,
  report: CrashReport,
): Promise<void> {
  const random = new Random(seed * 1_000_003 + call * 101 + LOSSES.indexOf(first) * 7 + outcome);
  let moment: Moment = point;
  let loss = first;
  let powerFailed = false;
  let told = `${workload.name}/${seed}/${call}/${first}/${outcome}: after ${point.call}`;
  for (let level = 0; level <= depth; level++) {
    powerFailed ||= loss !== 'nothing';
    const disk = diskAfter(moment.image, loss, random);
    const promise = { promised: moment.promised, powerFailed };
    const result = await reopen(disk, promise, workload, random);
    report.crashes++;
    report.reopenings += result.opened;
    const fault =
      result.fault ?? (level > 0 ? undefined : await faultInCopies(point, disk, random));
    if (fault !== undefined) {
      report.faults.push(`${told}: ${fault}`);
      return;
    }
    if (result.moment === undefined) return;
    moment = result.moment;
    loss = LOSSES[random.nextBelow(LOSSES.length)]!;
    told += `, then (${loss}) after ${moment.call}`;
  }
}

/** A checkpoint is whole, or is no store; one that was done is whole. */
async function faultInCopies(
  { copies }: CrashPoint,
  disk: SimulatedDisk,
  random: Random,
): Promise<string | undefined> {
  for (const { directory, promised, done } of copies) {
    if (random.nextBelow(4) > 0) continue;
    const promise = { promised, powerFailed: true };
    const setup = { options: { createIfMissing: false } };
    const { fault } = await reopen(disk, promise, setup, random, directory);
    if (fault === undefined || (!done && fault.startsWith('LsmError'))) continue;
    return `${directory}: ${fault}`;
  }
  return undefined;
}
