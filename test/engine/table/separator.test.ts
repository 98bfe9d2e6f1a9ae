// Separators divide, and are no longer than they must be.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytes } from '../../../src/base/bytes.ts';
import { separatorBetween } from '../../../src/engine/table/separator.ts';
import { keyArbitrary } from '../modelEntries.ts';

test('a separator lies between two keys and is no longer than the first', () => {
  fc.assert(
    fc.property(keyArbitrary, keyArbitrary, (a, b) => {
      fc.pre(compareBytes(a, b) !== 0);
      const [last, next] = compareBytes(a, b) < 0 ? [a, b] : [b, a];
      const separator = separatorBetween(last, next);
      expect(compareBytes(last, separator)).toBeLessThanOrEqual(0);
      expect(compareBytes(separator, next)).toBeLessThan(0);
      expect(separator.length).toBeLessThanOrEqual(last.length);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  [[1, 2, 3], [5], [2]],
  [[1, 2, 3], [2], [1, 3]],
  [[1, 2, 3], [2, 0], [2]],
  [[1, 255, 255, 7, 9], [2], [1, 255, 255, 8]],
  [[1, 255, 255], [2], [1, 255, 255]],
  [[1], [1, 0], [1]],
  [[], [0], []],
])('between %j and %j stands %j', (last, next, expected) => {
  expect([...separatorBetween(new Uint8Array(last), new Uint8Array(next))]).toEqual(expected);
});
