// The shape of a store, whoever wrote it, as `inspect --json` prints it.

import { encodeHex } from '../base/bytes.ts';
import type { FamilyState } from '../protocol/treeState.ts';
import type { StoredState } from '../readers/storeReader.ts';
import type { InspectedFile, Inspection } from './catalogue.ts';

/** @param state as it is right after opening: what is in memtables is what the log holds. */
export function inspectionOf(state: StoredState): Inspection {
  const { engine, engineVersion, comparator } = state.store;
  const levels: Record<string, number> = {};
  for (const { levels: ofFamily } of state.families) {
    for (const { level, tables } of ofFamily) {
      levels[level] = (levels[level] ?? 0) + tables.length;
    }
  }
  return {
    engine,
    engineVersion,
    comparator,
    levels,
    files: state.families.flatMap(filesOf),
    lastSequence: state.lastSequence,
    walEntriesUnflushed: state.families.flatMap(memtablesOf).reduce((sum, each) => sum + each, 0),
    problems: state.problems,
  };
}

function filesOf({ levels }: FamilyState): InspectedFile[] {
  return levels.flatMap(({ level, tables }) =>
    tables.map((table) => ({
      name: table.name,
      level,
      sizeBytes: table.sizeBytes,
      smallestKeyHex: encodeHex(table.smallestKey),
      largestKeyHex: encodeHex(table.largestKey),
      entries: table.entries,
      deletions: table.tombstones,
    })),
  );
}

/** Entries of each memtable: right after opening these are what the log holds. */
function memtablesOf({ memtable, immutables }: FamilyState): number[] {
  return [memtable, ...immutables].map(({ entries }) => entries);
}
