// One store's long life: leg after leg it is opened under another strategy and other options, does
// random work, perhaps on a disk that fails, and ends by a close, a kill or a power failure, of
// which any call of the leg may have been the last. Whatever comes, it must hold what was promised;
// after a close it must verify, a repair must give the same store, and a damage must be found.

import { LsmError } from '../../../src/base/errors.ts';
import { Random } from '../../../src/base/random.ts';
import { Lsm } from '../../../src/engine/db.ts';
import { COMPACTION_STRATEGIES } from '../../../src/engine/compaction/compactionOptions.ts';
import type { CompactionStrategyName } from '../../../src/engine/compaction/compactionOptions.ts';
import { repairStore } from '../../../src/engine/repair/repair.ts';
import { verifyStore } from '../../../src/engine/verify.ts';
import { DIRECTORY } from '../../engine/simulatedWorld.ts';
import { isFound, tryDamage } from '../damage/damagedOpen.ts';
import { anyDamage } from '../damage/damages.ts';
import type { DiskImage } from '../disk/diskImage.ts';
import { LOSSES } from '../disk/losses.ts';
import { SimulatedDisk, diskAfter } from '../disk/simulatedDisk.ts';
import { FAULT_KINDS } from '../faults/faultKinds.ts';
import { Ledger } from '../workload/ledger.ts';
import type { Promised } from '../workload/ledger.ts';
import { contentOf, faultInReads } from '../workload/reopening.ts';
import { SMALL, environmentOf } from '../workload/storeSetup.ts';
import type { SetupEnvironment, StoreSetup } from '../workload/storeSetup.ts';
import { createFamily, OTHER } from '../workload/steps.ts';
import { WorkloadRun } from '../workload/workloadRun.ts';
import { WORK } from './work.ts';

const STEPS_PER_LEG = 5;
/** A fault comes with one of so many first calls of a leg. */
const FAULT_CALLS = 200;
const DAMAGES_PER_CLOSE = 3;
const REPAIRED = '/repaired';
/** What is told when something is wrong. */
const STORY_LINES = 40;

/** How much was done. */
export interface VoyageFigures {
  legs: number;
  steps: number;
  strategyChanges: number;
  crashes: number;
  faults: number;
  verified: number;
  repairs: number;
  damages: number;
}

/** What the store must hold when it is opened next. */
interface Due {
  readonly promised: Promised;
  readonly powerFailed: boolean;
}

/** One store and all that befalls it; the same for the same seed. */
export class Voyage {
  readonly figures: VoyageFigures = {
    legs: 0,
    steps: 0,
    strategyChanges: 0,
    crashes: 0,
    faults: 0,
    verified: 0,
    repairs: 0,
    damages: 0,
  };
  private readonly random: Random;
  private disk = new SimulatedDisk();
  private due: Due = { promised: new Ledger().promised, powerFailed: false };
  private story: string[] = [];
  private strategy: CompactionStrategyName = 'leveled';
  /** A call of this leg and what was promised then, each as likely as any other. */
  private moment: { readonly image: DiskImage; readonly promised: Promised } | undefined;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  /**
   * Goes one leg further.
   * @throws Error telling what is wrong, and what came before.
   */
  async leg(): Promise<void> {
    this.figures.legs++;
    this.story = [...this.story.slice(-STORY_LINES), `leg ${this.figures.legs}:`];
    try {
      await this.sail();
    } catch (cause) {
      throw new Error(`${String(cause)}\n${this.story.join('\n')}`, { cause });
    }
  }

  private async sail(): Promise<void> {
    const { random, disk } = this;
    this.forgetOtherStores();
    const setup = this.nextSetup();
    const run = new WorkloadRun(random.nextUint32(), disk, setup);
    await this.arrive(run);
    this.watch(run);
    const isFaulty = random.nextBelow(3) === 0 && this.armFault();
    await this.work(run, isFaulty);
    const isClosed = await this.end(run, isFaulty);
    if (isClosed) await this.inspect(setup);
  }

  /** Another strategy half of the time; jobs in threads every fourth. */
  private nextSetup(): StoreSetup {
    const { random } = this;
    if (random.nextBelow(2) === 0) {
      const before = this.strategy;
      this.strategy = COMPACTION_STRATEGIES[random.nextBelow(COMPACTION_STRATEGIES.length)]!;
      if (this.strategy !== before) this.figures.strategyChanges++;
    }
    const walSync = (['never', 'always', 'interval'] as const)[random.nextBelow(3)]!;
    const recycleLogs = random.nextBelow(3);
    const options = { compaction: this.strategy, walSync, walSyncIntervalMs: 1, recycleLogs };
    const setup = { options, inThreads: random.nextBelow(4) === 0 };
    this.story.push(JSON.stringify(setup));
    return setup;
  }

  /** Opens the store, which must hold what was promised. */
  private async arrive(run: WorkloadRun): Promise<void> {
    const { promised, powerFailed } = this.due;
    run.environment.clock.pass(promised.elapsedSeconds);
    await run.open();
    const found = contentOf(run.store);
    const fault =
      promised.faultIn(found, powerFailed) ?? faultInReads(run.store, found, promised.gone(found));
    if (fault !== undefined) throw new Error(fault);
    run.ledger = promised.settledAt(found);
  }

