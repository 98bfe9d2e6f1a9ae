// When events come too fast to be shown one by one, tokens turn into streams: stations side by
// side, and between them bands whose thickness is the rate. Nothing blinks: dashes drift along.

import type { Canvas } from '../drawing/canvas.ts';
import type { Area, Tone } from '../drawing/mark.ts';
import { pathData } from '../drawing/sketch.ts';

/** A place that things flow through. */
export interface Station {
  readonly name: string;
  /** What stands there now. */
  readonly value: string;
  readonly tone: Tone;
}

/** What flows from one station to the next. */
export interface Stream {
  readonly perSecond: number;
  readonly words: string;
  readonly tone: Tone;
}

/** A band of this rate is as thick as a band can be. */
const perSecondMax = 1_000_000;
const dashPitch = 22;

/** Draws `stations` over the width of `area`, `streams[i]` between station i and i + 1. */
export function drawStreams(
  canvas: Canvas,
  stations: readonly Station[],
  streams: readonly Stream[],
  area: Area,
): void {
  const { compact, frame, progress } = canvas;
  const width = Math.min(compact ? 124 : 200, area.width / (stations.length * 1.6));
  const height = Math.min(area.height, compact ? 56 : 150);
  const gap = (area.width - width * stations.length) / Math.max(1, stations.length - 1);
  const y = area.y + (area.height - height) / 2;
  for (const [index, station] of stations.entries()) {
    const x = area.x + index * (width + gap);
    drawStation(canvas, station, { x, y, width, height });
    const stream = streams[index];
    if (stream === undefined || index === stations.length - 1) continue;
    const between = { x: x + width + 3, y, width: gap - 6, height };
    drawBand(canvas, `band.${index}`, stream, between, frame.reducedMotion ? 0 : progress);
  }
}

function drawStation({ sketch, small, size }: Canvas, station: Station, box: Area): void {
  const { name, value, tone } = station;
  sketch.box(`station.${name}`, box, { form: 'card', tone });
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  const room = { anchor: 'middle', widthMax: box.width - 10 } as const;
  sketch.text(`station.${name}`, x, y - 3, name, { ...room, size, strong: true });
  sketch.text(`value.${name}`, x, y + small + 3, value, { ...room, size: small, tone: 'dim' });
}

function drawBand(
  { sketch, small }: Canvas,
  key: string,
  { perSecond, words, tone }: Stream,
  area: Area,
  phase: number,
): void {
  const middle = area.y + area.height / 2;
  const strength = Math.min(1, Math.log10(1 + perSecond) / Math.log10(perSecondMax));
  const thickness = perSecond > 0 ? Math.max(2, strength * area.height * 0.55) : 0;
  const band = { ...area, y: middle - thickness / 2, height: thickness };
  sketch.box(key, band, { form: 'tint', tone, radius: 2 });
  let dashes = '';
  for (let x = area.x + phase * dashPitch; x + 8 <= area.x + area.width; x += dashPitch) {
    dashes += pathData`M${x},${middle}h8`;
  }
  if (perSecond > 0) sketch.path(`${key}.dashes`, dashes, { form: 'thick', tone, opacity: 0.7 });
  sketch.text(`${key}.words`, area.x + area.width / 2, middle - thickness / 2 - 5, words, {
    ...{ size: small, anchor: 'middle', widthMax: area.width },
  });
}
