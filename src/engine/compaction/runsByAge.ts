// A family's sorted runs in one list by age, newest first, whatever levels they lie in; and where
// the merge of some neighbours belongs.
//
// A reader asks levels from 0 on and in each the greatest run number first; that order is the runs'
// age. A merge takes neighbours of the list, so that nothing lies between them, and its result must
// come after everything newer and before everything older:
//
//   level   from the oldest input's to the next older run's: nothing ever rises
//   number  in the newest input's own level: the newest input's, which is below all newer ones;
//           deeper, where only older runs lie: above all of them

import type { TableInfo } from '../../protocol/events.ts';
import { sizeOf } from '../manifest/version.ts';
import type { FamilyVersion } from '../manifest/version.ts';
import type { ResolvedOptions } from '../options.ts';
import type { CompactionPlan, LevelTables, RunningCompaction } from './strategy.ts';

/** A sorted run at its place. */
export interface AgedRun {
  readonly level: number;
  readonly run: number;
  readonly tables: readonly TableInfo[];
  readonly sizeBytes: number;
  /** A compaction under way has taken some of it. */
  readonly isBusy: boolean;
}

/** All runs, newest first. */
export function runsByAge(
  version: FamilyVersion,
  running: readonly RunningCompaction[] = [],
): AgedRun[] {
  return version.levels.flatMap(({ level, runs }) =>
    runs.map(({ run, tables }) => ({
      level,
      run,
      tables,
      sizeBytes: sizeOf(tables),
      isBusy: tables.some(({ file }) => running.some(({ files }) => files.has(file))),
    })),
  );
}

/** Neighbouring runs, newest first, and the run that is next older than them. */
export interface Neighbours {
  readonly runs: readonly AgedRun[];
  readonly older: AgedRun | undefined;
}

/** `width` runs of a list from `first` on. */
export function neighboursAt(runs: readonly AgedRun[], first: number, width: number): Neighbours {
  return { runs: runs.slice(first, first + width), older: runs[first + width] };
}

/** The level for a run of so many bytes when each level is `tierRuns` times the one above. */
export function levelForSize(sizeBytes: number, options: ResolvedOptions): number {
  const memtables = Math.max(1, sizeBytes / options.memtableSize);
  const level = Math.ceil(Math.log(memtables) / Math.log(options.tierRuns));
  return Math.min(Math.max(1, level), options.maxLevels - 1);
}

/** The merge of neighbours into one run, as near to `wantedLevel` as their age allows. */
export function planNeighbours(
  version: FamilyVersion,
  { runs, older }: Neighbours,
  wantedLevel: number,
  reason: CompactionPlan['reason'],
): CompactionPlan {
  const deepest = older?.level ?? version.levels.length - 1;
  const outputLevel = Math.min(Math.max(wantedLevel, runs.at(-1)!.level), deepest);
  return {
    family: version.family,
    reason,
    inputs: byLevel(runs),
    outputLevel,
    outputRun: runNumberFor(version, runs, outputLevel),
    manner: 'merge',
    cursor: undefined,
  };
}

/** The number of a run made of `inputs` (newest first) in `outputLevel`. */
export function runNumberFor(
  version: FamilyVersion,
  inputs: readonly Pick<AgedRun, 'level' | 'run'>[],
  outputLevel: number,
): number {
  const newest = inputs[0]!;
  if (outputLevel === newest.level) return newest.run;
  const taken = new Set(inputs.filter(({ level }) => level === outputLevel).map(({ run }) => run));
  const older = version.levels[outputLevel]!.runs.find(({ run }) => !taken.has(run));
  return Math.max(newest.run, (older?.run ?? -1) + 1);
}

/** Runs as a plan's inputs. */
export function byLevel(runs: readonly AgedRun[]): LevelTables[] {
  const levels = [...new Set(runs.map(({ level }) => level))];
  return levels.map((level) => ({
    level,
    tables: runs.filter((run) => run.level === level).flatMap(({ tables }) => tables),
  }));
}
