// An open table: its index, filter and properties in memory, its data blocks on demand.
//
// A get asks the filter, then the index for the one block that may hold the key, then searches in
// it. Each step tells what it did when it is given a trace; the steps are the same without one.

import { corruption } from '../../base/errors.ts';
import { equalBytes } from '../../base/bytes.ts';
import type { FilterProbe, HalvingStep, TableInfo } from '../../protocol/events.ts';
import type { ReadableFile } from '../cache/openFiles.ts';
import type { Entry } from '../iterator/entry.ts';
import { BlockIndex } from './blockIndex.ts';
import { BlockSearch } from './blockSearch.ts';
import { checkBlock, readBlock } from './blockTrailer.ts';
import { DataBlock } from './dataBlock.ts';
import { Filter } from './filter.ts';
import { decodePartition, PartitionedIndex } from './partitionedIndex.ts';
import type { TableIndex } from './tableIndex.ts';
import { readFooter } from './footer.ts';
import type { Footer } from './footer.ts';
import { Fragments, NOT_COVERED } from '../rangeDelete/fragments.ts';
import { boundsWith } from '../rangeDelete/rangeTombstone.ts';
import type { RangeTombstone } from '../rangeDelete/rangeTombstone.ts';
import { decodeRangeTombstones } from './rangeTombstoneBlock.ts';
import { extractorNamed } from './prefixExtractor.ts';
import type { PrefixExtractor } from './prefixExtractor.ts';
import type { ReadAhead } from './readAhead.ts';
import { UNTRACED_READS } from './readContext.ts';
import type { BlockReadOptions, GetTrace, ReadContext } from './readContext.ts';
import { TableIterator } from './tableIterator.ts';
import {
  tellBlockRead,
  tellBlockSearch,
  tellFilterCheck,
  tellIndexSeek,
} from './tableReadEvents.ts';
import { decodeProperties } from './tableProperties.ts';
import type { TableProperties } from './tableProperties.ts';

/** Reads one table. Everything is checked as it comes from the disk. */
export class TableReader {
  /** File name without directory, for messages. */
  readonly name: string;
  /** The number under which the store knows it. */
  readonly file: number;
  /** What all entries of an ingested table read as, though it says 0; 0 for other tables. */
  readonly givenSequence: number;
  readonly footer: Footer;
  readonly properties: TableProperties;
  readonly index: TableIndex;
  /** `undefined` when the table was written without one. */
  readonly filter: Filter | undefined;
  /** In the order of the block; none for most tables. */
  readonly rangeTombstones: readonly RangeTombstone[];
  private fragments: Fragments | undefined;
  /** Whose prefixes the filter knows; `null` for none. */
  readonly prefixExtractor: PrefixExtractor | null;
  private readonly handle: ReadableFile;
  private readonly context: ReadContext;
  private readonly search = new BlockSearch();

  /**
   * Reads footer, properties, index, filter and range deletes. The handle is closed when that
   * fails.
   * @param expected what the manifest says of the table; `undefined` when nobody knows.
   * @throws LsmError `CORRUPTION` on damage, or when the file is not the table expected here;
   * `NOT_SUPPORTED` for a newer format; `IO`.
   */
  static open(
    handle: ReadableFile,
    name: string,
    expected: TableInfo | undefined,
    context: ReadContext,
  ): TableReader {
    try {
      return new TableReader(handle, name, expected, context);
    } catch (thrown) {
      handle.close();
      throw thrown;
    }
  }

  private constructor(
    handle: ReadableFile,
    name: string,
    expected: TableInfo | undefined,
    context: ReadContext,
  ) {
    this.handle = handle;
    this.name = name;
    this.context = context;
    this.footer = readFooter(handle, name);
    const { filter, index, properties } = this.footer;
    this.properties = decodeProperties(
      readBlock(handle, name, properties.offset, properties.sizeBytes, context.codecs),
      name,
      properties.offset,
    );
    this.prefixExtractor = extractorNamed(this.properties.prefixExtractor) ?? null;
    this.file = expected?.file ?? this.properties.file;
    this.givenSequence = expected?.madeBy === 'ingest' ? expected.smallestSequence : 0;
    const indexBytes = readBlock(handle, name, index.offset, index.sizeBytes, context.codecs);
    this.index = this.openIndex(indexBytes);
    if (filter.sizeBytes > 0) {
      const { offset, sizeBytes } = filter;
      const filterBytes = readBlock(handle, name, offset, sizeBytes, context.codecs);
      this.filter = new Filter(filterBytes, name, offset);
    }
    this.rangeTombstones = this.readRangeTombstones();
    this.checkParts();
    if (expected !== undefined) this.checkExpected(expected);
  }

  /** Bytes that index, filter and range deletes take in memory. */
  get memoryBytes(): number {
    const { filter, rangeTombstones } = this.footer;
    return this.index.memoryBytes + filter.sizeBytes + rangeTombstones.sizeBytes;
  }

