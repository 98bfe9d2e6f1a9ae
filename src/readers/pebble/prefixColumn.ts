// A column of sorted keys in Pebble's columnar blocks (sstable/colblk/prefix_bytes.go): what all
// keys share is stored once, what a bundle of them shares once for the bundle.
//
//   logarithm of the keys in a bundle 1 | numbers: where each of these ends in the bytes | bytes
//     what all keys share | for each bundle: what its keys share, then the rest of each key
//
// The rest of a key that is the same as the one before is empty.

import { concatBytes } from '../../base/bytes.ts';
import { corruption } from '../../base/errors.ts';
import type { BytesColumn, ColumnarBlock } from './columnarBlock.ts';

const BUNDLE_LOG_MAX = 30;

/** Reads such a column; each key is a copy. @throws LsmError `CORRUPTION` */
export function prefixColumn(block: ColumnarBlock, column: number): BytesColumn {
  const start = block.startOf(column);
  block.need(start, 1);
  const bundleLog = block.bytes[start]!;
  if (bundleLog > BUNDLE_LOG_MAX) {
    const message = `a bundle of 2^${bundleLog} keys`;
    throw corruption(message, block.file, block.offset + start);
  }
  const bundles = Math.ceil(block.rows / 2 ** bundleLog);
  const count = 1 + bundles + block.rows;
  const ends = block.numbersAt(start + 1, count);
  const endOf = (slice: number): number => ends.end + Number(ends.at(slice));
  const slice = (index: number): Uint8Array => {
    const from = index === 0 ? ends.end : endOf(index - 1);
    const length = Math.max(0, endOf(index) - from);
    block.need(from, length);
    return block.bytes.subarray(from, from + length);
  };
  return {
    at: (row) => {
      const bundle = row >>> bundleLog;
      const bundleSlice = 1 + bundle * (2 ** bundleLog + 1);
      let rest = row + 2 + bundle;
      while (rest > bundleSlice + 1 && slice(rest).length === 0) rest--;
      return concatBytes([slice(0), slice(bundleSlice), slice(rest)]);
    },
  };
}
