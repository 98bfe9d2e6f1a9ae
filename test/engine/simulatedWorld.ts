// The engine's world for tests: a disk in memory that can be looked at as a crash would leave it, a
// clock whose two hands move apart, and an event loop whose order repeats for its seed. A turn and
// a sync take real turns of Node's event loop, so that between two of them everything has settled.

import type { Clock } from '../../src/base/clock.ts';
import type { Environment } from '../../src/base/environment.ts';
import { MemoryFileNode, MemoryVfs } from '../../src/base/memoryVfs.ts';
import type { MemoryDirectoryNode, MemoryNode } from '../../src/base/memoryVfs.ts';
import { Random } from '../../src/base/random.ts';
import type { Scheduler, Timer } from '../../src/base/scheduler.ts';
import { nodeCodecs } from '../../src/node/nodeCodecs.ts';
import type { OpenMode, VfsFile } from '../../src/base/vfs.ts';

/** Where stores of tests lie. */
export const DIRECTORY = '/store';

/** A disk that knows what a power failure would leave of it. */
export class SimulatedDisk extends MemoryVfs {
  /** Content of each file at its last sync. */
  private readonly durableContent = new Map<MemoryFileNode, Uint8Array>();
  /** Names in each directory at its last sync. */
  private readonly durableNames = new Map<MemoryDirectoryNode, Map<string, MemoryNode>>();

  override open(path: string, mode: OpenMode): VfsFile {
    const file = super.open(path, mode);
    const node = this.nodeAt(path) as MemoryFileNode;
    const sync = async (): Promise<void> => {
      const content = node.toBytes();
      await file.sync();
      await nextTurn();
      this.durableContent.set(node, content);
    };
    return { ...file, sync };
  }

  override async syncDirectory(directory: string): Promise<void> {
    const node = this.nodeAt(directory) as MemoryDirectoryNode;
    const names = new Map(node.names);
    await super.syncDirectory(directory);
    await nextTurn();
    this.durableNames.set(node, names);
  }

  /**
   * Every file of the store by name: the same as long as nothing is written, renamed or removed.
   */
  contents(directory: string = DIRECTORY): Map<string, Uint8Array> {
    const node = this.nodeAt(directory) as MemoryDirectoryNode;
    return new Map(
      [...node.names]
        .filter(([, file]) => file.kind === 'file')
        .map(([name, file]) => [name, (file as MemoryFileNode).toBytes()] as const)
        .sort(([left], [right]) => (left < right ? -1 : 1)),
    );
  }

  /** Puts a file there, replacing what stands under its name. */
  place(name: string, content: Uint8Array, directory: string = DIRECTORY): void {
    const node = new MemoryFileNode();
    node.write(content, 0, content.length, 0);
    (this.nodeAt(directory) as MemoryDirectoryNode).names.set(name, node);
  }

  /** The disk after the process was killed: everything written is there. */
  afterKill(): SimulatedDisk {
    const disk = new SimulatedDisk();
    for (const directory of this.directories()) {
      disk.makeDirectory(directory);
      for (const [name, content] of this.contents(directory)) disk.place(name, content, directory);
    }
    disk.settle();
    return disk;
  }

  /**
   * The disk after a power failure: names as of the directory's last sync; of each file what was
   * synced, and with `random` some part of what was written since.
   */
  afterPowerFailure(random: Random | undefined): SimulatedDisk {
    const disk = new SimulatedDisk();
    for (const directory of this.directories()) {
      disk.makeDirectory(directory);
      const names = this.durableNames.get(this.nodeAt(directory) as MemoryDirectoryNode) ?? [];
      for (const [name, node] of names) {
        if (node.kind === 'file') disk.place(name, this.survivor(node, random), directory);
      }
    }
    disk.settle();
    return disk;
  }

  /** Everything is durable now. */
  settle(): void {
    for (const path of this.directories()) {
      const directory = this.nodeAt(path) as MemoryDirectoryNode;
      this.durableNames.set(directory, new Map(directory.names));
      for (const node of directory.names.values()) {
        if (node.kind === 'file') this.durableContent.set(node, node.toBytes());
      }
    }
  }

  /** Every directory but the root; making one is durable at once. */
  private directories(): string[] {
    const below = (path: string, node: MemoryDirectoryNode): string[] =>
      [...node.names].flatMap(([name, child]) =>
        child.kind === 'file' ? [] : [`${path}/${name}`, ...below(`${path}/${name}`, child)],
      );
    return below('', this.root);
  }

  private survivor(node: MemoryFileNode, random: Random | undefined): Uint8Array {
    const durable = this.durableContent.get(node) ?? new Uint8Array(0);
    if (random === undefined) return durable;
    const written = node.toBytes();
    if (written.length < durable.length) return random.nextBelow(2) === 0 ? durable : written;
    const extra = random.nextBelow(written.length - durable.length + 1);
    const survivor = written.slice(0, durable.length + extra);
    if (random.nextBelow(2) === 0) loseSectors(survivor, durable, random);
    return survivor;
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

/** Bytes that a disk writes in one piece; real ones are larger, but so are real stores. */
const SECTOR_BYTES = 64;

/** Sectors reach a disk in any order: some still hold what was there before. */
function loseSectors(written: Uint8Array, before: Uint8Array, random: Random): void {
  for (let start = 0; start < written.length; start += SECTOR_BYTES) {
    if (random.nextBelow(2) === 0) continue;
    const sector = written.subarray(start, start + SECTOR_BYTES);
    sector.fill(0);
    sector.set(before.subarray(start, start + sector.length));
  }
}

/** Durations do not move the wall clock, so that listening changes no timestamp. */
export class TwoHandClock implements Clock {
  private wall = 1_700_000_000_000_000;
  private monotonic = 0;

  wallMicros(): number {
    return (this.wall += 7);
  }

  /** Lets time pass; durations do not notice. */
  pass(seconds: number): void {
    this.wall += seconds * 1e6;
  }

  monotonicMicros(): number {
    return (this.monotonic += 3);
  }
}

/**
 * Resolves in the next turn of the event loop: all that could go on without waiting has done so.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A turn takes one to three of the event loop's, a short delay as many; long ones never end. */
export class SimulatedScheduler implements Scheduler {
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  async turn(): Promise<void> {
    for (let turns = this.random.nextBelow(3); turns >= 0; turns--) await nextTurn();
  }

  after(delayMillis: number, callback: () => void): Timer {
    let wanted = delayMillis <= 1000;
    const pass = async (): Promise<void> => {
      await this.turn();
      if (wanted) callback();
    };
    if (wanted) void pass();
    return { cancel: () => (wanted = false) };
  }
}

/** A world that repeats for its seed. */
export function simulatedEnvironment(seed: number, vfs: MemoryVfs): Environment {
  const scheduler = new SimulatedScheduler(new Random(seed));
  return { vfs, clock: new TwoHandClock(), scheduler, codecs: nodeCodecs(), seed };
}
