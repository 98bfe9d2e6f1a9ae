// Compaction by levels of which each has its own way to gather runs: one planner for everything
// between tiered and leveled, after Cassandra's unified strategy (scaling.ts has the notation).
//
//   limit(n) = memtableSize · fanout(0) · … · fanout(n)
//
//   A level that holds as many runs as its parameter says gives all of them, as one run, to the
//   next level; if that one is leveled, its run is merged in at once instead of being rewritten a
//   second time. A leveled level merges in place as long as the sum is within its limit, and gives
//   its run down when it has outgrown it. The last level has nowhere to go and merges in place.
//
// `unified` takes the parameters from its option. `lazy-leveled` is the same planner with levels
// that are tiered down to the deepest one in use, which is leveled: most of the data is one run, so
// that a read seldom looks twice there, and only that one level is merged into again and again
// (Dayan and Idreos, Dostoevsky, SIGMOD 2018).

import type { LevelTarget } from '../../protocol/events.ts';
import { sizeOf } from '../manifest/version.ts';
import type { FamilyVersion } from '../manifest/version.ts';
import type { ResolvedOptions } from '../options.ts';
import { dueBytes, levelZeroRuns } from './backlog.ts';
import { problemOfPlan } from './planCheck.ts';
import { byLevel, runNumberFor, runsByAge } from './runsByAge.ts';
import type { AgedRun } from './runsByAge.ts';
import { isLeveled, leveledBy, parseScaling, tiered } from './scaling.ts';
import type { Scaling } from './scaling.ts';
import { mergeRangeByHand } from './sizeTiered.ts';
import { hidesNothing, withVerdicts } from './strategy.ts';
import type {
  CompactionPlan,
  CompactionStrategy,
  LevelCase,
  StrategyContext,
  StrategyDecision,
} from './strategy.ts';

/** How every level of a version gathers runs, index = level. */
type Shape = (version: FamilyVersion, options: ResolvedOptions) => Scaling[];

export const unified: CompactionStrategy = byShape('unified', (version, options) => {
  const words = parseScaling(options.scalingParameters);
  return version.levels.map(({ level }) => words[level] ?? words.at(-1)!);
});

export const lazyLeveled: CompactionStrategy = byShape('lazy-leveled', (version, options) => {
  const used = version.levels.filter(({ tableCount }) => tableCount > 0);
  const deepest = Math.max(1, used.at(-1)?.level ?? 0);
  const { tierRuns } = options;
  return version.levels.map(({ level }) =>
    level < deepest ? tiered(tierRuns) : leveledBy(Math.max(3, tierRuns)),
  );
});

function byShape(name: CompactionStrategy['name'], shapeOf: Shape): CompactionStrategy {
  const strategy: CompactionStrategy = {
    name,
    targets: (version, options) =>
      casesOf(version, runsByAge(version), shapeOf(version, options), options).map(
        ({ level, score, measure, limit }): LevelTarget => ({ level, score, measure, limit }),
      ),
    decide: (context) => decide(context, shapeOf(context.version, context.options)),
    manualStep: mergeRangeByHand,
    backlog: (version, options) => ({
      level0Runs: levelZeroRuns(version),
      pendingBytes: dueBytes(strategy, version, options),
    }),
    manualLevel: () => 1,
    hasLevels: true,
  };
  return strategy;
}

/** What speaks for each level: the number of its idle runs, or the size of its one run. */
function casesOf(
  version: FamilyVersion,
  runs: readonly AgedRun[],
  shape: readonly Scaling[],
  options: ResolvedOptions,
): LevelCase<'runs' | 'bytes'>[] {
  return version.levels.map(({ level }) => {
    const idle = idleOf(runs, level);
    const scaling = shape[level]!;
    const isLast = level === version.levels.length - 1;
    if (isLeveled(scaling) && idle.length < 2) {
      const limit = isLast ? 0 : limitBytes(level, shape, options);
      const value = bytesOf(idle);
      // Above the limit, not at it: a merge in place may fill it exactly.
      const score = limit === 0 ? 0 : Math.min(value / limit, value > limit ? Infinity : 0.999);
      return { level, subject: '', score, measure: 'bytes', value, limit };
    }
    const value = idle.length;
    const limit = scaling.runs;
    return { level, subject: '', score: value / limit, measure: 'runs', value, limit };
  });
}

/** Bytes that a level may hold. */
function limitBytes(level: number, shape: readonly Scaling[], options: ResolvedOptions): number {
  const levels = shape.slice(0, level + 1);
  return levels.reduce((bytes, { fanout }) => bytes * fanout, options.memtableSize);
}

function decide(context: StrategyContext, shape: readonly Scaling[]): StrategyDecision {
  const { version, options, running } = context;
  const runs = runsByAge(version, running);
  const cases = casesOf(version, runs, shape, options);
  const due = cases
    .filter(({ score }) => score >= 1)
    .sort((left, right) => right.score - left.score || left.level - right.level);
  const busyLevels = new Set<number>();
  for (const { level, measure } of due) {
    const reason = measure === 'runs' ? 'run-count' : 'level-score';
    const plan = planLevel(level, runs, shape, context, reason);
    // Runs that came while others are merged in place must not pass those.
    if (problemOfPlan(plan, version, running) === undefined) {
      return { candidates: withVerdicts(cases, level, busyLevels), plan };
    }
    busyLevels.add(level);
  }
  return { candidates: withVerdicts(cases, undefined, busyLevels), plan: undefined };
}

/** The idle runs of a level: in place, or into the next with what must be merged there. */
function planLevel(
  level: number,
  runs: readonly AgedRun[],
  shape: readonly Scaling[],
  { version, options }: StrategyContext,
  reason: CompactionPlan['reason'],
): CompactionPlan {
  const own = idleOf(runs, level);
  const last = version.levels.length - 1;
  const fits = own.length > 1 && bytesOf(own) <= limitBytes(level, shape, options);
  const staysHere = level === last || (isLeveled(shape[level]!) && fits);
  const outputLevel = staysHere ? level : level + 1;
  const joins = !staysHere && isLeveled(shape[outputLevel]!);
  const joined = joins ? runs.filter((run) => run.level === outputLevel) : [];
  const inputs = [...own, ...joined];
  const moves =
    !staysHere && inputs.length === 1 && !hidesNothing(inputs[0]!.tables, outputLevel, version);
  return {
    family: version.family,
    reason,
    inputs: byLevel(inputs),
    outputLevel,
    outputRun: runNumberFor(version, inputs, outputLevel),
    manner: moves ? 'move' : 'merge',
    cursor: undefined,
  };
}

function idleOf(runs: readonly AgedRun[], level: number): AgedRun[] {
  return runs.filter((run) => run.level === level && !run.isBusy);
}

function bytesOf(runs: readonly AgedRun[]): number {
  return runs.reduce((sum, { tables }) => sum + sizeOf(tables), 0);
}
