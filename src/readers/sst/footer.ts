// The end of a LevelDB table: 48 bytes.
//
//   metaindex handle | index handle | zeros up to byte 40 | magic number, 8 bytes

import { ByteReader, loadUint32 } from '../../base/byteReader.ts';
import { corruption } from '../../base/errors.ts';
import type { ReadableFile } from '../releasableFile.ts';
import { readBlockHandle } from './blockHandle.ts';
import type { BlockHandle } from './blockHandle.ts';

/** Size of the footer. */
export const FOOTER_BYTES = 48;
/** 0xdb4775248b80fb57, little-endian: the first 64 bits of "http://code.google.com/p/leveldb/" */
const MAGIC_LOW = 0x8b80fb57;
const MAGIC_HIGH = 0xdb477524;

/** Where a table's first blocks are. */
export interface Footer {
  readonly metaindex: BlockHandle;
  readonly index: BlockHandle;
}

/** @throws LsmError `CORRUPTION` when the file does not end as a table does. */
export function readFooter(file: ReadableFile, name: string): Footer {
  const size = file.sizeBytes();
  if (size < FOOTER_BYTES) {
    throw corruption(`${size} bytes are too few for a table's footer`, name, 0);
  }
  const start = size - FOOTER_BYTES;
  const bytes = new Uint8Array(FOOTER_BYTES);
  file.read(bytes, 0, FOOTER_BYTES, start);
  const low = loadUint32(bytes, FOOTER_BYTES - 8);
  const high = loadUint32(bytes, FOOTER_BYTES - 4);
  if (low !== MAGIC_LOW || high !== MAGIC_HIGH) {
    throw corruption('the file does not end with the magic number of a table', name, size - 8);
  }
  const reader = new ByteReader(bytes, name, start, 0, FOOTER_BYTES - 8);
  return { metaindex: readBlockHandle(reader), index: readBlockHandle(reader) };
}
