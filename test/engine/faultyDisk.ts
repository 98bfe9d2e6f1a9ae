// A disk that fails when told to: the n-th call of any kind, or every call of one kind.

import { LsmError } from '../../src/base/errors.ts';
import type { OpenMode, VfsFile } from '../../src/base/vfs.ts';
import { SimulatedDisk } from './simulatedWorld.ts';

/** Calls that a real disk may fail. */
export type DiskCall =
  | 'open'
  | 'read'
  | 'write'
  | 'truncate'
  | 'sync'
  | 'syncDirectory'
  | 'rename'
  | 'link'
  | 'remove';

/** Wraps a disk in memory: each call asks `shouldFail` first. */
export class FaultyDisk extends SimulatedDisk {
  /** Calls so far. */
  calls = 0;
  /** What the system says to every link; `undefined` when links work. */
  linkFault: string | undefined;
  shouldFail: (call: DiskCall, path: string, number: number) => boolean = () => false;

  override open(path: string, mode: OpenMode): VfsFile {
    this.check('open', path);
    const file = super.open(path, mode);
    return {
      ...file,
      read: (target, offset, length, position) => {
        this.check('read', path);
        return file.read(target, offset, length, position);
      },
      write: (source, offset, length, position) => {
        this.check('write', path);
        file.write(source, offset, length, position);
      },
      truncate: (sizeBytes) => {
        this.check('truncate', path);
        file.truncate(sizeBytes);
      },
      sync: async () => {
        this.check('sync', path);
        await file.sync();
      },
    };
  }

  override async syncDirectory(directory: string): Promise<void> {
    this.check('syncDirectory', directory);
    await super.syncDirectory(directory);
  }

  override rename(from: string, to: string): void {
    this.check('rename', from);
    super.rename(from, to);
  }

  override link(from: string, to: string): void {
    this.check('link', to);
    if (this.linkFault !== undefined) throw fault('link', to, this.linkFault);
    super.link(from, to);
  }

  override remove(path: string): void {
    this.check('remove', path);
    super.remove(path);
  }

  private check(call: DiskCall, path: string): void {
    const number = ++this.calls;
    if (!this.shouldFail(call, path, number)) return;
    throw fault(call, path, 'EIO');
  }
}

function fault(call: DiskCall, path: string, systemCode: string): LsmError {
  return new LsmError('IO', `cannot ${call} ${path}: ${systemCode}`, { file: path, systemCode });
}
