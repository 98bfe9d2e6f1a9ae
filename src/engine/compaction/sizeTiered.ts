// Size-tiered compaction. A level is a tier; each tier gathers whole sorted runs. When a tier holds
// `tierRuns` runs, all of them are merged into one run of the next tier, which so is about
// `tierRuns` times as large. The last tier has nowhere to go: its runs are merged where they are.
//
// An entry is rewritten once for each tier instead of `levelMultiplier` times for each level; in
// return a read may have to look into `tierRuns` runs of every tier. Cassandra's
// SizeTieredCompaction and RocksDB's universal compaction are of this kind.
//
// Order between runs: a run is as new as its newest input, so the output takes the greatest run
// number of its inputs, and a greater number is newer within a tier. A deeper tier is always older.

import type { CompactionCandidate, LevelTarget } from '../../protocol/events.ts';
import { tablesOfLevel } from '../manifest/version.ts';
import type { FamilyVersion, Level } from '../manifest/version.ts';
import type { ResolvedOptions } from '../options.ts';
import { closureOver } from './leveledManual.ts';
import { conflicts, withVerdicts } from './strategy.ts';
import type {
  CompactionPlan,
  CompactionStrategy,
  LevelTables,
  ManualProgress,
  ManualStep,
  StrategyContext,
  StrategyDecision,
} from './strategy.ts';

export const sizeTiered: CompactionStrategy = {
  name: 'size-tiered',
  targets,
  decide,
  manualStep,
  backlog: (version, options) => ({
    level0Runs: version.levels[0]!.runs.length,
    pendingBytes: pendingBytes(version, options),
  }),
};

/** Bytes of the tiers that are to be merged. */
function pendingBytes({ levels }: FamilyVersion, options: ResolvedOptions): number {
  const due = levels.filter((tier) => tier.runs.length >= options.tierRuns);
  return due.reduce((sum, tier) => sum + tier.sizeBytes, 0);
}

function targets(version: FamilyVersion, options: ResolvedOptions): LevelTarget[] {
  return version.levels.map((level) => ({
    level: level.level,
    score: level.runs.length / options.tierRuns,
    measure: 'runs',
    limit: options.tierRuns,
  }));
}

function decide(context: StrategyContext): StrategyDecision {
  const { version, options } = context;
  const scores = version.levels.map((tier) => {
    const value = idleRuns(tier, context);
    const score = value / options.tierRuns;
    return { level: tier.level, score, measure: 'runs' as const, value, limit: options.tierRuns };
  });
  const due = scores
    .filter((candidate) => candidate.score >= 1)
    .sort((left, right) => right.score - left.score || left.level - right.level);
  const busyLevels = new Set<number>();
  for (const { level } of due) {
    const plan = planTier(version.levels[level]!, context);
    if (!conflicts(plan, context.running)) {
      return { candidates: withVerdicts(scores, level, busyLevels), plan };
    }
    busyLevels.add(level);
  }
  const candidates: CompactionCandidate[] = withVerdicts(scores, undefined, busyLevels);
  return { candidates, plan: undefined };
}

/** Runs of a tier that no running compaction has taken. */
function idleRuns(tier: Level, { running }: StrategyContext): number {
  const idle = tier.runs.filter(
    (run) => !run.tables.some((table) => running.some(({ files }) => files.has(table.file))),
  );
  return idle.length;
}

/** All runs of a tier into one run of the next, or of the same when it is the last. */
function planTier(tier: Level, { version }: StrategyContext): CompactionPlan {
  const inputs = [{ level: tier.level, tables: tablesOfLevel(tier) }];
  const outputLevel = Math.min(tier.level + 1, version.levels.length - 1);
  return planInto(version, inputs, outputLevel, 'run-count');
}

function planInto(
  version: FamilyVersion,
  inputs: readonly LevelTables[],
  outputLevel: number,
  reason: CompactionPlan['reason'],
): CompactionPlan {
  const runs = inputs.flatMap((input) => input.tables.map((table) => table.run));
  return {
    family: version.family,
    reason,
    inputs,
    outputLevel,
    outputRun: runs.reduce((greatest, run) => Math.max(greatest, run), 0),
    manner: 'merge',
    cursor: undefined,
  };
}

/** By hand: everything that overlaps the range, of all tiers, becomes one run of the deepest. */
function manualStep(context: StrategyContext, progress: ManualProgress): ManualStep | undefined {
  const { version } = context;
  if (progress.level > progress.deepestLevel) return undefined;
  const inputs = closureOver(version.levels.slice(0, progress.deepestLevel + 1), progress.range);
  if (inputs.length === 0) return undefined;
  return {
    plan: planInto(version, inputs, progress.deepestLevel, 'manual'),
    next: { ...progress, level: progress.deepestLevel + 1 },
  };
}
