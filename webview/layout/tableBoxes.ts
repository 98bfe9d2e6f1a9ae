// A level's tables as boxes over the key axis. Tables of one run never overlap and share a row;
// runs are stacked, the newest on top. Neighbours thinner than two pixels are merged into one box
// that says how many it stands for.

import type { TableInfo } from '../../src/protocol/events.ts';
import type { LevelState } from '../../src/protocol/treeState.ts';
import type { KeyAxis } from './keyAxis.ts';
import { placeOf } from './keyAxis.ts';
import type { Region } from './marks.ts';

/** Neighbours whose boxes together are thinner than this are drawn as one. */
export const SLIVER_WIDTH = 3;
/** Free pixels between two tables of a run. */
const SEPARATION = 1;
const ROW_GAP = 2;
const ROW_HEIGHT_MAX = 18;
/** A level of one run, which has its row to itself. */
const SINGLE_ROW_HEIGHT_MAX = 28;
/** Thinner rows cannot be told apart: the oldest runs then share one. */
const ROW_HEIGHT_MIN = 3;

/** One box: a table, or several thin neighbours. */
export interface TableBox {
  readonly tables: readonly TableInfo[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The boxes of one level, top row first, left to right. */
export function tableBoxes(
  level: LevelState,
  axis: KeyAxis,
  region: Region,
  /** Rows to leave free on top, for tables that are being written. */
  freeRows = 0,
): readonly TableBox[] {
  const rows = runRows(level.tables);
  const { height, count } = rowGrid(rows.length + freeRows, region.height);
  const boxes: TableBox[] = [];
  rows.forEach((row, at) => {
    const y = region.y + Math.min(at + freeRows, count - 1) * (height + ROW_GAP);
    boxes.push(...rowBoxes(row, axis, region, y, height));
  });
  return boxes;
}

/** Height of a level's rows, and how many fit. */
export function rowGrid(
  rows: number,
  height: number,
): { readonly height: number; readonly count: number } {
  if (rows <= 1) return { height: Math.min(height, SINGLE_ROW_HEIGHT_MAX), count: 1 };
  const wanted = Math.floor((height + ROW_GAP) / rows) - ROW_GAP;
  const rowHeight = Math.max(ROW_HEIGHT_MIN, Math.min(ROW_HEIGHT_MAX, wanted));
  const count = Math.max(1, Math.floor((height + ROW_GAP) / (rowHeight + ROW_GAP)));
  return { height: rowHeight, count: Math.min(rows, count) };
}

/** Tables by run, in the order they stand in: newest run first, ascending keys within a run. */
function runRows(tables: readonly TableInfo[]): readonly (readonly TableInfo[])[] {
  const rows: TableInfo[][] = [];
  let run: number | undefined;
  for (const table of tables) {
    if (table.run !== run) rows.push([]);
    run = table.run;
    rows.at(-1)?.push(table);
  }
  return rows;
}

function rowBoxes(
  row: readonly TableInfo[],
  axis: KeyAxis,
  region: Region,
  y: number,
  height: number,
): readonly TableBox[] {
  const boxes: TableBox[] = [];
  let group: TableInfo[] = [];
  let left = 0;
  let right = 0;
  const close = (): void => {
    if (group.length === 0) return;
    const width = Math.max(1.5, right - left - SEPARATION);
    boxes.push({ tables: group, x: region.x + left, y, width, height });
  };
  for (const table of row) {
    const from = placeOf(axis, table.smallestKey) * region.width;
    const to = Math.max(from, placeOf(axis, table.largestKey) * region.width);
    if (group.length > 0 && to - left < SLIVER_WIDTH) {
      group.push(table);
      right = Math.max(right, to);
      continue;
    }
    close();
    group = [table];
    // A table of one key has no width: it gets two pixels, pushed left when the axis ends there.
    left = Math.min(from, Math.max(0, region.width - 2));
    right = Math.max(to, left + 2);
  }
  close();
  return boxes;
}
