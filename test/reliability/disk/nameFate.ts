// What would become of a directory's names at a crash: those of its last sync, and every creation,
// renaming and removal since, in order. Each happens whole or not at all.

import type { MemoryNode } from '../../../src/base/memoryVfs.ts';

export type Names = ReadonlyMap<string, MemoryNode>;

/** A name comes or goes; a renaming within a directory is both at once. */
export interface NameChange {
  readonly removed?: string;
  readonly added?: string;
  /** What the added name means. */
  readonly node?: MemoryNode;
}

/** A directory at one moment. */
export interface NameFate {
  /** What every crash leaves. */
  readonly durable: Names;
  /** What came after; grows in place. */
  readonly pending: NameChange[];
}

/** A directory that is durable as it is. */
export function settledDirectory(names: Names = new Map()): NameFate {
  return { durable: names, pending: [] };
}

/** After a sync that began when `count` changes were pending. */
export function afterNameSync({ durable, pending }: NameFate, count: number): NameFate {
  return { durable: renamed(durable, pending.slice(0, count)), pending: pending.slice(count) };
}

/** Names after changes. */
export function renamed(names: Names, changes: readonly NameChange[]): Names {
  if (changes.length === 0) return names;
  const after = new Map(names);
  for (const { removed, added, node } of changes) {
    if (removed !== undefined) after.delete(removed);
    if (added !== undefined) after.set(added, node!);
  }
  return after;
}
