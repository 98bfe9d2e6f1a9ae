// What every plan must keep to, whichever strategy made it. A plan that does not would turn the
// order of versions around, or take tables away from a compaction under way; so each is looked at
// before it begins, and one that fails is our own mistake.
//
//   1. Its inputs are in the version, and nobody else's.
//   2. Nothing that is being written now goes into its range of its output level.
//   3. No version passes another of its key: for each table that stays, and each input that it
//      overlaps, the output lies on the same side of the table as the input did.
//   4. In the run that it goes into, no table that stays lies within its range.
//   5. What is dropped without a merge hides nothing that stays.

import type { FileNumber, TableInfo } from '../../protocol/events.ts';
import type { FamilyVersion, KeyRange } from '../manifest/version.ts';
import { overlapping } from '../manifest/version.ts';
import { conflicts, rangeOf } from './strategy.ts';
import type { CompactionPlan, RunningCompaction } from './strategy.ts';

/** A table at its place. */
interface Placed {
  readonly level: number;
  readonly run: number;
  readonly table: TableInfo;
}

/** What is wrong with a plan; `undefined` when it may begin. */
export function problemOfPlan(
  plan: CompactionPlan,
  version: FamilyVersion,
  running: readonly RunningCompaction[],
): string | undefined {
  const inputs = placedInputs(plan, version);
  if (inputs === undefined) return 'an input is not where the plan says';
  if (conflicts(plan, running)) return 'a compaction under way holds its tables or its range';
  const files = new Set(inputs.map(({ table }) => table.file));
  return plan.manner === 'drop'
    ? problemOfDrop(inputs, files, version)
    : problemOfPlace(plan, inputs, files, version);
}

/** The inputs at their places; `undefined` when one is not there. */
function placedInputs(plan: CompactionPlan, version: FamilyVersion): Placed[] | undefined {
  const placed: Placed[] = [];
  for (const { level, tables } of plan.inputs) {
    for (const table of tables) {
      const run = version.levels[level]?.runs.find((each) => each.run === table.run);
      if (run?.tables.some(({ file }) => file === table.file) !== true) return undefined;
      placed.push({ level, run: table.run, table });
    }
  }
  return placed;
}

function problemOfPlace(
  plan: CompactionPlan,
  inputs: readonly Placed[],
  files: ReadonlySet<FileNumber>,
  version: FamilyVersion,
): string | undefined {
  const { outputLevel: level, outputRun: run } = plan;
  const output = { level, run };
  for (const input of inputs) {
    for (const other of overlappingOthers(version, files, input.table)) {
      if (isBefore(input, other) === isBefore(output, other)) continue;
      return `table ${input.table.file} would pass table ${other.table.file}`;
    }
  }
  const target = version.levels[level]?.runs.find((each) => each.run === run);
  const within = target === undefined ? [] : overlapping(target, rangeOf(plan));
  const between = within.find(({ file }) => !files.has(file));
  return between === undefined ? undefined : `table ${between.file} lies within its output`;
}

function problemOfDrop(
  inputs: readonly Placed[],
  files: ReadonlySet<FileNumber>,
  version: FamilyVersion,
): string | undefined {
  for (const input of inputs) {
    for (const other of overlappingOthers(version, files, input.table)) {
      if (!isBefore(input, other)) continue;
      return `table ${input.table.file} would be dropped before the older ${other.table.file}`;
    }
  }
  return undefined;
}

/** Tables that are no inputs and may hold keys of this one. */
function* overlappingOthers(
  { levels }: FamilyVersion,
  inputs: ReadonlySet<FileNumber>,
  { smallestKey: from, largestKey: to }: TableInfo,
): Generator<Placed> {
  const range: KeyRange = { from, to };
  for (const { level, runs } of levels) {
    for (const run of runs) {
      for (const table of overlapping(run, range)) {
        if (!inputs.has(table.file)) yield { level, run: run.run, table };
      }
    }
  }
}

/** Whether a reader comes to the one place before the other: what lies there is newer. */
function isBefore(
  left: Pick<Placed, 'level' | 'run'>,
  right: Pick<Placed, 'level' | 'run'>,
): boolean {
  return left.level === right.level ? left.run > right.run : left.level < right.level;
}
