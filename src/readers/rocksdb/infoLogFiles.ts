// The LOG files of one directory, read once and then as far as they grow. Of long ones the end.

import { decodeUtf8 } from '../../base/bytes.ts';
import type { ForeignDirectory } from '../foreignDirectory.ts';
import { infoLogNames } from './fileNames.ts';
import { InfoLog } from './infoLog.ts';

/** So many bytes of lines are read of one file. */
const FILE_BYTES_MAX = 16 * 1024 * 1024;
/** So many older files are. */
const OLD_FILES_MAX = 10;
const LINE_END = 0x0a;
const CURRENT_NAME = 'LOG';

/** Keeps an `InfoLog` up to date. */
export class InfoLogFiles {
  readonly log: InfoLog = new InfoLog();
  private readonly directory: ForeignDirectory;
  /** Of `LOG`. */
  private readUpTo = 0;
  private knownNames: readonly string[] = [];

  constructor(directory: ForeignDirectory) {
    this.directory = directory;
    this.knownNames = infoLogNames(directory.names());
    for (const name of this.knownNames.slice(-1 - OLD_FILES_MAX)) {
      this.readUpTo = 0;
      this.log.beginFile();
      this.readOn(name);
    }
  }

  /** Takes in what was written since. */
  refresh(): void {
    const names = infoLogNames(this.directory.names());
    if (names.length !== this.knownNames.length) {
      // It was renamed, perhaps with lines that have not been read, and another begun.
      const renamed = names.find((name) => !this.knownNames.includes(name));
      if (renamed !== undefined) this.readOn(renamed);
      this.knownNames = names;
      this.readUpTo = 0;
      this.log.beginFile();
    }
    this.readOn(CURRENT_NAME);
  }

  /** Whole lines from `readUpTo` on. */
  private readOn(name: string): void {
    if (!this.directory.has(name)) return;
    const file = this.directory.open(name);
    try {
      const sizeBytes = file.sizeBytes();
      const start = Math.max(this.readUpTo, sizeBytes - FILE_BYTES_MAX);
      if (start >= sizeBytes) return;
      const bytes = new Uint8Array(sizeBytes - start);
      const length = file.read(bytes, 0, bytes.length, start);
      const end = bytes.lastIndexOf(LINE_END, length - 1) + 1;
      this.log.take(decodeUtf8(bytes.subarray(0, end)));
      this.readUpTo = start + end;
    } finally {
      file.close();
    }
  }
}
