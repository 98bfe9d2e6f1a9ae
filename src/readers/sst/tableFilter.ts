// What a filter of any kind answers when it is asked whether a table may hold a key.

import type { FilterProbe } from '../../protocol/events.ts';

/** What a filter says of a key. */
export interface FilterVerdict {
  readonly mayContain: boolean;
  readonly hash: number;
  /** Added to the hash from probe to probe; 0 where probes are chosen otherwise. */
  readonly step: number;
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
  /** @param blockOffset of the data block that may hold the key. */
  check(key: Uint8Array, blockOffset: number): FilterVerdict;
}
