// RocksDB's hash index inside of a data block (table/block_based/data_block_hash_index.cc): for
// each hash the restart point after which the keys with it stand.

import { signedHash32 } from './filters/filterHash.ts';
import type { Block } from './block.ts';

const SEED = 397;
/** No key of the block has the hash. */
const NO_ENTRY = 255;
/** Keys after different restart points have it. */
const COLLISION = 254;

/**
 * The restart point after which a user key stands, if it is in the block at all; `absent` when it
 * certainly is not, `unknown` when the block must be searched.
 */
export function restartByHash(block: Block, key: Uint8Array): number | 'absent' | 'unknown' {
  const { hashBuckets: buckets, bytes, restartCount } = block;
  if (buckets === undefined) return 'unknown';
  const entry = bytes[buckets.start + (signedHash32(key, SEED) % buckets.count)]!;
  if (entry === NO_ENTRY) return 'absent';
  return entry === COLLISION || entry >= restartCount ? 'unknown' : entry;
}
