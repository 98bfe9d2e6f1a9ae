// Blocks of a Pebble table beside its data: pairs of name and content, and the index, as columns.

import { decodeUtf8 } from '../../base/bytes.ts';
import type { Block } from '../sst/block.ts';
import { BlockCursor } from '../sst/block.ts';
import type { IndexEntry } from '../sst/indexBlock.ts';
import { RowBlockBuilder } from '../sst/rowBlock.ts';
import type { ColumnarBlock } from './columnarBlock.ts';

/** The columns name and content as rows. @throws LsmError `CORRUPTION` */
export function columnarPairs(block: ColumnarBlock): Block {
  const names = block.texts(0);
  const contents = block.texts(1);
  const builder = new RowBlockBuilder();
  for (let row = 0; row < block.rows; row++) builder.add(names.at(row), contents.at(row));
  return builder.finish(block.file, block.offset);
}

/** The contents by their names. @throws LsmError `CORRUPTION` */
export function pairsOf(block: Block): ReadonlyMap<string, Uint8Array> {
  const pairs = new Map<string, Uint8Array>();
  const cursor = new BlockCursor(block);
  for (cursor.first(); cursor.valid; cursor.next()) {
    pairs.set(decodeUtf8(cursor.copyKey()), cursor.copyValue());
  }
  return pairs;
}

/**
 * The columns separator, offset and size of an index.
 * @param shown how separators are shown, as keys are.
 * @throws LsmError `CORRUPTION`
 */
export function columnarIndex(
  block: ColumnarBlock,
  shown: (key: Uint8Array) => Uint8Array,
): IndexEntry[] {
  const separators = block.texts(0);
  const offsets = block.numbers(1);
  const sizes = block.numbers(2);
  return Array.from({ length: block.rows }, (_, row) => ({
    key: shown(separators.at(row).slice()),
    handle: { offset: Number(offsets.at(row)), sizeBytes: Number(sizes.at(row)) },
  }));
}
