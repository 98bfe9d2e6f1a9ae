// What a table's place in a level is called, and what a level's limit is of.

import type { LevelTarget, TableInfo } from '../../src/protocol/events.ts';

/** `L1`; of Pebble's level 0 the sublevel, `L0.2`: it counts from the oldest, 0. */
export function placeName(target: LevelTarget, { run }: Pick<TableInfo, 'run'>): string {
  return target.measure === 'sublevels' ? `L${target.level}.${run}` : `L${target.level}`;
}

const UNITS = { files: 'table', runs: 'run', sublevels: 'sublevel', bytes: 'byte' } as const;

/** One of what the limit counts. */
export function unitOf({ measure }: LevelTarget): string {
  return UNITS[measure];
}
