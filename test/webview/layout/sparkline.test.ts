import { expect, test } from 'vitest';
import { sparkline } from '../../../webview/layout/sparkline.ts';
import type { Sample } from '../../../webview/model/chronicle.ts';

const NOTHING = {
  writeAmplification: 0,
  readAmplification: 0,
  spaceAmplification: 0,
  filterFalsePositiveRate: 0,
  cacheHitRate: 0,
};

const samples: readonly Sample[] = [0, 1, 4, 2].map((space, at) => ({
  index: at * 10,
  timeMicros: at,
  writes: at,
  ratios: { ...NOTHING, spaceAmplification: space },
}));

test('the course goes from zero to its highest, and is dimmed beyond the cursor', () => {
  const { past, future } = sparkline(samples, 'spaceAmplification', 20, 30, 12);
  expect(past).toEqual([
    [0, 11],
    [10, 8.5],
    [20, 1],
  ]);
  expect(future).toEqual([
    [20, 1],
    [30, 6],
  ]);
});

test('what was never known has no line', () => {
  expect(sparkline(samples, 'cacheHitRate', 20, 30, 12)).toEqual({ past: [], future: [] });
});
