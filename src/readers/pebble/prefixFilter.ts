// The filter of a Pebble table (sstable/tablefilters): RocksDB's Bloom filter of before format
// version 5, or a binary fuse filter, over what comes before the versions of keys. What a table's
// keys get put before them is not in it.

import { equalBytes, startsWith } from '../../base/bytes.ts';
import { unprobed } from '../sst/filters/tableFilter.ts';
import type { FilterVerdict, TableFilter } from '../sst/filters/tableFilter.ts';
import type { PebbleComparer } from './comparers.ts';

/** What kind of filter its bytes are. */
export type ProbeFilter = (filter: Uint8Array, key: Uint8Array) => FilterVerdict;

/** Asks one filter. */
export class PrefixFilter implements TableFilter {
  private readonly filter: Uint8Array;
  private readonly probe: ProbeFilter;
  private readonly comparer: PebbleComparer;
  private readonly prefix: Uint8Array;

  /** @param prefix put before each key of the table. */
  constructor(
    filter: Uint8Array,
    probe: ProbeFilter,
    comparer: PebbleComparer,
    prefix: Uint8Array,
  ) {
    this.filter = filter;
    this.probe = probe;
    this.comparer = comparer;
    this.prefix = prefix;
  }

  check(key: Uint8Array): FilterVerdict {
    const { filter, comparer, prefix } = this;
    if (!startsWith(key, prefix)) return unprobed(false);
    const end = comparer.split(key, key.length);
    if (end < prefix.length) return unprobed(true);
    return this.probe(filter, key.subarray(prefix.length, end));
  }

  /** Versions of a key are. */
  isAlike(first: Uint8Array, second: Uint8Array): boolean {
    const { split } = this.comparer;
    const firstEnd = split(first, first.length);
    return equalBytes(
      first.subarray(0, firstEnd),
      second.subarray(0, split(second, second.length)),
    );
  }

  /** Its name in the metaindex has told its kind. */
  isKnown(): boolean {
    return true;
  }
}