  private watch(run: WorkloadRun): void {
    let calls = 0;
    this.moment = undefined;
    this.disk.onChange = () => {
      if (this.random.nextBelow(++calls) > 0) return;
      this.moment = { image: this.disk.image(), promised: run.ledger.promised };
    };
  }

  private armFault(): boolean {
    const { random, disk, figures } = this;
    const kind = FAULT_KINDS[random.nextBelow(FAULT_KINDS.length)]!;
    const failing = disk.calls + 1 + random.nextBelow(FAULT_CALLS);
    let met = false;
    disk.shouldFail = (call, path, number) => {
      const due = kind.stays ? number >= failing : number === failing;
      const fault = due ? kind.faultAt(call) : undefined;
      if (fault !== undefined && !met) {
        figures.faults++;
        this.story.push(`${kind.name} at ${call} ${path}`);
      }
      met ||= fault !== undefined;
      return fault ?? false;
    };
    return true;
  }

  private async work(run: WorkloadRun, isFaulty: boolean): Promise<void> {
    for (let step = 0; step < STEPS_PER_LEG; step++) {
      this.figures.steps++;
      try {
        if (run.store.family(OTHER) === undefined) await createFamily(run);
        const [name, work] = WORK[this.random.nextBelow(WORK.length)]!;
        this.story.push(name);
        await work(run);
      } catch (thrown) {
        this.story.push(String(thrown));
        if (!isFaulty || !(thrown instanceof LsmError)) throw thrown;
        if (!run.isOpen || run.store.readOnlyBecause !== '') return;
        run.ledger.withdraw();
      }
    }
  }

  /** Closes the store, or crashes it, now or at some call of the leg; whether it was closed. */
  private async end(run: WorkloadRun, isFaulty: boolean): Promise<boolean> {
    const { random, figures } = this;
    const isSound = run.isOpen && run.store.readOnlyBecause === '';
    if (isSound && random.nextBelow(2) === 0) {
      try {
        await run.close();
        this.settle();
        this.due = { promised: run.ledger.promised, powerFailed: false };
        return true;
      } catch (thrown) {
        if (!isFaulty || !(thrown instanceof LsmError)) throw thrown;
      }
    }
    const now = { image: this.disk.image(), promised: run.ledger.promised };
    const { image, promised } = random.nextBelow(2) === 0 ? now : (this.moment ?? now);
    this.settle();
    await run.store.close().catch(() => undefined);
    const loss = LOSSES[random.nextBelow(LOSSES.length)]!;
    this.story.push(`crashed ${image === now.image ? 'now' : 'on the way'}, lost ${loss}`);
    this.disk = diskAfter(image, loss, random);
    this.due = { promised, powerFailed: loss !== 'nothing' };
    figures.crashes++;
    return false;
  }

  /** The disk is well again, and nobody looks on. */
  private settle(): void {
    this.disk.onChange = undefined;
    this.disk.shouldFail = () => false;
  }

  /** A closed store verifies, is repaired into the same, and shows every damage. */
  private async inspect(setup: StoreSetup): Promise<void> {
    const { random, disk, figures } = this;
    const { problems } = await verifyStore(DIRECTORY, this.environment(disk, setup));
    if (problems.length > 0) throw new Error(`it does not verify: ${problems[0]!.message}`);
    figures.verified++;
    if (random.nextBelow(2) === 0) await this.repair(setup);
    const store = { recipe: setup, disk, promised: this.due.promised };
    for (let round = 0; round < DAMAGES_PER_CLOSE; round++) {
      const damage = anyDamage(disk.contents(), random);
      const { problem } = await tryDamage(store, damage);
      if (problem !== undefined) throw new Error(`${damage.name}: ${problem}`);
      if (!(await isFound(store, damage))) throw new Error(`${damage.name} verifies`);
      figures.damages++;
    }
  }

  private async repair(setup: StoreSetup): Promise<void> {
    const { figures } = this;
    const { promised } = this.due;
    const copy = this.disk.afterKill();
    const options = { ...SMALL, ...setup.options };
    const environment = this.environment(copy, setup);
    const { ok, files } = await repairStore(DIRECTORY, REPAIRED, environment, { store: options });
    if (!ok) throw new Error(`a repair found damage: ${JSON.stringify(files)}`);
    const store = await Lsm.open(REPAIRED, environment, options);
    const fault = promised.faultIn(contentOf(store), false);
    await store.close();
    if (fault !== undefined) throw new Error(`after a repair, ${fault}`);
    figures.repairs++;
  }

  private environment(disk: SimulatedDisk, setup: StoreSetup): SetupEnvironment {
    const environment = environmentOf(this.random.nextUint32(), disk, setup);
    environment.clock.pass(this.due.promised.elapsedSeconds);
    return environment;
  }

  /** Checkpoints and tables of former legs. */
  private forgetOtherStores(): void {
    const { names } = this.disk.root;
    for (const name of [...names.keys()]) if (`/${name}` !== DIRECTORY) names.delete(name);
  }
}
