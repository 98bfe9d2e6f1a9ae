// How blocks of other engines are uncompressed. Unlike ours they do not all say how large they will
// be: that is read from the compressed bytes where they tell it, and bounded where they do not.

import * as zlib from 'node:zlib';
import { ByteReader } from '../../base/byteReader.ts';
import { BlockCodecs } from '../../base/compression/blockCodecs.ts';
import { decodeBzip2 } from '../../base/compression/bzip2Stream.ts';
import { decodeMinlz } from '../../base/compression/minlzBlock.ts';
import { decodeZstd } from '../../base/compression/zstd/zstdDecoder.ts';
import { ZSTD_EXPANSION_MAX } from '../../base/compression/zstdFrame.ts';
import { corruption, LsmError } from '../../base/errors.ts';
import type { UncompressBytes, UncompressHints } from '../../readers/storeReader.ts';

/** A block of another engine takes at most so many bytes; theirs are some KiB large. */
const RAW_BYTES_MAX = 256 * 1024 * 1024;

/** Zstandard until a quicker decoder has been loaded. */
const slowZstd = new BlockCodecs({
  zstd: {
    expansionMax: ZSTD_EXPANSION_MAX,
    compress: () => {
      throw new LsmError('NOT_SUPPORTED', 'it only reads');
    },
    decompress: decodeZstd,
  },
});

/** Uncompresses one block; quicker when `codecs` have been prepared for Zstandard. */
export function uncompressWith(codecs: BlockCodecs): UncompressBytes {
  const uncompress: UncompressBytes = (codec, bytes, hints = {}) => {
    switch (codec) {
      case 'minlz':
        if (bytes[0] === 0) return checked(() => decodeMinlz(bytes));
        return uncompress('snappy', bytes);
      case 'snappy': {
        const size = new ByteReader(bytes, 'a Snappy block').readVarint32('its size');
        return size === 0 ? new Uint8Array(0) : codecs.unpack('snappy', bytes, size, '', 0);
      }
      case 'lz4':
        return codecs.unpack('lz4', bytes, hints.rawSizeBytes ?? 0, '', 0, hints.dictionary);
      case 'zstd': {
        const size = hints.rawSizeBytes ?? zstdContentSize(bytes);
        const ready = codecs.has('zstd') ? codecs : slowZstd;
        return ready.unpack('zstd', bytes, size, '', 0, hints.dictionary);
      }
      case 'bzip2':
        return checked(() => decodeBzip2(bytes, sizeMaxOf(hints)));
      case 'zlib':
        return inflated(hints, (options) => zlib.inflateSync(bytes, options));
      case 'deflate-raw':
        return inflated(hints, (options) => zlib.inflateRawSync(bytes, options));
    }
  };
  return uncompress;
}

function sizeMaxOf({ rawSizeBytes = RAW_BYTES_MAX }: UncompressHints): number {
  return Math.min(rawSizeBytes, RAW_BYTES_MAX);
}

function inflated(
  hints: UncompressHints,
  inflate: (options: zlib.ZlibOptions) => Uint8Array,
): Uint8Array {
  const options: zlib.ZlibOptions = { maxOutputLength: sizeMaxOf(hints) };
  if (hints.dictionary !== undefined) options.dictionary = hints.dictionary;
  return checked(() => inflate(options));
}

/** Makes damage of whatever is thrown, and plain arrays of Buffers. */
function checked(uncompress: () => Uint8Array): Uint8Array {
  try {
    const { buffer, byteOffset, length } = uncompress();
    return new Uint8Array(buffer, byteOffset, length);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw corruption(`the block cannot be uncompressed: ${reason}`, '', 0);
  }
}

/** The content size that a Zstandard frame's header declares (RFC 8878, 3.1.1.1). */
function zstdContentSize(bytes: Uint8Array): number {
  const reader = new ByteReader(bytes, 'a Zstandard frame');
  reader.skip(4, 'the magic number');
  const descriptor = reader.readUint8('the frame header');
  const singleSegment = (descriptor & 0x20) !== 0;
  if (!singleSegment) reader.skip(1, 'the window');
  reader.skip([0, 1, 2, 4][descriptor & 3]!, 'the dictionary');
  switch (descriptor >>> 6) {
    case 0:
      if (!singleSegment) throw reader.damage('a Zstandard frame does not tell its size');
      return reader.readUint8('the size');
    case 1:
      return reader.readUint16('the size') + 256;
    case 2:
      return reader.readUint32('the size');
    default:
      return reader.readUint64('the size');
  }
}
