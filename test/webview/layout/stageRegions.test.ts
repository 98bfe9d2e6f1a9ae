// The stage's grid: its parts follow one another at any size, however deep the tree is.

import { expect, it } from 'vitest';
import { stageRegions } from '../../../webview/layout/stageRegions.ts';

it.each([
  [3, 315],
  [4, 315],
  [5, 315],
])('%i levels and the foot fit on a stage as low as 1100 × 700 leaves', (levels, height) => {
  const regions = stageRegions(840, height, levels);
  expect(regions.height).toBe(height);
  expect(regions.foot.y + regions.foot.height).toBeLessThanOrEqual(height);
  const last = regions.levels.at(-1)!;
  expect(last.band.y + last.band.height).toBeLessThanOrEqual(regions.foot.y);
  for (const { tables } of regions.levels) expect(tables.height).toBeGreaterThanOrEqual(11);
});

it('gives every level of many runs the room of level 0', () => {
  const { levels, foot } = stageRegions(988, 420, 2, 2);
  expect(levels[1]!.tables.height).toBe(levels[0]!.tables.height);
  expect(levels[1]!.band.y + levels[1]!.band.height).toBeLessThanOrEqual(foot.y);
});

it('keeps seven levels above the foot on a stage as low as 1280 × 800 leaves', () => {
  for (let levels = 1; levels <= 7; levels++) {
    const regions = stageRegions(988, 377, levels);
    let bottom = regions.axis.y + regions.axis.height;
    for (const { tables, band } of regions.levels) {
      expect(tables.y).toBeGreaterThanOrEqual(bottom);
      expect(band.y).toBeGreaterThanOrEqual(tables.y + tables.height);
      bottom = band.y + band.height;
    }
    expect(bottom, `${levels} levels`).toBeLessThanOrEqual(regions.foot.y);
  }
});
