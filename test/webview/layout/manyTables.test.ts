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
    { width: 1200, height: 600, colouring: 'level', family: 0 },
  );
}

/** The least of several runs of each, taken in turn: what the machine does besides falls away. */
function leastMillis(...states: readonly TreeState[]): number[] {
  const least = states.map(() => Infinity);
  for (let run = 0; run < RUNS; run++) {
    states.forEach((state, at) => {
      const begin = performance.now();
      laidOut(state);
      least[at] = Math.min(least[at]!, performance.now() - begin);
    });
  }
  return least;
}

const thousand = storeOfTables([0, 50, 250, 700]);
const tenThousand = storeOfTables([0, 500, 2500, 7000]);

test('ten thousand tables cost about ten times a thousand, far from a hundred times', () => {
  const [few, many] = leastMillis(thousand, tenThousand);
  expect(many! / few!).toBeLessThan(50);
});

test('ten thousand tables make no more marks than a screen can show, all accounted for', () => {
  const { boxes, texts } = laidOut(tenThousand).layers.get('disk')!;
  expect(boxes.length).toBeLessThan(2000);
  const words = texts.map((mark) => mark.text).join('\n');
  expect(words).toMatch(/7000 · /);
  expect(words).toMatch(/≤ \d+ a box/);
});
