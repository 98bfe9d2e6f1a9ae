import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eased, passage, span, stepOf } from '../../../../webview/scenes/drawing/motion.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });

test('a span is 0 before its part, 1 after it, and never leaves 0…1', () => {
  expect(span(0.1, 0.2, 0.6)).toBe(0);
  expect(span(0.4, 0.2, 0.6)).toBeCloseTo(0.5);
  expect(span(0.9, 0.2, 0.6)).toBe(1);
  expect(span(0.5, 0.5, 0.5)).toBe(1);
  fc.assert(
    fc.property(share, share, share, (progress, from, to) => {
      for (const value of [span(progress, from, to), eased(progress, from, to)]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('steps follow each other, and the last one stays finished', () => {
  expect(stepOf(0, 4)).toEqual({ index: 0, within: 0 });
  expect(stepOf(0.5, 4)).toEqual({ index: 2, within: 0 });
  expect(stepOf(1, 4)).toEqual({ index: 3, within: 1 });
  expect(stepOf(0.5, 0)).toEqual({ index: -1, within: 1 });
});

test('with reduced motion nothing is ever seen on the way', () => {
  const from = { x: 0, y: 0 };
  const to = { x: 100, y: 50 };
  fc.assert(
    fc.property(share, (progress) => {
      const { x, y } = passage(from, to, progress, true);
      expect([from, to]).toContainEqual({ x, y });
    }),
  );
  expect(passage(from, to, 0.5, false)).toEqual({ x: 50, y: 25, opacity: 1 });
  expect(passage(from, to, 0.5, true).opacity).toBeCloseTo(0);
});
