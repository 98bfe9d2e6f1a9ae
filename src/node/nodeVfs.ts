// Node's disk behind base's interface.

import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  unlinkSync,
} from 'node:fs';
import { open as openFileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { OpenMode, Vfs, VfsFile, VfsLock, VfsStat } from '../base/vfs.ts';
import { DescriptorPool } from './descriptorPool.ts';
import { ioError, systemCodeOf, withIoErrors } from './ioErrors.ts';
import { acquireLock, newLockToken } from './lockFile.ts';
import { ReadableNodeFile, WritableNodeFile } from './nodeFile.ts';

/** Descriptors for reading that one `NodeVfs` keeps open, unless told otherwise. */
const DESCRIPTORS_DEFAULT = 500;

/** What can be chosen about Node's disk. */
export interface NodeVfsOptions {
  /** Files open for reading at once; more take turns. */
  readonly descriptorsMax?: number;
  /**
   * Stands in the lock files taken here. Whoever started this thread gives it one of its own, to be
   * able to release the lock when the thread dies (`releaseLockOf`).
   */
  readonly lockToken?: string;
}

/** The file system of the operating system. */
export class NodeVfs implements Vfs {
  private readonly pool: DescriptorPool;
  private readonly lockToken: string;

  constructor(options: NodeVfsOptions = {}) {
    this.pool = new DescriptorPool(options.descriptorsMax ?? DESCRIPTORS_DEFAULT);
    this.lockToken = options.lockToken ?? newLockToken();
  }

  join(directory: string, name: string): string {
    return join(directory, name);
  }

  open(path: string, mode: OpenMode): VfsFile {
    if (mode === 'read') return new ReadableNodeFile(path, this.pool);
    return new WritableNodeFile(path, mode, this.pool);
  }

  stat(path: string): VfsStat | undefined {
    const stat = withIoErrors('look at', path, () => lstatSync(path, { throwIfNoEntry: false }));
    if (stat === undefined) return undefined;
    let kind: VfsStat['kind'] = 'other';
    if (stat.isFile()) kind = 'file';
    else if (stat.isDirectory()) kind = 'directory';
    return { kind, sizeBytes: stat.size, modifiedMicros: Math.floor(stat.mtimeMs * 1000) };
  }

  list(directory: string): string[] {
    return withIoErrors('list', directory, () => readdirSync(directory)).sort();
  }

  makeDirectory(path: string): void {
    withIoErrors('create the directory', path, () => {
      const first = mkdirSync(path, { recursive: true });
      if (first !== undefined) syncNewNames(resolve(path), resolve(first));
    });
  }

  rename(from: string, to: string): void {
    withIoErrors(`rename ${from} to`, to, () => renameSync(from, to));
  }

  link(from: string, to: string): void {
    withIoErrors(`link ${from} to`, to, () => linkSync(from, to));
  }

  remove(path: string): void {
    withIoErrors('remove', path, () => unlinkSync(path));
  }

  async syncDirectory(directory: string): Promise<void> {
    try {
      const handle = await openFileHandle(directory, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (thrown) {
      // Windows cannot open or flush a directory; there names become durable with the file itself.
      if (process.platform === 'win32' && isWindowsRefusal(systemCodeOf(thrown))) return;
      throw ioError(thrown, 'sync the directory', directory);
    }
  }

  lock(path: string): VfsLock {
    return acquireLock(path, this.lockToken);
  }
}

/** Makes the names of new directories durable, from `last` up to `first`, which holds it. */
function syncNewNames(last: string, first: string): void {
  for (let name = last; ; name = dirname(name)) {
    syncNow(dirname(name));
    if (name === first || name === dirname(name)) return;
  }
}

/** As `syncDirectory`, for a call that creates names before anybody could wait for it. */
function syncNow(directory: string): void {
  try {
    const descriptor = openSync(directory, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (thrown) {
    const refused = process.platform === 'win32' && isWindowsRefusal(systemCodeOf(thrown));
    if (!refused) throw thrown;
  }
}

function isWindowsRefusal(systemCode: string | undefined): boolean {
  return systemCode === 'EPERM' || systemCode === 'EACCES' || systemCode === 'EISDIR';
}
