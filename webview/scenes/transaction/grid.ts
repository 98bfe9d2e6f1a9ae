// The geometry of the picture: labels on the left, a column a key, three rows with the line of the
// snapshot between the first two.

import type { Canvas } from '../drawing/canvas.ts';
import type { Area } from '../drawing/mark.ts';
import type { TransactionPast } from '../../model/transactionPast.ts';
import { columnsOf, shownColumns } from './columns.ts';
import type { Column } from './columns.ts';

export type RowName = 'since' | 'read' | 'write';

export interface Grid {
  readonly area: Area;
  readonly left: number;
  readonly columns: readonly Column[];
  readonly columnWidth: number;
  /** Columns for which there was no room. */
  readonly hidden: number;
  /** Baseline of the keys above the columns. */
  readonly headerY: number;
  readonly rows: Readonly<Record<RowName, { readonly y: number; readonly height: number }>>;
  /** The snapshot: above it lies what the transaction does not see. */
  readonly lineY: number;
  /** Baseline of the sentence below. */
  readonly verdictY: number;
  /** Cells are high enough for two lines. */
  readonly roomy: boolean;
}

const gap = 6;
const columnWidthMax = 190;
const rowHeightMax = 78;
const roomyHeightMin = 40;

/** Divides the canvas for what the transaction has touched. */
export function gridOf(canvas: Canvas, past: TransactionPast): Grid {
  const { body, compact, small } = canvas;
  const labelWidth = compact ? Math.min(118, body.width * 0.22) : Math.min(170, body.width * 0.3);
  const left = body.x + labelWidth;
  const room = body.width - labelWidth;
  const all = columnsOf(past);
  const fitting = Math.max(2, Math.floor(room / (compact ? 84 : 108)));
  const crowded = all.length > fitting;
  const columns = shownColumns(all, past, crowded ? fitting - 1 : fitting);
  const columnWidth = Math.min(columnWidthMax, room / Math.max(1, crowded ? fitting : all.length));
  const headerHeight = small + (compact ? 3 : 10);
  const footHeight = compact ? small + 5 : 2 * small + 34;
  const lineGap = compact ? 5 : 22;
  const rest = body.height - headerHeight - footHeight - lineGap - (compact ? 3 : 14);
  const height = Math.min(rowHeightMax, rest / 3);
  const since = { y: body.y + headerHeight, height };
  const lineY = since.y + height + lineGap / 2;
  const read = { y: since.y + height + lineGap, height };
  const write = { y: read.y + height + (compact ? 3 : 14), height };
  const verdictY = compact ? body.y + body.height - 2 : write.y + height + small + 26;
  return {
    ...{ area: body, left, columns, columnWidth, hidden: all.length - columns.length },
    ...{ headerY: body.y + small, rows: { since, read, write }, lineY, verdictY },
    roomy: height >= roomyHeightMin,
  };
}

/** Where a column's thing of one row stands. */
export function cellOf(grid: Grid, index: number, row: RowName): Area {
  const { y, height } = grid.rows[row];
  return { x: grid.left + index * grid.columnWidth, y, width: grid.columnWidth - gap, height };
}
