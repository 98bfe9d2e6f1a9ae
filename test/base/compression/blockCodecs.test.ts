// Every codec gives back what it took, reads what the reference tools wrote, and makes a typed
// error of everything else.

import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { equalBytes } from '../../../src/base/bytes.ts';
import { BlockCodecs } from '../../../src/base/compression/blockCodecs.ts';
import { loadZstdFrame } from '../../../src/base/compression/zstdFrame.ts';
import { LsmError } from '../../../src/base/errors.ts';
import { nodeCodecs } from '../../../src/node/nodeCodecs.ts';
import { flipped, fromBase64, sample } from './sample.ts';

const NAMES = ['lz4', 'snappy', 'deflate', 'zstd'] as const;
const codecs = nodeCodecs();
beforeAll(() => codecs.prepare(NAMES));

/** `sample` by `lz4 -9` 1.9.4 (without its frame), cramjam 2.13, zlib 1.2.13, `zstd -3` 1.5.4. */
const REFERENCES: Readonly<Record<(typeof NAMES)[number], string>> = {
  lz4:
    '8hp7ImlkIjowLCJuYW1lIjoidXNlcjAiLCJjaXR5IjoiWsO8cmljaCJ9CikAGTEpAB83KQAHGTIpAB8xKQAHGTMpAB84' +
    'KQAHGTQpAB8yKQAHGTUpAB85KQAHGTYpAB8zKQAHGjfNAA8gAQgZOCoAHzQpAAcaOVMADyEBCBoxnQEfNSoACAqeAR8x' +
    'JAECH2EBAP8UUGFhYWFh',
  snappy:
    'nQageyJpZCI6MCwibmFtZSI6InVzZXIwIiwiY2l0eSI6IlrDvHJpY2gifQoJKQAxMikAADdmKQAAMjIpAAAxZikAADMy' +
    'KQAAOGYpAAA0MikAADJmKQAANTIpAAA5ZikAADYyKQAAM2YpAAA3MikAADFqIAEAODIqAAA0ZlMAADkyKQAAMWohAQAx' +
    'Np0BADVmVAAAMTaeAQAxUiQBAGH+AQD+AQD+AQD+AQCqAQA=',
  deflate:
    'q1bKTFGyMtBRykvMTVWyUiotTi0yUNJRSs4sqQRyow7vKcpMzlCq5aoGKzREUWiOW6ERikJD3AqNURRa4FZogqLQCLdC' +
    'UxSFlrgVmqEoNMat0BzVM3jCxwJFpQluhZaoRuIJIEPUyDHFoxI1dgyxhlHiKCAaAAA=',
  zstd:
    'KLUv/WAdAr0DAOQDeyJpZCI6MCwibmFtZSI6InVzZXIwIiwiY2l0eSI6IlrDvHJpY2gifQoxNzIxMzg0MjU5NjM3MTg0' +
    'OTE1MWEYACi4Kif7XeiSA8IDXZlJVmhAZsAWOG5khQwcAuwDBwO2gOOAzcAhwD5wMGALOA7YDBwRNqgy',
};

/** Bytes with much, little and nothing to find. */
const blocks = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 300 }),
  fc.array(fc.constantFrom(0, 1, 2), { minLength: 1, maxLength: 2000 }).map(toBytes),
  fc
    .array(fc.tuple(fc.nat({ max: 255 }), fc.integer({ min: 1, max: 400 })), {
      minLength: 1,
      maxLength: 30,
    })
    .map((runs) =>
      toBytes(runs.flatMap(([byte, times]) => Array.from({ length: times }, () => byte))),
    ),
);

function toBytes(numbers: readonly number[]): Uint8Array {
  return Uint8Array.from(numbers);
}

/** The code of the error, or `fine` when bytes of the right length came. */
function verdict(name: (typeof NAMES)[number], packed: Uint8Array, rawSizeBytes: number): string {
  try {
    const raw = codecs.unpack(name, packed, rawSizeBytes, '000001.sst', 40);
    return raw.length === rawSizeBytes ? 'fine' : 'another length';
  } catch (thrown) {
    if (!(thrown instanceof LsmError)) throw thrown;
    const { file, offset, code } = thrown;
    return file === '000001.sst' && offset === 40 ? code : 'an error without a place';
  }
}

