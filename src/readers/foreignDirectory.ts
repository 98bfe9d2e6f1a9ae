// A directory of another engine, to be read and nothing else: the one place of the readers that
// opens files by name. Names come from the directory itself, never from a file's content.

import { decodeUtf8 } from '../base/bytes.ts';
import type { Vfs, VfsFile } from '../base/vfs.ts';

/** Opens and reads the files of one directory. */
export class ForeignDirectory {
  readonly path: string;
  readonly vfs: Vfs;

  constructor(vfs: Vfs, path: string) {
    this.vfs = vfs;
    this.path = path;
  }

  /** Names in it at this moment, sorted. */
  names(): readonly string[] {
    return this.vfs.list(this.path);
  }

  /** @throws LsmError `IO`. */
  open(name: string): VfsFile {
    return this.vfs.open(this.vfs.join(this.path, name), 'read');
  }

  /** Whether a plain file of that name is there; symbolic links are not followed. */
  has(name: string): boolean {
    return this.vfs.stat(this.vfs.join(this.path, name))?.kind === 'file';
  }

  /** At most the first bytes of a file as text; empty when it is not there. */
  readStart(name: string, bytesMax: number): string {
    return this.readText(name, bytesMax, 'start');
  }

  /** At most the last bytes of a file as text; empty when it is not there. */
  readEnd(name: string, bytesMax: number): string {
    return this.readText(name, bytesMax, 'end');
  }

  private readText(name: string, bytesMax: number, part: 'start' | 'end'): string {
    if (!this.has(name)) return '';
    const file = this.open(name);
    try {
      const size = file.sizeBytes();
      const bytes = new Uint8Array(Math.min(size, bytesMax));
      file.read(bytes, 0, bytes.length, part === 'start' ? 0 : size - bytes.length);
      return decodeUtf8(bytes);
    } finally {
      file.close();
    }
  }
}
