import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lookTimes } from '../../../src/session/foreign/lookTimes.ts';

test('what was found is spread over the time since the last look', () => {
  expect(lookTimes(1000, 2000, 4)).toEqual([1250, 1500, 1750, 2000]);
  expect(lookTimes(1000, 2000, 1)).toEqual([2000]);
  expect(lookTimes(1000, 2000, 0)).toEqual([]);
});

test('it is never before the last look, after now, or out of order', () => {
  const moment = fc.integer({ min: 0, max: 10 ** 12 });
  fc.assert(
    fc.property(moment, moment, fc.integer({ min: 1, max: 50 }), (since, now, count) => {
      const times = lookTimes(since, now, count);
      expect(times.length).toBe(count);
      expect(times.at(-1)).toBe(now);
      expect(Math.min(...times)).toBeGreaterThanOrEqual(Math.min(since, now));
      expect([...times].sort((a, b) => a - b)).toEqual(times);
    }),
  );
});
