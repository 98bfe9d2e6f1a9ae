// Leveled compaction. Level 0 takes tables as they are flushed: they overlap, so each is a run of
// its own. Every deeper level is one run, and may hold `levelMultiplier` times the bytes of the one
// above.
//
//   score(0) = tables / maxL0SSTables        score(n) = bytes / limit(n), see levelTargets.ts
//
// The level with the highest score of at least 1 gives tables to the next one: level 0 its oldest
// table and, transitively, all that overlap it; a deeper level one table. What overlaps in the next
// level is merged in; a table that overlaps nothing is moved by a manifest edit alone. The last
// level has no limit.
//
// Which table goes down (`compactionPicking`): `round-robin` goes through the key space, so that no
// part of it is left behind (LevelDB, doc/impl.md); `least-overlap` takes the one with the fewest
// bytes to rewrite below for each of its own (RocksDB's kMinOverlappingRatio).
//
// A level below 0 that holds several runs was left by another strategy: it is merged into one run
// before anything goes into it or out of it.

import { compareBytes } from '../../base/bytes.ts';
import type { CompactionCandidate, TableInfo } from '../../protocol/events.ts';
import { coverOf, overlappingInLevel, sizeOf, tablesOfLevel } from '../manifest/version.ts';
import type { FamilyVersion, Level } from '../manifest/version.ts';
import type { ResolvedOptions } from '../options.ts';
import { levelZeroRuns } from './backlog.ts';
import { limitsOf } from './levelTargets.ts';
import { leveledManualStep } from './leveledManual.ts';
import { conflicts, hidesNothing, withVerdicts } from './strategy.ts';
import type {
  CompactionPlan,
  CompactionStrategy,
  LevelCase,
  LevelTables,
  StrategyContext,
  StrategyDecision,
} from './strategy.ts';

type Scored = LevelCase<'files' | 'bytes' | 'runs'>;

export const leveled: CompactionStrategy = {
  name: 'leveled',
  targets: (version, options) =>
    scoresOf({ version, options, running: [] }).map(({ level, score, measure, limit }) => ({
      ...{ level, score, measure, limit },
    })),
  decide,
  manualStep: leveledManualStep,
  backlog: (version, options) => ({
    level0Runs: levelZeroRuns(version),
    pendingBytes: pendingBytes(version, options),
  }),
  manualLevel: (version, options) => limitsOf(version, options).baseLevel,
  hasLevels: true,
};

/** Tables that are being merged already no longer count: they are on their way out. */
function scoresOf(context: Pick<StrategyContext, 'version' | 'options' | 'running'>): Scored[] {
  const { version, options, running } = context;
  const limits = limitsOf(version, options);
  return version.levels.map((level) => {
    const idle = tablesOfLevel(level).filter(
      (table) => !running.some((compaction) => compaction.files.has(table.file)),
    );
    if (level.level === 0) return scored(0, 'files', idle.length, options.maxL0SSTables);
    if (level.runs.length > 1) return scored(level.level, 'runs', level.runs.length, 1);
    return scored(level.level, 'bytes', sizeOf(idle), limits.bytes[level.level]!);
  });
}

/** A limit of 0 stands for none, and scores 0. */
function scored(level: number, measure: Scored['measure'], value: number, limit: number): Scored {
  return { level, subject: '', score: limit === 0 ? 0 : value / limit, measure, value, limit };
}

/**
 * What must be rewritten until no level is above its limit: of each level its surplus, with the
 * share of the next level that this is merged into; as RocksDB estimates it
 * (estimated_compaction_needed_bytes).
 */
function pendingBytes(version: FamilyVersion, options: ResolvedOptions): number {
  const { baseLevel, bytes: limits } = limitsOf(version, options);
  const { levels } = version;
  let pending = 0;
  let arriving = 0;
  if (levels[0]!.tableCount >= options.maxL0SSTables) {
    arriving = levels[0]!.sizeBytes;
    pending += arriving + levels[baseLevel]!.sizeBytes;
  }
  for (const { level, sizeBytes } of levels.slice(baseLevel, -1)) {
    const surplus = sizeBytes + arriving - limits[level]!;
    arriving = Math.max(0, surplus);
    const next = levels[level + 1]!.sizeBytes;
    if (arriving > 0) pending += arriving * (1 + next / (sizeBytes + arriving));
  }
  return Math.floor(pending);
}

function decide(context: StrategyContext): StrategyDecision {
  const scores = scoresOf(context);
  const due = scores.filter((candidate) => candidate.score >= 1).sort(byUrgency);
  const busyLevels = new Set<number>();
  for (const candidate of due) {
    const plan = planFor(candidate, context);
    if (plan !== undefined) return { candidates: explain(scores, candidate, busyLevels), plan };
    busyLevels.add(candidate.level);
  }
  return { candidates: explain(scores, undefined, busyLevels), plan: undefined };
}

