// The stage's grid: its parts follow one another at any size, however deep the tree is.

import { expect, it } from 'vitest';
import { stageRegions } from '../../../webview/layout/stageRegions.ts';

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
