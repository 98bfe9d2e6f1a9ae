// Compacting a range by hand: the strategy's steps one after the other, each a compaction like any
// other, with progress between them and a way to stop. Automatic compactions wait meanwhile.

import { LsmError, toLsmError } from '../../base/errors.ts';
import type { Progress } from '../../protocol/messages.ts';
import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';
import type { CancelSignal } from '../jobs/jobPace.ts';
import { overlappingInLevel, sizeOf } from '../manifest/version.ts';
import type { KeyRange } from '../manifest/version.ts';
import type { CompactionScheduler } from './compactionScheduler.ts';
import { inputTables } from './strategy.ts';
import type { ManualProgress } from './strategy.ts';

/** How a manual compaction is watched and stopped. */
export interface ManualOptions {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Looked at between two steps. */
  readonly signal?: CancelSignal | undefined;
}

/**
 * Rewrites everything in `range` into the deepest level that holds any of it (level 1 at least).
 * @throws LsmError `CANCELLED` when stopped, `NOT_OPEN` when the store closes or fails meanwhile.
 */
export async function compactByHand(
  state: EngineState,
  scheduler: CompactionScheduler,
  family: FamilyState,
  range: KeyRange,
  options: ManualOptions,
): Promise<void> {
  await scheduler.beginManual();
  try {
    state.requireWritable();
    await runSteps(state, scheduler, family, begin(state, family, range), options);
  } finally {
    scheduler.endManual();
  }
}

function begin(state: EngineState, family: FamilyState, range: KeyRange): ManualProgress {
  const firstOwnFile = state.versions.newFileNumber();
  return {
    range,
    level: 0,
    deepestLevel: deepest(family, range),
    doneTo: undefined,
    firstOwnFile,
  };
}

function deepest({ version, strategy, options }: FamilyState, range: KeyRange): number {
  const holding = version.levels.filter((level) => overlappingInLevel(level, range).length > 0);
  return Math.max(strategy.manualLevel(version, options), holding.at(-1)?.level ?? 0);
}

async function runSteps(
  state: EngineState,
  scheduler: CompactionScheduler,
  family: FamilyState,
  from: ManualProgress,
  { onProgress, signal }: ManualOptions,
): Promise<void> {
  let progress = from;
  let done = 0;
  const left = (): number => bytesLeft(family, progress);
  onProgress?.({ done, total: left(), unit: 'bytes', message: 'compacting' });
  for (;;) {
    if (signal?.aborted === true) {
      throw new LsmError('CANCELLED', 'the compaction was stopped; what was merged stays merged');
    }
    state.requireWritable();
    state.families.meant(family);
    const step = family.strategy.manualStep(scheduler.context(family), progress);
    if (step === undefined) return;
    // Another one by hand is in the way: when it has ended, the tables lie otherwise.
    if (scheduler.isBlocked(step.plan)) {
      await state.changed.wait();
      continue;
    }
    await runStep(state, scheduler, step.plan);
    progress = step.next;
    done += sizeOf(inputTables(step.plan));
    const message = `level ${step.plan.inputs[0]!.level} into level ${step.plan.outputLevel}`;
    onProgress?.({ done, total: done + left(), unit: 'bytes', message });
  }
}

async function runStep(
  state: EngineState,
  scheduler: CompactionScheduler,
  plan: Parameters<CompactionScheduler['runManual']>[0],
): Promise<void> {
  try {
    await scheduler.runManual(plan);
  } catch (thrown) {
    const fault = toLsmError(thrown);
    if (fault.code !== 'CANCELLED') state.fail(fault);
    state.requireWritable();
    throw fault;
  }
}

/** Bytes of the range on the levels that are still to be done. */
function bytesLeft(family: FamilyState, { range, level, deepestLevel }: ManualProgress): number {
  return family.version.levels
    .slice(level, deepestLevel)
    .reduce((sum, each) => sum + sizeOf(overlappingInLevel(each, range)), 0);
}
