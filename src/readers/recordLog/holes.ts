// Zeros where a record should begin: space that was allocated and never written. At a log's end it
// was allocated ahead; anywhere else what stood there never reached the disk.

import type { VfsFile } from '../../base/vfs.ts';

const PIECE_BYTES = 32_768;

/** Where the first byte before `end` stands that is not zero; `undefined` when there is none. */
export function firstByteFrom(file: VfsFile, start: number, end: number): number | undefined {
  const piece = new Uint8Array(PIECE_BYTES);
  for (let at = start; at < end; at += PIECE_BYTES) {
    const length = file.read(piece, 0, Math.min(PIECE_BYTES, end - at), at);
    if (length === 0) return undefined;
    const found = piece.subarray(0, length).findIndex((byte) => byte !== 0);
    if (found !== -1) return at + found;
  }
  return undefined;
}
