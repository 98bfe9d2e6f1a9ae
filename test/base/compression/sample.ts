// Bytes that the reference tools have compressed for the tests, and damage to what they made.

import fc from 'fast-check';
import { encodeUtf8 } from '../../../src/base/bytes.ts';

const lines = Array.from(
  { length: 12 },
  (_, id) => `{"id":${id},"name":"user${(id * 7) % 13}","city":"Zürich"}\n`,
);

/** Text with much to find in it. */
export const sample: Uint8Array = encodeUtf8(lines.join('') + 'a'.repeat(300));

/** Bytes of Base64 text. */
export function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

/** The same bytes with some changed. */
export function flipped(good: Uint8Array): fc.Arbitrary<Uint8Array> {
  const place = fc.tuple(fc.nat({ max: good.length - 1 }), fc.integer({ min: 1, max: 255 }));
  return fc.array(place, { minLength: 1, maxLength: 4 }).map((flips) => {
    const packed = good.slice();
    for (const [position, mask] of flips) packed[position]! ^= mask;
    return packed;
  });
}
