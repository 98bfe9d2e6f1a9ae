// Compacting a range by hand: the strategy's steps one after the other, each a compaction like any
// other, with progress within and between them. It can be stopped at any time, also in the middle
// of a merge: what that one has made is taken away, and the steps before it stay done. Automatic
// compactions wait meanwhile.

import { LsmError, toLsmError } from '../../base/errors.ts';
import type { Progress } from '../../protocol/messages.ts';
import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';
import { CancelFlag } from '../jobs/cancelFlag.ts';
import type { CancelSignal } from '../jobs/jobPace.ts';
import { overlappingInLevel, sizeOf } from '../manifest/version.ts';
import type { KeyRange } from '../manifest/version.ts';
import type { CompactionScheduler } from './compactionScheduler.ts';
import { inputTables } from './strategy.ts';
import type { BottommostLevel, CompactionPlan, ManualProgress } from './strategy.ts';

/** How far a manual compaction goes, and how it is watched and stopped. */
export interface ManualOptions {
  /**
   * Everything in the range that lies above this level goes down to it; what lies deeper stays.
   * From 1 on; left out: the deepest level that holds any of the range.
   */
  readonly targetLevel?: number | undefined;
  /** What becomes of tables that lie at the end already; `force` when left out. */
  readonly bottommostLevel?: BottommostLevel | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Looked at between the slices of a merge, and twenty times a second. */
  readonly signal?: CancelSignal | undefined;
}

const SIGNAL_LOOKED_AT_MILLIS = 50;
/** What `bottommostLevel` may be. */
export const BOTTOMMOST_LEVELS: readonly BottommostLevel[] = ['skip', 'if-needed', 'force'];

/**
 * Rewrites everything in `range` into the deepest level that holds any of it (level 1 at least), or
 * into the one that the options say.
 * @throws LsmError `CANCELLED` when stopped, `NOT_OPEN` when the store closes or fails meanwhile,
 * `INVALID_ARGUMENT` for a level that there is not, or a strategy that has none.
 */
export async function compactByHand(
  state: EngineState,
  scheduler: CompactionScheduler,
  family: FamilyState,
  range: KeyRange,
  options: ManualOptions,
): Promise<void> {
  checkOptions(family, options);
  await scheduler.beginManual();
  try {
    state.requireWritable();
    await new ManualCompaction(state, scheduler, family, options).run(range);
  } finally {
    scheduler.endManual();
  }
}

function checkOptions(family: FamilyState, options: ManualOptions): void {
  const { targetLevel, bottommostLevel } = options;
  const { strategy } = family;
  if ((targetLevel ?? bottommostLevel) !== undefined && !strategy.hasLevels) {
    const option = targetLevel === undefined ? 'bottommostLevel' : 'targetLevel';
    const message = `a ${strategy.name} family has no levels to choose; leave out ${option}`;
    throw new LsmError('INVALID_ARGUMENT', message);
  }
  const deepest = family.version.levels.length - 1;
  if (targetLevel !== undefined && !(targetLevel >= 1 && targetLevel <= deepest)) {
    const message = `targetLevel is ${targetLevel}; it must be from 1 to ${deepest}`;
    throw new LsmError('INVALID_ARGUMENT', message);
  }
  if (bottommostLevel !== undefined && !BOTTOMMOST_LEVELS.includes(bottommostLevel)) {
    const message = `bottommostLevel is ${String(bottommostLevel)}; it must be one of `;
    throw new LsmError('INVALID_ARGUMENT', message + BOTTOMMOST_LEVELS.join(', '));
  }
}

/** One of them, from its first step to its last. */
class ManualCompaction {
  private readonly state: EngineState;
  private readonly scheduler: CompactionScheduler;
  private readonly family: FamilyState;
  private readonly options: ManualOptions;
  private doneBytes = 0;

  constructor(
    state: EngineState,
    scheduler: CompactionScheduler,
    family: FamilyState,
    options: ManualOptions,
  ) {
    this.state = state;
    this.scheduler = scheduler;
    this.family = family;
    this.options = options;
  }

  async run(range: KeyRange): Promise<void> {
    const { state, scheduler, family } = this;
    let progress = this.begin(range);
    this.tell(progress, 0, 'compacting');
    for (;;) {
      this.requireWanted();
      state.requireWritable();
      state.families.meant(family);
      const step = family.strategy.manualStep(scheduler.context(family), progress);
      if (step === undefined) return;
      // Another one by hand is in the way: when it has ended, the tables lie otherwise.
      if (scheduler.isBlocked(step.plan)) {
        await state.changed.wait();
        continue;
      }
      await this.runStep(step.plan, progress);
      progress = step.next;
      this.doneBytes += sizeOf(inputTables(step.plan));
      this.tell(progress, 0, nameOf(step.plan));
    }
  }

  private begin(range: KeyRange): ManualProgress {
    const { bottommostLevel = 'force', targetLevel } = this.options;
    const firstOwnFile = this.state.versions.newFileNumber();
    const deepestLevel = targetLevel ?? deepest(this.family, range);
    return { range, level: 0, deepestLevel, bottommostLevel, doneTo: undefined, firstOwnFile };
  }

  private requireWanted(): void {
    if (this.options.signal?.aborted !== true) return;
    throw new LsmError('CANCELLED', 'the compaction was stopped; what was merged stays merged');
  }

  private async runStep(plan: CompactionPlan, progress: ManualProgress): Promise<void> {
    const { state } = this;
    const cancel = new CancelFlag();
    const stopLooking = this.passOn(cancel);
    try {
      await this.scheduler.runManual(plan, {
        cancel,
        onProgress: ({ bytesRead }) => {
          if (this.options.signal?.aborted === true) cancel.abort();
          this.tell(progress, bytesRead, nameOf(plan));
        },
      });
    } catch (thrown) {
      const fault = toLsmError(thrown);
      if (fault.code !== 'CANCELLED') state.fail(fault);
      state.requireWritable();
      this.requireWanted();
      throw fault;
    } finally {
      stopLooking();
    }
  }

  /** Looks at the caller's signal until told not to: a merge may sleep for long between slices. */
  private passOn(cancel: CancelFlag): () => void {
    const { signal } = this.options;
    if (signal === undefined) return () => undefined;
    const { scheduler } = this.state.environment;
    const look = (): void => {
      if (signal.aborted) cancel.abort();
      else timer = scheduler.after(SIGNAL_LOOKED_AT_MILLIS, look);
    };
    let timer = scheduler.after(SIGNAL_LOOKED_AT_MILLIS, look);
    return () => timer.cancel();
  }

  private tell(progress: ManualProgress, bytesRead: number, message: string): void {
    const { onProgress } = this.options;
    if (onProgress === undefined) return;
    const done = this.doneBytes + bytesRead;
    const total = Math.max(done, this.doneBytes + bytesLeft(this.family, progress));
    onProgress({ done, total, unit: 'bytes', message });
  }
}

function nameOf({ inputs, outputLevel }: CompactionPlan): string {
  return `level ${inputs[0]!.level} into level ${outputLevel}`;
}

function deepest({ version, strategy, options }: FamilyState, range: KeyRange): number {
  const holding = version.levels.filter((level) => overlappingInLevel(level, range).length > 0);
  return Math.max(strategy.manualLevel(version, options), holding.at(-1)?.level ?? 0);
}

/** Bytes of the range on the levels that are still to be done. */
function bytesLeft(family: FamilyState, { range, level, deepestLevel }: ManualProgress): number {
  return family.version.levels
    .slice(level, deepestLevel)
    .reduce((sum, each) => sum + sizeOf(overlappingInLevel(each, range)), 0);
}
