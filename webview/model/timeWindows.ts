// Windows of time: which one each table belongs to, by the strategy's own rule, and its span in
// words. Times are UTC, as the engine names its windows.

import type { FileNumber, TableInfo } from '../../src/protocol/events.ts';
import type { LevelState, StoreInfo } from '../../src/protocol/treeState.ts';

/** One window. */
export interface TimeWindow {
  /** Whole window lengths since 1970. */
  readonly number: number;
  /** Its span, the longest wording first: `2026-11-27 14:00–15:00`, `14:00–15:00`. */
  readonly names: readonly string[];
}

const DAY_SECONDS = 86_400;
const NO_WINDOWS: ReadonlyMap<FileNumber, TimeWindow> = new Map();

/** Length of a store's windows, seconds; 0 when it has none. */
export function windowSeconds({ strategy, options }: StoreInfo): number {
  if (strategy !== 'time-window') return 0;
  const seconds = options['timeWindowSeconds'];
  return typeof seconds === 'number' && seconds > 0 ? seconds : 0;
}

/**
 * The window of every table, by file: that of its run's newest entry, or of the run before it when
 * that is later, for clocks may jump back. Windows are the same objects for all their tables.
 * @param seconds 0 for a store without windows
 */
export function timeWindows(
  levels: readonly LevelState[],
  seconds: number,
): ReadonlyMap<FileNumber, TimeWindow> {
  if (seconds === 0) return NO_WINDOWS;
  const windows = new Map<FileNumber, TimeWindow>();
  let current: TimeWindow | undefined;
  for (const run of runsOldestFirst(levels)) {
    const newest = Math.max(...run.map(({ largestTimestampMicros: micros }) => micros));
    const number = Math.floor(newest / (seconds * 1e6));
    if (current === undefined || number > current.number) {
      current = { number, names: spanNames(number, seconds) };
    }
    for (const { file } of run) windows.set(file, current);
  }
  return windows;
}

/** Deeper levels are older; within a level the greater run is newer. */
function runsOldestFirst(levels: readonly LevelState[]): readonly (readonly TableInfo[])[] {
  return levels.toReversed().flatMap(({ tables }) => {
    const runs = [...new Set(tables.map(({ run }) => run))].sort((a, b) => a - b);
    return runs.map((run) => tables.filter((table) => table.run === run));
  });
}

function spanNames(number: number, seconds: number): readonly string[] {
  const begin = new Date(number * seconds * 1000).toISOString();
  const end = new Date((number + 1) * seconds * 1000).toISOString();
  const [day, lastDay] = [begin.slice(0, 10), end.slice(0, 10)];
  if (seconds % DAY_SECONDS === 0) {
    return seconds === DAY_SECONDS ? [day] : [`${day} to before ${lastDay}`, `from ${day}`];
  }
  const digits = seconds % 60 === 0 ? 16 : 19;
  const span = `${begin.slice(11, digits)}–${end.slice(11, digits)}`;
  return [`${day} ${span}`, span];
}
