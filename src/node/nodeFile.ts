// Files on Node's disk: those that are only read share a bounded pool of descriptors, those that
// are written keep theirs.

import {
  closeSync,
  constants,
  fdatasync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { LsmError } from '../base/errors.ts';
import type { OpenMode, VfsFile } from '../base/vfs.ts';
import type { DescriptorPool, Pooled } from './descriptorPool.ts';
import { ioError, systemCodeOf, withIoErrors } from './ioErrors.ts';

/** Missing on Windows, where they mean nothing. */
const NO_FOLLOW: number = constants.O_NOFOLLOW ?? 0;
/** Opening a named pipe must fail and not wait for its other end. */
const NON_BLOCK: number = constants.O_NONBLOCK ?? 0;

const FLAGS: Readonly<Record<OpenMode, number>> = {
  read: constants.O_RDONLY | NO_FOLLOW | NON_BLOCK,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW,
  write: constants.O_RDWR | NO_FOLLOW | NON_BLOCK,
};

const DOING: Readonly<Record<OpenMode, string>> = {
  read: 'open',
  create: 'create',
  write: 'open for writing',
};

/** A file's identity, which no other file has while it exists. */
interface Identity {
  readonly device: number;
  readonly node: number;
}

/** Opens a regular file; where descriptors run out, one of the pool's is given up for it. */
function openDescriptor(path: string, mode: OpenMode, pool: DescriptorPool): number {
  for (;;) {
    try {
      return openSync(path, FLAGS[mode], 0o644);
    } catch (thrown) {
      if (systemCodeOf(thrown) === 'EMFILE' && pool.closeOne()) continue;
      throw ioError(thrown, DOING[mode], path);
    }
  }
}

function identify(descriptor: number, path: string): Identity {
  const stat = fstatSync(descriptor);
  if (!stat.isFile()) {
    closeSync(descriptor);
    throw new LsmError('IO', `cannot open ${path}: it is not a regular file`, { file: path });
  }
  return { device: stat.dev, node: stat.ino };
}

function readFully(
  descriptor: number,
  target: Uint8Array,
  targetOffset: number,
  lengthBytes: number,
  position: number,
): number {
  let done = 0;
  while (done < lengthBytes) {
    const left = lengthBytes - done;
    const count = readSync(descriptor, target, targetOffset + done, left, position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

/** A file opened for reading; its descriptor comes from the pool and may come and go. */
export class ReadableNodeFile implements VfsFile, Pooled {
  readonly path: string;
  descriptor: number;
  recentlyUsed = true;
  private readonly identity: Identity;
  private readonly pool: DescriptorPool;
  private closed = false;

  constructor(path: string, pool: DescriptorPool) {
    this.path = path;
    this.pool = pool;
    this.descriptor = openDescriptor(path, 'read', pool);
    this.identity = identify(this.descriptor, path);
    pool.add(this);
  }

  sizeBytes(): number {
    const descriptor = this.use();
    return withIoErrors('read the size of', this.path, () => fstatSync(descriptor).size);
  }

  read(target: Uint8Array, targetOffset: number, lengthBytes: number, position: number): number {
    const descriptor = this.use();
    try {
      return readFully(descriptor, target, targetOffset, lengthBytes, position);
    } catch (thrown) {
      throw ioError(thrown, 'read', this.path);
    }
  }

  write(): void {
    throw this.refusal();
  }

  truncate(): void {
    throw this.refusal();
  }

  async sync(): Promise<void> {
    throw this.refusal();
  }

  close(): void {
    this.closed = true;
    this.pool.remove(this);
  }

  /** The descriptor, opened again if the pool took it. */
  private use(): number {
    this.recentlyUsed = true;
    return this.descriptor >= 0 ? this.descriptor : this.reopen();
  }

  private reopen(): number {
    if (this.closed) throw notOpen(this.path);
    const descriptor = openDescriptor(this.path, 'read', this.pool);
    const { device, node } = identify(descriptor, this.path);
    if (device !== this.identity.device || node !== this.identity.node) {
      closeSync(descriptor);
      throw new LsmError('IO', `${this.path} was replaced by another file while it was in use`, {
        file: this.path,
      });
    }
    this.descriptor = descriptor;
    this.pool.add(this);
    return descriptor;
  }

  private refusal(): LsmError {
    return new LsmError('IO', `${this.path} is open for reading only`, {
      file: this.path,
      systemCode: 'EBADF',
    });
  }
}

/** A file opened for writing. */
export class WritableNodeFile implements VfsFile {
  readonly path: string;
  private descriptor: number;
  private syncsRunning = 0;
  private closed = false;

  constructor(path: string, mode: 'create' | 'write', pool: DescriptorPool) {
    this.path = path;
    this.descriptor = openDescriptor(path, mode, pool);
    identify(this.descriptor, path);
  }

  sizeBytes(): number {
    const descriptor = this.use();
    return withIoErrors('read the size of', this.path, () => fstatSync(descriptor).size);
  }

  read(target: Uint8Array, targetOffset: number, lengthBytes: number, position: number): number {
    const descriptor = this.use();
    return withIoErrors('read', this.path, () =>
      readFully(descriptor, target, targetOffset, lengthBytes, position),
    );
  }

  write(source: Uint8Array, sourceOffset: number, lengthBytes: number, position: number): void {
    const descriptor = this.use();
    try {
      let done = 0;
      while (done < lengthBytes) {
        const left = lengthBytes - done;
        done += writeSync(descriptor, source, sourceOffset + done, left, position + done);
      }
    } catch (thrown) {
      throw ioError(thrown, 'write', this.path);
    }
  }

  truncate(sizeBytes: number): void {
    const descriptor = this.use();
    withIoErrors('change the size of', this.path, () => ftruncateSync(descriptor, sizeBytes));
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      const descriptor = this.use();
      this.syncsRunning++;
      fdatasync(descriptor, (error) => {
        this.syncsRunning--;
        if (this.closed) this.closeNow();
        if (error === null) resolve();
        else reject(ioError(error, 'sync', this.path));
      });
    });
  }

  close(): void {
    this.closed = true;
    this.closeNow();
  }

  /** Closes the descriptor, but never under a sync that is still using it. */
  private closeNow(): void {
    if (this.descriptor < 0 || this.syncsRunning > 0) return;
    const descriptor = this.descriptor;
    this.descriptor = -1;
    closeSync(descriptor);
  }

  private use(): number {
    if (this.closed) throw notOpen(this.path);
    return this.descriptor;
  }
}

function notOpen(path: string): LsmError {
  return new LsmError('IO', `${path} is closed`, { file: path, systemCode: 'EBADF' });
}
