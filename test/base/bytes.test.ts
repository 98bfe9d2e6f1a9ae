// Order, copies and text forms of byte ranges.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compareBytes,
  compareRanges,
  copyBytes,
  decodeHex,
  decodeUtf8,
  encodeHex,
  encodeUtf8,
  prefixEnd,
  sharedPrefixLength,
  startsWith,
} from '../../src/base/bytes.ts';

/** Bytes that often share a beginning. */
const keys = fc
  .array(fc.constantFrom(0x00, 0x01, 0x7f, 0x80, 0xff), { maxLength: 6 })
  .map((bytes) => Uint8Array.from(bytes));

test('the order is that of Buffer.compare, whole and in ranges', () => {
  fc.assert(
    fc.property(keys, keys, fc.uint8Array({ maxLength: 3 }), (first, second, before) => {
      const order = Buffer.compare(first, second);
      expect(Math.sign(compareBytes(first, second))).toBe(order);
      const framed = Uint8Array.of(...before, ...first, 0x55);
      const [start, end] = [before.length, before.length + first.length];
      const inRange = compareRanges(framed, start, end, second, 0, second.length);
      expect(Math.sign(inRange)).toBe(order);
    }),
  );
});

test('short and long copies give the same as slice', () => {
  for (const length of [0, 1, 7, 191, 192, 193, 1000]) {
    const source = Uint8Array.from({ length: length + 5 }, (_, index) => index * 7);
    const target = new Uint8Array(length + 9);
    copyBytes(source, 3, length, target, 4);
    expect(target.slice(4, 4 + length)).toEqual(source.slice(3, 3 + length));
    expect(target.slice(0, 4)).toEqual(new Uint8Array(4));
    expect(target.slice(4 + length)).toEqual(new Uint8Array(5));
  }
});

test('prefixEnd bounds exactly the keys that begin with the prefix', () => {
  fc.assert(
    fc.property(keys, keys, (prefix, key) => {
      const end = prefixEnd(prefix);
      const within =
        compareBytes(prefix, key) <= 0 && (end === undefined || compareBytes(key, end) < 0);
      expect(within).toBe(startsWith(key, prefix));
      expect(startsWith(key, prefix)).toBe(sharedPrefixLength(key, prefix) === prefix.length);
    }),
  );
});

test('text and hexadecimal come back', () => {
  expect(decodeUtf8(encodeUtf8('\ufeffgrüße 🌲'))).toBe('\ufeffgrüße 🌲');
  expect(decodeUtf8(Uint8Array.of(0x61, 0xff))).toBe('a\ufffd');
  const shared = new Uint8Array(new SharedArrayBuffer(2)).fill(0x62);
  expect(decodeUtf8(shared)).toBe('bb');
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(decodeHex(encodeHex(bytes))).toEqual(bytes);
    }),
  );
  expect(encodeHex(Uint8Array.of(0, 0xab))).toBe('00ab');
  for (const wrong of ['0', 'zz', '0x', '1 2 '])
    expect(() => decodeHex(wrong)).toThrow(/hexadecimal/);
});
