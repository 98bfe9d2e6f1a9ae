// A Pebble table's deletions of ranges: up to version 4 rows as RocksDB's, from version 5 on
// columns (sstable/colblk/keyspan.go). Ranges are cut so that none overlaps another but with equal
// bounds.
//
//   custom header: number of bounds, uint32
//   columns, one row a bound: key | which of the rows below is the first that begins at it or later
//   columns, one row a deletion: trailer, as in internal keys | suffix | value (both not used)

import { loadUint32 } from '../../base/byteReader.ts';
import { corruption } from '../../base/errors.ts';
import type { BlockFile } from '../sst/blockFile.ts';
import type { BlockHandle } from '../sst/blockHandle.ts';
import { readRangeDeletions as readRows } from '../sst/rangeDeletions.ts';
import type { RangeDeletion } from '../sst/rangeDeletions.ts';
import { ColumnarBlock } from './columnarBlock.ts';

/** The second is the form before cutting. */
const NAMES = ['rocksdb.range_del2', 'rocksdb.range_del'];
const HEADER_BYTES = 4;
const BOUNDS_MAX = 1_000_000;
const COLUMN_TRAILERS = 2;

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
  const { bytes } = blocks.read(handle);
  const block = new ColumnarBlock(bytes, HEADER_BYTES, blocks.name, handle.offset);
  return [...columnarDeletions(block, globalSequence)];
}

function* columnarDeletions(
  block: ColumnarBlock,
  globalSequence: number | undefined,
): Generator<RangeDeletion> {
  const bounds = loadUint32(block.bytes, 0);
  if (bounds > BOUNDS_MAX) throw corruption('too many bounds', block.file, block.offset);
  const keys = block.texts(0, bounds);
  const firsts = block.numbers(1, bounds);
  const trailers = block.numbers(COLUMN_TRAILERS);
  for (let bound = 0; bound + 1 < bounds; bound++) {
    const end = Math.min(Number(firsts.at(bound + 1)), block.rows);
    for (let row = Number(firsts.at(bound)); row < end; row++) {
      const sequence = globalSequence ?? Number(trailers.at(row) >> 8n);
      yield { from: keys.at(bound).slice(), to: keys.at(bound + 1).slice(), sequence };
    }
  }
}
