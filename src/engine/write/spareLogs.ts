// Log files that nothing needs any more and that are kept to be used again (option `recycleLogs`):
// a record then goes where the file has its blocks already, and its sync has no size to make
// durable.
//
// A kept file stays under its old name, which no manifest names any more, until the next segment
// takes it over; a store that is opened finds it and keeps it on.

import type { FileNumber } from '../../protocol/events.ts';

/** The kept files, oldest first. */
export class SpareLogs {
  private readonly files: { readonly file: FileNumber; readonly sizeBytes: number }[] = [];
  private holds = 0;
  private readonly filesMax: number;
  private readonly fileSizeMax: number;

  /** @param fileSizeMax a larger file, left by some large value, only wastes space. */
  constructor(filesMax: number, fileSizeMax: number) {
    this.filesMax = filesMax;
    this.fileSizeMax = fileSizeMax;
  }

  /**
   * Until the answer is called no further file is kept: somebody reads segments that may become
   * needless meanwhile, and would see them written over. A deleted file stays as it was for him.
   */
  hold(): () => void {
    this.holds++;
    return () => void this.holds--;
  }

  /** Keeps a file, if there is a place for it; otherwise it is to be deleted. */
  offer(file: FileNumber, sizeBytes: number): boolean {
    if (this.files.some((kept) => kept.file === file)) return true;
    if (this.holds > 0) return false;
    if (this.files.length >= this.filesMax || sizeBytes > this.fileSizeMax) return false;
    this.files.push({ file, sizeBytes });
    return true;
  }

  /** Gives out the oldest; `undefined` when none is left. */
  take(): FileNumber | undefined {
    return this.files.shift()?.file;
  }

  /** Bytes of all kept files. */
  get sizeBytes(): number {
    return this.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }
}
