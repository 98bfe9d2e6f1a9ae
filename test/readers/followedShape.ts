// What following a directory, and reading it anew, must agree on.

import type { TreeState } from '../../src/protocol/treeState.ts';

/** Families, memtables and levels; an empty memtable may bear an older log's number. */
export function shapeOf({ families }: Pick<TreeState, 'families'>): unknown {
  return families.map(({ family, name, memtable, immutables, levels }) => ({
    family,
    name,
    memtables: [memtable, ...immutables].map(({ entries, rangeDeletes }) => [
      entries,
      rangeDeletes,
    ]),
    levels: levels.map(({ tables }) => tables.map(({ file }) => file)),
  }));
}
