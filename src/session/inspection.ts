// The shape of a store, whoever wrote it, as `inspect --json` prints it.

import { encodeHex } from '../base/bytes.ts';
import type { FamilyState } from '../protocol/treeState.ts';
import type { StoredState } from '../readers/storeReader.ts';
import type { FamilyInspection, InspectedFile, Inspection } from './catalogue.ts';

/** @param state as it is right after opening: what is in memtables is what the log holds. */
export function inspectionOf(state: StoredState): Inspection {
  const { engine, engineVersion, comparator } = state.store;
  const columnFamilies = state.families.map(familyOf);
  const { name: _name, ...ofDefault } = columnFamilies[0]!;
  return {
    engine,
    engineVersion,
    comparator,
    ...ofDefault,
    columnFamilies,
    lastSequence: state.lastSequence,
    problems: state.problems,
  };
}

function familyOf(family: FamilyState): FamilyInspection {
  const { name, levels, memtable, immutables } = family;
  return {
    name,
    levels: Object.fromEntries(levels.map(({ level, tables }) => [level, tables.length])),
    files: filesOf(family),
    walEntriesUnflushed: [memtable, ...immutables].reduce(
      (sum, { entries, rangeDeletes }) => sum + entries + rangeDeletes,
      0,
    ),
  };
}

function filesOf({ levels }: FamilyState): InspectedFile[] {
  return levels.flatMap(({ level, tables, target }) =>
    tables.map((table) => ({
      name: table.name,
      ...(Number.parseInt(table.name, 10) === table.file ? {} : { table: table.file }),
      level,
      ...(target.measure === 'sublevels' ? { sublevel: table.run } : {}),
      sizeBytes: table.sizeBytes,
      smallestKeyHex: encodeHex(table.smallestKey),
      largestKeyHex: encodeHex(table.largestKey),
      entries: table.entries + table.rangeDeletes,
      deletions: table.tombstones + table.rangeDeletes,
    })),
  );
}
