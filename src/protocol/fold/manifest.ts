// The manifest: the one event that changes levels. Tables that leave the version turn to ghosts
// until their files are deleted; a table that only changes its level is moved, not a ghost.

import { compareBytes } from '../../base/bytes.ts';
import type { FileNumber, LevelTarget, TableInfo } from '../events.ts';
import type { FamilyState, LevelState, TreeState } from '../treeState.ts';
import type { EventOf } from './eventOf.ts';
import { updateFamily } from './family.ts';

/** As many are looked for one by one. */
const FEW = 4;

export function editManifest(state: TreeState, event: EventOf<'manifest.edit'>): TreeState {
  const after = updateFamily(state, event.family, (family) => ({
    ...family,
    levels: editLevels(family.levels, event),
    ghosts: [...family.ghosts, ...removedTables(family, event)],
    immutables:
      event.flushedMemtable === 0
        ? family.immutables
        : family.immutables.filter((sealed) => sealed.memtable > event.flushedMemtable),
  }));
  return {
    ...after,
    lastSequence: Math.max(state.lastSequence, event.lastSequence),
    manifest: {
      name: event.manifest,
      sizeBytes: event.sizeBytes,
      edits: state.manifest.edits + 1,
    },
  };
}

export function rotateManifest(state: TreeState, event: EventOf<'manifest.rotate'>): TreeState {
  return { ...state, manifest: { name: event.to, sizeBytes: event.sizeBytes, edits: 1 } };
}

/** Tables of the edit's `removed` that do not come back at another level. */
function removedTables(family: FamilyState, event: EventOf<'manifest.edit'>): readonly TableInfo[] {
  const moved = new Set(event.added.map((placed) => placed.table.file));
  return event.removed.flatMap(({ level, file }) => {
    if (moved.has(file)) return [];
    const tables = family.levels.find((known) => known.level === level)?.tables ?? [];
    return tables.find((table) => table.file === file) ?? [];
  });
}

function editLevels(
  levels: readonly LevelState[],
  event: EventOf<'manifest.edit'>,
): readonly LevelState[] {
  const count = Math.max(
    levels.length,
    event.levels.length,
    ...event.added.map((placed) => placed.level + 1),
  );
  return Array.from({ length: count }, (_, level) => {
    const before = levels[level] ?? emptyLevel(level);
    const target = event.levels[level] ?? before.target;
    const gone = event.removed.filter((removal) => removal.level === level);
    const come = event.added.filter((placed) => placed.level === level);
    if (gone.length === 0 && come.length === 0) return { ...before, target };
    const { tables, goneBytes } = without(before.tables, gone);
    const added = come.map((placed) => placed.table);
    const sizeBytes = before.sizeBytes - goneBytes + totalSizeBytes(added);
    return { level, tables: withAdded(tables, added), sizeBytes, target };
  });
}

/** A copy without some of them; few go at a time, thousands may be there. */
function without(
  tables: readonly TableInfo[],
  gone: readonly { readonly file: FileNumber }[],
): { readonly tables: TableInfo[]; readonly goneBytes: number } {
  const left = [...tables];
  let goneBytes = 0;
  if (gone.length > FEW) {
    const files = new Set(gone.map(({ file }) => file));
    goneBytes = totalSizeBytes(left.filter(({ file }) => files.has(file)));
    return { tables: left.filter(({ file }) => !files.has(file)), goneBytes };
  }
  for (const { file } of gone) {
    const at = left.findIndex((table) => table.file === file);
    for (const table of at === -1 ? [] : left.splice(at, 1)) goneBytes += table.sizeBytes;
  }
  return { tables: left, goneBytes };
}

/** Takes `tables` over: few come at a time, thousands may be there, so each is put in its place. */
function withAdded(tables: TableInfo[], come: readonly TableInfo[]): readonly TableInfo[] {
  if (come.length > tables.length) return [...tables, ...come].sort(tableOrder);
  for (const table of come) tables.splice(placeFor(table, tables), 0, table);
  return tables;
}

/** Where the table belongs, behind its equals. */
function placeFor(table: TableInfo, tables: readonly TableInfo[]): number {
  let low = 0;
  let high = tables.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (tableOrder(tables[middle]!, table) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Newest run first; within a run ascending by key. */
export function tableOrder(left: TableInfo, right: TableInfo): number {
  return right.run - left.run || compareBytes(left.smallestKey, right.smallestKey);
}

function emptyLevel(level: number): LevelState {
  const target: LevelTarget = { level, score: 0, measure: 'bytes', limit: 0 };
  return { level, tables: [], sizeBytes: 0, target };
}

function totalSizeBytes(tables: readonly TableInfo[]): number {
  let total = 0;
  for (const { sizeBytes } of tables) total += sizeBytes;
  return total;
}
