// The set of deleted ranges against one that lists every key.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_RANGES } from '../../../src/engine/transaction/rangeSet.ts';

const POINTS = 12;
const keyOf = (point: number): Uint8Array => Uint8Array.of(point);
const point = fc.nat({ max: POINTS });
const range = fc
  .tuple(point, point)
  .filter(([from, to]) => from !== to)
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));

test('covers, joins and meets as a list of keys does; older sets do not change', () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 12 }), range, fc.boolean(), (added, asked, closed) => {
      let set = NO_RANGES;
      const keys = new Set<number>();
      const before: [typeof set, number][] = [];
      for (const { from, to } of added) {
        before.push([set, set.count]);
        set = set.with({ from: keyOf(from), to: keyOf(to) });
        for (let key = from; key < to; key++) keys.add(key);
      }
      for (let key = 0; key <= POINTS; key++) expect(set.covers(keyOf(key))).toBe(keys.has(key));
      const ranges = [...set.ranges()].map(({ from, to }) => [from[0]!, to[0]!] as const);
      expect(set.count).toBe(ranges.length);
      expect(set.sizeBytes).toBe(2 * ranges.length);
      for (const [index, [from]] of ranges.entries()) {
        expect(index === 0 || ranges[index - 1]![1] < from).toBe(true);
      }
      const { from, to } = asked;
      const met = Array.from({ length: POINTS + 1 }, (_, key) => key).some(
        (key) => keys.has(key) && key >= from && (key < to || (closed && key === to)),
      );
      const bounds = { lower: keyOf(from), upper: keyOf(to), upperIncluded: closed };
      expect(set.meets(bounds)).toBe(met);
      expect(set.meets({ ...bounds, lower: undefined, upper: undefined })).toBe(keys.size > 0);
      for (const [older, count] of before) expect(older.count).toBe(count);
    }),
  );
});
