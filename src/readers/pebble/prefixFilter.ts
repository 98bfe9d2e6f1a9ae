// The filter of a Pebble table (sstable/tablefilters/bloom): RocksDB's Bloom filter of before
// format version 5, over what comes before the versions of keys. What a table's keys get put before
// them is not in it.

import { startsWith } from '../../base/bytes.ts';
import { probeFullFilter } from '../sst/filters/fullFilter.ts';
import { unprobed } from '../sst/filters/tableFilter.ts';
import type { FilterVerdict, TableFilter } from '../sst/filters/tableFilter.ts';
import type { PebbleComparer } from './comparers.ts';

/** Asks one filter. */
export class PrefixFilter implements TableFilter {
  private readonly filter: Uint8Array;
  private readonly comparer: PebbleComparer;
  private readonly prefix: Uint8Array;

  /** @param prefix put before each key of the table. */
  constructor(filter: Uint8Array, comparer: PebbleComparer, prefix: Uint8Array) {
    this.filter = filter;
    this.comparer = comparer;
    this.prefix = prefix;
  }

  check(key: Uint8Array): FilterVerdict {
    const { filter, comparer, prefix } = this;
    if (!startsWith(key, prefix)) return unprobed(false);
    const end = comparer.split(key, key.length);
    if (end < prefix.length) return unprobed(true);
    return probeFullFilter(filter, key.subarray(prefix.length, end));
  }
}
