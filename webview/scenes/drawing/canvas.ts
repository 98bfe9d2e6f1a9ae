// What a scene draws on: a sketch, its size, and whether it has the strip below the levels to
// itself or the whole stage. Also the line at the top that says what is going on and how far it has
// come.

import type { Frame } from '../../model/frame.ts';
import type { Area } from './mark.ts';
import { Sketch } from './sketch.ts';
import type { TextOptions } from './sketch.ts';
import { textWidth } from './textWidth.ts';

export interface Canvas {
  readonly sketch: Sketch;
  readonly frame: Frame;
  readonly progress: number;
  readonly width: number;
  readonly height: number;
  /** Little height: one thing at a time, small type. */
  readonly compact: boolean;
  /** Usual font size, pixels, and the one for side remarks. */
  readonly size: number;
  readonly small: number;
  /** What lies below the heading. */
  readonly body: Area;
}

const compactHeightMax = 400;
/** A strip from this height on has room for somewhat larger type. */
const tallStripHeightMin = 200;
const roomyWidthMin = 720;

/** Lays out an empty canvas with margins that fit its size. */
export function openCanvas(frame: Frame, width: number, height: number): Canvas {
  const compact = height < compactHeightMax;
  const roomy = !compact && width >= roomyWidthMin;
  const size = roomy ? 13 : compact && height < tallStripHeightMin ? 11 : 12;
  const margin = compact ? 4 : 14;
  const top = compact ? 20 : 44;
  return {
    sketch: new Sketch(size),
    frame,
    progress: Math.min(1, Math.max(0, frame.progress)),
    width,
    height,
    compact,
    size,
    small: compact ? size - 1 : size - 1.5,
    body: {
      x: margin,
      y: top,
      width: width - 2 * margin,
      height: height - top - (compact ? 4 : 14),
    },
  };
}

/** One station of the rail in the heading. */
export interface Station {
  readonly name: string;
  readonly at: 'past' | 'now' | 'ahead';
}

/** Marks the stations before, at and after `current`; −1 leaves all of them ahead. */
export function stations(names: readonly string[], current: number): readonly Station[] {
  return names.map((name, index) => ({
    name,
    at: index < current ? 'past' : index === current ? 'now' : 'ahead',
  }));
}

/** Writes the heading: on the left what this is about, on the right the stations it passes. */
export function heading(
  canvas: Canvas,
  subject: readonly (readonly [string, TextOptions?])[],
  rail: readonly Station[],
): void {
  const { sketch, body, compact, size } = canvas;
  const y = compact ? 12 : 24;
  const railWidth = drawRail(canvas, rail, body.x + body.width, y);
  const room = body.width - railWidth - (railWidth > 0 ? size : 0);
  sketch.run('heading', body.x, y, room, subject);
}

/** Nothing of this kind is going on: what the picture waits for. */
export function drawRest({ sketch, body, small }: Canvas, words: string): void {
  sketch.text('rest', body.x, body.y + small + 4, words, { tone: 'dim', widthMax: body.width });
}

/** Draws the rail right-aligned; names only while they fit into half the width. */
function drawRail(canvas: Canvas, rail: readonly Station[], right: number, y: number): number {
  if (rail.length === 0) return 0;
  const { small, body } = canvas;
  const gap = small * 1.5;
  const style = { size: small, face: 'plain' } as const;
  const widths = rail.map(({ name, at }) => textWidth(name, { ...style, strong: at === 'now' }));
  const all = widths.reduce((sum, width) => sum + width + gap, -gap);
  const named = all <= body.width * 0.5;
  const now = rail.findIndex(({ at }) => at === 'now');
  const nowWidth = widths[now] ?? 0;
  const dot = small * 0.6;
  const total = named ? all : (dot + 6) * rail.length + nowWidth + 6;
  if (named) drawNames(canvas, rail, widths, right - total, y, gap);
  else drawDots(canvas, rail, now, nowWidth, right - total, y, dot);
  return total;
}

function drawNames(
  { sketch, small }: Canvas,
  rail: readonly Station[],
  widths: readonly number[],
  left: number,
  y: number,
  gap: number,
): void {
  let x = left;
  const middle = y - small * 0.35;
  for (const [index, { name, at }] of rail.entries()) {
    const tone = at === 'now' ? 'text' : 'dim';
    const opacity = at === 'ahead' ? 0.7 : 1;
    sketch.text(`rail.${index}`, x, y, name, { size: small, tone, opacity, strong: at === 'now' });
    x += widths[index]! + gap;
    if (index === rail.length - 1) break;
    const ends = [x - gap * 0.75, x - gap * 0.25] as const;
    sketch.line(`rail.${index}`, [ends[0], middle], [ends[1], middle], {
      tone: at === 'past' ? 'dim' : 'edge',
    });
  }
}

function drawDots(
  { sketch, small }: Canvas,
  rail: readonly Station[],
  now: number,
  nowWidth: number,
  left: number,
  y: number,
  dot: number,
): void {
  let x = left;
  for (const [index, { name, at }] of rail.entries()) {
    const form = at === 'ahead' ? 'outline' : 'solid';
    const tone = at === 'now' ? 'text' : at === 'past' ? 'dim' : 'edge';
    const box = { x, y: y - dot - 1, width: dot, height: dot };
    sketch.box(`rail.${index}`, box, { form, tone, radius: dot });
    x += dot + 6;
    if (index !== now) continue;
    sketch.text(`rail.${index}`, x, y, name, { size: small, strong: true });
    x += nowWidth + 6;
  }
}
