// Leveled compaction. Level 0 takes tables as they are flushed: they overlap, so each is a run of
// its own. Every deeper level is one run, and may hold `levelMultiplier` times the bytes of the one
// above.
//
//   score(0) = tables / maxL0SSTables        score(n) = bytes / (levelBaseSize · multiplier^(n−1))
//
// The level with the highest score of at least 1 gives tables to the next one: level 0 its oldest
// table and, transitively, all that overlap it; a deeper level one table, chosen round-robin
// through the key space, so that no part of it is left behind. What overlaps in the next level is
// merged in. The last level has no limit. The shape and the round-robin choice are those of LevelDB
// (doc/impl.md).
//
// A level below 0 that holds several runs was left by another strategy: it is merged into one run
// before anything goes into it or out of it.

import { compareBytes } from '../../base/bytes.ts';
import type { CompactionCandidate, LevelTarget, TableInfo } from '../../protocol/events.ts';
import { coverOf, overlappingInLevel, sizeOf, tablesOfLevel } from '../manifest/version.ts';
import type { FamilyVersion, Level } from '../manifest/version.ts';
import type { ResolvedOptions } from '../options.ts';
import { leveledManualStep } from './leveledManual.ts';
import { conflicts, withVerdicts } from './strategy.ts';
import type {
  CompactionPlan,
  CompactionStrategy,
  LevelTables,
  StrategyContext,
  StrategyDecision,
} from './strategy.ts';

type Scored = Omit<CompactionCandidate, 'chosen' | 'why'>;

export const leveled: CompactionStrategy = {
  name: 'leveled',
  targets,
  decide,
  manualStep: leveledManualStep,
  backlog: (version, options) => ({
    level0Runs: version.levels[0]!.runs.length,
    pendingBytes: pendingBytes(version, options),
  }),
};

/** Bytes that `level` (1 and deeper) may hold. */
export function levelLimitBytes(level: number, options: ResolvedOptions): number {
  return options.levelBaseSize * options.levelMultiplier ** (level - 1);
}

function targets(version: FamilyVersion, options: ResolvedOptions): LevelTarget[] {
  const context = { version, options, running: [], cursors: new Map() };
  return version.levels.map((level) => {
    const { score, measure, limit } = scoreOf(level, context);
    return { level: level.level, score, measure: measure === 'manual' ? 'files' : measure, limit };
  });
}

/** Tables that are being merged already no longer count: they are on their way out. */
function scoreOf(level: Level, { version, options, running }: StrategyContext): Scored {
  const idle = tablesOfLevel(level).filter(
    (table) => !running.some((compaction) => compaction.files.has(table.file)),
  );
  if (level.level === 0) return scored(level, 'files', idle.length, options.maxL0SSTables);
  if (level.runs.length > 1) return scored(level, 'runs', level.runs.length, 1);
  const bytes = sizeOf(idle);
  const isLast = level.level === version.levels.length - 1;
  return scored(level, 'bytes', bytes, isLast ? 0 : levelLimitBytes(level.level, options));
}

/** A limit of 0 stands for none, and scores 0. */
function scored(level: Level, measure: Scored['measure'], value: number, limit: number): Scored {
  return { level: level.level, score: limit === 0 ? 0 : value / limit, measure, value, limit };
}

/**
 * What must be rewritten until no level is above its limit: of each level its surplus, with the
 * share of the next level that this is merged into; as RocksDB estimates it
 * (estimated_compaction_needed_bytes).
 */
function pendingBytes({ levels }: FamilyVersion, options: ResolvedOptions): number {
  let pending = 0;
  let arriving = 0;
  if (levels[0]!.tableCount >= options.maxL0SSTables) {
    arriving = levels[0]!.sizeBytes;
    pending += arriving + levels[1]!.sizeBytes;
  }
  for (const { level, sizeBytes } of levels.slice(1, -1)) {
    arriving = Math.max(0, sizeBytes + arriving - levelLimitBytes(level, options));
    const next = levels[level + 1]!.sizeBytes;
    if (arriving > 0) pending += arriving * (1 + next / (sizeBytes + arriving));
  }
  return Math.floor(pending);
}

function decide(context: StrategyContext): StrategyDecision {
  const scores = context.version.levels.map((level) => scoreOf(level, context));
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
  // Nothing may go into a level before its runs have become one.
  if (context.version.levels[level.level + 1]!.runs.length > 1) return undefined;
  return level.level === 0 ? planLevel0(level, context) : planDeeper(level, context);
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
function planLevel0(level: Level, context: StrategyContext): CompactionPlan | undefined {
  const busy = (table: TableInfo): boolean =>
    context.running.some((compaction) => compaction.files.has(table.file));
  const oldest = tablesOfLevel(level).findLast((table) => !busy(table));
  if (oldest === undefined) return undefined;
  const plan = planDown(level, closureInLevel(level, [oldest]), context);
  return conflicts(plan, context.running) ? undefined : plan;
}

/** The next free table of the level's round. */
function planDeeper(level: Level, context: StrategyContext): CompactionPlan | undefined {
  const tables = tablesOfLevel(level);
  const cursor = context.cursors.get(level.level);
  const next =
    cursor === undefined
      ? 0
      : tables.findIndex((table) => compareBytes(table.smallestKey, cursor) > 0);
  const first = Math.max(0, next);
  for (let step = 0; step < tables.length; step++) {
    const picked = tables[(first + step) % tables.length]!;
    const plan = planDown(level, [picked], context);
    if (!conflicts(plan, context.running)) {
      return { ...plan, cursor: { level: level.level, key: picked.largestKey } };
    }
  }
  return undefined;
}

/** The given tables of a level, with what they overlap in the next, into the next. */
function planDown(
  level: Level,
  tables: readonly TableInfo[],
  context: StrategyContext,
): CompactionPlan {
  const next = context.version.levels[level.level + 1]!;
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
    manner: alone && movable(tables[0]!, next.level, context.version) ? 'move' : 'merge',
    cursor: undefined,
  };
}

/**
 * A table whose tombstones have nothing left to hide is rewritten without them instead of moved.
 */
function movable(table: TableInfo, outputLevel: number, version: FamilyVersion): boolean {
  if (table.tombstones === 0) return true;
  const range = coverOf([table]);
  return version.levels
    .slice(outputLevel + 1)
    .some((level) => overlappingInLevel(level, range).length > 0);
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
