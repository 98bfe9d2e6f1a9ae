// A disk in memory that can crash and fail.
//
// It keeps apart what programs see and what a crash would leave: bytes are durable after the file's
// `sync`, names after `syncDirectory` (losses.ts says what may become of the rest). Every call has
// a number, may be told to fail, and may be watched. A sync takes a turn of the event loop, so that
// others write meanwhile; what they write is not in it. Making a directory is durable at once, and
// locks end with the disk object.

import { MemoryFileNode, MemoryVfs } from '../../../src/base/memoryVfs.ts';
import type { MemoryDirectoryNode, MemoryNode } from '../../../src/base/memoryVfs.ts';
import { Random } from '../../../src/base/random.ts';
import type { OpenMode, VfsFile, VfsLock } from '../../../src/base/vfs.ts';
import { DIRECTORY, nextTurn } from '../../engine/simulatedWorld.ts';
import { DiskImage } from './diskImage.ts';
import type { ImagedDirectory } from './diskImage.ts';
import { refusal } from './faults.ts';
import type { DiskCall, Fault } from './faults.ts';
import { afterFailedSync, afterSync, applied, settledFile } from './fileFate.ts';
import type { FileFate } from './fileFate.ts';
import { LOSSES } from './losses.ts';
import type { Loss } from './losses.ts';
import { afterNameSync, renamed, settledDirectory } from './nameFate.ts';
import type { NameChange, NameFate, Names } from './nameFate.ts';

/** A disk that knows what a crash would leave of it, and fails when told to. */
export class SimulatedDisk extends MemoryVfs {
  /** Calls so far that may fail. */
  calls = 0;
  /** Asked at each call; `true` is the refusal `EIO`. */
  shouldFail: (call: DiskCall, path: string, number: number) => Fault | boolean = () => false;
  /** Told after each call that changed what is on the disk, or what a crash would leave. */
  onChange: ((call: DiskCall, path: string) => void) | undefined;
  private readonly files = new WeakMap<MemoryFileNode, FileFate>();
  private readonly names = new WeakMap<MemoryDirectoryNode, NameFate>();

  constructor() {
    super();
    this.names.set(this.root, settledDirectory());
  }

  override open(path: string, mode: OpenMode): VfsFile {
    const call = mode === 'create' ? 'create' : 'open';
    this.begin(call, path);
    const file = super.open(path, mode);
    const node = this.nodeAt(path) as MemoryFileNode;
    if (mode === 'create') {
      this.files.set(node, settledFile());
      this.noteName(path, { added: nameOf(path), node });
      this.onChange?.(call, path);
    }
    return {
      ...file,
      read: (target, offset, length, position) => this.read(file, target, offset, length, position),
      write: (source, offset, length, position) =>
        this.write(file, node, source.subarray(offset, offset + length), position),
      truncate: (sizeBytes) => {
        this.begin('truncate', path);
        file.truncate(sizeBytes);
        this.files.get(node)!.pending.push({ kind: 'truncate', sizeBytes });
        this.onChange?.('truncate', path);
      },
      sync: () => this.sync(file, node),
    };
  }

  override async syncDirectory(directory: string): Promise<void> {
    if (this.stat(directory)?.kind !== 'directory') return super.syncDirectory(directory);
    const node = this.directoryAt(directory);
    const { length } = this.names.get(node)!.pending;
    this.begin('syncDirectory', directory);
    await super.syncDirectory(directory);
    await nextTurn();
    this.names.set(node, afterNameSync(this.names.get(node)!, length));
    this.onChange?.('syncDirectory', directory);
  }

  override makeDirectory(path: string): void {
    super.makeDirectory(path);
    let node = this.root;
    for (const name of path.split('/').filter((part) => part !== '')) {
      const child = node.names.get(name) as MemoryDirectoryNode;
      if (!this.names.has(child)) this.names.set(child, settledDirectory());
      this.settleName(node, name, child);
      node = child;
    }
  }

  override rename(from: string, to: string): void {
    this.begin('rename', from);
    super.rename(from, to);
    const node = this.nodeAt(to)!;
    const [removed, added] = [nameOf(from), nameOf(to)];
    if (parentOf(from) === parentOf(to)) {
      this.noteName(to, { removed, added, node });
    } else {
      this.noteName(to, { added, node });
      this.noteName(from, { removed });
    }
    this.onChange?.('rename', to);
  }

