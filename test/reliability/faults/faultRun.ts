// A workload on a disk that fails at one call, or from it on. Whatever is asked for succeeds, or
// fails with a typed error: then either the store is as before and goes on, or it takes no writes
// until it is opened again, still answers reads, and has lost nothing. What a power failure after
// that leaves is looked at, too: a sync that failed must not have been taken for one that did not.
//
// A fault is named by four parts, as in `leveled/7/123/EIO-once`: workload, seed, number of the
// call, kind. This one alone is done by
//
//   LSM_LENS_FAULT=leveled/7/123/EIO-once npm run test:reliability -- test/reliability/faults

import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { LsmError } from '../../../src/base/errors.ts';
import { Random } from '../../../src/base/random.ts';
import type { DiskCall } from '../disk/faults.ts';
import { SimulatedDisk, diskAfter } from '../disk/simulatedDisk.ts';
import type { Ledger } from '../workload/ledger.ts';
import { contentOf, faultInReads, reopen } from '../workload/reopening.ts';
import { WorkloadRun } from '../workload/workloadRun.ts';
import type { Workload } from '../workload/workloads.ts';
import type { FaultKind } from './faultKinds.ts';
import { FAULT_KINDS, THREAD_DIES } from './faultKinds.ts';

/** One fault of one run. */
export interface FaultName {
  readonly seed: number;
  /** From 1 on; every call counts, or every step of a thread. */
  readonly call: number;
  readonly kind: FaultKind;
}

/** How a run with a fault ended. */
export interface FaultOutcome {
  readonly ended: 'not opened' | 'went on' | 'read-only';
  /** What is wrong, or `undefined`. */
  readonly problem: string | undefined;
}

/** Every fault that can happen to a workload. */
export async function faultsOf(workload: Workload, seed: number): Promise<FaultName[]> {
  const disk = new SimulatedDisk();
  const calls: DiskCall[] = [];
  disk.shouldFail = (call) => {
    calls.push(call);
    return false;
  };
  const run = new WorkloadRun(seed, disk, workload);
  await run.open();
  for (const step of workload.steps) await step(run);
  await run.close();
  const ofCalls = calls.flatMap((call, index) =>
    FAULT_KINDS.filter((kind) => kind.faultAt(call) !== undefined).map((kind) => {
      return { seed, call: index + 1, kind };
    }),
  );
  const deaths = Array.from({ length: run.environment.threads?.steps ?? 0 }, (_, index) => {
    return { seed, call: index + 1, kind: THREAD_DIES };
  });
  return [...ofCalls, ...deaths];
}

/** Runs a workload with a fault. */
export async function runWithFault(workload: Workload, name: FaultName): Promise<FaultOutcome> {
  const faulty = new FaultyRun(workload, name);
  const ended = await faulty.run();
  return { ended, problem: faulty.problem };
}

class FaultyRun {
  /** The first thing that was wrong. */
  problem: string | undefined;
  private readonly disk = new SimulatedDisk();
  private readonly work: WorkloadRun;
  private readonly workload: Workload;
  private readonly random: Random;
  private isFaulty = true;

  constructor(workload: Workload, { seed, call: failing, kind }: FaultName) {
    this.workload = workload;
    this.random = new Random(seed + failing);
    this.work = new WorkloadRun(seed, this.disk, workload);
    this.disk.shouldFail = (call, _path, number) => {
      if (!this.isFaulty) return false;
      const due = kind.stays ? number >= failing : number === failing;
      return due && (kind.faultAt(call) ?? false);
    };
    const { threads } = this.work.environment;
    if (kind.counts === 'calls' || threads === undefined) return;
    threads.shouldDie = (step) => step === failing;
  }

  async run(): Promise<FaultOutcome['ended']> {
    const { work: run } = this;
    let ended: FaultOutcome['ended'] = 'went on';
    if ((await this.failureOf(() => run.open())) !== undefined) ended = 'not opened';
    for (const step of this.workload.steps) {
      if (ended !== 'went on') break;
      const failure = await this.failureOf(() => step(run));
      if (failure === undefined) continue;
      if (!run.isOpen) ended = 'not opened';
      else if (run.store.readOnlyBecause !== '') ended = 'read-only';
      else run.ledger.withdraw();
      this.look();
    }
    if (ended === 'read-only') {
      await this.tryToWrite();
      await this.failureOf(() => run.store.close());
    } else if (run.isOpen) {
      await this.failureOf(() => run.close());
    }
    this.isFaulty = false;
    await this.goOn(run.ledger);
    return ended;
  }

  /** What `action` threw, which must be one of our errors. */
  private async failureOf(action: () => Promise<unknown>): Promise<LsmError | undefined> {
    try {
      await action();
      return undefined;
    } catch (thrown) {
      if (thrown instanceof LsmError) return thrown;
      this.note(`not one of our errors: ${String((thrown as Error).stack ?? thrown)}`);
      return new LsmError('IO', 'see the note');
    }
  }

  /** Readers must see what was acknowledged, whatever became of the writers. */
  private look(): void {
    const { work: run } = this;
    if (!run.isOpen) return;
    this.isFaulty = false;
    try {
      const found = contentOf(run.store);
      const { promised } = run.ledger;
      const wrong =
        promised.faultIn(found, false) ?? faultInReads(run.store, found, promised.gone(found));
      if (wrong !== undefined) this.note(`while open: ${wrong}`);
    } catch (thrown) {
      this.note(`while open, reading failed: ${String(thrown)}`);
    } finally {
      this.isFaulty = true;
    }
  }

  private async tryToWrite(): Promise<void> {
    const { store } = this.work;
    const key = encodeUtf8('key10');
    const failures = [
      await this.failureOf(() => store.put(key, key, { sync: true })),
      await this.failureOf(() => store.flushWal()),
      await this.failureOf(() => store.flush()),
    ];
    if (failures.includes(undefined)) this.note('a read-only store took a write');
  }

  /** Opened again on the same machine, and after a power failure; then power fails once more. */
  private async goOn({ promised }: Ledger): Promise<void> {
    const { random, workload } = this;
    const image = this.disk.image();
    for (const loss of ['nothing', 'everything'] as const) {
      const disk = diskAfter(image, loss, random);
      const due = { promised, powerFailed: loss === 'everything' };
      const { fault, moment } = await reopen(disk, due, workload, random);
      if (fault !== undefined) this.note(`opened again (${loss} lost): ${fault}`);
      if (fault !== undefined || moment === undefined) continue;
      const later = diskAfter(moment.image, 'everything', random);
      const dueLater = { promised: moment.promised, powerFailed: true };
      const last = await reopen(later, dueLater, workload, random);
      if (last.fault === undefined) continue;
      this.note(`opened again (${loss} lost), power lost after ${moment.call}: ${last.fault}`);
    }
  }

  private note(problem: string): void {
    this.problem ??= problem;
  }
}
