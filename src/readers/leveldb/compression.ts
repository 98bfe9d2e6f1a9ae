// How LevelDB and its forks compress a block, by the number in its trailer: 1 is Snappy
// everywhere; 2 is Zstandard in LevelDB since 1.23 and zlib in Mojang's fork, told apart by their
// first bytes; 4 is bare deflate in Mojang's fork.

import type { CompressionName } from '../../base/compression/blockCodec.ts';
import { LsmError } from '../../base/errors.ts';
import type { Uncompress } from '../sst/blockFile.ts';
import type { ReaderWorld } from '../storeReader.ts';

/** The name under which ours knows it; `undefined` for a number that is not known. */
export function compressionName(
  compression: number,
  stored: Uint8Array,
): CompressionName | undefined {
  switch (compression) {
    case 0:
      return 'none';
    case 1:
      return 'snappy';
    case 2:
      return isZstandard(stored) ? 'zstd' : 'deflate';
    case 4:
      return 'deflate';
    default:
      return undefined;
  }
}

/** Uncompresses LevelDB's blocks. */
export function leveldbUncompress({ uncompress }: Pick<ReaderWorld, 'uncompress'>): Uncompress {
  return ({ compression, bytes, file, offset }) => {
    try {
      switch (compression) {
        case 1:
          return uncompress('snappy', bytes);
        case 2:
          return uncompress(isZstandard(bytes) ? 'zstd' : 'zlib', bytes);
        case 4:
          return uncompress('deflate-raw', bytes);
      }
    } catch (thrown) {
      if (!(thrown instanceof LsmError)) throw thrown;
      const message = `${file} at byte ${offset}: ${thrown.message}`;
      throw new LsmError(thrown.code, message, { file, offset, cause: thrown });
    }
    const message = `${file} at byte ${offset}: compression ${compression} is not known to LevelDB`;
    throw new LsmError('NOT_SUPPORTED', message, { file, offset });
  };
}

/** The magic number of a Zstandard frame (RFC 8878, 3.1.1). */
function isZstandard(bytes: Uint8Array): boolean {
  return bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd;
}
