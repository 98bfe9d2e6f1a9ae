// CRC-32C: the vectors of RFC 3720, B.4, and the check value of the standard.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import { crc32c } from '../../src/base/crc32c.ts';

const ascending = Uint8Array.from({ length: 32 }, (_, index) => index);

test.each([
  ['the check value', encodeUtf8('123456789'), 0xe3069283],
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['ascending', ascending, 0x46dd794e],
  ['descending', ascending.toReversed(), 0x113fdb5c],
])('%s', (_name, bytes, crc) => {
  expect(crc32c(bytes, 0, bytes.length)).toBe(crc);
});

test('a range may be computed in pieces', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, cut) => {
      const middle = Math.min(cut, bytes.length);
      const first = crc32c(bytes, 0, middle);
      const whole = crc32c(bytes, 0, bytes.length);
      expect(crc32c(bytes, middle, bytes.length, first)).toBe(whole);
    }),
  );
});
