// Deleting a range of entries: all of it by one range delete, or those that a reader saw at a
// snapshot, or a limited number of them, one by one in batches.

import type { AbstractSnapshot } from 'abstract-level';
import type { Lsm } from '../../engine/db.ts';
import { KEY_SIZE_MAX } from '../../engine/options.ts';
import { WriteBatch } from '../../engine/writeBatch.ts';
import { keyAfter, keyRangeOf } from './keyRange.ts';
import type { EncodedRange } from './keyRange.ts';
import { engineSnapshotOf } from './levelSnapshot.ts';

/** Deletions that are written together. */
const BATCH_ENTRIES = 1000;

/** As abstract-level hands them to an implementation. */
export interface EncodedClearOptions extends EncodedRange {
  readonly reverse: boolean;
  /** Entries at most; -1 for all. */
  readonly limit: number;
  readonly snapshot?: AbstractSnapshot;
}

/** Deletes the entries of a range, from its end on when `reverse`, at most `limit` of them. */
export async function clearRange(store: Lsm, options: EncodedClearOptions): Promise<void> {
  const range = keyRangeOf(options);
  const isPlain = options.limit < 0 && engineSnapshotOf(options.snapshot) === undefined;
  if (!isPlain) return clearOneByOne(store, options);
  const end = range.to ?? endOfAll(store);
  if (end === undefined) return;
  if (end.length > KEY_SIZE_MAX) await clearOneByOne(store, options);
  else await store.deleteRange(range.from ?? new Uint8Array(0), end);
}

/** The least key above all that the store holds; `undefined` when it holds none. */
function endOfAll(store: Lsm): Uint8Array | undefined {
  const iterator = store.iterator({ reverse: true });
  try {
    iterator.seekToFirst();
    return iterator.valid ? keyAfter(iterator.key()) : undefined;
  } finally {
    iterator.close();
  }
}

async function clearOneByOne(store: Lsm, options: EncodedClearOptions): Promise<void> {
  const { reverse, limit } = options;
  const snapshot = engineSnapshotOf(options.snapshot);
  const iterator = store.iterator({ ...keyRangeOf(options), reverse, snapshot });
  try {
    iterator.seekToFirst();
    let left = limit < 0 ? Infinity : limit;
    while (left > 0 && iterator.valid) {
      const batch = new WriteBatch();
      for (; iterator.valid && batch.entryCount < Math.min(left, BATCH_ENTRIES); iterator.next()) {
        batch.delete(iterator.key());
      }
      left -= batch.entryCount;
      await store.write(batch);
    }
  } finally {
    iterator.close();
  }
}