/** Levels of several runs first, then by score, then the shallower. */
function byUrgency(left: Scored, right: Scored): number {
  const runsFirst = Number(right.measure === 'runs') - Number(left.measure === 'runs');
  return runsFirst || right.score - left.score || left.level - right.level;
}

function explain(
  scores: readonly Scored[],
  chosen: Scored | undefined,
  busyLevels: ReadonlySet<number>,
): CompactionCandidate[] {
  const verdicts = withVerdicts(scores, chosen?.level, busyLevels);
  if (chosen?.measure !== 'runs') return verdicts;
  return verdicts.map((verdict) => {
    if (verdict.chosen) return { ...verdict, why: 'several-runs-in-one-level' };
    return verdict.score < 1 ? verdict : { ...verdict, why: 'another-level-has-several-runs' };
  });
}

function planFor(candidate: Scored, context: StrategyContext): CompactionPlan | undefined {
  const level = context.version.levels[candidate.level]!;
  if (candidate.measure === 'runs') return planUnion(level, context);
  const next = level.level === 0 ? baseLevelOf(context) : level.level + 1;
  // Nothing may go into a level before its runs have become one.
  if (context.version.levels[next]!.runs.length > 1) return undefined;
  return level.level === 0 ? planLevel0(level, next, context) : planDeeper(level, context);
}

function baseLevelOf({ version, options }: StrategyContext): number {
  return limitsOf(version, options).baseLevel;
}

/** All runs of a level into one, in place. */
function planUnion(level: Level, context: StrategyContext): CompactionPlan | undefined {
  const plan: CompactionPlan = {
    family: context.version.family,
    reason: 'run-count',
    inputs: [{ level: level.level, tables: tablesOfLevel(level) }],
    outputLevel: level.level,
    outputRun: 0,
    manner: 'merge',
    cursor: undefined,
  };
  return conflicts(plan, context.running) ? undefined : plan;
}

/** The oldest table that is free, with everything in level 0 that overlaps it, directly or not. */
function planLevel0(
  level: Level,
  next: number,
  context: StrategyContext,
): CompactionPlan | undefined {
  const busy = (table: TableInfo): boolean =>
    context.running.some((compaction) => compaction.files.has(table.file));
  const oldest = tablesOfLevel(level).findLast((table) => !busy(table));
  if (oldest === undefined) return undefined;
  const plan = planDown(level, closureInLevel(level, [oldest]), next, context);
  return conflicts(plan, context.running) ? undefined : plan;
}

/** The first table that is free, in the order of the picking. */
function planDeeper(level: Level, context: StrategyContext): CompactionPlan | undefined {
  const plans = inRoundOrder(level, context).map((picked) => ({
    ...planDown(level, [picked], level.level + 1, context),
    cursor: { level: level.level, key: picked.largestKey },
  }));
  if (context.options.compactionPicking === 'least-overlap') {
    plans.sort((left, right) => overlapOf(left) - overlapOf(right));
  }
  return plans.find((plan) => !conflicts(plan, context.running));
}

/** A level's tables from where its round stands. */
function inRoundOrder(level: Level, { cursors }: StrategyContext): TableInfo[] {
  const tables = tablesOfLevel(level);
  const cursor = cursors.get(level.level);
  if (cursor === undefined) return tables;
  const next = tables.findIndex((table) => compareBytes(table.smallestKey, cursor) > 0);
  return next === -1 ? tables : [...tables.slice(next), ...tables.slice(0, next)];
}

/** Bytes to rewrite below for each byte that goes down. */
function overlapOf({ inputs: [own, below] }: CompactionPlan): number {
  return below === undefined ? 0 : sizeOf(below.tables) / sizeOf(own!.tables);
}

/** The given tables of a level, with what they overlap in a deeper one, into that. */
function planDown(
  level: Level,
  tables: readonly TableInfo[],
  nextLevel: number,
  context: StrategyContext,
): CompactionPlan {
  const next = context.version.levels[nextLevel]!;
  const below = overlappingInLevel(next, coverOf(tables));
  const inputs: LevelTables[] = [{ level: level.level, tables }];
  if (below.length > 0) inputs.push({ level: next.level, tables: below });
  const alone = tables.length === 1 && below.length === 0;
  return {
    family: context.version.family,
    reason: 'level-score',
    inputs,
    outputLevel: next.level,
    outputRun: next.runs[0]?.run ?? 0,
    manner: alone && !hidesNothing(tables, next.level, context.version) ? 'move' : 'merge',
    cursor: undefined,
  };
}

/** The tables, and all others of the level that overlap them, directly or through one another. */
export function closureInLevel(level: Level, tables: readonly TableInfo[]): TableInfo[] {
  let closure = [...tables];
  for (;;) {
    const wider = overlappingInLevel(level, coverOf(closure));
    if (wider.length === closure.length) return wider;
    closure = wider;
  }
}
