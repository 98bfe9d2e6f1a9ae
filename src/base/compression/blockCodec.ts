// What a compressor of blocks is. A block is compressed alone and whole, so that any one can be
// read without its neighbours.

/** How a block is stored. */
export type CompressionName = 'none' | 'lz4' | 'snappy' | 'deflate' | 'zstd';

/** Every name, from the quickest to the tightest. */
export const COMPRESSION_NAMES: readonly CompressionName[] = [
  'none',
  'lz4',
  'snappy',
  'deflate',
  'zstd',
];

/** One way to compress. Keeps no state from one block to the next. */
export interface BlockCodec {
  /** Bytes that one byte can stand for at most: a declared length beyond that is a lie. */
  readonly expansionMax: number;
  /** @param raw not empty; not kept. */
  compress(raw: Uint8Array): Uint8Array;
  /**
   * @param packed what `compress` made, or what an enemy did.
   * @param rawSizeBytes at least 1; no more is allocated for the result.
   * @param dictionary what it was compressed with, where that is so; some know no dictionaries.
   * @returns `rawSizeBytes` bytes. A shorter or longer answer, or anything thrown, means damage:
   * BlockCodecs.unpack makes an error of it.
   */
  decompress(packed: Uint8Array, rawSizeBytes: number, dictionary?: Uint8Array): Uint8Array;
}
