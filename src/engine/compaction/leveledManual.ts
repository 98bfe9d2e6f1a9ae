// Compacting a range by hand under the leveled strategy: level by level, everything in the range
// goes one level down, in steps of a bounded size so that it can be stopped in between. At the
// deepest level the tables that were not rewritten on the way are rewritten where they stand, so
// that in the end no shadowed version and no needless tombstone is left in the range.

import { compareBytes } from '../../base/bytes.ts';
import type { TableInfo } from '../../protocol/events.ts';
import { coverOf, overlappingInLevel } from '../manifest/version.ts';
import type { KeyRange, Level } from '../manifest/version.ts';
import { isToBeRewritten } from './strategy.ts';
import type { CompactionPlan, ManualProgress, ManualStep, StrategyContext } from './strategy.ts';

/** A step takes about this many output tables' worth of its level, and at least one table. */
const STEP_TABLES = 8;

/** The next step down, or `undefined` when the range is compacted. */
export function leveledManualStep(
  context: StrategyContext,
  progress: ManualProgress,
): ManualStep | undefined {
  let { level, doneTo } = progress;
  for (; level <= progress.deepestLevel; level++, doneTo = undefined) {
    const tables = candidatesOn(context, { ...progress, level, doneTo });
    if (tables.length === 0) continue;
    const atEnd = level === progress.deepestLevel;
    const plan = planStep(
      context,
      level,
      tables,
      atEnd ? level : nextDown(context, level, progress),
    );
    const own = plan.inputs[0]!.tables;
    return { plan, next: { ...progress, level, doneTo: coverOf(own).to } };
  }
  return undefined;
}

/** The next level that holds anything, so that those which are kept empty stay so. */
function nextDown(
  { version }: StrategyContext,
  level: number,
  { deepestLevel }: ManualProgress,
): number {
  const below = version.levels.slice(level + 1, deepestLevel);
  return below.find(({ tableCount }) => tableCount > 0)?.level ?? deepestLevel;
}

/**
 * The tables of a level that are still to be done, the next ones first. At the end only neighbours:
 * what would be made of tables on both sides of a new one would lie across it.
 */
function candidatesOn(
  { version, options }: StrategyContext,
  progress: ManualProgress,
): TableInfo[] {
  const { range, doneTo, deepestLevel, firstOwnFile } = progress;
  const level = version.levels[progress.level]!;
  const left = overlappingInLevel(level, range).filter(
    (table) => doneTo === undefined || compareBytes(table.smallestKey, doneTo) > 0,
  );
  if (level.level !== deepestLevel) return left;
  const isDue = (table: TableInfo): boolean =>
    table.file < firstOwnFile && isToBeRewritten(table, level.level, progress, options);
  const first = left.findIndex(isDue);
  if (first === -1 || level.runs.length > 1) return left.filter(isDue);
  const end = left.findIndex((table, index) => index > first && !isDue(table));
  return left.slice(first, end === -1 ? left.length : end);
}

function planStep(
  context: StrategyContext,
  level: number,
  tables: readonly TableInfo[],
  outputLevel: number,
): CompactionPlan {
  const from = context.version.levels[level]!;
  const to = context.version.levels[outputLevel]!;
  const severalRuns = level === 0 || from.runs.length > 1 || to.runs.length > 1;
  const stepBytes = STEP_TABLES * context.options.targetTableSize;
  const levels = outputLevel === level ? [from] : [from, to];
  const inputs = severalRuns
    ? closureOver(levels, coverOf(tables))
    : withOverlap(levels, takeBytes(tables, stepBytes));
  return {
    family: context.version.family,
    reason: 'manual',
    inputs,
    outputLevel,
    outputRun: to.runs.length === 1 ? to.runs[0]!.run : 0,
    manner: 'merge',
    cursor: undefined,
  };
}

/** The first tables, up to a sum of bytes. */
function takeBytes(tables: readonly TableInfo[], limitBytes: number): TableInfo[] {
  const taken: TableInfo[] = [];
  let bytes = 0;
  for (const table of tables) {
    if (taken.length > 0 && bytes + table.sizeBytes > limitBytes) break;
    taken.push(table);
    bytes += table.sizeBytes;
  }
  return taken;
}

/** The tables of the first level with those of the second that they overlap. */
function withOverlap(
  levels: readonly Level[],
  tables: readonly TableInfo[],
): { level: number; tables: readonly TableInfo[] }[] {
  const [from, to] = levels;
  const below = to === undefined ? [] : overlappingInLevel(to, coverOf(tables));
  const inputs = [{ level: from!.level, tables }];
  return below.length === 0 ? inputs : [...inputs, { level: to!.level, tables: below }];
}

/** All tables of the levels that overlap the range, or one another through it, by level. */
export function closureOver(
  levels: readonly Level[],
  range: KeyRange,
): { level: number; tables: readonly TableInfo[] }[] {
  let cover = range;
  let count = -1;
  for (;;) {
    const inputs = levels
      .map((level) => ({ level: level.level, tables: overlappingInLevel(level, cover) }))
      .filter((input) => input.tables.length > 0);
    const tables = inputs.flatMap((input) => input.tables);
    if (tables.length === count || tables.length === 0) return inputs;
    count = tables.length;
    cover = coverOf(tables);
  }
}
