// The decompressors.

import { deflateSync } from 'node:zlib';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import type { CompressionName } from '../../../src/base/compression/blockCodec.ts';
import { decodeZstd } from '../../../src/base/compression/zstd/zstdDecoder.ts';
import { corruption } from '../../../src/base/errors.ts';
import { nodeCodecs } from '../../../src/node/nodeCodecs.ts';
import { fromBase64 } from '../../base/compression/sample.ts';
import { readerWorld } from '../../readers/readerWorld.ts';
import type { FuzzedParser } from './fuzzedParser.ts';

const codecs = nodeCodecs();
await codecs.prepare(['zstd']);
const { uncompress } = await readerWorld();

/** Of `packedFar` in the tests of MinLZ: copies of every kind. */
const MINLZ_SEED =
  'APHKBOgTACVKb5S53gMoTXKXvOEGK1B1mr/kCS5TeJ3C5wwxVnugxeoPNFl+o8jtEjdcgabLAPxREQHfH40AeBNhYmPj' +
  'eRMBSJe84QYrUHWavwI=';

/** One for each way of compressing blocks. */
export function codecParsers(): FuzzedParser[] {
  const raw = encodeUtf8('some text that says some text again and again '.repeat(20));
  const names: readonly CompressionName[] = ['lz4', 'snappy', 'deflate', 'zstd'];
  const packed = names.map((name): FuzzedParser => {
    return {
      name,
      seeds: [codecs.codec(name).compress(raw).slice()],
      read: (mutant) => codecs.unpack(name, mutant, raw.length, 'a block', 0),
    };
  });
  return [
    ...packed,
    {
      name: 'bzip2',
      seeds: [fromBase64('QlpoOTFBWSZTWXdLsBQAAAAAgABAIAAhGEaC7kinChIO6XYCgA==')],
      read: (mutant) => uncompress('bzip2', mutant),
    },
    {
      name: 'minlz',
      seeds: [fromBase64(MINLZ_SEED)],
      read: (mutant) => uncompress('minlz', mutant),
    },
    {
      name: 'zlib',
      seeds: [new Uint8Array(deflateSync(raw))],
      read: (mutant) => uncompress('zlib', mutant),
    },
    {
      name: 'zstd with a dictionary, by our own decoder',
      seeds: [codecs.codec('zstd').compress(raw).slice()],
      read: (mutant) => damageOf(() => decodeZstd(mutant, raw.length, raw.subarray(0, 64))),
    },
  ];
}

/** The decoder says what is wrong; that it is damage says whoever calls it. */
function damageOf(decode: () => Uint8Array): void {
  try {
    decode();
  } catch (thrown) {
    const isSaid = thrown instanceof Error && thrown.constructor === Error;
    throw isSaid ? corruption(thrown.message, 'a frame', 0) : thrown;
  }
}
