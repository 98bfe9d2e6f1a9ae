// What Pebble's range keys hide from a read as of a version, held against a look at each of them.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import { comparerNamed } from '../../src/readers/pebble/comparers.ts';
import { liveRangeKeys } from '../../src/readers/pebble/liveRangeKeys.ts';
import { rangeKeyMask } from '../../src/readers/pebble/rangeKeyMask.ts';
import type { LiveRangeKey } from '../../src/readers/storeReader.ts';

const TEST_KEYS = comparerNamed('pebble.internal.testkeys')!;
const NO_VALUE = new Uint8Array(0);
const SET = 21;

function rangesOf(
  ...set: readonly (readonly [from: string, to: string, suffix: string])[]
): readonly LiveRangeKey[] {
  const entries = set.map(([from, to, suffix], sequence) => ({
    ...{ code: SET, from: encodeUtf8(from), to: encodeUtf8(to), suffix: encodeUtf8(suffix) },
    ...{ value: NO_VALUE, sequence },
  }));
  return liveRangeKeys(entries, TEST_KEYS);
}

function hidden(ranges: readonly LiveRangeKey[], asOf: string, ...keys: string[]): string[] {
  const hides = rangeKeyMask(ranges, encodeUtf8(asOf), TEST_KEYS);
  return keys.filter((key) => hides(encodeUtf8(key)));
}

test('earlier versions within the range are hidden, later ones and plain keys are not', () => {
  const ranges = rangesOf(['b', 'd', '@5']);
  const keys = ['a@4', 'b', 'b@4', 'b@5', 'b@6', 'c@1', 'd@1', 'x'];
  expect(hidden(ranges, '@9', ...keys)).toEqual(['b@4', 'c@1']);
  expect(hidden(ranges, '@5', ...keys)).toEqual(['b@4', 'c@1']);
});

test('a range key later than the read hides nothing', () => {
  const ranges = rangesOf(['b', 'd', '@5'], ['c', 'd', '@3']);
  expect(hidden(ranges, '@4', 'b@1', 'c@2', 'c@3')).toEqual(['c@2']);
});

test('a mask that is no version is refused', () => {
  expect(() => rangeKeyMask([], encodeUtf8('a@4'), TEST_KEYS)).toThrow('must be a version');
  expect(() => rangeKeyMask([], NO_VALUE, TEST_KEYS)).toThrow('must be a version');
});

const anyRange = fc
  .tuple(fc.nat(9), fc.nat(9), fc.integer({ min: 1, max: 9 }))
  .map(
    ([one, other, time]) =>
      [`${Math.min(one, other)}`, `${Math.max(one, other)}`, `@${time}`] as const,
  );

test('of all ranges over a key the latest that the read may see counts', () => {
  const versions = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(fc.array(anyRange, { maxLength: 12 }), versions, (drawn, asOf) => {
      const ranges = rangesOf(...drawn);
      const keys = Array.from({ length: 90 }, (_, index) => [index % 10, 1 + (index % 9)] as const);
      const expected = keys.filter(([key, time]) =>
        drawn.some(([from, to, suffix]) => {
          const rangeTime = Number(suffix.slice(1));
          return Number(from) <= key && key < Number(to) && rangeTime <= asOf && time < rangeTime;
        }),
      );
      const texts = (chosen: typeof keys): string[] => chosen.map(([key, at]) => `${key}@${at}`);
      expect(hidden(ranges, `@${asOf}`, ...texts(keys))).toEqual(texts(expected));
    }),
  );
});
