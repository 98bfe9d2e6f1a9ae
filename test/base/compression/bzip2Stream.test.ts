// bzip2 streams as bzip2 1.0.8 wrote them, and damage to them.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equalBytes } from '../../../src/base/bytes.ts';
import { decodeBzip2 } from '../../../src/base/compression/bzip2Stream.ts';
import { flipped, fromBase64, sample } from './sample.ts';

const packed = fromBase64(
  'QlpoOTFBWSZTWWX19yAAAOVbjIAQECR/8AAQLmMeKgAECAAACDAApmEiVB6jTxTaR6jINAY0xGEaYAAAKlTUaAaAAMjy' +
    'moKW+WE4purOVPYK4K4LIFYFqCYKAXcF26AsKY1xre0ttsvOyrIcQ23DhttsbbbmCYS3ejEl3wl5LiYkyJkTYS8lCaCU' +
    'J6JUlSayZyVJ+wkZiWJYhti7kinChIMvr7kA',
);

test('what bzip2 wrote', () => {
  expect(equalBytes(decodeBzip2(packed, sample.length), sample)).toBe(true);
  expect(equalBytes(decodeBzip2(packed, 1 << 28), sample)).toBe(true);
});

test('nothing at all, and one byte', () => {
  expect(decodeBzip2(fromBase64('QlpoORdyRThQkAAAAAA='), 1).length).toBe(0);
  const one = fromBase64('QlpoOTFBWSZTWXdLsBQAAAAAgABAIAAhGEaC7kinChIO6XYCgA==');
  expect(decodeBzip2(one, 1)).toEqual(Uint8Array.of(0x78));
});

test('more than it should be, and cut bytes, are damage', () => {
  expect(() => decodeBzip2(packed, sample.length - 1)).toThrow('damaged');
  for (let length = 0; length < packed.length; length++) {
    expect(() => decodeBzip2(packed.slice(0, length), sample.length)).toThrow('damaged');
  }
});

test('flipped bytes end in an error that says so, or harm nothing', () => {
  fc.assert(
    fc.property(flipped(packed), (bytes) => {
      expect(verdict(bytes)).toBe('as it should be');
    }),
    { numRuns: 500 },
  );
});

function verdict(bytes: Uint8Array): string {
  try {
    const isSame = equalBytes(decodeBzip2(bytes, sample.length), sample);
    return isSame ? 'as it should be' : 'other bytes';
  } catch (thrown) {
    const isTold = thrown instanceof Error && thrown.message.includes('damaged');
    return isTold ? 'as it should be' : String(thrown);
  }
}
