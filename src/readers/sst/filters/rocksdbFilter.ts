// The filter of a RocksDB table: one over all of its keys, or one for each of several parts, which
// an index like that of data blocks tells.

import type { CompareKeys } from '../../keyOrder.ts';
import type { BlockHandle } from '../blockHandle.ts';
import type { IndexEntry } from '../indexBlock.ts';
import type { TableProperties } from '../tableProperties.ts';
import { filteredKey } from '../timestamps.ts';
import { isKnownFilter, probeFullFilter } from './fullFilter.ts';
import { prefixExtractorNamed } from './prefixExtractor.ts';
import { unprobed } from './tableFilter.ts';
import type { FilterVerdict, TableFilter } from './tableFilter.ts';

/** What RocksDB's own filters are called in a metaindex, whatever their kind. */
const POLICY = 'rocksdb.BuiltinBloomFilter';
/** One filter over all keys. */
export const FULL_FILTER_NAME: string = `fullfilter.${POLICY}`;
/** A filter in parts. */
export const PARTITIONED_FILTER_NAME: string = `partitionedfilter.${POLICY}`;

/** What part of a key a table's filter was made of; `undefined` when that is not known here. */
type FilteredPart = (key: Uint8Array) => Uint8Array | undefined;

/** One filter over all keys. */
export class FullFilter implements TableFilter {
  private readonly filter: Uint8Array;
  private readonly partOf: FilteredPart;

  constructor(filter: Uint8Array, properties: TableProperties | undefined) {
    this.filter = filter;
    this.partOf = filteredPart(properties);
  }

  check(key: Uint8Array): FilterVerdict {
    const part = this.partOf(key);
    return part === undefined ? unprobed(true) : probeFullFilter(this.filter, part);
  }

  isKnown(): boolean {
    return isKnownFilter(this.filter);
  }
}

/** A filter for each part of the table. */
export class PartitionedFilter implements TableFilter {
  private readonly partitions: readonly IndexEntry[];
  private readonly compare: CompareKeys;
  private readonly read: (handle: BlockHandle) => Uint8Array;
  private readonly partOf: FilteredPart;
  private kept: { readonly index: number; readonly filter: Uint8Array } | undefined;

  /** @param compare the order of the table's keys. */
  constructor(
    partitions: readonly IndexEntry[],
    compare: CompareKeys,
    read: (handle: BlockHandle) => Uint8Array,
    properties: TableProperties | undefined,
  ) {
    this.partitions = partitions;
    this.compare = compare;
    this.read = read;
    this.partOf = filteredPart(properties);
  }

  check(key: Uint8Array): FilterVerdict {
    const part = this.partOf(key);
    if (part === undefined || this.partitions.length === 0) return unprobed(true);
    return probeFullFilter(this.partition(this.indexOf(key)), part);
  }

  isKnown(): boolean {
    return this.partitions.every(({ handle }) => isKnownFilter(this.read(handle)));
  }

  /** The first part whose last key is not before `key`; behind the last one, that. */
  private indexOf(key: Uint8Array): number {
    let low = 0;
    let high = this.partitions.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { key: last } = this.partitions[middle]!;
      if (this.compare(last, last.length, key, key.length) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private partition(index: number): Uint8Array {
    if (this.kept?.index === index) return this.kept.filter;
    const filter = this.read(this.partitions[index]!.handle);
    this.kept = { index, filter };
    return filter;
  }
}

function filteredPart(properties: TableProperties | undefined): FilteredPart {
  if (properties?.wholeKeyFiltering !== false) return (key) => filteredKey(key, properties);
  const prefixOf = prefixExtractorNamed(properties.prefixExtractor);
  return (key) => prefixOf?.(filteredKey(key, properties));
}
