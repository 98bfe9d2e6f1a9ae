// Node's own zlib as block codecs: Deflate without a zlib header (RFC 1951), and Zstandard (RFC
// 8878) where Node has it, from 22.15 on.

import * as zlib from 'node:zlib';
import type { BlockCodec } from '../base/compression/blockCodec.ts';
import { BlockCodecs } from '../base/compression/blockCodecs.ts';
import { decodeZstd } from '../base/compression/zstd/zstdDecoder.ts';
import { ZSTD_EXPANSION_MAX, ZSTD_LEVEL } from '../base/compression/zstdFrame.ts';

/** A deeper search costs more than half of the speed and saves a few per cent. */
const DEFLATE_LEVEL = 1;

const deflate: BlockCodec = {
  // 258 bytes take at least two bits.
  expansionMax: 1032,
  compress: (raw) => plain(zlib.deflateRawSync(raw, { level: DEFLATE_LEVEL })),
  decompress: (packed, size, dictionary) =>
    plain(zlib.inflateRawSync(packed, { ...boundedBy(size), ...(dictionary && { dictionary }) })),
};

const zstd: BlockCodec = {
  expansionMax: ZSTD_EXPANSION_MAX,
  compress: (raw) =>
    plain(
      zlib.zstdCompressSync(raw, {
        params: { [zlib.constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL },
      }),
    ),
  // Dictionaries came to Node only with 22.19.
  decompress: (packed, size, dictionary) =>
    dictionary === undefined
      ? plain(zlib.zstdDecompressSync(packed, boundedBy(size)))
      : decodeZstd(packed, size, dictionary),
};

/** One piece, not much larger than what it is to hold: that is what stays in memory. */
function boundedBy(sizeBytes: number): { maxOutputLength: number; chunkSize: number } {
  return { maxOutputLength: sizeBytes, chunkSize: sizeBytes + 64 };
}

/** Without what a Buffer does otherwise than a Uint8Array. */
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

/** All codecs; Zstandard of an older Node comes from base. */
export function nodeCodecs(): BlockCodecs {
  const hasZstd = typeof zlib.zstdCompressSync === 'function';
  return new BlockCodecs(hasZstd ? { deflate, zstd } : { deflate });
}
