// Size-tiered compaction, as RocksDB's universal style does it (db/compaction/
// compaction_picker_universal.cc). The sorted runs are one list by age. Once there are `tierRuns`
// of them three rules are asked, and the first that finds something merges neighbours of the list
// into one run:
//
//   amplification  the runs before the oldest hold maxSizeAmplificationPercent of its bytes: all of
//                  them become one, for so much space may be held by what is long overwritten
//   size ratio     from some run on, each next one is at most (100 + sizeRatioPercent) percent of
//                  all taken before it: at least minMergeWidth, at most maxMergeWidth are merged
//   run count      there are more than tierRuns: the newest are merged until there are tierRuns
//
// An entry is rewritten once for each time its run grows by about `tierRuns`, instead of
// `levelMultiplier` times for each level; in return a read may have to look into `tierRuns` runs.
// The levels only show how large runs are (runsByAge.ts).

import type { CompactionCandidate, LevelTarget, TableInfo } from '../../protocol/events.ts';
import type { FamilyVersion } from '../manifest/version.ts';
import type { ResolvedOptions } from '../options.ts';
import { dueBytes, levelZeroRuns } from './backlog.ts';
import { closureOver } from './leveledManual.ts';
import {
  levelForSize,
  neighboursAt,
  planNeighbours,
  runNumberFor,
  runsByAge,
} from './runsByAge.ts';
import type { AgedRun, Neighbours } from './runsByAge.ts';
import { conflicts, isToBeRewritten } from './strategy.ts';
import type {
  CompactionPlan,
  CompactionStrategy,
  ManualProgress,
  ManualStep,
  StrategyContext,
  StrategyDecision,
} from './strategy.ts';

export const sizeTiered: CompactionStrategy = {
  name: 'size-tiered',
  targets: runTargets,
  decide,
  manualStep: mergeRangeByHand,
  backlog: (version, options) => ({
    level0Runs: levelZeroRuns(version),
    pendingBytes: dueBytes(sizeTiered, version, options),
  }),
  manualLevel: () => 1,
  hasLevels: true,
};

/** What a rule found: its case for the viewers, and the runs it would merge. */
interface Finding {
  readonly candidate: Omit<CompactionCandidate, 'chosen' | 'why'>;
  readonly reason: CompactionPlan['reason'];
  readonly neighbours: Neighbours | undefined;
}

/** How many runs each level holds, against the number that starts a merge. */
function runTargets(version: FamilyVersion, options: ResolvedOptions): LevelTarget[] {
  return version.levels.map(({ level, runs }) => ({
    level,
    score: runs.length / options.tierRuns,
    measure: 'runs',
    limit: options.tierRuns,
  }));
}

function decide(context: StrategyContext): StrategyDecision {
  const { version, options, running } = context;
  const runs = runsByAge(version, running);
  const findings = [amplified(runs, options), ofLikeSize(runs, options), tooMany(runs, options)];
  const enough = runs.length >= options.tierRuns;
  const plans = findings.map((finding) => (enough ? planFor(finding, context) : undefined));
  const chosen = plans.findIndex((plan) => plan !== undefined);
  const candidates = findings.map((finding, index) => ({
    ...finding.candidate,
    chosen: index === chosen,
    why: whyOf(finding, enough, index === chosen, plans[index] !== undefined),
  }));
  return { candidates, plan: plans[chosen] };
}

/** The merge that a rule found, unless one under way writes where it would. */
function planFor(
  { neighbours, reason }: Finding,
  { version, options, running }: StrategyContext,
): CompactionPlan | undefined {
  if (neighbours === undefined) return undefined;
  const level = levelForSize(bytesOf(neighbours.runs), options);
  const plan = planNeighbours(version, neighbours, level, reason);
  return conflicts(plan, running) ? undefined : plan;
}

function whyOf(finding: Finding, enough: boolean, isChosen: boolean, isPossible: boolean): string {
  if (isChosen) return 'first-rule-that-applies';
  if (!enough) return 'too-few-runs';
  if (isPossible) return 'another-rule-first';
  const found = finding.neighbours !== undefined || finding.candidate.score >= 1;
  return found ? 'inputs-busy' : 'rule-does-not-apply';
}

