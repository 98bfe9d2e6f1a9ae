// Blocks that were compressed with a dictionary: what the reference tools wrote is read, by codecs
// that know dictionaries and, for Zstandard, by a decoder of our own.

import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { encodeUtf8, equalBytes } from '../../../src/base/bytes.ts';
import { BlockCodecs } from '../../../src/base/compression/blockCodecs.ts';
import { decodeZstd } from '../../../src/base/compression/zstd/zstdDecoder.ts';
import { LsmError } from '../../../src/base/errors.ts';
import { nodeCodecs } from '../../../src/node/nodeCodecs.ts';
import { flipped, fromBase64, sample } from './sample.ts';

const raw = encodeUtf8(
  '{"id":5,"name":"user7","city":"Zürich"}\n{"id":16,"name":"user3","city":"Bern"}\n',
);
/** By `zstd --train` 1.5.4, from 400 texts like the sample. */
const trained = fromBase64(
  'N6Qw7KC8Y3cZEOAqGQ7/////2+0/4W9r3VJKKVNiRp/DAhMEAAAAFcnrmwEAAAQAAIAWLVoSbCQalHYyHUuyGAAUjxoA' +
    'AAAAAAAAAAAAAAAAJAsq8EsAAAAAAAAAAAAAAAAAAAEAAAAEAAAACAAAACJjaXR5IjoiWsO8ciI6InVzZXI3NTIiLCJj' +
    'aXR5IjoiR2VuZiJ9CnsiaWQiOjI3NSwibmFtZSI6InVzZXI5MDEiLCJjaXR5IjoiQmVybiJ9CnsiaWQiOjMzOSwibmFt' +
    'ZSI6InVzZXIxMDgiLCJjaXQ5MSwibmFtZSI6InVzZXI1MjgiLCJjaXR5IjoiR2VuZiJ9CnsiaWQiOjM5MiwibmFtZTcs' +
    'Im5hbWUiOiJ1c2VyMjc1IiwiY2l0eSI6IkJlcm4ifQp7ImlkIjoxOTgsIm5hbWUiNSwibmFtZSI6InVzZXI0MTYiLCJj' +
    'aXR5IjoiR2VuZiJ9CnsiaWQiOjE0MCwibmFtZSI4IiwiY2l0eSI6IkdlbmYifQp7ImlkIjozNzQsIm5hbWUiOiJ1c2Vy' +
    'MzkyIiwiY2l0eTciLCJjaXR5IjoiQmFzZWwifQp7ImlkIjoxNiwibmFtZSI6InVzZXIxMjQiLCJjaXR5NzMiLCJjaXR5' +
    'IjoiQmVybiJ9CnsiaWQiOjE3MywibmFtZSI6InU=',
);
/** `zstd -19 -D` and `zstd -3 -D` 1.5.4, the second with a checksum; `lz4 -9 -D` 1.9.4. */
const packedRaw = fromBase64(
  'KLUv/WAdAjUCAMB7MDAyMTM4NDI1OTYzNzE4NDkxMTUxMWEZqCB+MAOJjOEQEuGBEisx6F57Byg4nXRTCWhB4gIjRfFD' +
    'helLeWj6lKcAMwE=',
);
const packedTrained = fromBase64(
  'KLUv/WegvGN3HQKNAgDjAQZUKHWZq70W8tzrMEjEgIU7shAGVcSiCQwd/Cho3hO4UE+ADvQTkqR9UhpbHEn3DCvza+UW' +
    'lm7F7tZtZLMlYYZdO+9HlUSY1zZpzvzxOwmEvBMM',
);
const packedLz4 = fromBase64(
  'AicAGTAmAB8wUAAID3kAFRkyKQAfMSkABxkzKQAfOCkABxk0KQAfMikABwodAR85KQAHDhwBDykABBo3zQAPIAEIGTgq' +
    'AB80KQAHGjlTAA8hAQgaMZ0BHzUqAAgKngEfMSQBAh9hAQD/FFBhYWFhYQ==',
);

const codecs = nodeCodecs();
const portable = new BlockCodecs();
beforeAll(async () => {
  await codecs.prepare(['zstd']);
  await portable.prepare(['zstd']);
});

test.each([
  ['lz4', packedLz4, raw],
  ['zstd', packedRaw, raw],
  ['zstd', packedTrained, trained],
  ['deflate', zlib.deflateRawSync(sample, { dictionary: raw }), raw],
] as const)('%s', (name, packed, dictionary) => {
  const unpacked = codecs.unpack(name, packed, sample.length, 'any', 0, dictionary);
  expect(equalBytes(unpacked, sample)).toBe(true);
});

test.each([
  ['lz4', packedLz4],
  ['zstd', packedRaw],
  ['zstd', packedTrained],
] as const)('%s without its dictionary is damage', (name, packed) => {
  const unpack = (): unknown => codecs.unpack(name, packed, sample.length, 'any', 0);
  expect(unpack).toThrow(LsmError);
});

test('the portable Zstandard reads them too', () => {
  const unpacked = portable.unpack('zstd', packedTrained, sample.length, 'any', 0, trained);
  expect(equalBytes(unpacked, sample)).toBe(true);
});

describe("our own decoder's", () => {
  const pieces = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.tuple(fc.nat({ max: 255 }), fc.integer({ min: 1, max: 3000 })).map(run),
      fc.constant(sample),
    ),
    { minLength: 1, maxLength: 12 },
  );

  function run([byte, length]: readonly [number, number]): Uint8Array {
    return new Uint8Array(length).fill(byte);
  }

  test('frames are read as they were written', () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const content = new Uint8Array(Buffer.concat([Uint8Array.of(7), ...parts]));
        const packed = codecs.codec('zstd').compress(content).slice();
        expect(equalBytes(decodeZstd(packed, content.length), content)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('frames of several blocks are read as they were written', () => {
    const words = Array.from({ length: 60_000 }, (_, index) => `${(index * 7919) % 4093},`);
    const content = encodeUtf8(words.join(''));
    const packed = codecs.codec('zstd').compress(content).slice();
    expect(equalBytes(decodeZstd(packed, content.length), content)).toBe(true);
  });

  test.each([
    ['raw', packedRaw, raw],
    ['trained', packedTrained, trained],
  ])('damage ends in an error or in bytes: %s', (_, good, dictionary) => {
    const verdict = (packed: Uint8Array, from: Uint8Array): string => {
      try {
        codecs.unpack('zstd', packed, sample.length, 'any', 0, from);
        return 'fine';
      } catch (thrown) {
        return thrown instanceof LsmError ? thrown.code : String(thrown);
      }
    };
    fc.assert(
      fc.property(flipped(good), flipped(dictionary), (packed, from) => {
        expect(['fine', 'CORRUPTION']).toContain(verdict(packed, dictionary));
        expect(['fine', 'CORRUPTION']).toContain(verdict(good, from));
      }),
      { numRuns: 400 },
    );
    for (let length = 0; length < good.length; length++) {
      expect(verdict(good.slice(0, length), dictionary)).toBe('CORRUPTION');
    }
  });
});
