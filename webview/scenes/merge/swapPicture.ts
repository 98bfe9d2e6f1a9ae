// The end of a compaction: one manifest line swaps the tables. At that instant the inputs turn to
// ghosts and the outputs become part of the tree; ghosts go when no reader holds them.

import type { TableInfo } from '../../../src/protocol/events.ts';
import { counted, formatBytes } from '../../model/format.ts';
import type { Canvas } from '../drawing/canvas.ts';
import type { Area } from '../drawing/mark.ts';
import { levelTone } from '../drawing/mark.ts';
import { eased } from '../drawing/motion.ts';
import { pathData } from '../drawing/sketch.ts';
import { drawManifest } from '../flush/manifestLine.ts';
import type { ManifestEdit } from '../flush/manifestLine.ts';
import type { SwapTables } from './swapTables.ts';
import { swapTables } from './swapTables.ts';

/** Draws inputs, the manifest's line and outputs into `area`. */
export function drawSwap(canvas: Canvas, edit: ManifestEdit | undefined, area: Area): void {
  const { compact, small, progress, frame } = canvas;
  const lineHeight = compact ? small + 24 : 64;
  const upper = { ...area, height: area.height - lineHeight - (compact ? 6 : 24) };
  const tables = swapTables(frame, edit);
  const swapped = frame.event?.kind === 'manifest.edit' ? eased(progress, 0.85, 1) : 1;
  const half = (area.width - 40) / 2;
  drawSide(canvas, 'in', tables, { ...upper, width: half }, swapped);
  drawSide(canvas, 'out', tables, { ...upper, x: area.x + half + 40, width: half }, swapped);
  const arrowY = upper.y + small + 6 + (compact ? 7 : 13.5);
  const { sketch } = canvas;
  const from = area.x + half + 8;
  sketch.line('swap', [from, arrowY], [from + 24, arrowY], { form: 'thick', tone: 'merging' });
  const back = from + 18;
  const tip = pathData`M${back},${arrowY - 5}L${from + 24},${arrowY}L${back},${arrowY + 5}`;
  sketch.path('swap.tip', tip, { form: 'thick', tone: 'merging' });
  drawManifest(canvas, edit, { ...area, y: area.y + area.height - lineHeight, height: lineHeight });
}

function drawSide(
  canvas: Canvas,
  side: 'in' | 'out',
  tables: SwapTables,
  area: Area,
  swapped: number,
): void {
  const { sketch, small, compact } = canvas;
  const list = side === 'in' ? tables.inputs : tables.outputs;
  const ghost = side === 'in' && swapped >= 0.5;
  const state =
    side === 'in'
      ? ghost
        ? 'ghosts now'
        : 'still part of the tree'
      : swapped >= 0.5
        ? 'part of the tree'
        : 'synced, not yet part of the tree';
  const total = list.reduce((sum, { table }) => sum + table.sizeBytes, 0);
  sketch.run(`side.${side}`, area.x, area.y + small - 1, area.width, [
    [counted(list.length, side === 'in' ? 'input' : 'output'), { size: small, strong: true }],
    [formatBytes(total), { size: small, tone: 'dim', shorten: 'whole' }],
    [
      state,
      {
        size: small,
        tone: ghost ? 'dim' : side === 'out' && swapped >= 0.5 ? 'good' : 'dim',
        shorten: 'whole',
      },
    ],
  ]);
  const row = compact ? 17 : 30;
  const top = area.y + small + 6;
  const rows = Math.max(1, Math.floor((area.y + area.height - top) / row));
  const crowded = list.length > rows;
  const shown = crowded ? list.slice(0, rows - 1) : list;
  for (const [index, { table, level }] of shown.entries()) {
    const box = { x: area.x, y: top + index * row, width: area.width, height: row - 3 };
    drawTable(canvas, side, table, level, box, swapped);
  }
  if (!crowded) return;
  const y = top + shown.length * row + small;
  sketch.text(`side.${side}.more`, area.x, y, `and ${list.length - shown.length} more`, {
    size: small,
    tone: 'dim',
  });
}

function drawTable(
  { sketch, small }: Canvas,
  side: 'in' | 'out',
  table: TableInfo,
  level: number,
  box: Area,
  swapped: number,
): void {
  const key = `swap.${side}.${table.file}`;
  const here = side === 'in' ? 1 - swapped : swapped;
  sketch.box(`${key}.ghost`, box, { form: 'dashed', tone: 'dim', opacity: 1 - here });
  sketch.box(key, box, { form: 'tinted', tone: levelTone(level), opacity: here });
  sketch.run(key, box.x + 8, box.y + box.height / 2 + small * 0.36, box.width - 14, [
    [`L${level} ${table.name}`, { size: small }],
    [formatBytes(table.sizeBytes), { size: small, shorten: 'whole' }],
  ]);
}
