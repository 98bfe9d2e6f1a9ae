import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hatchPath } from '../../../../webview/scenes/drawing/hatch.ts';

const side = fc.integer({ min: 0, max: 300 });

test('every stroke stays inside its rectangle', () => {
  fc.assert(
    fc.property(side, side, side, side, (x, y, width, height) => {
      const points = [...hatchPath({ x, y, width, height }).matchAll(/[ML]([\d.]+),([\d.]+)/g)];
      const across = points.map(([, px]) => Number(px));
      const down = points.map(([, , py]) => Number(py));
      expect(Math.min(x, ...across)).toBeGreaterThanOrEqual(x - 0.01);
      expect(Math.max(x, ...across)).toBeLessThanOrEqual(x + width + 0.01);
      expect(Math.min(y, ...down)).toBeGreaterThanOrEqual(y - 0.01);
      expect(Math.max(y, ...down)).toBeLessThanOrEqual(y + height + 0.01);
    }),
  );
});

test('strokes stay where they are while the rectangle grows to the right', () => {
  const narrow = hatchPath({ x: 10, y: 0, width: 40, height: 12 });
  const wide = hatchPath({ x: 10, y: 0, width: 80, height: 12 });
  const whole = narrow.split('M').filter((stroke) => stroke !== '' && !stroke.includes('L50,'));
  for (const stroke of whole) expect(wide).toContain(stroke);
  expect(whole.length).toBeGreaterThan(5);
});
