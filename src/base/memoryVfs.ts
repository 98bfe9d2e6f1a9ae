// A disk in memory, for tests, lessons and simulations. Names and contents are kept apart as on a
// real file system: a directory maps names to nodes, an open file holds its node and not its name,
// so a renamed or removed file goes on living under those who have it open. A simulated disk that
// loses un-synced names or bytes at a crash can be built over the same tree.

import { LsmError } from './errors.ts';
import type { OpenMode, Vfs, VfsFile, VfsLock, VfsStat } from './vfs.ts';

/** The bytes of a file, whoever names it. */
export class MemoryFileNode {
  readonly kind = 'file';
  sizeBytes = 0;
  modifiedMicros = 0;
  private content: Uint8Array = new Uint8Array(0);

  /** Copies what is there of `[position, position + lengthBytes)`; answers how much that was. */
  read(target: Uint8Array, targetOffset: number, lengthBytes: number, position: number): number {
    const count = Math.max(0, Math.min(lengthBytes, this.sizeBytes - position));
    target.set(this.content.subarray(position, position + count), targetOffset);
    return count;
  }

  /** Writes, filling a gap before `position` with zeros. */
  write(source: Uint8Array, sourceOffset: number, lengthBytes: number, position: number): void {
    const end = position + lengthBytes;
    if (end > this.content.length) this.grow(end);
    this.content.set(source.subarray(sourceOffset, sourceOffset + lengthBytes), position);
    this.sizeBytes = Math.max(this.sizeBytes, end);
  }

  truncate(sizeBytes: number): void {
    if (sizeBytes > this.content.length) this.grow(sizeBytes);
    if (sizeBytes < this.sizeBytes) this.content.fill(0, sizeBytes, this.sizeBytes);
    this.sizeBytes = sizeBytes;
  }

  /** A copy of the whole content. */
  toBytes(): Uint8Array {
    return this.content.slice(0, this.sizeBytes);
  }

  private grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.content.length * 2));
    larger.set(this.content.subarray(0, this.sizeBytes));
    this.content = larger;
  }
}

/** Names in a directory. */
export class MemoryDirectoryNode {
  readonly kind = 'directory';
  readonly names: Map<string, MemoryNode> = new Map();
}

export type MemoryNode = MemoryFileNode | MemoryDirectoryNode;

/** An in-memory file system with `/` as separator. Locks belong to this object, not to the tree. */
export class MemoryVfs implements Vfs {
  /** The tree; give it to another `MemoryVfs` to see the same disk without this one's locks. */
  readonly root: MemoryDirectoryNode;
  private readonly locked = new Set<string>();
  private changes = 0;

  constructor(root: MemoryDirectoryNode = new MemoryDirectoryNode()) {
    this.root = root;
  }

  join(directory: string, name: string): string {
    return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
  }

  open(path: string, mode: OpenMode): VfsFile {
    const { parent, name } = this.locate(path);
    const present = parent.names.get(name);
    if (mode === 'create') {
      if (present !== undefined) throw ioError('EEXIST', path);
      const node = new MemoryFileNode();
      this.touch(node);
      parent.names.set(name, node);
      return this.handle(path, node, true);
    }
    if (present === undefined) throw ioError('ENOENT', path);
    if (present.kind === 'directory') throw ioError('EISDIR', path);
    return this.handle(path, present, mode === 'write');
  }

  stat(path: string): VfsStat | undefined {
    const node = this.find(path);
    if (node === undefined) return undefined;
    if (node.kind === 'directory') return { kind: 'directory', sizeBytes: 0, modifiedMicros: 0 };
    const { sizeBytes, modifiedMicros } = node;
    return { kind: 'file', sizeBytes, modifiedMicros };
  }

  list(directory: string): string[] {
    return [...this.directory(directory).names.keys()].sort();
  }

  makeDirectory(path: string): void {
    let node: MemoryDirectoryNode = this.root;
    for (const name of namesOf(path)) {
      let next = node.names.get(name);
      if (next === undefined) {
        next = new MemoryDirectoryNode();
        node.names.set(name, next);
      }
      if (next.kind === 'file') throw ioError('ENOTDIR', path);
      node = next;
    }
  }

