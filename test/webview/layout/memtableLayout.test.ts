// The memtable's card at any width: its gauge never lies on its title.

import { expect, it } from 'vitest';
import { memtableLayout } from '../../../webview/layout/memtableLayout.ts';
import { characterMeasure } from '../../../webview/layout/textMeasure.ts';

const memtable = {
  memtable: 9,
  entries: 14,
  tombstones: 0,
  rangeDeletes: 0,
  sizeBytes: 1800,
  capacityBytes: 16_384,
  nodes: [],
};

it('keeps the gauge beside the title, or leaves it out where the card is narrow', () => {
  let gauges = 0;
  for (let width = 120; width <= 900; width += 10) {
    const region = { x: 16, y: 40, width, height: 100 };
    const { boxes, texts } = memtableLayout(memtable, region, characterMeasure());
    const track = boxes.find(({ look }) => look === 'gauge-track');
    if (track === undefined) continue;
    gauges += 1;
    const title = texts.find(({ text }) => text.startsWith('memtable'))!;
    expect(track.x, `${width} wide`).toBeGreaterThan(title.x + title.width);
    expect(track.x + track.width).toBeLessThanOrEqual(region.x + width);
  }
  expect(gauges).toBeGreaterThan(50);
});