  override link(from: string, to: string): void {
    this.begin('link', to);
    super.link(from, to);
    this.noteName(to, { added: nameOf(to), node: this.nodeAt(to)! });
    this.onChange?.('link', to);
  }

  override remove(path: string): void {
    this.begin('remove', path);
    super.remove(path);
    this.noteName(path, { removed: nameOf(path) });
    this.onChange?.('remove', path);
  }

  override lock(path: string): VfsLock {
    const lock = super.lock(path);
    const node = this.nodeAt(path) as MemoryFileNode;
    if (!this.files.has(node)) {
      this.files.set(node, settledFile());
      this.noteName(path, { added: nameOf(path), node });
    }
    return {
      release: () => {
        const held = this.nodeAt(path) === node;
        lock.release();
        if (held) this.noteName(path, { removed: nameOf(path) });
      },
    };
  }

  /**
   * Every file of the store by name: the same as long as nothing is written, renamed or removed.
   */
  contents(directory: string = DIRECTORY): Map<string, Uint8Array> {
    return new Map(
      [...this.directoryAt(directory).names]
        .filter(([, file]) => file.kind === 'file')
        .map(([name, file]) => [name, (file as MemoryFileNode).toBytes()] as const)
        .sort(([left], [right]) => (left < right ? -1 : 1)),
    );
  }

  /** Puts a file there, durably, replacing what stands under its name. */
  place(name: string, content: Uint8Array, directory: string = DIRECTORY): void {
    const node = new MemoryFileNode();
    node.write(content, 0, content.length, 0);
    const parent = this.directoryAt(directory);
    parent.names.set(name, node);
    this.files.set(node, settledFile(content));
    this.settleName(parent, name, node);
  }

  /** Everything is durable now. */
  settle(): void {
    for (const { node } of this.imagedDirectories('', this.root)) {
      this.names.set(node, settledDirectory(new Map(node.names)));
      for (const child of node.names.values()) {
        if (child.kind === 'file') this.files.set(child, settledFile(child.toBytes()));
      }
    }
  }

  /** The disk at this moment, for crashes to be tried on. */
  image(): DiskImage {
    const directories = this.imagedDirectories('', this.root);
    const fates = new Map<MemoryFileNode, FileFate>();
    for (const { fate } of directories) {
      const added = fate.pending.flatMap(({ node }) => node ?? []);
      for (const node of [...fate.durable.values(), ...added]) {
        if (node.kind !== 'file') continue;
        const own = this.files.get(node)!;
        fates.set(node, { ...own, pending: own.pending.slice() });
      }
    }
    return new DiskImage(directories, fates);
  }

  /** The disk after a crash now. */
  afterCrash(loss: Loss, random: Random = new Random(0)): SimulatedDisk {
    return diskAfter(this.image(), loss, random);
  }

  /** The disk after the process was killed: everything written is there. */
  afterKill(): SimulatedDisk {
    return this.afterCrash('nothing');
  }

  /**
   * The disk after a power failure: without `random` everything that was not synced is lost, with
   * it some part, in one of the ways of real disks.
   */
  afterPowerFailure(random: Random | undefined): SimulatedDisk {
    if (random === undefined) return this.afterCrash('everything');
    return this.afterCrash(LOSSES[1 + random.nextBelow(LOSSES.length - 1)]!, random);
  }

  /** Counts a call; what is to become of it instead. */
  private faultOf(call: DiskCall, path: string): Fault | undefined {
    const fault = this.shouldFail(call, path, ++this.calls);
    if (typeof fault === 'object') return fault;
    return fault ? { kind: 'refuse', systemCode: 'EIO' } : undefined;
  }

  /** As `faultOf`; throws when the call is refused. */
  private begin(call: DiskCall, path: string): Fault | undefined {
    const fault = this.faultOf(call, path);
    if (fault?.kind === 'refuse') throw refusal(call, path, fault.systemCode);
    return fault;
  }

