// A memtable as another thread sees it: everything it needs is in the shared buffer.

import type { EntryIterator } from '../iterator/entryIterator.ts';
import { Arena } from './arena.ts';
import { MemtableIterator } from './memtableIterator.ts';
import { SkipList } from './skipList.ts';

/** The entries of a memtable whose `buffer` came by a message, in order. Reading only. */
export function openSharedMemtable(buffer: SharedArrayBuffer): EntryIterator {
  return new MemtableIterator(new SkipList(new Arena(buffer)));
}
