// What a table's colour tells. By default its level; or its size, age or share of tombstones on a
// ramp from dull to warm. The look of the ramp's ends stands in tokens.css.

import type { TableInfo } from '../../src/protocol/events.ts';
import type { LevelState } from '../../src/protocol/treeState.ts';

export type TableColouring = 'level' | 'size' | 'age' | 'tombstones';

export const TABLE_COLOURINGS: readonly TableColouring[] = ['level', 'size', 'age', 'tombstones'];

/** The fill of a table's box; `undefined` leaves it to the level's look. */
export type TableFill = (table: TableInfo) => string | undefined;

/** How to fill the tables of `levels`; extremes are taken over all of them. */
export function tableFill(colouring: TableColouring, levels: readonly LevelState[]): TableFill {
  if (colouring === 'level') return () => undefined;
  const measure = MEASURES[colouring];
  let least = Infinity;
  let most = -Infinity;
  for (const level of levels) {
    for (const table of level.tables) {
      const value = measure(table);
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  const span = most - least;
  return (table) => rampColour(span > 0 ? (measure(table) - least) / span : 0);
}

const MEASURES: Readonly<Record<Exclude<TableColouring, 'level'>, (table: TableInfo) => number>> = {
  size: (table) => Math.log2(Math.max(1, table.sizeBytes)),
  // Newer tables are warmer.
  age: (table) => table.createdMicros,
  tombstones: (table) => (table.entries > 0 ? table.tombstones / table.entries : 0),
};

function rampColour(share: number): string {
  const percent = Math.round(share * 100);
  return `color-mix(in oklch, var(--lsm-ramp-high) ${percent}%, var(--lsm-ramp-low))`;
}
