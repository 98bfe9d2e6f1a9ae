// The tree's shape as Monkey needs it: how many keys each run has, and how many the one will have
// that a job is about to write.

import type { TableInfo } from '../../protocol/events.ts';
import { monkeyBitsPerKey } from '../table/filterAllocation.ts';
import type { FamilyState } from './familyState.ts';

/** Where a job's output goes, and what it takes away. */
export interface RunToWrite {
  readonly level: number;
  readonly run: number;
  /** Entries that go in. */
  readonly entries: number;
  /** Tables that will be gone. */
  readonly inputs: readonly TableInfo[];
}

/**
 * Bits of filter for each key of the run's new tables; `undefined` when the options' own figure
 * holds for all.
 */
export function filterBitsFor(family: FamilyState, output: RunToWrite): number | undefined {
  const { options, version } = family;
  if (options.filterAllocation === 'uniform') return undefined;
  const gone = new Set(output.inputs.map(({ file }) => file));
  const others: number[] = [];
  let { entries } = output;
  for (const { level, runs } of version.levels) {
    for (const { run, tables } of runs) {
      const staying = tables.filter(({ file }) => !gone.has(file));
      const count = staying.reduce((sum, table) => sum + table.entries, 0);
      if (level === output.level && run === output.run) entries += count;
      else others.push(count);
    }
  }
  return monkeyBitsPerKey(options.bloomBitsPerKey, entries, others);
}
