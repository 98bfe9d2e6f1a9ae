// Reading a table from end to end in large pieces: a read of 4 KiB costs 2 µs before the first
// byte comes, and so does making an array for it. Only blocks asked for one after another are read
// ahead.

import { corruption } from '../../base/errors.ts';
import type { ReadableFile } from '../cache/openFiles.ts';
import type { TableIndex } from './tableIndex.ts';

const PIECE_BYTES = 128 * 1024;

/** The piece of a table's data that a walk is in. Blocks are views of it; none is used twice. */
export class ReadAhead {
  private piece = new Uint8Array(0);
  /** Offset of the piece in the file. */
  private start = 0;
  private nextBlock = 0;

  /** Forgets the piece: the next block is of another table. */
  clear(): void {
    this.piece = new Uint8Array(0);
    this.nextBlock = 0;
  }

  /**
   * A data block and its trailer, unchecked.
   * @throws LsmError `CORRUPTION` when the file ends before it does, `IO`.
   */
  blockWithTrailer(file: ReadableFile, name: string, index: TableIndex, block: number): Uint8Array {
    const start = index.offsetOf(block);
    const end = index.offsetOf(block + 1);
    if (start < this.start || end > this.start + this.piece.length) {
      const dataEnd = index.offsetOf(index.blockCount);
      const wanted = block === this.nextBlock ? start + PIECE_BYTES : end;
      this.read(file, name, start, Math.max(end, Math.min(wanted, dataEnd)));
    }
    this.nextBlock = block + 1;
    return this.piece.subarray(start - this.start, end - this.start);
  }

  private read(file: ReadableFile, name: string, start: number, end: number): void {
    this.piece = new Uint8Array(end - start);
    this.start = start;
    const got = file.read(this.piece, 0, this.piece.length, start);
    if (got === this.piece.length) return;
    this.clear();
    throw corruption(`the data ends at byte ${start + got}, not at ${end}`, name, start + got);
  }
}
