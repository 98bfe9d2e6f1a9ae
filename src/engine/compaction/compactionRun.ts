// One compaction from its plan to its end: told of, merged (or moved), made to count by one
// manifest edit, and cleaned up after.

import { toLsmError } from '../../base/errors.ts';
import type {
  CompactionCandidate,
  FileNumber,
  JobId,
  MergeTotals,
  TableInfo,
} from '../../protocol/events.ts';
import { ingestedTablesOf } from '../ingest/ingestedTable.ts';
import type { EngineState } from '../engineState.ts';
import { filterBitsFor } from '../family/filterBits.ts';
import type { FamilyVersion } from '../manifest/version.ts';
import { sizeOf } from '../manifest/version.ts';
import type { MergeResult, MergeWork } from '../jobs/jobWork.ts';
import type { CancelFlag } from '../jobs/cancelFlag.ts';
import { deleteUnneededTables } from '../jobs/obsoleteFiles.ts';
import type { RunBelow } from './dropRules.ts';
import type { Lane } from './mergeEvents.ts';
import { NOTHING_MERGED } from './mergeTally.ts';
import { inputFiles, inputTables, rangeOf } from './strategy.ts';
import type { CompactionPlan } from './strategy.ts';

/** How one compaction is watched and stopped. */
export interface MergeWatch {
  readonly cancel: CancelFlag;
  /** Called between the slices of the merge. */
  readonly onProgress: (totals: MergeTotals) => void;
}

/**
 * Runs a plan. Its end is told whatever happens.
 * @throws LsmError `CANCELLED`, or the fault that stopped it.
 */
export async function runPlan(
  state: EngineState,
  job: JobId,
  plan: CompactionPlan,
  candidates: readonly CompactionCandidate[],
  watch?: MergeWatch,
): Promise<void> {
  const { events, counters, jobs } = state;
  const { clock } = state.environment;
  const began = clock.monotonicMicros();
  const snapshots = state.snapshots.list();
  tellPick(state, job, plan, candidates);
  tellBegin(state, job, plan, snapshots);
  let result: MergeResult = { outputs: [], totals: NOTHING_MERGED, problems: [] };
  let outcome: 'done' | 'failed' | 'cancelled' = 'done';
  try {
    await events.gate?.();
    if (plan.manner === 'merge') result = await merge(state, job, plan, snapshots, watch);
    for (const problem of result.problems) state.report(problem);
    await install(state, job, plan, result.outputs);
    counters.compactions++;
    counters.compactionBytesRead += result.totals.bytesRead;
    counters.compactionBytesWritten += result.totals.bytesWritten;
    counters.compactionWaitMicros += result.totals.waitedMicros;
    noteDone(state, plan, result.totals, clock.monotonicMicros() - began);
  } catch (thrown) {
    outcome = toLsmError(thrown).code === 'CANCELLED' ? 'cancelled' : 'failed';
    throw thrown;
  } finally {
    jobs.delete(job);
    if (events.structural) {
      const { totals } = result;
      const outputs = filesOf(result.outputs);
      const durationMicros = clock.monotonicMicros() - began;
      events.emit({ kind: 'compaction.end', job, outcome, totals, outputs, durationMicros });
    }
  }
  deleteUnneededTables(state);
  await events.gate?.();
}

function noteDone(
  { metrics }: EngineState,
  plan: CompactionPlan,
  totals: MergeTotals,
  durationMicros: number,
): void {
  const { inputs, outputLevel, manner } = plan;
  const own = inputs.filter(({ level }) => level === outputLevel);
  const bytesReadOwn = sizeOf(own.flatMap(({ tables }) => tables));
  const bytesAbove = sizeOf(inputTables(plan)) - bytesReadOwn;
  const reads = manner === 'merge';
  metrics.noteCompaction({
    outputLevel,
    bytesReadAbove: reads ? bytesAbove : 0,
    bytesReadOwn: reads ? bytesReadOwn : 0,
    bytesMoved: manner === 'move' ? bytesAbove : 0,
    totals,
    durationMicros,
  });
}

