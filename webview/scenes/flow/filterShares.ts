// Filter checks as shares, when they come too fast to be shown bit by bit: ruled out, rightly
// "maybe", and lies, measured since the store was opened.

import { counted, formatCount, formatShare } from '../../model/format.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { drawRest, heading } from '../drawing/canvas.ts';
import type { Tone } from '../drawing/mark.ts';

/** Draws one bar over all checks so far. */
export function drawFilterShares(canvas: Canvas): void {
  const { sketch, body, small, compact } = canvas;
  const { filterChecks, filterNegatives, filterFalsePositives } = canvas.frame.next.counters;
  const right = Math.max(0, filterChecks - filterNegatives - filterFalsePositives);
  const absent = filterNegatives + filterFalsePositives;
  const rate = absent === 0 ? '' : `${formatShare(filterFalsePositives / absent)} of absent keys`;
  heading(canvas, [['filter checks', { strong: true }], [formatCount(filterChecks)]], []);
  if (filterChecks === 0) {
    drawRest(canvas, 'No filter has been asked yet.');
    return;
  }
  const shares: readonly (readonly [string, number, Tone, string])[] = [
    ['ruled out', filterNegatives, 'good', `${counted(filterNegatives, 'block read')} saved`],
    ['maybe, and there', right, 'reading', ''],
    ['maybe, but a lie', filterFalsePositives, 'bad', rate],
  ];
  const row = compact ? 22 : 46;
  const labelWidth = compact ? 104 : 150;
  const room = (body.width - labelWidth) * 0.5;
  for (const [index, [name, count, tone, remark]] of shares.entries()) {
    const y = body.y + index * row + row / 2;
    const baseline = y + small * 0.36;
    const bar = { x: body.x + labelWidth, y: y - row * 0.25, height: row * 0.5 };
    const width = Math.max(1, (room * count) / filterChecks);
    sketch.text(`share.${name}`, body.x, baseline, name, { size: small, widthMax: labelWidth - 8 });
    sketch.box(`share.${name}`, { ...bar, width }, { form: 'tinted', tone, radius: 2 });
    const x = bar.x + width + 10;
    sketch.run(`figure.${name}`, x, baseline, body.x + body.width - x, [
      [formatShare(count / filterChecks), { size: small, strong: true }],
      [remark, { size: small, tone: 'dim', shorten: 'whole' }],
    ]);
  }
}
