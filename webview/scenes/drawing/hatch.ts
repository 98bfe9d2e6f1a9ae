// Hatching: what would be lost by a power failure. Drawn as lines cut to the rectangle rather than
// as an SVG pattern, so that a picture needs no definitions and can be copied out as it is.

import type { Area } from './mark.ts';
import { pathData } from './sketch.ts';

/** Pixels between two strokes, along x. */
const pitch = 5;

/**
 * Diagonal strokes that fill `area`, as path data. Each stroke rises to the right from its foot on
 * the lower edge's line; feet stand at multiples of the pitch, so strokes stay put while an area
 * grows.
 */
export function hatchPath({ x, y, width, height }: Area): string {
  const bottom = y + height;
  const right = x + width;
  let d = '';
  for (let foot = Math.ceil((x - height) / pitch) * pitch; foot < right; foot += pitch) {
    const from = Math.max(0, x - foot);
    const to = Math.min(height, right - foot);
    if (to - from < 0.5) continue;
    d += pathData`M${foot + from},${bottom - from}L${foot + to},${bottom - to}`;
  }
  return d;
}
