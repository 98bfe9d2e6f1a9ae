// How blocks of other engines are uncompressed. Unlike ours they do not all say how large they will
// be: that is read from the compressed bytes where they tell it, and bounded where they do not.

import * as zlib from 'node:zlib';
import { ByteReader } from '../../base/byteReader.ts';
import type { BlockCodecs } from '../../base/compression/blockCodecs.ts';
import { corruption, LsmError } from '../../base/errors.ts';
import type { UncompressBytes, UncompressHints } from '../../readers/storeReader.ts';

/** A block of another engine takes at most so many bytes; theirs are some KiB large. */
const RAW_BYTES_MAX = 256 * 1024 * 1024;

/** Uncompresses one block; `codecs` have been prepared for what may come. */
export function uncompressWith(codecs: BlockCodecs): UncompressBytes {
  return (codec, bytes, hints = {}) => {
    switch (codec) {
      case 'snappy': {
        const size = new ByteReader(bytes, 'a Snappy block').readVarint32('its size');
        return size === 0 ? new Uint8Array(0) : codecs.unpack('snappy', bytes, size, '', 0);
      }
      case 'lz4':
        return codecs.unpack('lz4', bytes, hints.rawSizeBytes ?? 0, '', 0, hints.dictionary);
      case 'zstd': {
        if (hints.dictionary !== undefined) throw unknown('Zstandard with a dictionary');
        return codecs.unpack('zstd', bytes, hints.rawSizeBytes ?? zstdContentSize(bytes), '', 0);
      }
      case 'bzip2':
        throw unknown('bzip2');
      case 'zlib':
        return inflated(hints, (options) => zlib.inflateSync(bytes, options));
      case 'deflate-raw':
        return inflated(hints, (options) => zlib.inflateRawSync(bytes, options));
    }
  };
}

function unknown(what: string): LsmError {
  return new LsmError('NOT_SUPPORTED', `${what} is not known here`);
}

function inflated(
  { rawSizeBytes, dictionary }: UncompressHints,
  inflate: (options: zlib.ZlibOptions) => Uint8Array,
): Uint8Array {
  const maxOutputLength = Math.min(rawSizeBytes ?? RAW_BYTES_MAX, RAW_BYTES_MAX);
  const options: zlib.ZlibOptions = { maxOutputLength };
  if (dictionary !== undefined) options.dictionary = dictionary;
  try {
    const { buffer, byteOffset, length } = inflate(options);
    return new Uint8Array(buffer, byteOffset, length);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw corruption(`the block cannot be inflated: ${reason}`, '', 0);
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
