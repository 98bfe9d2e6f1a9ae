// Telling a table of ours from any other file, by its end and nothing else.

import { loadUint32 } from '../../base/byteReader.ts';
import type { ReadableFile } from '../cache/openFiles.ts';
import { FOOTER_BYTES, hasTableMagic, VERSION_OFFSET } from './footer.ts';

/** The format version that a file's footer claims, or `undefined` when it is no table of ours. */
export function recogniseTable(file: ReadableFile): number | undefined {
  const sizeBytes = file.sizeBytes();
  if (sizeBytes < FOOTER_BYTES) return undefined;
  const tail = new Uint8Array(FOOTER_BYTES);
  const got = file.read(tail, 0, FOOTER_BYTES, sizeBytes - FOOTER_BYTES);
  if (got !== FOOTER_BYTES || !hasTableMagic(tail)) return undefined;
  return loadUint32(tail, VERSION_OFFSET);
}