  rename(from: string, to: string): void {
    const source = this.locate(from);
    const target = this.locate(to);
    const node = source.parent.names.get(source.name);
    if (node === undefined) throw ioError('ENOENT', from);
    const replaced = target.parent.names.get(target.name);
    if (replaced !== undefined && replaced.kind !== node.kind) {
      throw ioError(replaced.kind === 'directory' ? 'EISDIR' : 'ENOTDIR', to);
    }
    source.parent.names.delete(source.name);
    target.parent.names.set(target.name, node);
  }

  link(from: string, to: string): void {
    const source = this.find(from);
    const { parent, name } = this.locate(to);
    if (source === undefined) throw ioError('ENOENT', from);
    if (source.kind === 'directory') throw ioError('EPERM', from);
    if (parent.names.has(name)) throw ioError('EEXIST', to);
    parent.names.set(name, source);
  }

  remove(path: string): void {
    const { parent, name } = this.locate(path);
    const node = parent.names.get(name);
    if (node === undefined) throw ioError('ENOENT', path);
    if (node.kind === 'directory') throw ioError('EISDIR', path);
    parent.names.delete(name);
  }

  async syncDirectory(directory: string): Promise<void> {
    this.directory(directory);
  }

  lock(path: string): VfsLock {
    const { parent, name } = this.locate(path);
    if (this.locked.has(path)) {
      throw new LsmError('LOCKED', `${path} is held by another session of this process`, {
        file: path,
      });
    }
    if (!parent.names.has(name)) parent.names.set(name, new MemoryFileNode());
    this.locked.add(path);
    let held = true;
    return {
      release: () => {
        if (!held) return;
        held = false;
        this.locked.delete(path);
        parent.names.delete(name);
      },
    };
  }

  private handle(path: string, node: MemoryFileNode, writable: boolean): VfsFile {
    let open = true;
    const check = (writing: boolean): void => {
      if (!open || (writing && !writable)) throw ioError('EBADF', path);
    };
    return {
      path,
      sizeBytes: () => {
        check(false);
        return node.sizeBytes;
      },
      read: (target, targetOffset, lengthBytes, position) => {
        check(false);
        return node.read(target, targetOffset, lengthBytes, position);
      },
      write: (source, sourceOffset, lengthBytes, position) => {
        check(true);
        node.write(source, sourceOffset, lengthBytes, position);
        this.touch(node);
      },
      truncate: (sizeBytes) => {
        check(true);
        node.truncate(sizeBytes);
        this.touch(node);
      },
      sync: async () => check(false),
      close: () => {
        open = false;
      },
    };
  }

  /** Modification times count changes: there is no clock here. */
  private touch(node: MemoryFileNode): void {
    node.modifiedMicros = ++this.changes;
  }

  private find(path: string): MemoryNode | undefined {
    let node: MemoryNode | undefined = this.root;
    for (const name of namesOf(path)) {
      if (node === undefined || node.kind === 'file') return undefined;
      node = node.names.get(name);
    }
    return node;
  }

  private directory(path: string): MemoryDirectoryNode {
    const node = this.find(path);
    if (node === undefined) throw ioError('ENOENT', path);
    if (node.kind === 'file') throw ioError('ENOTDIR', path);
    return node;
  }

  private locate(path: string): { parent: MemoryDirectoryNode; name: string } {
    const names = namesOf(path);
    const name = names.pop();
    if (name === undefined) throw ioError('EISDIR', path);
    return { parent: this.directory(`/${names.join('/')}`), name };
  }
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

const MEANING: Readonly<Record<string, string>> = {
  EBADF: 'the file is closed or not open for writing',
  EEXIST: 'a file of that name is there already',
  EISDIR: 'a directory stands there, not a file',
  ENOENT: 'no such file or directory',
  EPERM: 'a directory cannot have a second name',
  ENOTDIR: 'a file stands where a directory is needed',
};

function ioError(systemCode: string, path: string): LsmError {
  return new LsmError('IO', `${path}: ${MEANING[systemCode]!}`, { file: path, systemCode });
}