function merge(
  state: EngineState,
  job: JobId,
  plan: CompactionPlan,
  snapshots: readonly number[],
  watch: MergeWatch | undefined,
): Promise<MergeResult> {
  const { environment, jobs, runner } = state;
  const family = state.families.of(plan.family);
  const { version, options } = family;
  const inputs = inputTables(plan);
  const entries = inputs.reduce((sum, table) => sum + table.entries, 0);
  const output = { level: plan.outputLevel, run: plan.outputRun, entries, inputs };
  const work: MergeWork = {
    kind: 'merge',
    job,
    family: plan.family,
    options,
    filterBitsPerKey: filterBitsFor(family, output),
    createdMicros: environment.clock.wallMicros(),
    ingested: ingestedTablesOf(version),
    lanes: lanesOf(plan),
    outputLevel: plan.outputLevel,
    outputRun: plan.outputRun,
    below: runsBelow(version, plan),
    snapshots,
    cancel: watch?.cancel.buffer,
  };
  return runner.merge(work, (progress) => {
    watch?.onProgress(progress.totals);
    const known = jobs.get(job);
    if (known?.kind === 'compaction') jobs.set(job, { ...known, ...progress });
  });
}

/** Each input run is a lane; newest first. */
function lanesOf(plan: CompactionPlan): Lane[] {
  return plan.inputs.flatMap(({ level, tables }) => {
    const runs = new Map<number, TableInfo[]>();
    for (const table of tables) {
      const lane = runs.get(table.run);
      if (lane === undefined) runs.set(table.run, [table]);
      else lane.push(table);
    }
    const newestFirst = [...runs].sort(([left], [right]) => right - left);
    return newestFirst.map(([, lane]) => ({ level, tables: lane }));
  });
}

/**
 * Runs outside the inputs that may hold versions older than some of theirs: all that lie deeper
 * than the shallowest input, and in its own level those older than its newest run.
 */
export function runsBelow(version: FamilyVersion, plan: CompactionPlan): RunBelow[] {
  const inputs = new Set(inputTables(plan).map((table) => table.file));
  const { level: shallowest, tables } = plan.inputs[0]!;
  const newest = tables.reduce((run, table) => Math.max(run, table.run), 0);
  return version.levels.slice(shallowest).flatMap(({ level, runs }) =>
    runs
      .filter((run) => level > shallowest || run.run < newest)
      .map((run) => ({
        level,
        run: { run: run.run, tables: run.tables.filter((table) => !inputs.has(table.file)) },
      }))
      .filter(({ run }) => run.tables.length > 0),
  );
}

/** One edit swaps the outputs in for the inputs. */
async function install(
  state: EngineState,
  job: JobId,
  plan: CompactionPlan,
  outputs: readonly TableInfo[],
): Promise<void> {
  const { family, outputLevel, outputRun, cursor } = plan;
  const moved = plan.manner === 'move' ? inputTables(plan) : [];
  // What is dropped leaves without anything arriving.
  const arriving = [...outputs, ...moved.map((table) => ({ ...table, run: outputRun }))];
  await state.versions.apply(
    {
      added: arriving.map((table) => ({ family, level: outputLevel, table })),
      removed: plan.inputs.flatMap(({ level, tables }) =>
        tables.map(({ file }) => ({ family, level, file })),
      ),
      cursors: cursor === undefined ? [] : [{ family, ...cursor }],
    },
    { job, family, flushedMemtable: 0, lastSequence: state.lastSequence },
  );
  await state.events.gate?.();
}

function tellPick(
  state: EngineState,
  job: JobId,
  plan: CompactionPlan,
  candidates: readonly CompactionCandidate[],
): void {
  if (!state.events.structural) return;
  const { from, to } = rangeOf(plan);
  state.events.emit({
    kind: 'compaction.pick',
    job,
    family: plan.family,
    strategy: state.families.of(plan.family).strategy.name,
    reason: plan.reason,
    candidates,
    inputs: inputFiles(plan),
    outputLevel: plan.outputLevel,
    smallestKey: from,
    largestKey: to,
  });
}

function tellBegin(
  state: EngineState,
  job: JobId,
  plan: CompactionPlan,
  snapshots: readonly number[],
): void {
  const { family, outputLevel, manner } = plan;
  const tables = inputTables(plan);
  const entries = tables.reduce((sum, table) => sum + table.entries, 0);
  const sizeBytes = sizeOf(tables);
  const figures = { job, family, inputs: inputFiles(plan), outputLevel, entries, sizeBytes };
  let beganAt = 0;
  if (state.events.structural) {
    beganAt = state.events.emit({ kind: 'compaction.begin', ...figures, manner, snapshots });
  }
  const progress = { totals: NOTHING_MERGED, outputs: [], beganAt };
  state.jobs.set(job, { kind: 'compaction', ...figures, ...progress });
}

function filesOf(tables: readonly TableInfo[]): FileNumber[] {
  return tables.map((table) => table.file);
}
