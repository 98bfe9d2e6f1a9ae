// The LOG files of one directory, in which LevelDB and RocksDB write for people what they do. They
// are read once and then as far as they grow; of long ones the end.

import { decodeUtf8 } from '../base/bytes.ts';
import type { VfsFile } from '../base/vfs.ts';
import type { ForeignDirectory } from './foreignDirectory.ts';
import type { OnProgress } from './readingProgress.ts';

/** So many bytes of lines are read of one file. */
const FILE_BYTES_MAX = 16 * 1024 * 1024;
/** So many older files are. */
const OLD_FILES_MAX = 10;
/** At a time: more would be strings too large for the young generation. */
const PIECE_BYTES = 64 * 1024;
/** Longer lines are passed over. */
const LINE_BYTES_MAX = 1024 * 1024;
const LINE_END = 0x0a;
const CURRENT_NAME = 'LOG';

/** What an engine's lines tell. */
export interface InfoLines {
  /** Another file begins. */
  beginFile(): void;
  /** Takes in whole lines, in the order in which they were written. */
  take(lines: string): void;
}

/** Keeps what the lines tell up to date. */
export class InfoLogFiles<Log extends InfoLines> {
  readonly log: Log;
  private readonly directory: ForeignDirectory;
  private onProgress: OnProgress;
  private piece = new Uint8Array(PIECE_BYTES);
  /** Of `LOG`. */
  private readUpTo = 0;
  private knownNames: readonly string[] = [];

  /** @param onProgress hears how far the reading of what is there is. */
  constructor(directory: ForeignDirectory, log: Log, onProgress?: OnProgress) {
    this.onProgress = onProgress;
    this.directory = directory;
    this.log = log;
    this.knownNames = infoLogNames(directory.names());
    for (const name of this.knownNames.slice(-1 - OLD_FILES_MAX)) {
      this.beginAnew();
      this.readOn(name);
    }
    this.onProgress = undefined;
  }

  /** Takes in what was written since. */
  refresh(): void {
    const names = infoLogNames(this.directory.names());
    if (names.join('/') !== this.knownNames.join('/')) {
      // It was renamed, perhaps with lines that have not been read, and another begun.
      const renamed = names.find((name) => !this.knownNames.includes(name));
      if (renamed !== undefined) this.readOn(renamed);
      this.knownNames = names;
      this.beginAnew();
    }
    this.readOn(CURRENT_NAME);
  }

  /** Whole lines from `readUpTo` on. */
  private readOn(name: string): void {
    if (!this.directory.has(name)) return;
    const file = this.directory.open(name);
    try {
      const sizeBytes = file.sizeBytes();
      if (sizeBytes < this.readUpTo) this.beginAnew();
      this.readUpTo = Math.max(this.readUpTo, sizeBytes - FILE_BYTES_MAX);
      while (this.readUpTo < sizeBytes && this.readPiece(file)) {
        const [done, total] = [this.readUpTo, sizeBytes];
        this.onProgress?.({ done, total, unit: 'bytes', message: `reading ${name}` });
      }
    } finally {
      file.close();
    }
  }

  /** It is another file under the same name. */
  private beginAnew(): void {
    this.readUpTo = 0;
    this.log.beginFile();
  }

  /** False when no line ends in what is left. */
  private readPiece(file: VfsFile): boolean {
    const { piece } = this;
    const length = file.read(piece, 0, piece.length, this.readUpTo);
    const end = length === 0 ? 0 : piece.lastIndexOf(LINE_END, length - 1) + 1;
    this.log.take(decodeUtf8(piece.subarray(0, end)));
    this.readUpTo += end;
    const isWhole = length < piece.length;
    if (!isWhole && end === 0) this.passLongLine(length);
    return !isWhole;
  }

  /** A compaction of thousands of tables names them all in one line. */
  private passLongLine(length: number): void {
    if (length < LINE_BYTES_MAX) this.piece = new Uint8Array(2 * length);
    else this.readUpTo += length;
  }
}

/** The oldest first: `LOG` is the newest, earlier ones are `LOG.old`, in RocksDB with a time. */
function infoLogNames(names: readonly string[]): readonly string[] {
  const old = names.filter((name) => /^LOG\.old(\.\d+)?$/.test(name)).sort(byTime);
  return names.includes(CURRENT_NAME) ? [...old, CURRENT_NAME] : old;
}

function byTime(left: string, right: string): number {
  return left.length - right.length || (left < right ? -1 : 1);
}