/** All runs, when those before the oldest are large against it. */
function amplified(runs: readonly AgedRun[], options: ResolvedOptions): Finding {
  const oldest = runs.at(-1);
  const newer = runs.slice(0, -1);
  const value = oldest === undefined ? 0 : Math.floor((bytesOf(newer) * 100) / oldest.sizeBytes);
  const limit = options.maxSizeAmplificationPercent;
  const applies = value >= limit && !runs.some(({ isBusy }) => isBusy);
  return {
    candidate: {
      level: oldest?.level ?? 0,
      subject: 'all runs',
      score: value / limit,
      measure: 'percent',
      value,
      limit,
    },
    reason: 'size-amplification',
    neighbours: applies ? neighboursAt(runs, 0, runs.length) : undefined,
  };
}

/** The newest neighbours of like size that are enough of them. */
export function ofLikeSize(runs: readonly AgedRun[], options: ResolvedOptions): Finding {
  const { minMergeWidth } = options;
  let widest = 0;
  for (let first = 0; first < runs.length; first++) {
    const width = widthOfLikeSize(runs, first, options);
    if (width >= minMergeWidth) {
      return likeSized(runs[first]!.level, width, options, neighboursAt(runs, first, width));
    }
    widest = Math.max(widest, width);
  }
  return likeSized(runs[0]?.level ?? 0, widest, options, undefined);
}

function likeSized(
  level: number,
  value: number,
  { minMergeWidth: limit }: ResolvedOptions,
  neighbours: Neighbours | undefined,
): Finding {
  const subject = 'runs of like size';
  const candidate = {
    level,
    subject,
    score: value / limit,
    measure: 'runs',
    value,
    limit,
  } as const;
  return { candidate, reason: 'size-ratio', neighbours };
}

function widthOfLikeSize(
  runs: readonly AgedRun[],
  first: number,
  { sizeRatioPercent, maxMergeWidth }: ResolvedOptions,
): number {
  let taken = 0;
  let width = 0;
  for (const run of runs.slice(first, first + maxMergeWidth)) {
    const fits = width === 0 || run.sizeBytes * 100 <= taken * (100 + sizeRatioPercent);
    if (run.isBusy || !fits) break;
    taken += run.sizeBytes;
    width++;
  }
  return width;
}

/** The newest runs, when there are more than the trigger. */
function tooMany(runs: readonly AgedRun[], { tierRuns }: ResolvedOptions): Finding {
  const first = runs.findIndex(({ isBusy }) => !isBusy);
  const idle = runs.filter(({ isBusy }) => !isBusy).length;
  const most = first === -1 ? 0 : runs.slice(first).findIndex(({ isBusy }) => isBusy);
  const free = most === -1 ? runs.length - first : most;
  const width = Math.min(idle - tierRuns + 1, free);
  const limit = tierRuns + 1;
  const score = idle / limit;
  return {
    candidate: {
      ...{ level: runs[0]?.level ?? 0, subject: 'the newest runs' },
      ...{ score, measure: 'runs', value: idle, limit },
    },
    reason: 'run-count',
    neighbours: score >= 1 && width >= 2 ? neighboursAt(runs, first, width) : undefined,
  };
}

/** By hand: everything that overlaps the range, of all levels, becomes one run of the deepest. */
export function mergeRangeByHand(
  { version, options }: StrategyContext,
  progress: ManualProgress,
): ManualStep | undefined {
  const { deepestLevel, level, range } = progress;
  if (level > deepestLevel) return undefined;
  const inputs = closureOver(version.levels.slice(0, deepestLevel + 1), range);
  if (inputs.length === 0) return undefined;
  const runs = inputs.flatMap((input) =>
    input.tables.map((table) => ({ level: input.level, run: table.run })),
  );
  const { level: newest, run } = runs[0]!;
  const isOneRun = newest === deepestLevel && runs.every((each) => each.run === run);
  const isDue = (table: TableInfo): boolean =>
    isToBeRewritten(table, deepestLevel, progress, options);
  if (isOneRun && !inputs[0]!.tables.some(isDue)) return undefined;
  return {
    plan: {
      family: version.family,
      reason: 'manual',
      inputs,
      outputLevel: deepestLevel,
      outputRun: runNumberFor(version, runs, deepestLevel),
      manner: 'merge',
      cursor: undefined,
    },
    next: { ...progress, level: deepestLevel + 1 },
  };
}

function bytesOf(runs: readonly AgedRun[]): number {
  return runs.reduce((sum, run) => sum + run.sizeBytes, 0);
}
