// The merge's account: what came in equals what went out, what was shadowed, what tombstones were
// dropped and what became part of other entries. The bar is as long as the inputs; its parts add up
// to what has been read.

import type { MergeTotals } from '../../../src/protocol/events.ts';
import { formatBytes, formatCount, formatMicros } from '../../model/format.ts';
import type { MergeStory } from './mergeStory.ts';
import type { Canvas } from '../drawing/canvas.ts';
import type { Area, Tone } from '../drawing/mark.ts';
import { hatchPath } from '../drawing/hatch.ts';

/** Draws words and bar into `area`. */
export function drawTotals(
  canvas: Canvas,
  totals: MergeTotals,
  entriesAll: number,
  area: Area,
): void {
  const { sketch, small, compact } = canvas;
  const y = area.y + small - 1;
  const dim = { size: small, tone: 'dim' } as const;
  const strong = { size: small, strong: true } as const;
  const end = sketch.run('totals', area.x, y, area.width, [
    [`in ${formatCount(totals.entriesIn)}`, strong],
    ['=', dim],
    [`out ${formatCount(totals.entriesOut)}`, { ...strong, tone: 'good' }],
    ['+', dim],
    [`shadowed ${formatCount(totals.shadowed)}`, { size: small }],
    ['+', dim],
    [`† dropped ${formatCount(totals.tombstonesDropped)}`, { size: small, tone: 'tombstone' }],
    ...rareParts(totals)
      .filter(([, entries]) => entries > 0)
      .flatMap(([name, entries, tone]) => [
        ['+', dim] as const,
        [`${name} ${formatCount(entries)}`, { size: small, tone }] as const,
      ]),
  ]);
  const left = area.x + area.width - end;
  const words = restWords(totals, entriesAll - totals.entriesIn);
  if (left > 70 && words !== '') {
    const style = { ...dim, anchor: 'end', widthMax: left, shorten: 'whole' } as const;
    sketch.text('totals.left', area.x + area.width, y, words, style);
  }
  const bar = { ...area, y: area.y + small + (compact ? 3 : 6), height: compact ? 6 : 12 };
  if (bar.y + bar.height > area.y + area.height + 1) return;
  sketch.box('totals.bar', bar, { form: 'faint', radius: 2 });
  const whole = Math.max(entriesAll, totals.entriesIn, 1);
  const parts: readonly (readonly [string, number, Tone])[] = [
    ['out', totals.entriesOut, 'good'],
    ['shadowed', totals.shadowed, 'dim'],
    ['dropped', totals.tombstonesDropped, 'tombstone'],
    ...rareParts(totals),
  ];
  let x = bar.x;
  for (const [name, entries, tone] of parts) {
    const part = { ...bar, x, width: (bar.width * entries) / whole };
    x += part.width;
    if (entries === 0) continue;
    sketch.box(`totals.${name}`, part, {
      form: name === 'out' ? 'tinted' : 'soft',
      tone,
      radius: 1,
    });
    if (name === 'shadowed') sketch.path('totals.struck', hatchPath(part), { tone: 'dim' });
  }
}

/** What most merges have none of; with the others it makes the account whole. */
function rareParts(totals: MergeTotals): readonly (readonly [string, number, Tone])[] {
  return [
    ['merged', totals.merged, 'writing'],
    ['range-deleted', totals.rangeDeleted, 'tombstone'],
    ['annihilated', totals.annihilated, 'tombstone'],
    ['expired', totals.expired, 'dim'],
  ];
}

/** What is still to come, and how long the rate limit has made the merge wait. */
function restWords({ waitedMicros }: MergeTotals, rest: number): string {
  const parts = [
    waitedMicros === 0 ? '' : `held back ${formatMicros(waitedMicros)}`,
    rest > 0 ? `${formatCount(rest)} to come` : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** The whole account: of entries, and of bytes read against bytes written again. */
export function drawAccount(canvas: Canvas, { totals, entriesAll }: MergeStory, area: Area): void {
  const { sketch, small, compact } = canvas;
  const height = small + (compact ? 14 : 30);
  const top = area.y + (compact ? 4 : 30);
  drawTotals(canvas, totals, Math.max(entriesAll, totals.entriesIn), { ...area, y: top, height });
  const { bytesRead, bytesWritten } = totals;
  const whole = Math.max(1, bytesRead, bytesWritten);
  const row = compact ? 17 : 36;
  const labelWidth = compact ? 110 : 160;
  const bars = [
    ['read', bytesRead, 'reading'],
    ['written', bytesWritten, 'writing'],
  ] as const;
  for (const [index, [name, bytes, tone]] of bars.entries()) {
    const y = top + height + (compact ? 6 : 20) + index * row;
    const room = area.width - labelWidth;
    const bar = { x: area.x + labelWidth, y, width: (room * bytes) / whole, height: row * 0.5 };
    const baseline = y + row * 0.25 + small * 0.36;
    sketch.text(`account.${name}`, area.x, baseline, `${name} ${formatBytes(bytes)}`, {
      size: small,
    });
    sketch.box(`account.${name}`, bar, { form: 'tinted', tone, radius: 2 });
  }
}
