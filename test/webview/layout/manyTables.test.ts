// The cost of laying out grows about as the number of tables does, the number of marks not at all.

import { expect, test } from 'vitest';
import type { TreeState } from '../../../src/protocol/treeState.ts';
import type { StagePicture } from '../../../webview/layout/stagePicture.ts';
import { StageLayouter } from '../../../webview/layout/stagePicture.ts';
import { characterMeasure } from '../../../webview/layout/textMeasure.ts';
import { storeOfTables } from '../support/manyTables.ts';

const RUNS = 9;

function laidOut(state: TreeState): StagePicture {
  const frame = { state, next: state, event: null, progress: 1, recent: [], flow: null };
  // A new layouter remembers nothing: this is the cost after a manifest edit.
  return new StageLayouter(characterMeasure()).picture(
    { ...frame, reducedMotion: false },
    { width: 1200, height: 600, colouring: 'level' },
  );
}

function medianMillis(state: TreeState): number {
  const times = Array.from({ length: RUNS }, () => {
    const begin = performance.now();
    laidOut(state);
    return performance.now() - begin;
  });
  return times.sort((a, b) => a - b)[RUNS >> 1]!;
}

const thousand = storeOfTables([0, 50, 250, 700]);
const tenThousand = storeOfTables([0, 500, 2500, 7000]);

test('ten thousand tables cost little more than ten times a thousand', () => {
  medianMillis(thousand);
  const ratio = medianMillis(tenThousand) / medianMillis(thousand);
  expect(ratio).toBeLessThan(30);
});

test('ten thousand tables make no more marks than a screen can show, all accounted for', () => {
  const { boxes, texts } = laidOut(tenThousand).layers.get('disk')!;
  expect(boxes.length).toBeLessThan(2000);
  const words = texts.map((mark) => mark.text).join('\n');
  expect(words).toMatch(/7000 · /);
  expect(words).toMatch(/≤ \d+ a box/);
});
