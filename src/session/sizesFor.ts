// The sizes of a tree in proportion: whoever chooses a memtable of another size gets the same tree
// at another scale, with as many levels for as many memtables' worth of data.

import { DEFAULT_OPTIONS } from '../engine/options.ts';
import type { LsmOptions } from '../engine/options.ts';

/** A memtable of `memtableSize` bytes; levels and tables keep the defaults' proportion to it. */
export function sizesFor(
  memtableSize: number,
): Pick<LsmOptions, 'memtableSize' | 'levelBaseSize' | 'targetTableSize'> {
  const scaled = (size: number): number =>
    Math.ceil((size / DEFAULT_OPTIONS.memtableSize) * memtableSize);
  return {
    memtableSize,
    levelBaseSize: scaled(DEFAULT_OPTIONS.levelBaseSize),
    targetTableSize: scaled(DEFAULT_OPTIONS.targetTableSize),
  };
}
