import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { characterMeasure } from '../../../webview/layout/textMeasure.ts';
import {
  nextMarker,
  placeFromAxis,
  placeOnAxis,
  tracksLayout,
} from '../../../webview/layout/tracksLayout.ts';
import { Chronicle } from '../../../webview/model/chronicle.ts';
import type { Sample } from '../../../webview/model/chronicle.ts';
import { Timeline } from '../../../webview/model/timeline.ts';
import { recordStore } from '../support/recordedStore.ts';

const store = await recordStore({ operations: 1500 });
const timeline = new Timeline(store.initial);
const chronicle = new Chronicle();
chronicle.begin(store.initial);
timeline.append(store.events, (index, event, after) => chronicle.note(index, event, after));
const { spans, markers, samples } = chronicle;
const model = { spans, markers, samples, first: 0, length: timeline.length };

describe('the tracks', () => {
  it('stay inside their region, and their boxes apart, at any size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 2000 }),
        fc.integer({ min: 84, max: 160 }),
        (width, height) => {
          const region = { x: 10, y: 4, width, height };
          const { picture } = tracksLayout(model, region, characterMeasure());
          expect(picture.boxes.length).toBeGreaterThan(5);
          const byRow = new Map<number, number>();
          for (const box of picture.boxes) {
            expect(box.y + box.height).toBeLessThanOrEqual(4 + height);
            expect(box.x + box.width).toBeLessThanOrEqual(10 + width + 2);
            expect(box.x).toBeGreaterThanOrEqual(byRow.get(box.y) ?? 0);
            byRow.set(box.y, box.x + box.width);
          }
        },
      ),
    );
  });

  it('know no rate over a gap of what was told', () => {
    const at = (index: number, timeMicros: number, writes: number): Sample => {
      return { ...samples[0]!, index, timeMicros, writes };
    };
    const told = [
      at(0, 0, 0),
      at(100, 1_000_000, 10),
      { ...at(110, 1_000_001, 1_000_000), afterGap: true },
      at(200, 2_000_001, 1_000_020),
    ];
    const region = { x: 0, y: 0, width: 800, height: 100 };
    const { picture } = tracksLayout(
      { ...model, samples: told, length: 200 },
      region,
      characterMeasure(),
    );
    expect(picture.texts.map(({ text }) => text)).toContain('≤ 20 w/s');
  });

  it('find the place again that was drawn', () => {
    const axis = { x: 86, y: 0, width: 700, height: 80 };
    fc.assert(
      fc.property(fc.double({ min: 100, max: 5000, noNaN: true }), (place) => {
        const x = placeOnAxis(place, 100, 5000, axis);
        expect(placeFromAxis(x, 100, 5000, axis)).toBeCloseTo(place, 6);
      }),
    );
  });

  it('jump to the next marker and back again', () => {
    const first = nextMarker(markers, 0, 1)!;
    const second = nextMarker(markers, first.index + 1, 1)!;
    expect(second.index).toBeGreaterThan(first.index);
    expect(nextMarker(markers, second.index + 1, -1)).toBe(first);
  });
});
