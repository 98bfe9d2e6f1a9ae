// Our CRC-32 is zlib's.

import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  crc32,
  crc32Portable,
  installCrc32Accelerator,
  maskCrc32,
  unmaskCrc32,
} from '../../src/base/crc32.ts';
import { encodeUtf8 } from '../../src/base/bytes.ts';

test('the check value of the standard', () => {
  expect(crc32(encodeUtf8('123456789'), 0, 9)).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0), 0, 0)).toBe(0);
});

test('any range of any bytes has the CRC that zlib gives', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 3000 }),
      fc.nat(3000),
      fc.nat(3000),
      (bytes, from, to) => {
        const start = Math.min(from, to, bytes.length);
        const end = Math.min(Math.max(from, to), bytes.length);
        expect(crc32Portable(bytes, start, end, 0)).toBe(zlib.crc32(bytes.subarray(start, end)));
      },
    ),
  );
});

test('a range may be computed in pieces, with and without the accelerator', () => {
  const native: number[] = [];
  installCrc32Accelerator((bytes, previous) => {
    native.push(bytes.length);
    return zlib.crc32(bytes, previous);
  });
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 5000 }), fc.nat(), (bytes, at) => {
      const cut = at % bytes.length;
      const whole = crc32Portable(bytes, 0, bytes.length, 0);
      expect(crc32(bytes, cut, bytes.length, crc32(bytes, 0, cut))).toBe(whole);
    }),
  );
  crc32(new Uint8Array(4096), 0, 4096);
  expect(native).toContain(4096);
  expect(Math.min(...native)).toBeGreaterThanOrEqual(1024);
});

test('masking is undone, and no CRC masks to itself', () => {
  fc.assert(
    fc.property(fc.nat(0xffffffff), (crc) => {
      expect(unmaskCrc32(maskCrc32(crc))).toBe(crc);
      expect(maskCrc32(crc)).not.toBe(crc);
    }),
    { examples: [[0], [0xffffffff]] },
  );
});
