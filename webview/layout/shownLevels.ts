// Which levels the stage shows: those that hold tables, and of the empty ones only what the
// strategy of the family will use.

import type { TableInfo } from '../../src/protocol/events.ts';
import type { FamilyState, LevelState } from '../../src/protocol/treeState.ts';

/** So many at least, so that a young store already shows where things will go. */
const LEVELS_MIN = 3;
/** Of windows of time: the open window's runs, and those that are closed. */
const WINDOW_LEVELS = 2;

const NO_LEVELS: readonly LevelState[] = [];
const NO_TABLES: readonly TableInfo[] = [];

/**
 * Every level down to the deepest that holds tables.
 * @param hasWindows its tables are divided into windows of time
 */
export function shownLevels(
  family: FamilyState | undefined,
  hasWindows: boolean,
): readonly LevelState[] {
  const levels = family?.levels ?? NO_LEVELS;
  const deepest = levels.findLastIndex((level) => level.tables.length > 0);
  const count = Math.max(deepest + 1, levelsUsed(levels, hasWindows));
  return Array.from({ length: count }, (_, level) => levels[level] ?? emptyLevel(level));
}

function levelsUsed(levels: readonly LevelState[], hasWindows: boolean): number {
  if (hasWindows) return WINDOW_LEVELS;
  // Level 0 is limited by its bytes where nothing is ever merged out of it: first in, first out.
  return levels[0]?.target.measure === 'bytes' ? 1 : LEVELS_MIN;
}

const emptyLevels: LevelState[] = [];

/** An empty level of its number, always the same one, so that its layout is remembered. */
function emptyLevel(level: number): LevelState {
  return (emptyLevels[level] ??= {
    level,
    tables: NO_TABLES,
    sizeBytes: 0,
    target: { level, score: 0, measure: 'bytes', limit: 0 },
  });
}
