// What the reader is looking at: the thing that the inspector tells about. Held as plain data that
// stays meaningful in any state, so it survives stepping, scrubbing and reloading.

import type { FileNumber, LevelTarget, TableInfo } from '../../src/protocol/events.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';

/** Something on the stage that can be selected. */
export type Target =
  | { readonly kind: 'store' }
  | { readonly kind: 'wal' }
  | { readonly kind: 'memtable'; readonly memtable: number }
  | { readonly kind: 'cache' }
  | { readonly kind: 'level'; readonly level: number }
  | { readonly kind: 'table'; readonly file: FileNumber }
  | { readonly kind: 'job'; readonly job: number };

/** The same thing always has the same name. */
export function targetName(target: Target): string {
  switch (target.kind) {
    case 'memtable':
      return `memtable-${target.memtable}`;
    case 'level':
      return `level-${target.level}`;
    case 'table':
      return `table-${target.file}`;
    case 'job':
      return `job-${target.job}`;
    case 'store':
    case 'wal':
    case 'cache':
      return target.kind;
  }
}

/** A table wherever it is: in a level, or a ghost (`level` −1). */
export function findTable(
  state: TreeState,
  file: FileNumber,
): { readonly level: number; readonly table: TableInfo; target?: LevelTarget } | undefined {
  for (const family of state.families) {
    for (const level of family.levels) {
      const table = level.tables.find((candidate) => candidate.file === file);
      if (table !== undefined) return { level: level.level, table, target: level.target };
    }
    const ghost = family.ghosts.find((candidate) => candidate.file === file);
    if (ghost !== undefined) return { level: -1, table: ghost };
  }
  return undefined;
}
