// How far the reading of a store's logs is, for whoever waits for it to open.

import type { Progress } from '../protocol/messages.ts';
import type { ForeignDirectory } from './foreignDirectory.ts';

/** Records between two reports. */
const RECORDS_PER_PROGRESS = 4096;

/** Whoever hears of it. */
export type OnProgress = ((progress: Progress) => void) | undefined;

/** Reports over several files that are read one after the other. */
export class ReadingProgress {
  private readonly onProgress: OnProgress;
  private readonly sizes: ReadonlyMap<string, number>;
  private readonly total: number;
  private records = 0;

  /** @param names of the files, in the order in which they are read. */
  constructor(directory: ForeignDirectory, names: readonly string[], onProgress: OnProgress) {
    this.onProgress = onProgress;
    const sizes = onProgress === undefined ? [] : names;
    this.sizes = new Map(sizes.map((name) => [name, directory.sizeOf(name) ?? 0]));
    this.total = [...this.sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** A record of the file was read, which ends there. */
  tell(file: string, endOffset: number): void {
    if (this.onProgress === undefined || ++this.records % RECORDS_PER_PROGRESS !== 0) return;
    let before = 0;
    for (const [name, bytes] of this.sizes) {
      if (name === file) break;
      before += bytes;
    }
    const done = Math.min(before + endOffset, this.total);
    this.onProgress({ done, total: this.total, unit: 'bytes', message: `reading ${file}` });
  }
}
