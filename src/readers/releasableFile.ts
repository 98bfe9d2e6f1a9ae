// A file that is read now and then: its descriptor can be let go in between and comes back by
// itself. So a reader of thousands of tables keeps few descriptors.

import type { VfsFile } from '../base/vfs.ts';
import type { ForeignDirectory } from './foreignDirectory.ts';

/** What readers of tables need of a file. */
export interface ReadableFile {
  sizeBytes(): number;
  /** As `VfsFile.read`. */
  read(target: Uint8Array, targetOffset: number, lengthBytes: number, position: number): number;
}

/** Opens its file when it is read. */
export class ReleasableFile implements ReadableFile {
  private readonly directory: ForeignDirectory;
  private readonly name: string;
  private file: VfsFile | undefined;

  constructor(directory: ForeignDirectory, name: string) {
    this.directory = directory;
    this.name = name;
  }

  sizeBytes(): number {
    return this.opened().sizeBytes();
  }

  read(target: Uint8Array, targetOffset: number, lengthBytes: number, position: number): number {
    return this.opened().read(target, targetOffset, lengthBytes, position);
  }

  /** Lets the descriptor go; the next read takes it again. */
  release(): void {
    this.file?.close();
    this.file = undefined;
  }

  private opened(): VfsFile {
    this.file ??= this.directory.open(this.name);
    return this.file;
  }
}
