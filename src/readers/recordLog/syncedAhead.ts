// Looks in the blocks behind a fault for a sound piece that tells of a sync beyond it. Pebble holds
// a log with one for damaged, and a log without for one whose writer died (record/record.go,
// readAheadForCorruption).

import { loadUint32, loadUint48 } from '../../base/byteReader.ts';
import type { VfsFile } from '../../base/vfs.ts';
import { BLOCK_BYTES, HEADER_BYTES, isSoundPiece } from './logForm.ts';
import type { LogForm } from './logForm.ts';

const NUMBER_BYTES = 4;

/** One log, behind a place in it. */
export class SyncedAhead {
  private readonly file: VfsFile;
  private readonly form: LogForm;
  private readonly block = new Uint8Array(BLOCK_BYTES);

  constructor(file: VfsFile, form: LogForm) {
    this.file = file;
    this.form = form;
  }

  /** Where the piece begins; `undefined` when there is none. @throws LsmError `IO` */
  beyond(offset: number): number | undefined {
    let start = offset - (offset % BLOCK_BYTES) + BLOCK_BYTES;
    for (;;) {
      const length = this.file.read(this.block, 0, BLOCK_BYTES, start);
      if (length === 0) return undefined;
      const found = this.inBlock(length, offset);
      if (found !== undefined) return start + found;
      start += BLOCK_BYTES;
    }
  }

  /** Pieces of a block up to the first that is not sound. */
  private inBlock(length: number, offset: number): number | undefined {
    const { block, form } = this;
    for (let at = 0; at + HEADER_BYTES <= length;) {
      const piece = form.pieceOf(block[at + 6]!);
      if (piece === undefined) return undefined;
      const content = at + piece.headerBytes;
      const end = content + (block[at + 4]! | (block[at + 5]! << 8));
      if (end > length || !isSoundPiece(block, at, end)) return undefined;
      if (piece.tellsSynced === true) {
        const number = loadUint32(block, at + HEADER_BYTES);
        if (number !== (form.logNumber ?? number) >>> 0) return undefined;
        if (loadUint48(block, at + HEADER_BYTES + NUMBER_BYTES) > offset) return at;
      }
      at = end;
    }
    return undefined;
  }
}
