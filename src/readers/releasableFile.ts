// A file that is read now and then: its descriptor can be let go in between and comes back by
// itself. So a reader of thousands of tables keeps few descriptors.
//
// Of a table the end is kept in memory too: footer, metaindex, properties and index mostly lie
// there side by side, and one system call fetches them all.

import type { VfsFile } from '../base/vfs.ts';
import type { ForeignDirectory } from './foreignDirectory.ts';

/** What readers of tables need of a file. */
export interface ReadableFile {
  sizeBytes(): number;
  /** As `VfsFile.read`. */
  read(target: Uint8Array, targetOffset: number, lengthBytes: number, position: number): number;
}

/** The last bytes of a file. */
interface Tail {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** Opens its file when it is read. */
export class ReleasableFile implements ReadableFile {
  private readonly directory: ForeignDirectory;
  private readonly name: string;
  private readonly tailBytes: number;
  private file: VfsFile | undefined;
  private tail: Tail | undefined;

  /** @param tailBytes how much of the end to keep, of a file that does not change; 0: nothing. */
  constructor(directory: ForeignDirectory, name: string, tailBytes = 0) {
    this.directory = directory;
    this.name = name;
    this.tailBytes = tailBytes;
  }

  sizeBytes(): number {
    if (this.tailBytes === 0) return this.opened().sizeBytes();
    const { start, bytes } = this.keptTail();
    return start + bytes.length;
  }

  read(target: Uint8Array, targetOffset: number, lengthBytes: number, position: number): number {
    const tail = this.tailBytes === 0 ? undefined : this.keptTail();
    if (tail === undefined || position < tail.start) {
      return this.opened().read(target, targetOffset, lengthBytes, position);
    }
    const from = Math.min(position - tail.start, tail.bytes.length);
    const part = tail.bytes.subarray(from, from + lengthBytes);
    target.set(part, targetOffset);
    return part.length;
  }

  /** Lets descriptor and memory go; the next read takes them again. */
  release(): void {
    this.file?.close();
    this.file = undefined;
    this.tail = undefined;
  }

  private keptTail(): Tail {
    this.tail ??= readTail(this.opened(), this.tailBytes);
    return this.tail;
  }

  private opened(): VfsFile {
    this.file ??= this.directory.open(this.name);
    return this.file;
  }
}

function readTail(file: VfsFile, tailBytes: number): Tail {
  const sizeBytes = file.sizeBytes();
  const bytes = new Uint8Array(Math.min(tailBytes, sizeBytes));
  const start = sizeBytes - bytes.length;
  const count = file.read(bytes, 0, bytes.length, start);
  return { start, bytes: bytes.subarray(0, count) };
}
