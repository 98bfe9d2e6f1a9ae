// RocksDB's deletions of whole ranges: a block of their own (`rocksdb.range_del` in the metaindex),
// whose keys are internal ones with the range's beginning, its values the range's end. They may
// overlap; those that reach beyond the table hold only within the table's keys.

import { copyOfRange } from '../../base/bytes.ts';
import { parseInternalKey } from '../internalKey.ts';
import { BlockCursor } from './block.ts';
import type { Block } from './block.ts';

/** Deletes all versions older than it in a range of user keys. */
export interface RangeDeletion {
  readonly from: Uint8Array;
  /** Not included. */
  readonly to: Uint8Array;
  readonly sequence: number;
}

/**
 * Takes such a block apart, in file order.
 * @param globalSequence of an ingested table.
 * @throws LsmError `CORRUPTION`.
 */
export function readRangeDeletions(
  block: Block,
  globalSequence: number | undefined,
): readonly RangeDeletion[] {
  const found: RangeDeletion[] = [];
  const cursor = new BlockCursor(block);
  for (cursor.first(); cursor.valid; cursor.next()) {
    const key = copyOfRange(cursor.key, 0, cursor.keyLength);
    const { userKey, sequence } = parseInternalKey(key, block.file, block.offset);
    found.push({
      from: userKey,
      to: cursor.copyValue(),
      sequence: globalSequence ?? sequence,
    });
  }
  return found;
}