describe.each(NAMES)('%s', (name) => {
  const unpack = (packed: Uint8Array, size: number): Uint8Array =>
    codecs.unpack(name, packed, size, 'any', 0);

  test('gives back what it took', () => {
    fc.assert(
      fc.property(blocks, (raw) => {
        const packed = codecs.codec(name).compress(raw).slice();
        expect(equalBytes(unpack(packed, raw.length), raw)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('gives back blocks of many sizes, whatever came before', () => {
    for (const size of [1, 4, 5, 11, 12, 13, 64, 65_535, 65_536, 300_000]) {
      const raw = new Uint8Array(size).map((_, index) => (index * index) >>> 7);
      expect(equalBytes(unpack(codecs.codec(name).compress(raw), size), raw)).toBe(true);
    }
  });

  test('makes much less of text, and never much more of noise', () => {
    expect(codecs.codec(name).compress(sample).length).toBeLessThan(sample.length / 3);
    const noise = new Uint8Array(4096).map((_, index) => Math.imul(index + 1, 0x9e3779b1) >>> 13);
    expect(codecs.codec(name).compress(noise).length).toBeLessThan(4096 + 64);
  });

  test('reads what the reference tool wrote', () => {
    const packed = fromBase64(REFERENCES[name]);
    expect(equalBytes(unpack(packed, sample.length), sample)).toBe(true);
  });

  test('makes a typed error of other lengths and of cut bytes', () => {
    const packed = codecs.codec(name).compress(sample).slice();
    for (const size of [1, sample.length - 1, sample.length + 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1]) {
      expect(verdict(name, packed, size)).toBe('CORRUPTION');
    }
    for (let length = 0; length < packed.length; length++) {
      expect(verdict(name, packed.slice(0, length), sample.length)).toBe('CORRUPTION');
    }
  });

  test('answers damaged bytes with as many bytes or a typed error', () => {
    const good = codecs.codec(name).compress(sample).slice();
    fc.assert(
      fc.property(flipped(good), (packed) => {
        expect(['fine', 'CORRUPTION']).toContain(verdict(name, packed, sample.length));
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.integer({ min: 1, max: 300 }),
        (noise, size) => {
          expect(['fine', 'CORRUPTION']).toContain(verdict(name, noise, size));
        },
      ),
      { numRuns: 300 },
    );
    // Whatever went wrong, the next block is read.
    expect(equalBytes(unpack(good, sample.length), sample)).toBe(true);
  });

  test('allocates nothing near what a bomb declares', () => {
    const bomb = codecs
      .codec(name)
      .compress(new Uint8Array(32 << 20))
      .slice();
    const before = process.memoryUsage().arrayBuffers;
    expect(verdict(name, bomb, 2000)).toBe('CORRUPTION');
    expect(verdict(name, bomb.slice(0, 200), 500 << 20)).toBe('CORRUPTION');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 << 20);
  });
});

describe('the formats by hand', () => {
  const text = (packed: number[], size: number, name: 'lz4' | 'snappy'): string =>
    Buffer.from(codecs.unpack(name, toBytes(packed), size, 'any', 0)).toString();
  const abab = 'ab'.repeat(6);

  test('lz4: a match over its own bytes, and what its rules forbid', () => {
    expect(text([0x26, 97, 98, 2, 0, 0x00], 12, 'lz4')).toBe(abab);
    expect(text([0x50, 104, 101, 108, 108, 111], 5, 'lz4')).toBe('hello');
    expect(verdict('lz4', toBytes([0x26, 97, 98, 0, 0, 0x00]), 12)).toBe('CORRUPTION');
    expect(verdict('lz4', toBytes([0x26, 97, 98, 3, 0, 0x00]), 12)).toBe('CORRUPTION');
    expect(verdict('lz4', toBytes([0xf0, 255, 255, 255]), 12)).toBe('CORRUPTION');
  });

  test('snappy: a copy over its own bytes, and one from before the block', () => {
    expect(text([12, 0x04, 97, 98, 0x19, 2], 12, 'snappy')).toBe(abab);
    expect(verdict('snappy', toBytes([12, 0x04, 97, 98, 0x19, 3]), 12)).toBe('CORRUPTION');
    expect(verdict('snappy', toBytes([12, 0x04, 97, 98, 0x19]), 12)).toBe('CORRUPTION');
  });
});

describe('zstd', () => {
  test('of Node and of WebAssembly read each other', async () => {
    const portable = await loadZstdFrame();
    const own = codecs.codec('zstd');
    const { length } = sample;
    expect(equalBytes(portable.decompress(own.compress(sample), length), sample)).toBe(true);
    expect(equalBytes(own.decompress(portable.compress(sample), length), sample)).toBe(true);
  });
});

describe('a platform without a codec', () => {
  test('says so, and has those of base', async () => {
    const bare = new BlockCodecs();
    expect(() => bare.codec('deflate')).toThrow('deflate');
    expect(() => bare.codec('zstd')).toThrow('zstd');
    await bare.prepare(['none', 'lz4', 'zstd']);
    for (const name of ['lz4', 'snappy', 'zstd'] as const) {
      expect(bare.codec(name).compress(sample).length).toBeLessThan(sample.length);
    }
  });
});
