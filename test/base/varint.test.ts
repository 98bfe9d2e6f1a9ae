// Varints come back as they were written, and nothing but their shortest form is accepted.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader } from '../../src/base/byteReader.ts';
import { VARINT_SIZE_MAX, varintSize, writeVarint } from '../../src/base/varint.ts';

function encode(value: number): Uint8Array {
  const bytes = new Uint8Array(VARINT_SIZE_MAX);
  return bytes.subarray(0, writeVarint(bytes, 0, value));
}

function decode(bytes: Uint8Array): number {
  const reader = new ByteReader(bytes, 'file');
  const value = reader.readVarint('number');
  expect(reader.remaining).toBe(0);
  return value;
}

/** Integers of every magnitude, not only large ones. */
const integers = fc
  .tuple(fc.integer({ min: 0, max: 53 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([bits, fraction]) => Math.min(Number.MAX_SAFE_INTEGER, Math.floor(fraction * 2 ** bits)));

test('every integer below 2^53 comes back', () => {
  fc.assert(
    fc.property(integers, (value) => {
      const bytes = encode(value);
      expect(bytes).toHaveLength(varintSize(value));
      expect(decode(bytes)).toBe(value);
    }),
  );
});

test('the edges of each length come back', () => {
  for (let bits = 0; bits <= 53; bits++) {
    for (const value of [2 ** bits - 1, 2 ** bits].filter(Number.isSafeInteger)) {
      expect(decode(encode(value))).toBe(value);
    }
  }
});

test('a longer form of the same number is damage', () => {
  expect(() => decode(Uint8Array.of(0x80, 0x00))).toThrow(/shortest form/);
  expect(() => decode(Uint8Array.of(0xff, 0xff, 0x80, 0x00))).toThrow(/shortest form/);
});

test('2^53 and more is damage, and so is a number cut short', () => {
  const tooLarge = Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10);
  expect(() => decode(tooLarge)).toThrow(/2\^53/);
  expect(() => decode(new Uint8Array(12).fill(0xff))).toThrow(/2\^53/);
  expect(() => decode(encode(2 ** 40).subarray(0, 3))).toThrow(/needs 1 bytes, 0 are left/);
  expect(() => new ByteReader(encode(2 ** 32), 'file').readVarint32('number')).toThrow(/2\^32/);
});

test('any bytes give a number whose encoding they are, or a typed error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 10 }), (bytes) => {
      const reader = new ByteReader(bytes, 'file', 100);
      let outcome: unknown;
      try {
        outcome = encode(reader.readVarint('number'));
      } catch (error) {
        outcome = error;
      }
      const read = bytes.slice(0, reader.position);
      const damage = expect.objectContaining({ code: 'CORRUPTION', file: 'file' });
      expect(outcome).toEqual(outcome instanceof Error ? damage : read);
    }),
  );
});
