// Reading a table from its beginning to its end in large pieces, into one buffer that is used again
// and again: a system call for each block, and new memory for each, would cost more than all that
// is done with them.

import { corruption } from '../../base/errors.ts';
import type { ReadableFile } from '../releasableFile.ts';

/** The first piece; each further one is twice as large, for a short walk needs no more. */
const FIRST_BYTES = 16 * 1024;
/** What all pieces of one walk take together; a block alone may be larger. */
const TOGETHER_BYTES = 16 * 1024 * 1024;
const PIECE_BYTES_MAX = 128 * 1024;

/** What may be read ahead in each of so many tables that are walked over at once, bytes. */
export function pieceBytesFor(walks: number): number {
  return Math.min(PIECE_BYTES_MAX, Math.floor(TOGETHER_BYTES / Math.max(1, walks)));
}

/** The piece of a file that a walk is in. */
export class ReadAhead {
  private readonly pieceBytesMax: number;
  private pieceBytes = FIRST_BYTES;
  private bytes = new Uint8Array(0);
  private file: ReadableFile | undefined;
  private start = 0;
  private end = 0;

  constructor(pieceBytesMax: number) {
    this.pieceBytesMax = pieceBytesMax;
  }

  /**
   * A part of the file, a view that is valid until the next call.
   * @param fileSizeBytes the part lies within.
   * @throws LsmError `CORRUPTION` when the file has become shorter, `IO`.
   */
  view(
    file: ReadableFile,
    name: string,
    fileSizeBytes: number,
    offset: number,
    sizeBytes: number,
  ): Uint8Array {
    const isThere = file === this.file && offset >= this.start && offset + sizeBytes <= this.end;
    if (!isThere) {
      const wanted = Math.max(sizeBytes, Math.min(this.pieceBytes, this.pieceBytesMax));
      this.read(file, offset, Math.min(wanted, fileSizeBytes - offset));
    }
    if (offset + sizeBytes > this.end)
      throw corruption('the file has become shorter', name, offset);
    const at = offset - this.start;
    return this.bytes.subarray(at, at + sizeBytes);
  }

  private read(file: ReadableFile, offset: number, sizeBytes: number): void {
    this.file = undefined;
    if (this.bytes.length < sizeBytes) this.bytes = new Uint8Array(sizeBytes);
    this.start = offset;
    this.end = offset + file.read(this.bytes, 0, sizeBytes, offset);
    this.file = file;
    this.pieceBytes = Math.min(2 * this.pieceBytes, PIECE_BYTES_MAX);
  }
}