  /**
   * Finds the newest version of `key` with a sequence of at most `sequence`.
   * @param hash of the key, by `hash64` with FILTER_SEED.
   * @param found receives kind, sequence, timestamp and the value's place; its key stays as it is.
   * @param trace tells every step to the sink; `null` for none.
   * @returns whether there is one; a tombstone counts.
   * @throws LsmError `CORRUPTION`, `IO`.
   */
  get(
    key: Uint8Array,
    hash: Uint32Array,
    sequence: number,
    found: Entry,
    trace: GetTrace | null,
  ): boolean {
    const { counters, sink } = this.context;
    const { filter } = this;
    if (filter !== undefined) {
      counters.filterChecks++;
      const probes: FilterProbe[] | null = trace === null ? null : [];
      const maybe = filter.mayContain(hash, probes);
      if (trace !== null) tellFilterCheck(this, filter, hash, probes!, maybe, trace, sink);
      if (!maybe) {
        counters.filterNegatives++;
        return false;
      }
    }
    const steps: HalvingStep[] | null = trace === null ? null : [];
    const block = this.index.find(key, sequence, steps);
    const inside = block < this.index.blockCount;
    if (trace !== null) tellIndexSeek(this, steps!, inside ? block : -1, trace, sink);
    const answer = inside && this.searchBlock(block, key, sequence, found, trace);
    if (!answer && filter !== undefined && !(inside && this.search.passedOver > 0)) {
      counters.filterFalsePositives++;
    }
    return answer;
  }

  /**
   * The greatest sequence number, at most `sequence`, of a range delete of this table that covers
   * `key`; NOT_COVERED for none.
   */
  coverOf(key: Uint8Array, sequence: number): number {
    if (this.rangeTombstones.length === 0) return NOT_COVERED;
    this.fragments ??= new Fragments(this.rangeTombstones);
    return this.fragments.coverOf(key, sequence);
  }

  private openIndex(bytes: Uint8Array): TableIndex {
    const { footer, properties, name } = this;
    const { offset } = footer.index;
    const { dataSizeBytes, indexPartitions } = properties;
    if (indexPartitions === 0) return new BlockIndex(bytes, name, offset);
    const top = new BlockIndex(bytes, name, offset, dataSizeBytes);
    if (
      top.blockCount !== indexPartitions ||
      top.offsetOf(indexPartitions) !== footer.filter.offset
    ) {
      throw corruption('the parts of the index are not where it says', name, offset);
    }
    return new PartitionedIndex(top, dataSizeBytes, (part) => this.loadPartition(top, part));
  }

  /** A part of the index, from the cache or the disk. */
  private loadPartition(top: BlockIndex, part: number): BlockIndex {
    const { cache, counters, codecs } = this.context;
    const offset = top.offsetOf(part);
    const cached = cache.get(this.file, offset);
    if (cached instanceof BlockIndex) return cached;
    const sizeBytes = top.sizeOf(part);
    counters.blockReads++;
    counters.blockBytesRead += sizeBytes;
    const bytes = readBlock(this.handle, this.name, offset, sizeBytes, codecs);
    const { dataSizeBytes } = this.properties;
    const index = decodePartition(bytes, this.name, top, part, dataSizeBytes);
    cache.put(this.file, offset, index);
    return index;
  }

  /** An iterator over all entries; stands nowhere until moved. */
  iterator(options: BlockReadOptions): TableIterator {
    const iterator = new TableIterator(options);
    iterator.open(this);
    return iterator;
  }

  /**
   * A data block, from the cache or the disk.
   * @param ahead what a walk past the cache reads through; `null` to read the block alone.
   * @throws LsmError `CORRUPTION`, `NOT_SUPPORTED`, `IO`.
   */
  dataBlock(block: number, options: BlockReadOptions, ahead: ReadAhead | null): DataBlock {
    const { cache, counters, sink } = this.context;
    const offset = this.index.offsetOf(block);
    const began = sink.read ? this.context.clock.monotonicMicros() : 0;
    const cached = options.useCache ? cache.get(this.file, offset) : undefined;
    let data = cached instanceof DataBlock ? cached : undefined;
    const cacheHit = data !== undefined;
    if (data === undefined) {
      data = options.useCache ? this.loadTimed(block, ahead) : this.loadDataBlock(block, ahead);
      if (options.useCache) {
        counters.cacheMisses++;
        if (options.fillCache) cache.put(this.file, offset, data);
      }
    } else {
      counters.cacheHits++;
    }
    if (sink.read) tellBlockRead(this, block, cacheHit, began, options, this.context);
    return data;
  }

  /** Closes the file; the reader is of no more use. Idempotent. */
  close(): void {
    this.handle.close();
  }

  private loadTimed(block: number, ahead: ReadAhead | null): DataBlock {
    const { clock, metrics } = this.context;
    if (metrics === undefined || !metrics.blockReads.chooses()) {
      return this.loadDataBlock(block, ahead);
    }
    const began = clock.monotonicMicros();
    const data = this.loadDataBlock(block, ahead);
    metrics.latencies.blockRead.record(clock.monotonicMicros() - began);
    return data;
  }

