// Files open for reading, bounded in number. A store may have more tables than a process may have
// open files: the one unused for longest is closed and quietly opened again when somebody reads
// from it.

import { assert } from '../../base/assert.ts';
import type { Vfs, VfsFile } from '../../base/vfs.ts';

/** What reading a file takes; a VfsFile is one. */
export interface ReadableFile {
  /** Size now, in bytes. */
  sizeBytes(): number;
  /** As VfsFile.read. */
  read(target: Uint8Array, targetOffset: number, lengthBytes: number, position: number): number;
  /** Idempotent. */
  close(): void;
}

/** Opens files and keeps at most so many of them open. */
export class OpenFiles {
  private readonly vfs: Vfs;
  private readonly openMax: number;
  private readonly open = new Set<BoundedFile>();
  private clock = 0;

  constructor(vfs: Vfs, openMax: number) {
    assert(openMax >= 1, 'at least one file can be open');
    this.vfs = vfs;
    this.openMax = openMax;
  }

  /** Files open now. */
  get openCount(): number {
    return this.open.size;
  }

  /** @throws LsmError `IO` when the file cannot be opened. */
  openForReading(path: string): BoundedFile {
    const file = new BoundedFile(this, path);
    file.sizeBytes();
    return file;
  }

  /**
   * Opens the file behind `file`, closing another when there are too many; for BoundedFile alone.
   */
  acquire(file: BoundedFile): VfsFile {
    if (this.open.size >= this.openMax) this.closeLeastRecent();
    const handle = this.vfs.open(file.path, 'read');
    this.open.add(file);
    return handle;
  }

  /** The file was closed by itself; for BoundedFile alone. */
  forget(file: BoundedFile): void {
    this.open.delete(file);
  }

  /** A moment later than all before. */
  tick(): number {
    return ++this.clock;
  }

  /** Closes whatever is open of a file: it is to be deleted. */
  closePath(path: string): void {
    for (const file of this.open) if (file.path === path) file.suspend();
  }

  /** Closes everything. */
  closeAll(): void {
    for (const file of this.open) file.suspend();
  }

  private closeLeastRecent(): void {
    let oldest: BoundedFile | undefined;
    for (const file of this.open) {
      if (oldest === undefined || file.lastUsed < oldest.lastUsed) oldest = file;
    }
    oldest?.suspend();
  }
}

/** A file that may be closed between two reads without its reader's knowing. */
export class BoundedFile implements ReadableFile {
  readonly path: string;
  lastUsed = 0;
  private readonly owner: OpenFiles;
  private handle: VfsFile | undefined;
  private closed = false;

  constructor(owner: OpenFiles, path: string) {
    this.owner = owner;
    this.path = path;
  }

  sizeBytes(): number {
    return this.use().sizeBytes();
  }

  read(target: Uint8Array, targetOffset: number, lengthBytes: number, position: number): number {
    return this.use().read(target, targetOffset, lengthBytes, position);
  }

  close(): void {
    this.closed = true;
    this.suspend();
  }

  /** Closes the file until the next read. */
  suspend(): void {
    this.owner.forget(this);
    this.handle?.close();
    this.handle = undefined;
  }

  private use(): VfsFile {
    assert(!this.closed, 'a closed file is not read');
    this.lastUsed = this.owner.tick();
    this.handle ??= this.owner.acquire(this);
    return this.handle;
  }
}
