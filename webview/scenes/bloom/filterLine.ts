// One 64-byte line of a filter as 8 rows of 64 bits, and the map that says where in the whole
// filter it lies. In our filters all probes of a key fall into one line, so one line is all that a
// check touches; in LevelDB's they fall anywhere, and the map shows those that fall elsewhere.

import type { Canvas } from '../drawing/canvas.ts';
import type { Area } from '../drawing/mark.ts';
import { pathData } from '../drawing/sketch.ts';

export const LINE_BITS = 512;
const columns = 64;
const rows = 8;
/** Lines up to this number are drawn as cells of the map, more as a plain bar. */
const mapCellsMax = 256;

export interface BitGrid {
  readonly area: Area;
  readonly pitch: number;
  /** The cell of a bit, counted from the line's first. */
  cellOf(bit: number): Area;
}

/** The largest grid of square cells that fits, left-aligned. */
export function bitGrid(area: Area): BitGrid {
  const pitch = Math.min(area.width / columns, area.height / rows, 18);
  const side = pitch - (pitch > 8 ? 2 : 1);
  const cellOf = (bit: number): Area => ({
    x: area.x + (bit % columns) * pitch,
    y: area.y + Math.floor(bit / columns) * pitch,
    width: side,
    height: side,
  });
  return { area: { ...area, width: columns * pitch, height: rows * pitch }, pitch, cellOf };
}

/** Whether a bit of the line is set; the first bit is the lowest of the first byte. */
export function isBitSet(line: Uint8Array, bit: number): boolean {
  return ((line[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
}

/** How many bits of a line are set. */
export function bitsSet(line: Uint8Array): number {
  let total = 0;
  for (const byte of line) for (let rest = byte; rest !== 0; rest &= rest - 1) total += 1;
  return total;
}

/** Draws the bits: two paths, set and unset, so that 512 cells cost two elements. */
export function drawBits(canvas: Canvas, grid: BitGrid, line: Uint8Array, opacity = 1): void {
  let set = '';
  let unset = '';
  const bits = Math.min(LINE_BITS, 8 * line.length);
  for (let bit = 0; bit < bits; bit++) {
    const { x, y, width } = grid.cellOf(bit);
    const square = pathData`M${x},${y}h${width}v${width}h${-width}z`;
    if (isBitSet(line, bit)) set += square;
    else unset += square;
  }
  canvas.sketch.path('bits.unset', unset, { form: 'solid', tone: 'grid', opacity });
  canvas.sketch.path('bits.set', set, { form: 'solid', tone: 'bit', opacity });
}

/**
 * Draws the whole filter as a bar with the line marked, and the funnel that opens the line below.
 */
export function drawMap(
  canvas: Canvas,
  area: Area,
  lines: number,
  line: number,
  grid: BitGrid,
  opened: number,
): void {
  const { sketch } = canvas;
  const pitch = area.width / Math.max(1, lines);
  if (lines <= mapCellsMax && pitch >= 3) {
    let cells = '';
    const width = pitch - 1;
    for (let index = 0; index < lines; index++) {
      const x = area.x + index * pitch;
      cells += pathData`M${x},${area.y}h${width}v${area.height}h-${width}z`;
    }
    sketch.path('map', cells, { form: 'solid', tone: 'grid' });
  } else sketch.box('map', area, { form: 'solid', tone: 'grid', radius: 1 });
  const width = Math.max(2, pitch - 1);
  const x = area.x + Math.min(line * pitch, area.width - width);
  const tick = { ...area, x, width };
  sketch.box('map.line', tick, { form: 'solid', tone: 'reading', radius: 0.5, opacity: opened });
  const foot = area.y + area.height;
  const { area: target } = grid;
  const right = target.x + target.width;
  const funnel =
    pathData`M${x},${foot}L${target.x},${target.y - 2}` +
    pathData`M${x + width},${foot}L${right},${target.y - 2}`;
  sketch.path('map.funnel', funnel, { tone: 'reading', opacity: opened * 0.55 });
}
