// The one seam between the engine and a disk. Node's disk (src/node/nodeVfs.ts), the in-memory disk
// of the tests and the fault-injecting one all stand behind these interfaces.
//
// Reads and writes are synchronous: a page-cached 4 KiB read costs 2 µs that way and 25 µs through
// a thread pool, and the engine runs in a worker thread where nobody waits for its event loop.
// Syncs are asynchronous: they take milliseconds, and writers that arrive meanwhile form the next
// group.
//
// Every call throws (or rejects with) LsmError `IO`, with `file` and `systemCode` set.

/**
 * How a file is opened.
 * - `read`: must exist.
 * - `create`: must not exist; opened for reading and writing.
 * - `write`: must exist; opened for reading and writing in place.
 */
export type OpenMode = 'read' | 'create' | 'write';

/** What stands at a path. Symbolic links are not followed. */
export interface VfsStat {
  readonly kind: 'file' | 'directory' | 'other';
  readonly sizeBytes: number;
  readonly modifiedMicros: number;
}

/** An open file. All positions and lengths are bytes. */
export interface VfsFile {
  readonly path: string;
  /** Size now, in bytes. */
  sizeBytes(): number;
  /**
   * Reads up to `lengthBytes` at `position` into `target`; answers how many came (short at the
   * end).
   */
  read(target: Uint8Array, targetOffset: number, lengthBytes: number, position: number): number;
  /** Writes the whole range at `position`, or throws; part of it may then be on disk. */
  write(source: Uint8Array, sourceOffset: number, lengthBytes: number, position: number): void;
  truncate(sizeBytes: number): void;
  /** Makes the file's data and size durable. A failure is final: it is never retried. */
  sync(): Promise<void>;
  /** Idempotent. */
  close(): void;
}

/** A held lock. */
export interface VfsLock {
  /** Idempotent. */
  release(): void;
}

/** A file system. Paths are absolute and use the platform's separator; build them with `join`. */
export interface Vfs {
  join(directory: string, name: string): string;
  open(path: string, mode: OpenMode): VfsFile;
  /** `undefined` when nothing stands there. */
  stat(path: string): VfsStat | undefined;
  /** Names in a directory, sorted; without `.` and `..`. */
  list(directory: string): string[];
  /** Creates a directory and its parents, durably; no error when it is there. */
  makeDirectory(path: string): void;
  /** Atomically replaces `to`. Durable only after `syncDirectory`. */
  rename(from: string, to: string): void;
  /**
   * Gives a file a second name, which must be free; either name may be removed without the other.
   * Durable only after `syncDirectory`. Not every file system can: `EXDEV`, `EPERM`, `ENOTSUP`.
   */
  link(from: string, to: string): void;
  remove(path: string): void;
  /** Makes the creation, renaming and removal of names in `directory` durable. */
  syncDirectory(directory: string): Promise<void>;
  /**
   * Takes the lock file at `path` for this process. A lock outlives neither its process nor its
   * release; one left by a killed process is taken over.
   * @throws LsmError `LOCKED`, saying who holds it.
   */
  lock(path: string): VfsLock;
}
