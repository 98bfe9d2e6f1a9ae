// Four bytes at a time gives what one byte at a time gives.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytes } from '../../src/base/bytes.ts';
import { comparePadded, copyWords, viewOf } from '../../src/base/words.ts';

const bytes = fc.array(fc.constantFrom(0, 1, 127, 128, 255), { maxLength: 13 });

/** The bytes at an odd offset, followed by zeros and then by what must not be looked at. */
function padded(content: readonly number[]): DataView {
  const length = (content.length + 3) & ~3;
  const whole = new Uint8Array(3 + length + 4).fill(0xaa);
  whole.fill(0, 3, 3 + length);
  whole.set(content, 3);
  return viewOf(whole);
}

test('comparePadded orders as compareBytes does', () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const expected = compareBytes(new Uint8Array(a), new Uint8Array(b));
      const actual = comparePadded(padded(a), 3, a.length, padded(b), 3, b.length);
      expect(Math.sign(actual)).toBe(Math.sign(expected));
    }),
    { numRuns: 2000 },
  );
});

test('copyWords copies exactly the range, whatever its length and alignment', () => {
  const source = Uint8Array.from({ length: 600 }, (_, index) => (index * 7) & 0xff);
  for (let length = 0; length <= 300; length++) {
    for (const [from, to] of [
      [0, 0],
      [1, 3],
      [5, 2],
    ] as const) {
      const target = new Uint8Array(320);
      copyWords(source, viewOf(source), from, target, viewOf(target), to, length);
      const expected = new Uint8Array(320);
      expected.set(source.subarray(from, from + length), to);
      expect(Buffer.compare(target, expected)).toBe(0);
    }
  }
});

test('viewOf sees the same bytes, inside a larger buffer too', () => {
  const part = new Uint8Array(16).subarray(4, 8);
  viewOf(part).setUint32(0, 0x01020304);
  expect([...part]).toEqual([1, 2, 3, 4]);
  expect(viewOf(part).byteLength).toBe(4);
});