  /** Reads a block from the disk and checks it, whatever the cache holds. */
  loadDataBlock(block: number, ahead: ReadAhead | null): DataBlock {
    const { counters, codecs } = this.context;
    const offset = this.index.offsetOf(block);
    const sizeBytes = this.index.sizeOf(block);
    counters.blockReads++;
    counters.blockBytesRead += sizeBytes;
    const bytes =
      ahead === null
        ? readBlock(this.handle, this.name, offset, sizeBytes, codecs)
        : checkBlock(
            ahead.blockWithTrailer(this.handle, this.name, this.index, block),
            this.name,
            offset,
            codecs,
          );
    if (bytes.length !== this.index.rawSizeOf(block)) {
      const expected = this.index.rawSizeOf(block);
      const message = `a block of ${bytes.length} bytes, the index says ${expected}`;
      throw corruption(message, this.name, offset);
    }
    const data = new DataBlock(bytes, this.name, offset, this.givenSequence);
    if (data.entryCount !== this.index.entriesOf(block)) {
      const expected = this.index.entriesOf(block);
      const message = `a block of ${data.entryCount} entries, the index says ${expected}`;
      throw corruption(message, this.name, offset);
    }
    return data;
  }

  private searchBlock(
    block: number,
    key: Uint8Array,
    sequence: number,
    found: Entry,
    trace: GetTrace | null,
  ): boolean {
    const { search } = this;
    const operation = trace === null ? 0 : trace.operation;
    const reads = trace === null ? UNTRACED_READS : { operation, useCache: true, fillCache: true };
    const data = this.dataBlock(block, reads, null);
    const steps: HalvingStep[] | null = trace === null ? null : [];
    search.run(data, key, sequence, steps);
    if (search.sameKey) {
      const { index, header } = search;
      found.kind = data.kindOf(index);
      found.sequence = data.sequenceOf(index);
      found.timestampMicros = data.timestampOf(index);
      found.valueBytes = data.bytes;
      found.valueView = data.view;
      found.valueOffset = header.valueOffset;
      found.valueLength = header.valueLength;
    }
    if (trace !== null)
      tellBlockSearch(this, block, steps!, search, found, trace, this.context.sink);
    return search.sameKey;
  }

  private readRangeTombstones(): readonly RangeTombstone[] {
    const { handle, name, context } = this;
    const { offset, sizeBytes } = this.footer.rangeTombstones;
    if (sizeBytes === 0) return [];
    const bytes = readBlock(handle, name, offset, sizeBytes, context.codecs);
    return decodeRangeTombstones(bytes, name, offset);
  }

  private checkParts(): void {
    const { footer, index, filter, properties, name } = this;
    this.checkRangeTombstones();
    const dataEnd = index.offsetOf(index.blockCount);
    const isLast = properties.indexPartitions > 0 || dataEnd === footer.filter.offset;
    if (!isLast || dataEnd !== properties.dataSizeBytes) {
      const message = `the index ends the data at ${dataEnd}, not at ${footer.filter.offset}`;
      throw corruption(message, name, footer.index.offset);
    }
    if (index.blockCount !== properties.dataBlocks) {
      const message = `${index.blockCount} blocks indexed, properties say ${properties.dataBlocks}`;
      throw corruption(message, name, footer.index.offset);
    }
    const members = properties.distinctKeys + properties.filterPrefixes;
    if (filter !== undefined && filter.keys !== members) {
      const message = `filter of ${filter.keys} keys, properties say ${members}`;
      throw corruption(message, name, footer.filter.offset);
    }
  }

  private checkRangeTombstones(): void {
    const { properties, rangeTombstones, footer, name } = this;
    const { offset } = footer.rangeTombstones;
    const count = rangeTombstones.length;
    if (count !== properties.rangeDeletes) {
      const message = `${count} range deletes, properties say ${properties.rangeDeletes}`;
      throw corruption(message, name, offset);
    }
    const { smallestKey, largestKey } = boundsWith(properties, rangeTombstones)!;
    const inside =
      equalBytes(smallestKey, properties.smallestKey) &&
      equalBytes(largestKey, properties.largestKey);
    if (!inside) throw corruption('a range delete reaches beyond the table', name, offset);
  }

  private checkExpected(expected: TableInfo): void {
    const { properties, footer } = this;
    const ingested = this.givenSequence > 0;
    const same =
      properties.file === (ingested ? 0 : expected.file) &&
      footer.fileSizeBytes === expected.sizeBytes &&
      properties.entries === expected.entries &&
      properties.rangeDeletes === expected.rangeDeletes &&
      properties.smallestSequence === (ingested ? 0 : expected.smallestSequence) &&
      properties.largestSequence === (ingested ? 0 : expected.largestSequence) &&
      equalBytes(properties.smallestKey, expected.smallestKey) &&
      equalBytes(properties.largestKey, expected.largestKey);
    if (same) return;
    const message = `this is not the table that the manifest means by number ${expected.file}`;
    throw corruption(message, this.name, footer.properties.offset);
  }
}
