// A binary search as the intervals it halves: one bar a step, each half as long as the one above,
// with the looked-at middle marked. Used for the index's blocks and for a block's restart points.

import type { HalvingStep } from '../../../src/protocol/events.ts';
import type { Canvas } from '../drawing/canvas.ts';
import type { Area } from '../drawing/mark.ts';
import { eased, stepOf } from '../drawing/motion.ts';
import { pathData } from '../drawing/sketch.ts';

const cellsMax = 160;
const rowHeightMax = 16;
/** Items from this width on carry their number. */
const numberedWidthMin = 20;

/** A search among `items` things, drawn as far as `share` of its steps. */
export interface HalvingSearch {
  readonly key: string;
  readonly steps: readonly HalvingStep[];
  readonly items: number;
  /** Where the search ended, or −1. */
  readonly result: number;
}

/** The step being shown and how far through it. */
export function halvingAt(
  { steps }: HalvingSearch,
  share: number,
): { index: number; within: number; step: HalvingStep | undefined } {
  const at = stepOf(share, steps.length);
  return { ...at, step: steps[at.index] };
}

/** Draws the row of items, and below it the intervals. */
export function drawHalvings(
  canvas: Canvas,
  search: HalvingSearch,
  area: Area,
  share: number,
): void {
  const { sketch, compact } = canvas;
  const { items, steps, result, key } = search;
  const pitch = Math.min(area.width / Math.max(1, items), 44);
  const cellHeight = Math.min(compact ? 13 : 22, area.height * 0.4);
  const width = pitch * items;
  drawItems(canvas, key, { ...area, width, height: cellHeight }, items, pitch);
  const rowsTop = area.y + cellHeight + 4;
  const room = area.y + area.height - rowsTop;
  const row = Math.min(rowHeightMax, room / Math.max(1, steps.length));
  const { index: current, within } = halvingAt(search, share);
  for (const [index, step] of steps.entries()) {
    if (index > current) break;
    const shown = index < current ? 1 : eased(within, 0, 0.4);
    const last = index === current;
    const y = rowsTop + index * row;
    const bar = {
      ...{ x: area.x + step.low * pitch, y, height: Math.max(2, row - 3) },
      width: Math.max(2, (step.high - step.low + 1) * pitch - 1),
    };
    const look = { form: 'tint', tone: 'reading', opacity: shown } as const;
    sketch.box(`${key}.interval.${index}`, bar, { ...look, radius: 2 });
    const mark = { ...bar, x: area.x + step.middle * pitch, width: Math.max(2, pitch - 1) };
    const tone = last ? 'writing' : 'reading';
    sketch.box(`${key}.middle.${index}`, mark, { form: 'solid', tone, opacity: shown, radius: 1 });
  }
  if (result < 0 || share < 1) return;
  const x = area.x + Math.min(result, items - 1) * pitch;
  const cell = { x: x - 1, y: area.y - 1, width: Math.max(4, pitch), height: cellHeight + 2 };
  sketch.box(`${key}.result`, cell, { form: 'ring', tone: 'reading', radius: 3 });
}

function drawItems(canvas: Canvas, key: string, area: Area, items: number, pitch: number): void {
  if (items > cellsMax || pitch < 3) {
    canvas.sketch.box(`${key}.items`, area, { form: 'solid', tone: 'grid', radius: 2 });
    return;
  }
  let d = '';
  for (let index = 0; index < items; index++) {
    const x = area.x + index * pitch;
    const width = pitch - 1.5;
    d += pathData`M${x},${area.y}h${width}v${area.height}h-${width}z`;
  }
  const { sketch, small } = canvas;
  sketch.path(`${key}.items`, d, { form: 'solid', tone: 'grid' });
  if (pitch < numberedWidthMin) return;
  for (let index = 0; index < items; index++) {
    const x = area.x + (index + 0.5) * pitch - 0.75;
    sketch.text(`${key}.item.${index}`, x, area.y + area.height / 2 + small * 0.33, String(index), {
      ...{ size: small - 1, tone: 'dim', anchor: 'middle', widthMax: pitch - 4 },
    });
  }
}
