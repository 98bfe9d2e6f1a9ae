// A store that a crash has left is repaired instead of opened: the new store holds what was
// promised, too. And a crash in the middle of a repair harms neither: the old store opens as it
// would have, and what stands at the new one's place is whole or no store.

import { expect, test } from 'vitest';
import { LsmError } from '../../../src/base/errors.ts';
import { Random } from '../../../src/base/random.ts';
import { Lsm } from '../../../src/engine/db.ts';
import { repairStore } from '../../../src/engine/repair/repair.ts';
import { DIRECTORY } from '../../engine/simulatedWorld.ts';
import type { DiskImage } from '../disk/diskImage.ts';
import { LOSSES } from '../disk/losses.ts';
import type { Loss } from '../disk/losses.ts';
import { diskAfter } from '../disk/simulatedDisk.ts';
import type { SimulatedDisk } from '../disk/simulatedDisk.ts';
import { EXHAUSTIVE, evenlySpread, note } from '../effort.ts';
import type { Promised } from '../workload/ledger.ts';
import { contentOf, reopen } from '../workload/reopening.ts';
import { environmentOf, SMALL } from '../workload/storeSetup.ts';
import { STRATEGY_WORKLOADS } from '../workload/workloads.ts';
import type { Workload } from '../workload/workloads.ts';
import { pointsOf } from './crashRun.ts';
import type { CrashPoint } from './crashRun.ts';

const REPAIRS = EXHAUSTIVE ? 3000 : 60;
const INTO = '/repaired';

/** One repair after one crash. */
class CrashedRepair {
  private readonly workload: Workload;
  private readonly random: Random;
  private readonly promised: Promised;
  private readonly powerFailed: boolean;
  private moment: DiskImage | undefined;

  constructor(workload: Workload, { promised }: CrashPoint, loss: Loss, random: Random) {
    this.workload = workload;
    this.random = random;
    this.promised = promised;
    this.powerFailed = loss !== 'nothing';
  }

  /** What is wrong, or `undefined`. */
  async run(disk: SimulatedDisk): Promise<string | undefined> {
    let calls = 0;
    disk.onChange = () => {
      if (this.random.nextBelow(++calls) === 0) this.moment = disk.image();
    };
    const wrong = await this.repair(disk);
    disk.onChange = undefined;
    return wrong ?? (await this.crashInRepair());
  }

  private async repair(disk: SimulatedDisk): Promise<string | undefined> {
    const store = { ...SMALL, ...this.workload.options };
    try {
      await repairStore(DIRECTORY, INTO, this.environment(disk), { store });
    } catch (thrown) {
      // So early that there is no store yet.
      if (thrown instanceof LsmError && thrown.code === 'NOT_A_STORE') return undefined;
      throw thrown;
    }
    return this.faultIn(disk, INTO);
  }

  private async crashInRepair(): Promise<string | undefined> {
    const { moment, random, workload, promised } = this;
    if (moment === undefined) return undefined;
    const loss = LOSSES[random.nextBelow(LOSSES.length)]!;
    const powerFailed = this.powerFailed || loss !== 'nothing';
    const disk = diskAfter(moment, loss, random);
    const due = { promised, powerFailed };
    const created = await this.faultIn(disk, INTO, powerFailed).catch((thrown: unknown) => {
      // Not finished: it says so.
      if (thrown instanceof LsmError) return undefined;
      throw thrown;
    });
    const { fault } = await reopen(disk, due, workload, random);
    return (
      created ?? (fault === undefined ? undefined : `after a crash in it, the old store: ${fault}`)
    );
  }

  private async faultIn(
    disk: SimulatedDisk,
    directory: string,
    powerFailed = this.powerFailed,
  ): Promise<string | undefined> {
    const options = { ...SMALL, createIfMissing: false };
    const store = await Lsm.open(directory, this.environment(disk), options);
    const fault = this.promised.faultIn(contentOf(store), powerFailed);
    await store.close();
    return fault;
  }

  private environment(disk: SimulatedDisk): ReturnType<typeof environmentOf> {
    const environment = environmentOf(this.random.nextUint32(), disk, this.workload);
    environment.clock.pass(this.promised.elapsedSeconds);
    return environment;
  }
}

test.each(STRATEGY_WORKLOADS)(
  'a crashed store of the workload "$name" is repaired',
  async (workload) => {
    const points = await pointsOf(workload, 1);
    const crashes = points.flatMap((point) => LOSSES.map((loss) => ({ point, loss })));
    const faults: string[] = [];
    const tried = evenlySpread(crashes, REPAIRS);
    for (const [index, { point, loss }] of tried.entries()) {
      const random = new Random(index);
      const repair = new CrashedRepair(workload, point, loss, random);
      const wrong = await repair.run(diskAfter(point.image, loss, random));
      if (wrong !== undefined) faults.push(`${index}, ${loss} after ${point.call}: ${wrong}`);
    }
    note(`${workload.name}: ${tried.length} repairs after crashes, and crashes in them`);
    expect(faults.slice(0, 10)).toEqual([]);
  },
);
