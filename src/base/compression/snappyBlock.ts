// Snappy's block format (google/snappy, format_description.txt), by the WebAssembly of `hysnappy`.
// The module is below 4 KiB and is made at its first use.
//
//   raw size varint | elements: literals, and copies of up to 64 bytes from up to 4 GiB before

import { snappyCompressor, snappyUncompressor } from 'hysnappy';
import type { BlockCodec } from './blockCodec.ts';

let compressor: ReturnType<typeof snappyCompressor> | undefined;
let uncompressor: ReturnType<typeof snappyUncompressor> | undefined;

/** Quick, about as tight as LZ4; LevelDB's and RocksDB's default. */
export const snappyBlock: BlockCodec = {
  // The longest copy is of 64 bytes and takes three.
  expansionMax: 22,

  compress(raw) {
    compressor ??= snappyCompressor();
    return compressor(raw);
  },

  decompress(packed, rawSizeBytes) {
    // The module trusts the size inside; what it may write was made room for by ours.
    if (declaredSize(packed) !== rawSizeBytes) throw new Error('another size inside');
    uncompressor ??= snappyUncompressor();
    return uncompressor(packed, rawSizeBytes);
  },
};

/** The raw size that Snappy bytes begin with, or -1. */
function declaredSize(packed: Uint8Array): number {
  let size = 0;
  let scale = 1;
  for (let index = 0; index < 5 && index < packed.length; index++, scale *= 0x80) {
    size += (packed[index]! & 0x7f) * scale;
    if (packed[index]! < 0x80) return size;
  }
  return -1;
}