  /** Becomes another disk, an empty one, as it was in an image. */
  takeOver({ directories, fates }: DiskImage): void {
    const copies = new Map<MemoryNode, MemoryFileNode>();
    for (const [node, fate] of fates) {
      const copy = new MemoryFileNode();
      const content = applied(fate.cached, fate.pending);
      copy.write(content, 0, content.length, 0);
      copies.set(node, copy);
      this.files.set(copy, { ...fate, pending: fate.pending.slice() });
    }
    for (const { path, fate } of directories) {
      this.makeDirectory(path);
      const directory = this.directoryAt(path);
      const own = copiedNames(fate, copies);
      this.names.set(directory, own);
      for (const [name, node] of renamed(own.durable, own.pending)) directory.names.set(name, node);
    }
  }

  private read(
    file: VfsFile,
    target: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): number {
    const fault = this.begin('read', file.path);
    if (fault?.kind === 'short') {
      return file.read(target, offset, Math.min(length, fault.bytes), position);
    }
    const count = file.read(target, offset, length, position);
    if (fault?.kind === 'flip' && count > 0) {
      const bit = fault.bit % (8 * count);
      target[offset + (bit >> 3)]! ^= 1 << (bit & 7);
    }
    return count;
  }

  private write(file: VfsFile, node: MemoryFileNode, source: Uint8Array, position: number): void {
    const fault = this.faultOf('write', file.path);
    const count = fault?.kind === 'refuse' ? (fault.doneBytes ?? 0) : source.length;
    const bytes = source.slice(0, count);
    if (bytes.length > 0) {
      file.write(bytes, 0, bytes.length, position);
      this.files.get(node)!.pending.push({ kind: 'write', position, bytes });
      this.onChange?.('write', file.path);
    }
    if (fault?.kind === 'refuse') throw refusal('write', file.path, fault.systemCode);
  }

  private async sync(file: VfsFile, node: MemoryFileNode): Promise<void> {
    const { length } = this.files.get(node)!.pending;
    try {
      this.begin('sync', file.path);
    } catch (thrown) {
      this.files.set(node, afterFailedSync(this.files.get(node)!, length));
      throw thrown;
    }
    await file.sync();
    await nextTurn();
    this.files.set(node, afterSync(this.files.get(node)!, length));
    this.onChange?.('sync', file.path);
  }

  private noteName(path: string, change: NameChange): void {
    this.names.get(this.directoryAt(parentOf(path)))!.pending.push(change);
  }

  /** A name is durable at once. */
  private settleName(parent: MemoryDirectoryNode, name: string, node: MemoryNode): void {
    const { durable, pending } = this.names.get(parent)!;
    this.names.set(parent, { durable: new Map(durable).set(name, node), pending });
  }

  private imagedDirectories(path: string, node: MemoryDirectoryNode): ImagedDirectory[] {
    const fate = this.names.get(node);
    const own =
      fate === undefined ? [] : [{ path, node, fate: { ...fate, pending: fate.pending.slice() } }];
    const below = [...node.names].flatMap(([name, child]) =>
      child.kind === 'directory' ? this.imagedDirectories(`${path}/${name}`, child) : [],
    );
    return [...own, ...below];
  }

  private directoryAt(path: string): MemoryDirectoryNode {
    return this.nodeAt(path) as MemoryDirectoryNode;
  }

  private nodeAt(path: string): MemoryNode | undefined {
    let node: MemoryNode = this.root;
    for (const name of path.split('/').filter((part) => part !== '')) {
      const next: MemoryNode | undefined =
        node.kind === 'directory' ? node.names.get(name) : undefined;
      if (next === undefined) return undefined;
      node = next;
    }
    return node;
  }
}

/**
 * The disk that a crash leaves. After a kill the system still has what it had: what was not synced
 * can be lost later on.
 */
export function diskAfter(image: DiskImage, loss: Loss, random: Random): SimulatedDisk {
  const disk = new SimulatedDisk();
  if (loss === 'nothing') {
    disk.takeOver(image);
    return disk;
  }
  for (const { path, files } of image.remains(loss, random)) {
    disk.makeDirectory(path);
    for (const [name, content] of files) disk.place(name, content, path);
  }
  return disk;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function copiedNames(fate: NameFate, copies: ReadonlyMap<MemoryNode, MemoryNode>): NameFate {
  const copied = (names: Names): Names =>
    new Map(
      [...names].flatMap(([name, node]) => (copies.has(node) ? [[name, copies.get(node)!]] : [])),
    );
  return {
    durable: copied(fate.durable),
    pending: fate.pending.map((change) =>
      change.node === undefined ? change : { ...change, node: copies.get(change.node)! },
    ),
  };
}
