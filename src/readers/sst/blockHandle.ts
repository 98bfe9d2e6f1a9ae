// Where a block lies: offset and size of its bytes in the file, the trailer not counted.

import type { ByteReader } from '../../base/byteReader.ts';

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
