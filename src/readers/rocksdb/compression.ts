// How RocksDB compresses a block, by the number in its trailer (include/rocksdb/compression_type.h,
// util/compression.cc). All but Snappy's and MinLZ's begin with the size before compression: as a
// varint from format version 2 on; before, LZ4's as eight bytes, and zlib's and bzip2's not at all.

import { ByteReader } from '../../base/byteReader.ts';
import { LsmError } from '../../base/errors.ts';
import type { CompressedBlock, Uncompress } from '../sst/blockFile.ts';
import type { CodecName, ReaderWorld } from '../storeReader.ts';

/** From it on the size before compression is a varint for every codec. */
const VARINT_SIZE_VERSION = 2;

const CODECS: ReadonlyMap<number, CodecName> = new Map([
  [1, 'snappy'],
  [2, 'deflate-raw'],
  [3, 'bzip2'],
  [4, 'lz4'],
  [5, 'lz4'],
  [7, 'zstd'],
  // Pebble's alone.
  [8, 'minlz'],
  // What Zstandard was stored under before its own format was final.
  [0x40, 'zstd'],
]);

const NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'none'],
  [1, 'snappy'],
  [2, 'zlib'],
  [3, 'bzip2'],
  [4, 'lz4'],
  [5, 'lz4hc'],
  [6, 'xpress'],
  [7, 'zstd'],
  [8, 'minlz'],
  [0x40, 'zstd'],
]);

/** What RocksDB calls a compression, in lower case; a number where it has no name. */
export function compressionName(compression: number): string {
  return NAMES.get(compression) ?? `custom ${compression}`;
}

/** Uncompresses RocksDB's blocks. */
export function rocksdbUncompress({ uncompress }: Pick<ReaderWorld, 'uncompress'>): Uncompress {
  return (block) => {
    const { compression, file, offset, dictionary } = block;
    const codec = CODECS.get(compression);
    if (codec === undefined) {
      const name = compressionName(compression);
      const message = `${file} at byte ${offset}: compression ${name} is not known here`;
      throw new LsmError('NOT_SUPPORTED', message, { file, offset });
    }
    const { content, rawSizeBytes } = withoutSize(block, codec);
    try {
      return uncompress(codec, content, { rawSizeBytes, dictionary });
    } catch (thrown) {
      if (!(thrown instanceof LsmError)) throw thrown;
      const message = `${file} at byte ${offset}: ${thrown.message}`;
      throw new LsmError(thrown.code, message, { file, offset, cause: thrown });
    }
  };
}

interface SizedContent {
  readonly content: Uint8Array;
  /** `undefined` where it is not told before the content. */
  readonly rawSizeBytes: number | undefined;
}

function withoutSize(block: CompressedBlock, codec: CodecName): SizedContent {
  const { bytes, formatVersion, file, offset } = block;
  const reader = new ByteReader(bytes, file, offset);
  const isVarint = formatVersion >= VARINT_SIZE_VERSION || codec === 'zstd';
  let rawSizeBytes: number | undefined;
  const tellsItself = codec === 'snappy' || codec === 'minlz';
  if (!tellsItself && isVarint) rawSizeBytes = reader.readVarint32('the size of a block');
  else if (codec === 'lz4') rawSizeBytes = reader.readUint64('the size of a block');
  return { content: reader.readBytes(reader.remaining, 'a compressed block'), rawSizeBytes };
}
