// A figure's course as a thin line: up to the cursor in full strength, beyond it dimmed.

import type { Sample } from '../model/chronicle.ts';
import type { Ratios } from '../model/ratios.ts';

export interface Sparkline {
  readonly past: readonly (readonly [number, number])[];
  readonly future: readonly (readonly [number, number])[];
}

/**
 * The line for one ratio over all samples, scaled to its own extremes, zero included; none where
 * it never was anything but 0, which stands for what nobody knows.
 * @param cursor event index up to which it is the past
 */
export function sparkline(
  samples: readonly Sample[],
  ratio: keyof Ratios,
  cursor: number,
  width: number,
  height: number,
): Sparkline {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.index === first.index) {
    return { past: [], future: [] };
  }
  const most = samples.reduce((highest, { ratios }) => Math.max(highest, ratios[ratio]), 0);
  if (most === 0) return { past: [], future: [] };
  const past: [number, number][] = [];
  const future: [number, number][] = [];
  let drawnX = -Infinity;
  for (const sample of samples) {
    const x = ((sample.index - first.index) / (last.index - first.index)) * width;
    if (x - drawnX < 1 && sample !== last) continue;
    drawnX = x;
    const y = height - 1 - (sample.ratios[ratio] / most) * (height - 2);
    if (sample.index <= cursor) past.push([x, y]);
    else future.push([x, y]);
  }
  const joint = past.at(-1);
  if (joint !== undefined && future.length > 0) future.unshift(joint);
  return { past, future };
}
