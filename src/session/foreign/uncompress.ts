// How blocks of other engines are uncompressed. Unlike ours they do not all say how large they will
// be: that is read from the compressed bytes where they tell it, and bounded where they do not.

import * as zlib from 'node:zlib';
import { ByteReader } from '../../base/byteReader.ts';
import type { BlockCodecs } from '../../base/compression/blockCodecs.ts';
import { corruption } from '../../base/errors.ts';
import type { CodecName } from '../../readers/storeReader.ts';

/** A block of another engine takes at most so many bytes; theirs are some KiB large. */
const RAW_BYTES_MAX = 256 * 1024 * 1024;

/** Uncompresses one block; `codecs` have been prepared for what may come. */
export function uncompressWith(
  codecs: BlockCodecs,
): (codec: CodecName, bytes: Uint8Array) => Uint8Array {
  return (codec, bytes) => {
    switch (codec) {
      case 'snappy': {
        const size = new ByteReader(bytes, 'a Snappy block').readVarint32('its size');
        return size === 0 ? new Uint8Array(0) : codecs.unpack('snappy', bytes, size, '', 0);
      }
      case 'zstd':
        return codecs.unpack('zstd', bytes, zstdContentSize(bytes), '', 0);
      case 'zlib':
        return inflated(() => zlib.inflateSync(bytes, { maxOutputLength: RAW_BYTES_MAX }));
      case 'deflate-raw':
        return inflated(() => zlib.inflateRawSync(bytes, { maxOutputLength: RAW_BYTES_MAX }));
    }
  };
}

function inflated(inflate: () => Uint8Array): Uint8Array {
  try {
    return inflate();
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
