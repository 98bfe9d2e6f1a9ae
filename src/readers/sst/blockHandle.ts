// Where a block lies: offset and size of its bytes in the file, the trailer not counted.

import type { ByteReader } from '../../base/byteReader.ts';

/** What follows the bytes of each block: its compression's number and its checksum. */
export const BLOCK_TRAILER_BYTES = 5;

export interface BlockHandle {
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Two varints. */
export function readBlockHandle(reader: ByteReader): BlockHandle {
  const offset = reader.readVarint('the offset of a block');
  const sizeBytes = reader.readVarint('the size of a block');
  return { offset, sizeBytes };
}
