// Deleting a range of entries: those that a reader sees now, or saw at a snapshot, in batches.

import type { AbstractSnapshot } from 'abstract-level';
import type { Lsm } from '../../engine/db.ts';
import { WriteBatch } from '../../engine/writeBatch.ts';
import { keyRangeOf } from './keyRange.ts';
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
