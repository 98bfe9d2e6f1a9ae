// The merge's account: every part of the sum is written, and how long a rate limit held it back.

import { expect, test } from 'vitest';
import type { MergeTotals } from '../../../../src/protocol/events.ts';
import { openCanvas } from '../../../../webview/scenes/drawing/canvas.ts';
import { drawTotals } from '../../../../webview/scenes/merge/totalsBar.ts';
import { restingFrame } from '../sampleFrames.ts';

const totals: MergeTotals = {
  ...{ entriesIn: 20, entriesOut: 9, shadowed: 4, tombstonesDropped: 1, rangeDeleted: 3 },
  ...{ annihilated: 2, expired: 1, merged: 0, rangeDeletesIn: 0, rangeDeletesOut: 0 },
  ...{ bytesRead: 900, bytesWritten: 400, waitedMicros: 1_500_000 },
};

function wordsOf(drawn: MergeTotals): string {
  const canvas = openCanvas(restingFrame(), 900, 130);
  drawTotals(canvas, drawn, 30, canvas.body);
  return canvas.sketch.marks
    .flatMap((mark) => (mark.shape === 'text' ? [mark.text] : []))
    .join(' ');
}

test('the sum has all its parts, and those that are none are left out', () => {
  expect(wordsOf(totals)).toMatch(
    /^in 20 = out 9 \+ shadowed 4 \+ † dropped 1 \+ range-deleted 3 \+ annihilated 2 \+ expired 1/,
  );
  expect(wordsOf(totals)).not.toMatch(/merged/);
});

test('a merge that a rate limit held back says for how long', () => {
  expect(wordsOf(totals)).toMatch(/held back 1.5 s · 10 to come$/);
  expect(wordsOf({ ...totals, waitedMicros: 0 })).not.toMatch(/held back/);
});
