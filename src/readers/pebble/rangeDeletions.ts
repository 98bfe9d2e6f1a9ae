// A Pebble table's deletions of ranges: up to version 4 rows as RocksDB's, from version 5 on
// columns.

import type { BlockFile } from '../sst/blockFile.ts';
import type { BlockHandle } from '../sst/blockHandle.ts';
import { readRangeDeletions as readRows } from '../sst/rangeDeletions.ts';
import type { RangeDeletion } from '../sst/rangeDeletions.ts';
import { keyspansOf, readKeyspanBlock } from './keyspanBlock.ts';

/** The second is the form before cutting. */
const NAMES = ['rocksdb.range_del2', 'rocksdb.range_del'];

/** @throws LsmError `CORRUPTION`, `NOT_SUPPORTED`, `IO` */
export function readRangeDeletions(
  blocks: BlockFile,
  metaBlocks: ReadonlyMap<string, BlockHandle>,
  isColumnar: boolean,
  globalSequence: number | undefined,
): readonly RangeDeletion[] {
  const handle = NAMES.map((name) => metaBlocks.get(name)).find((found) => found !== undefined);
  if (handle === undefined) return [];
  if (!isColumnar) return readRows(blocks.readBlock(handle), globalSequence);
  const spans = [...keyspansOf(readKeyspanBlock(blocks, handle), globalSequence)];
  return spans.map(({ from, to, sequence }) => ({ from, to, sequence }));
}
