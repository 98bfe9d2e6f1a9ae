// What a filter of any kind answers when it is asked whether a table may hold a key.

import type { FilterProbe } from '../../../protocol/events.ts';

/** What a filter says of a key. */
export interface FilterVerdict {
  readonly mayContain: boolean;
  /** Of a ribbon and a fuse filter, a probe is not one bit but the parity of several. */
  readonly kind: 'bloom' | 'ribbon' | 'fuse';
  /** Two words; of double hashing, the hash and what is added to it from probe to probe. */
  readonly hash: readonly [number, number];
  readonly bitCount: number;
  /** Up to the first unset one. */
  readonly probes: readonly FilterProbe[];
  /** That a check makes when no bit is unset. */
  readonly probesMax: number;
  /** The filter itself. */
  readonly bits: Uint8Array;
}

/** The filter of one table, or its filters. */
export interface TableFilter {
  /**
   * @param blockOffset of the data block that may hold the key.
   * @throws LsmError when a part of the filter cannot be read.
   */
  check(key: Uint8Array, blockOffset: number): FilterVerdict;
  /** Whether two keys are the same to it; left out: only one key is the same as itself. */
  isAlike?(first: Uint8Array, second: Uint8Array): boolean;
  /**
   * Whether it is of a kind that is known here; of another, everything may be in it. Reads all.
   * @throws LsmError when a part of the filter cannot be read.
   */
  isKnown(): boolean;
}

const NO_BITS = new Uint8Array(0);

/** An answer without a look at any bit. */
export function unprobed(mayContain: boolean): FilterVerdict {
  return {
    mayContain,
    kind: 'bloom',
    hash: [0, 0],
    bitCount: 0,
    probes: [],
    probesMax: 0,
    bits: NO_BITS,
  };
}
