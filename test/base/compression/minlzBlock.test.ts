// MinLZ blocks as minio/minlz wrote them, and damage to them.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatBytes, encodeUtf8, equalBytes } from '../../../src/base/bytes.ts';
import { decodeMinlz } from '../../../src/base/compression/minlzBlock.ts';
import { flipped, fromBase64, sample } from './sample.ts';

/** `sample` by minlz 1.1.1, at its quickest and its tightest. */
const packed = [
  'AJ0G6At7ImlkIjowLCJuYW1lIjoidXNlcjAiLCJjaXR5IjoiWsO8cmljaCJ9CgkKADFkADfMADJkADHMADNkADjMADRk' +
    'ADLMADVkADnMADZkADPMADdk4+AAMXwAOGQANMwAOWw9SAnjXQExFAA11Gln4+QAMUwAYTkA7Ps=',
  'AJ0G6At7ImlkIjowLCJuYW1lIjoidXNlcjAiLCJjaXR5IjoiWsO8cmljaCJ9CgkKADFkADfMADJkADHMADNkADjMADRk' +
    'ADLMADVkADnMADZkADPMADdkADFe4AAAOGQANMwAOWxe4QAAMSlnADXUaWcAMUbkAABhOQDs+w==',
].map(fromBase64);

/** Bytes without a pattern, a long way of zeros, and the same bytes again. */
const head = Uint8Array.from({ length: 48 }, (_, index) => index * 37);
const far = concatBytes([
  ...[head, new Uint8Array(70_000), encodeUtf8('abc'), head],
  ...[new Uint8Array(5000), Uint8Array.of(1), head.subarray(0, 20), Uint8Array.of(2)],
]);
const packedFar = [
  'APHKBOgTACVKb5S53gMoTXKXvOEGK1B1mr/kCS5TeJ3C5wwxVnugxeoPNFl+o8jtEjdcgabLAPxREQHfH40AeBNhYmOo' +
    'AQAlSm+Uud4DKE1yl7zhBitQdZq/Ag==',
  'APHKBOgTACVKb5S53gMoTXKXvOEGK1B1mr/kCS5TeJ3C5wwxVnugxeoPNFl+o8jtEjdcgabLAPxREQHfH40AeBNhYmPj' +
    'eRMBRAAC',
  'APHKBOgTACVKb5S53gMoTXKXvOEGK1B1mr/kCS5TeJ3C5wwxVnugxeoPNFl+o8jtEjdcgabLAPxREQHfH40AeBNhYmPj' +
    'eRMBSJe84QYrUHWavwI=',
].map(fromBase64);

test.each(packed)('what minlz wrote', (bytes) => {
  expect(equalBytes(decodeMinlz(bytes), sample)).toBe(true);
});

test.each(packedFar)('copies from far away, and long ones', (bytes) => {
  expect(equalBytes(decodeMinlz(bytes), far)).toBe(true);
});

test('content that was not compressed, and none', () => {
  const stored = fromBase64('AAAAJUpvlLneAyhNcpe84QYrUHWavw==');
  expect(decodeMinlz(stored)).toEqual(head.subarray(0, 20));
  expect(decodeMinlz(Uint8Array.of(0)).length).toBe(0);
});

test('cut bytes, and more than a block may hold, are damage', () => {
  for (const bytes of [...packed, ...packedFar]) {
    for (let length = 2; length < bytes.length; length++) {
      expect(() => decodeMinlz(bytes.slice(0, length))).toThrow('damaged');
    }
  }
  expect(() => decodeMinlz(Uint8Array.of(0, 0x81, 0x80, 0x80, 4, 0))).toThrow('claims to be');
  expect(() => decodeMinlz(Uint8Array.of(1, 0, 0))).toThrow('damaged');
});

test('flipped bytes end in an error that says so, or harm nothing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...packed, ...packedFar).chain(flipped), (bytes) => {
      const outcome = ((): string => {
        try {
          decodeMinlz(bytes);
          return 'damaged';
        } catch (thrown) {
          return String(thrown);
        }
      })();
      expect(outcome).toContain('damaged');
    }),
  );
});
