import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes } from '../../../src/base/bytes.ts';
import { boundNear, keyAxis, placeOf } from '../../../webview/layout/keyAxis.ts';
import { tableBoxes } from '../../../webview/layout/tableBoxes.ts';
import { levelOfTables } from '../support/manyTables.ts';

const key = fc.uint8Array({ minLength: 0, maxLength: 12 });

describe('the key axis', () => {
  it('keeps the order of keys, whatever they look like', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 40 }), key, key, (bounds, a, b) => {
        const axis = keyAxis([], bounds);
        const order = compareBytes(a, b);
        const [left, right] = order <= 0 ? [a, b] : [b, a];
        expect(placeOf(axis, left)).toBeLessThanOrEqual(placeOf(axis, right));
      }),
    );
  });

  it('begins at 0, ends at 1 and finds the bound nearest to a place', () => {
    const axis = keyAxis([levelOfTables(1, 30)]);
    expect(axis.places[0]).toBe(0);
    expect(axis.places.at(-1)).toBeCloseTo(1, 12);
    for (const [at, place] of axis.places.entries()) expect(boundNear(axis, place)).toBe(at);
  });

  it('gives tables room by their entries', () => {
    const level = levelOfTables(1, 2);
    const [few, many] = level.tables;
    const axis = keyAxis([{ ...level, tables: [few!, { ...many!, entries: few!.entries * 9 }] }]);
    const width = (table: typeof few): number =>
      placeOf(axis, table!.largestKey) - placeOf(axis, table!.smallestKey);
    expect(width(many) / width(few)).toBeGreaterThan(5);
  });
});

describe('tables as boxes', () => {
  const region = { x: 100, y: 20, width: 900, height: 24 };

  it('never overlap within a run, never leave the level, and stand for every table', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), (count) => {
        const level = levelOfTables(2, count);
        const boxes = tableBoxes(level, keyAxis([level]), region);
        expect(boxes.flatMap((box) => box.tables)).toEqual(level.tables);
        boxes.forEach((box, at) => {
          expect(box.x).toBeGreaterThanOrEqual(region.x);
          expect(box.x + box.width).toBeLessThanOrEqual(region.x + region.width + 0.001);
          const next = boxes[at + 1]?.x ?? Infinity;
          expect(box.x + box.width).toBeLessThanOrEqual(next + 1.5);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('merge neighbours that would be slivers', () => {
    const level = levelOfTables(3, 10_000);
    const boxes = tableBoxes(level, keyAxis([level]), region);
    expect(boxes.length).toBeLessThanOrEqual(region.width / 2);
    expect(boxes.some((box) => box.tables.length > 10)).toBe(true);
  });
});
