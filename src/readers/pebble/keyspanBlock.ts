// Statements about ranges of keys in columns (sstable/colblk/keyspan.go), as tables have them from
// version 5 on. Ranges are cut so that none overlaps another but with equal bounds.
//
//   custom header: number of bounds, uint32
//   columns, one row a bound: key | which of the rows below is the first that begins at it or later
//   columns, one row a statement: trailer, as in internal keys | suffix | value

import { loadUint32 } from '../../base/byteReader.ts';
import { corruption } from '../../base/errors.ts';
import type { BlockFile } from '../sst/blockFile.ts';
import type { BlockHandle } from '../sst/blockHandle.ts';
import { ColumnarBlock } from './columnarBlock.ts';

/** One statement; keys are copies. */
export interface Keyspan {
  readonly from: Uint8Array;
  /** Not in the range. */
  readonly to: Uint8Array;
  readonly code: number;
  readonly sequence: number;
  /** Where its suffix and value stand in their columns. */
  readonly row: number;
}

const HEADER_BYTES = 4;
const BOUNDS_MAX = 1_000_000;
const COLUMN_TRAILERS = 2;
export const COLUMN_SUFFIXES = 3;
export const COLUMN_VALUES = 4;

/** @throws LsmError `CORRUPTION`, `NOT_SUPPORTED`, `IO` */
export function readKeyspanBlock(blocks: BlockFile, handle: BlockHandle): ColumnarBlock {
  const { bytes } = blocks.read(handle);
  return new ColumnarBlock(bytes, HEADER_BYTES, blocks.name, handle.offset);
}

/**
 * Its statements in file order.
 * @param globalSequence of all of them, when the table has one.
 * @throws LsmError `CORRUPTION`
 */
export function* keyspansOf(
  block: ColumnarBlock,
  globalSequence: number | undefined,
): Generator<Keyspan> {
  const bounds = loadUint32(block.bytes, 0);
  if (bounds > BOUNDS_MAX) throw corruption('too many bounds', block.file, block.offset);
  const keys = block.texts(0, bounds);
  const firsts = block.numbers(1, bounds);
  const trailers = block.numbers(COLUMN_TRAILERS);
  for (let bound = 0; bound + 1 < bounds; bound++) {
    const from = keys.at(bound).slice();
    const to = keys.at(bound + 1).slice();
    const end = Math.min(Number(firsts.at(bound + 1)), block.rows);
    for (let row = Number(firsts.at(bound)); row < end; row++) {
      const trailer = trailers.at(row);
      const sequence = globalSequence ?? Number(trailer >> 8n);
      yield { from, to, code: Number(trailer & 0xffn), sequence, row };
    }
  }
}
