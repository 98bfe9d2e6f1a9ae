// Orders of keys with versions, which Pebble's stores may name.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import { comparerNamed } from '../../src/readers/pebble/comparers.ts';

const { compare } = comparerNamed('pebble.internal.testkeys')!;

function order(first: string, second: string): number {
  const [left, right] = [encodeUtf8(first), encodeUtf8(second)];
  return Math.sign(compare(left, left.length, right, right.length));
}

test('of one key the later version comes first, and the key alone before all', () => {
  const time = fc.bigInt({ min: 0n, max: 2n ** 70n });
  const zeros = fc.nat(3).map((count) => '0'.repeat(count));
  fc.assert(
    fc.property(time, time, zeros, (first, second, front) => {
      const expected = first === second ? 0 : first > second ? -1 : 1;
      expect(order(`key@${front}${first}`, `key@${second}`)).toBe(expected);
      expect(order('key', `key@${first}`)).toBe(-1);
    }),
  );
});

test('what stands behind the digits does not count, what stands before the version does', () => {
  expect(order('key@7_synthetic', 'key@7')).toBe(0);
  expect(order('key@7_synthetic', 'key@8')).toBe(1);
  // Its underscore is ten bytes before the end, too.
  expect(order('_abcd@1234', '_abcd@1235')).toBe(1);
});

test('a version of a million digits is compared at once', () => {
  const digits = '9'.repeat(1_000_000);
  expect(order(`key@${digits}`, `key@1${digits}`)).toBe(1);
  expect(order(`key@${digits}`, `key@${digits}`)).toBe(0);
});

test('suffixes of range keys that name one time in two ways are two', () => {
  const { compareSuffixes } = comparerNamed('pebble.internal.testkeys')!;
  expect(compareSuffixes(encodeUtf8('@7'), encodeUtf8('@7_synthetic'))).toBeLessThan(0);
  const cockroach = comparerNamed('cockroach_comparator')!;
  const time = [0, 0, 0, 0, 0, 0, 0, 5];
  const plain = Uint8Array.from([...time, 9]);
  const withLogical = Uint8Array.from([...time, 0, 0, 0, 0, 13]);
  expect(cockroach.compareSuffixes(withLogical, plain)).toBeLessThan(0);
  expect(cockroach.compareSuffixes(new Uint8Array(0), withLogical)).toBeLessThan(0);
});
