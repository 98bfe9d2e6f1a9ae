// What a place did for its answer, as a small picture: the skip list's search as stairs, the probed
// bits as dots, the halvings as shrinking bars, the block as a tile.

import type { Canvas } from '../drawing/canvas.ts';
import type { Area } from '../drawing/mark.ts';
import { pathData } from '../drawing/sketch.ts';
import type { Place } from './places.ts';

const gap = 18;

/** Draws the effort of `place` into `area`, from the left; parts that do not fit are left out. */
export function drawEffort(canvas: Canvas, place: Place, area: Area, opacity: number): void {
  if (place.stage === 'ahead' || place.stage === 'spared') return;
  const pen = { canvas, key: `effort.${place.key}`, area, opacity };
  let x = area.x;
  if (place.lookup !== undefined) drawStairs(pen, place.lookup.path, x);
  if (place.check !== undefined) x = drawProbes(pen, place.check, x) + gap;
  if (place.seek !== undefined) x = drawBars(pen, 'index', place.seek.steps, x) + gap;
  if (place.read !== undefined) x = drawTile(pen, place.read.cacheHit, x) + gap;
  if (place.search !== undefined) drawBars(pen, 'search', place.search.steps, x);
}

interface Pen {
  readonly canvas: Canvas;
  readonly key: string;
  readonly area: Area;
  readonly opacity: number;
}

/** Right along a level, down to the next. */
function drawStairs(
  { canvas, key, area, opacity }: Pen,
  path: readonly { readonly went: 'right' | 'down' }[],
  x: number,
): void {
  const downs = path.filter(({ went }) => went === 'down').length;
  const rights = path.length - downs;
  const stepX = Math.min(12, area.width / Math.max(1, rights + 1));
  const stepY = Math.min(6, (area.height - 6) / Math.max(1, downs));
  let d = pathData`M${x},${area.y + 3}`;
  for (const { went } of path) d += went === 'right' ? pathData`h${stepX}` : pathData`v${stepY}`;
  canvas.sketch.path(`${key}.stairs`, d, { form: 'thick', tone: 'reading', opacity });
  const box = { x: x - 2.5, y: area.y + 0.5, width: 5, height: 5 };
  canvas.sketch.box(`${key}.start`, box, { form: 'solid', tone: 'dim', radius: 3, opacity });
}

function drawProbes(
  { canvas, key, area, opacity }: Pen,
  check: NonNullable<Place['check']>,
  x: number,
): number {
  const { sketch } = canvas;
  const side = 8;
  const y = area.y + (area.height - side) / 2;
  for (let index = 0; index < check.probesMax; index++) {
    const probe = check.probes[index];
    const box = { x: x + index * (side + 3), y, width: side, height: side };
    const form = probe === undefined ? 'dashed' : probe.set ? 'solid' : 'card';
    const tone = probe === undefined ? 'edge' : probe.set ? 'reading' : 'bad';
    sketch.box(`${key}.probe.${index}`, box, { form, tone, radius: 2, opacity });
    if (probe === undefined || probe.set) continue;
    const middle = { x: box.x + side / 2, y: y + side / 2 + 3 };
    sketch.text(`${key}.unset`, middle.x, middle.y, '×', {
      ...{ size: 9, face: 'code', tone: 'bad', anchor: 'middle', opacity },
    });
  }
  return x + check.probesMax * (side + 3) - 3;
}

/** Each halving as a bar, half as long as the one before. */
function drawBars(
  { canvas, key, area, opacity }: Pen,
  name: string,
  steps: readonly { readonly low: number; readonly high: number }[],
  x: number,
): number {
  const width = 64;
  const whole = 1 + Math.max(0, ...steps.map(({ high }) => high));
  const pitch = Math.min(5, area.height / Math.max(1, steps.length));
  const top = area.y + (area.height - pitch * steps.length) / 2;
  for (const [index, { low, high }] of steps.entries()) {
    const box = {
      ...{ x: x + (low / whole) * width, y: top + index * pitch },
      ...{ width: Math.max(2, ((high - low + 1) / whole) * width), height: Math.max(1, pitch - 2) },
    };
    const options = { form: 'solid', tone: 'reading', radius: 1, opacity: opacity * 0.85 } as const;
    canvas.sketch.box(`${key}.${name}.${index}`, box, options);
  }
  return x + width;
}

/** A block: solid when it came from disk, outlined when the cache had it. */
function drawTile({ canvas, key, area, opacity }: Pen, cached: boolean, x: number): number {
  const side = Math.min(16, area.height);
  const box = { x, y: area.y + (area.height - side) / 2, width: side, height: side };
  const form = cached ? 'card' : 'solid';
  canvas.sketch.box(`${key}.block`, box, { form, tone: 'reading', opacity });
  return x + side;
}
