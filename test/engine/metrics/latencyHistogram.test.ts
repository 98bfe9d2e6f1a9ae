// The histogram against a sorted list of the same durations.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LatencyHistogram } from '../../../src/engine/metrics/latencyHistogram.ts';

const duration = fc.oneof(
  fc.nat({ max: 200 }),
  fc.nat({ max: 100_000 }),
  fc.nat({ max: 2 ** 31 - 1 }),
  fc.constantFrom(0, 1, 63, 64, 127, 128, 2 ** 30, 2 ** 31 - 1),
);

test('a percentile is the one of the sorted list, to within a thirty-second', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const durations = fc.array(duration, { minLength: 1, maxLength: 200 });
  const isClose = fc.property(durations, share, (list, wanted) => {
    const histogram = new LatencyHistogram();
    for (const micros of list) histogram.record(micros);
    const sorted = list.toSorted((a, b) => a - b);
    const exact = sorted[Math.max(1, Math.ceil(wanted * sorted.length)) - 1]!;
    const found = histogram.percentile(wanted);
    expect(found).toBeGreaterThanOrEqual(exact);
    expect(found).toBeLessThanOrEqual(exact * (1 + 1 / 32));
  });
  fc.assert(isClose);
});

test('count, sum, longest and the powers of two are exact', () => {
  const isExact = fc.property(fc.array(duration, { maxLength: 100 }), (list) => {
    const histogram = new LatencyHistogram();
    for (const micros of list) histogram.record(micros);
    const { count, sumMicros, maxMicros, belowPowers } = histogram.stats();
    expect(count).toBe(list.length);
    expect(sumMicros).toBe(list.reduce((sum, micros) => sum + micros, 0));
    expect(maxMicros).toBe(Math.max(0, ...list));
    const expected = belowPowers.map((_, power) => list.filter((m) => m < 2 ** power).length);
    expect(belowPowers).toEqual(expected);
    expect(belowPowers.at(-1)).toBe(list.length);
  });
  fc.assert(isExact);
});

test('what lasts longer than it can tell apart keeps its sum, and negative is none', () => {
  const histogram = new LatencyHistogram();
  histogram.record(2 ** 40);
  histogram.record(-5);
  expect(histogram.stats()).toMatchObject({ count: 2, sumMicros: 2 ** 40, maxMicros: 2 ** 40 });
  expect(histogram.percentile(0.1)).toBe(0);
});
