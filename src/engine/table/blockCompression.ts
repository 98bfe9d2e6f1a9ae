// How a block is stored: as it is, or compressed, as the byte behind it says. The codes are
// RocksDB's.
//
//   | code | stored as                                                                  |
//   | ---- | -------------------------------------------------------------------------- |
//   | 0    | the block                                                                  |
//   | 1    | raw size varint, then a Snappy block                                       |
//   | 2    | raw size varint, then Deflate without a header (RFC 1951)                  |
//   | 4    | raw size varint, then an LZ4 block                                         |
//   | 7    | raw size varint, then a Zstandard frame (RFC 8878)                         |
//
// The raw size is that of the block before compression. DO NOT CHANGE: on disk.

import { ByteReader } from '../../base/byteReader.ts';
import { ByteWriter } from '../../base/byteWriter.ts';
import type { BlockCodec, CompressionName } from '../../base/compression/blockCodec.ts';
import type { BlockCodecs } from '../../base/compression/blockCodecs.ts';
import { LsmError } from '../../base/errors.ts';

const CODES: Readonly<Record<CompressionName, number>> = {
  none: 0,
  snappy: 1,
  deflate: 2,
  lz4: 4,
  zstd: 7,
};
const NAMES = new Map(Object.entries(CODES).map(([name, code]) => [code, name as CompressionName]));

/** A block is stored compressed when that saves at least one byte in so many. */
const WORTHWHILE = 8;

/** The code of a compression, as it is on disk. */
export function compressionCode(name: CompressionName): number {
  return CODES[name];
}

/** The compression of a code; `undefined` for one that this version does not know. */
export function compressionOfCode(code: number): CompressionName | undefined {
  return NAMES.get(code);
}

/** A block in the form in which it goes into the file. */
export interface StoredBlock {
  readonly bytes: Uint8Array;
  /** Only the first so many bytes of `bytes` belong to it. */
  readonly sizeBytes: number;
  readonly compression: CompressionName;
}

/** Compresses the blocks of one table. */
export class BlockCompressor {
  private readonly name: CompressionName;
  private readonly codec: BlockCodec | undefined;
  private readonly packed = new ByteWriter(0);

  /** @throws LsmError `NOT_SUPPORTED` when the platform lacks the codec. */
  constructor(name: CompressionName, codecs: BlockCodecs) {
    this.name = name;
    this.codec = name === 'none' ? undefined : codecs.codec(name);
  }

  /**
   * The block `bytes[0, sizeBytes)` compressed, or as it is when that saves too little. Valid until
   * the next call.
   */
  pack(bytes: Uint8Array, sizeBytes: number): StoredBlock {
    const { codec, packed, name } = this;
    if (codec !== undefined) {
      packed.clear();
      packed.writeVarint(sizeBytes);
      packed.writeBytes(codec.compress(bytes.subarray(0, sizeBytes)));
      if (packed.length <= sizeBytes - sizeBytes / WORTHWHILE) {
        return { bytes: packed.bytes, sizeBytes: packed.length, compression: name };
      }
    }
    return { bytes, sizeBytes, compression: 'none' };
  }
}

/**
 * The block that `stored` holds, whose checksum was found good.
 * @throws LsmError `CORRUPTION`, or `NOT_SUPPORTED` for a code of a later version.
 */
export function unpackBlock(
  stored: Uint8Array,
  code: number,
  name: string,
  offset: number,
  codecs: BlockCodecs,
): Uint8Array {
  const compression = NAMES.get(code);
  if (compression === 'none') return stored;
  if (compression === undefined) {
    throw new LsmError(
      'NOT_SUPPORTED',
      `${name} at byte ${offset}: the block has compression ${code}, which this version does ` +
        'not know; open the store with the version that wrote it',
      { file: name, offset: offset + stored.length },
    );
  }
  const reader = new ByteReader(stored, name, offset);
  const rawSizeBytes = reader.readVarint('size of a block before compression');
  const packed = stored.subarray(reader.position);
  return codecs.unpack(compression, packed, rawSizeBytes, name, offset);
}
