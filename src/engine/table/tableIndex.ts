// What an index answers, whether it is one block or parts that are loaded when they are needed.

import type { HalvingStep } from '../../protocol/events.ts';

/** A separator: behind a block's entries, not behind those of the next. */
export interface Separator {
  readonly key: Uint8Array;
  readonly sequence: number;
}

/**
 * Where the data blocks of a table lie, numbered from 0. What has to be read from the disk for an
 * answer may throw LsmError `CORRUPTION` or `IO`.
 */
export interface TableIndex {
  readonly blockCount: number;
  /** Bytes that it always takes in memory. */
  readonly memoryBytes: number;
  /** Offset of a block; of `blockCount`: where the data ends. */
  offsetOf(block: number): number;
  /** Size as stored, without the trailer. */
  sizeOf(block: number): number;
  /** Size before compression. */
  rawSizeOf(block: number): number;
  entriesOf(block: number): number;
  /** The separator behind a block, copied. */
  separator(block: number): Separator;
  /**
   * The first block whose separator is not before (key, sequence): the only one that may hold the
   * first entry that is not before it. `blockCount` when every separator is before it.
   * @param steps receives each halving, for a close-up; `null` to record none.
   */
  find(key: Uint8Array, sequence: number, steps: HalvingStep[] | null): number;
}
