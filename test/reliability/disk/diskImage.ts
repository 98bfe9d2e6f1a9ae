// A disk at one moment, cheap to take: what it holds is shared with the disk that goes on. Any
// number of crashes can be tried on it later.

import type { MemoryDirectoryNode, MemoryFileNode } from '../../../src/base/memoryVfs.ts';
import type { Random } from '../../../src/base/random.ts';
import type { FileFate } from './fileFate.ts';
import { contentAfter, namesAfter } from './losses.ts';
import type { Loss } from './losses.ts';
import type { NameFate } from './nameFate.ts';

/** A directory of an image. */
export interface ImagedDirectory {
  readonly path: string;
  readonly node: MemoryDirectoryNode;
  readonly fate: NameFate;
}

/** The files that a crash leaves, directory by directory, parents first. */
export interface Remains {
  readonly path: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Everything that decides what a crash at this moment would leave. */
export class DiskImage {
  readonly directories: readonly ImagedDirectory[];
  readonly fates: ReadonlyMap<MemoryFileNode, FileFate>;

  constructor(
    directories: readonly ImagedDirectory[],
    fates: ReadonlyMap<MemoryFileNode, FileFate>,
  ) {
    this.directories = directories;
    this.fates = fates;
  }

  /** What is left after a crash that takes as much as `loss` says and `random` chooses. */
  remains(loss: Loss, random: Random): Remains[] {
    return this.directories.map(({ path, fate }) => {
      const files = new Map<string, Uint8Array>();
      for (const [name, node] of namesAfter(fate, loss, random)) {
        if (node.kind !== 'file') continue;
        files.set(name, contentAfter(this.fates.get(node)!, loss, random));
      }
      return { path, files };
    });
  }
}
