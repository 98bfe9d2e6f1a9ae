// When compactions run. Events bring them about: a flush that is done, a compaction that is done,
// the opening of the store, a call by hand; a timer looks again now and then in case all of that
// failed to.
//
// Up to maxConcurrentCompactions run side by side: a plan is begun only when none of those under
// way has taken one of its tables or writes into its range of the level it writes to. Then their
// edits touch different tables and may come in any order. A strategy that plans something else is
// our own mistake (planCheck.ts), and stops the store: it would be asked again, for ever.

import { AssertionError } from '../../base/assert.ts';
import { compareBytes } from '../../base/bytes.ts';
import { toLsmError } from '../../base/errors.ts';
import type { Timer } from '../../base/scheduler.ts';
import type { JobId, TableInfo } from '../../protocol/events.ts';
import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';
import { coverOf } from '../manifest/version.ts';
import { runPlan } from './compactionRun.ts';
import type { MergeWatch } from './compactionRun.ts';
import { problemOfPlan } from './planCheck.ts';
import { conflicts, inputTables, rangeOf } from './strategy.ts';
import type {
  CompactionPlan,
  RunningCompaction,
  StrategyContext,
  StrategyDecision,
} from './strategy.ts';

/** The background compactions of one store. */
export class CompactionScheduler {
  private readonly state: EngineState;
  private readonly onCompacted: () => void;
  private readonly running = new Map<JobId, RunningCompaction>();
  private readonly pending = new Set<Promise<void>>();
  /** Manual compactions that wait or work; while there are any, none is picked. */
  private manual = 0;
  private timer: Timer | undefined;

  /** @param onCompacted called when a compaction has changed the levels. */
  constructor(state: EngineState, onCompacted: () => void) {
    this.state = state;
    this.onCompacted = onCompacted;
  }

  /** Whether a compaction is running or due. */
  get busy(): boolean {
    return this.running.size > 0 || this.manual > 0;
  }

  /** Begins to look for work, now and then by itself. */
  start(): void {
    this.kick();
    this.watch();
  }

  /** Begins what is due and possible. */
  kick(): void {
    while (this.mayPick) {
      const decision = this.decide();
      if (decision?.plan === undefined) return;
      this.begin(decision.plan, decision.candidates);
    }
  }

  /**
   * Keeps automatic compactions from being picked until `endManual`, and waits for those under way.
   */
  async beginManual(): Promise<void> {
    this.manual++;
    while (this.running.size > 0) await this.state.changed.wait();
  }

  endManual(): void {
    this.manual--;
    this.state.changed.wake();
    this.kick();
  }

  /** Whether a step must wait: another manual compaction holds the same tables or range. */
  isBlocked(plan: CompactionPlan): boolean {
    return conflicts(plan, this.runningOf(plan.family));
  }

  /** Runs one step of a manual compaction, which is not blocked, to its end. */
  async runManual(plan: CompactionPlan, watch: MergeWatch): Promise<void> {
    const problem = this.problemOf(plan);
    if (problem !== undefined) throw new AssertionError(problem);
    const { level, tables } = plan.inputs[0]!;
    const value = tables.length;
    const scored = { level, subject: '', score: 1, measure: 'manual', value, limit: 1 } as const;
    await this.run(plan, [{ ...scored, chosen: true, why: 'manual' }], watch);
  }

  /** What the strategy of a family is shown. */
  context(family: FamilyState): StrategyContext {
    const { id, version, options } = family;
    return {
      version,
      options,
      running: this.runningOf(id),
      cursors: this.state.versions.cursors(id),
      nowMicros: this.state.environment.clock.wallMicros(),
    };
  }

  /**
   * Keeps compactions from writing into a table's range of a level, as one under way there would,
   * until the answer is called.
   */
  reserve(family: number, outputLevel: number, table: TableInfo): () => void {
    const job = this.state.nextJob();
    const range = coverOf([table]);
    this.running.set(job, { family, files: new Set(), outputLevel, range });
    return () => {
      this.running.delete(job);
      this.state.changed.wake();
    };
  }

  /** Whether a compaction under way may write into that range of a level. */
  writesInto(family: number, level: number, { from, to }: RunningCompaction['range']): boolean {
    return this.runningOf(family).some(
      ({ outputLevel, range }) =>
        outputLevel === level &&
        compareBytes(range.from, to) <= 0 &&
        compareBytes(from, range.to) <= 0,
    );
  }

  /** Stops the timer and waits for what is under way. */
  async settle(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    while (this.pending.size > 0) await Promise.all(this.pending);
  }

  private get mayPick(): boolean {
    return (
      this.state.mayWork &&
      this.manual === 0 &&
      this.running.size < this.state.options.maxConcurrentCompactions
    );
  }

  /** Of what the families want, the most urgent that is possible now. */
  private decide(): StrategyDecision | undefined {
    let best: StrategyDecision | undefined;
    for (const family of this.state.families.list) {
      if (family.dropped) continue;
      const decision = family.strategy.decide(this.context(family));
      if (decision.plan !== undefined && urgency(decision) > urgency(best)) best = decision;
    }
    return best;
  }

  private runningOf(family: number): RunningCompaction[] {
    return [...this.running.values()].filter((running) => running.family === family);
  }

  private problemOf(plan: CompactionPlan): string | undefined {
    const { version } = this.state.families.of(plan.family);
    const problem = problemOfPlan(plan, version, this.runningOf(plan.family));
    return problem === undefined ? undefined : `a compaction may not begin: ${problem}`;
  }

  private begin(plan: CompactionPlan, candidates: StrategyDecision['candidates']): void {
    const problem = this.problemOf(plan);
    if (problem !== undefined) {
      this.state.fail(toLsmError(new AssertionError(problem)));
      return;
    }
    const work = this.run(plan, candidates)
      .catch((thrown: unknown) => {
        const fault = toLsmError(thrown);
        if (fault.code !== 'CANCELLED') this.state.fail(fault);
      })
      .finally(() => this.pending.delete(work));
    this.pending.add(work);
  }

  private async run(
    plan: CompactionPlan,
    candidates: StrategyDecision['candidates'],
    watch?: MergeWatch,
  ): Promise<void> {
    const { state } = this;
    const job = state.nextJob();
    const files = new Set(inputTables(plan).map((table) => table.file));
    const { family, outputLevel } = plan;
    this.running.set(job, { family, files, outputLevel, range: rangeOf(plan) });
    try {
      await runPlan(state, job, plan, candidates, watch);
    } finally {
      this.running.delete(job);
      state.changed.wake();
    }
    this.onCompacted();
    this.kick();
  }

  private watch(): void {
    const { environment, options } = this.state;
    this.timer = environment.scheduler.after(options.compactionIntervalMs, () => {
      this.kick();
      this.watch();
    });
  }
}

/** Score of the level that a decision chose; below every score when there is no decision. */
function urgency(decision: StrategyDecision | undefined): number {
  return decision?.candidates.find((candidate) => candidate.chosen)?.score ?? -1;
}
