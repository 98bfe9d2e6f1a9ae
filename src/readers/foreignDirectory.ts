// A directory of another engine, to be read and nothing else: the one place of the readers that
// opens files by name. Names come from the directory itself, never from a file's content.

import { decodeUtf8 } from '../base/bytes.ts';
import type { Vfs, VfsFile } from '../base/vfs.ts';

/** File systems write times down as coarsely as this: a later change may bear the same time. */
const TIME_GRAIN_MICROS = 2_500_000;

/** Opens and reads the files of one directory. */
export class ForeignDirectory {
  readonly path: string;
  readonly vfs: Vfs;
  private readonly wallMicros: () => number;
  private listed:
    | { readonly names: readonly string[]; readonly modifiedMicros: number }
    | undefined;

  /** @param wallMicros microseconds since 1970; left out: the directory is listed each time. */
  constructor(vfs: Vfs, path: string, wallMicros: () => number = () => 0) {
    this.vfs = vfs;
    this.path = path;
    this.wallMicros = wallMicros;
  }

  /**
   * Names in it at this moment, sorted; the same array as before while nothing has come or gone, as
   * far as the directory's own time tells: of thousands of tables it is not listed each time.
   */
  names(): readonly string[] {
    // Asked first: what changes between the two is seen the next time.
    const modifiedMicros = this.vfs.stat(this.path)?.modifiedMicros ?? 0;
    const known = this.listed;
    if (known !== undefined && known.modifiedMicros === modifiedMicros) return known.names;
    const names = this.vfs.list(this.path);
    const isSettled = modifiedMicros > 0 && this.wallMicros() - modifiedMicros > TIME_GRAIN_MICROS;
    this.listed = isSettled ? { names, modifiedMicros } : undefined;
    return names;
  }

  /** @throws LsmError `IO`. */
  open(name: string): VfsFile {
    return this.vfs.open(this.vfs.join(this.path, name), 'read');
  }

  /** Whether a plain file of that name is there; symbolic links are not followed. */
  has(name: string): boolean {
    return this.vfs.stat(this.vfs.join(this.path, name))?.kind === 'file';
  }

  /** Bytes of the file that has this name by now; `undefined` when none has. */
  sizeOf(name: string): number | undefined {
    return this.vfs.stat(this.vfs.join(this.path, name))?.sizeBytes;
  }

  /** At most the first bytes of a file as text; empty when it is not there. */
  readStart(name: string, bytesMax: number): string {
    if (!this.has(name)) return '';
    const file = this.open(name);
    try {
      const bytes = new Uint8Array(Math.min(file.sizeBytes(), bytesMax));
      file.read(bytes, 0, bytes.length, 0);
      return decodeUtf8(bytes);
    } finally {
      file.close();
    }
  }
}
