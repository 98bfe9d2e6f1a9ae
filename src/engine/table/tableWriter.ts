// Writes a table: entries in, a durable file out.
//
//   data block 0 | … | data block n-1 | filter block | index block | range-tombstone block |
//   properties block | footer
//
// Entries stream into the data block being built; a full block is compressed, goes into the output
// buffer and leaves an entry for the index and, for each distinct key, a hash for the filter. All
// else is built in `finish`, when the real numbers are known. What is written depends on the
// entries and options alone, never on who listens. Range deletes are handed over apart, at the end;
// a table may hold nothing else.

import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { CompressionName } from '../../base/compression/blockCodec.ts';
import type { BlockCodecs } from '../../base/compression/blockCodecs.ts';
import { LsmError } from '../../base/errors.ts';
import { hash64 } from '../../base/hash.ts';
import type { Vfs } from '../../base/vfs.ts';
import type { EventSink } from '../../protocol/eventSink.ts';
import type { FileNumber, JobId, TableInfo } from '../../protocol/events.ts';
import { COMPARATOR_NAME } from '../internalKey.ts';
import { toldBy } from '../ingest/ingestedTable.ts';
import type { IngestedTable } from '../ingest/ingestedTable.ts';
import type { Entry } from '../iterator/entry.ts';
import { KeyBuffer } from '../iterator/keyBuffer.ts';
import { BlockCompressor } from './blockCompression.ts';
import { DataBlockBuilder } from './dataBlockBuilder.ts';
import { FilterBuilder } from './filterBuilder.ts';
import { FILTER_SEED, PREFIX_SEED } from './filter.ts';
import { encodeFooter, FOOTER_BYTES, footerChecksum } from './footer.ts';
import type { BlockHandle, Footer } from './footer.ts';
import { boundsWith, compareTombstones } from '../rangeDelete/rangeTombstone.ts';
import type { Bounds, RangeTombstone } from '../rangeDelete/rangeTombstone.ts';
import { IndexBuilder } from './indexBuilder.ts';
import { encodeRangeTombstones } from './rangeTombstoneBlock.ts';
import { PartitionBuilder } from './partitionBuilder.ts';
import { nameOfExtractor, prefixLength } from './prefixExtractor.ts';
import type { PrefixExtractor } from './prefixExtractor.ts';
import { separatorBetween } from './separator.ts';
import { TableOutput } from './tableOutput.ts';
import type { WrittenBlock } from './tableOutput.ts';
import { encodeProperties } from './tableProperties.ts';
import { TableSummary } from './tableSummary.ts';
import { TableWriterEvents } from './tableWriterEvents.ts';
import type { BlockFigures, BlockKind } from './tableWriterEvents.ts';

/** Everything that decides what a table's bytes are, and where they go. */
export interface TableWriterOptions {
  readonly vfs: Vfs;
  /** Must not exist. */
  readonly path: string;
  readonly file: FileNumber;
  /** File name without directory. */
  readonly name: string;
  readonly family: number;
  /** Goes into the TableInfo only: a table may change its run without being rewritten. */
  readonly run: number;
  readonly madeBy: TableInfo['madeBy'];
  /** Tables it is merged from. */
  readonly inputs: readonly FileNumber[];
  readonly createdMicros: number;
  /** The table tells of those that it shares keys with. */
  readonly ingested: readonly IngestedTable[];
  readonly blockSize: number;
  readonly blockRestartInterval: number;
  /** Bytes of index at which a part of it ends. */
  readonly indexPartitionSize: number;
  /** As asked for; goes into the properties only. */
  readonly bloomBitsPerKey: number;
  /** What this table gets of it; 0 for no filter. */
  readonly filterBitsPerKey: number;
  /** Whose prefixes go into the filter, too; `null` for none. */
  readonly prefixExtractor: PrefixExtractor | null;
  /** Of the data blocks that it makes smaller. */
  readonly compression: CompressionName;
  /** Prepared for `compression`. */
  readonly codecs: BlockCodecs;
  readonly job: JobId;
  readonly sink: EventSink;
  readonly clock: Clock;
}

/** A table that is durable but for its name in the directory. */
export interface FinishedTable {
  readonly table: TableInfo;
  readonly syncMicros: number;
}

/** A data block that is in the file but not in the index yet. */
interface ClosedBlock {
  readonly sizeBytes: number;
  readonly rawSizeBytes: number;
  readonly entries: number;
}

/** Takes entries in order; ends with `finish` or `abandon`. */
export class TableWriter {
  private readonly options: TableWriterOptions;
  private readonly output: TableOutput;
  private readonly events: TableWriterEvents;
  private readonly block: DataBlockBuilder;
  private readonly compressor: BlockCompressor;
  private readonly index: PartitionBuilder;
  private indexPartitions = 0;
  private readonly filter: FilterBuilder | undefined;
  private readonly summary = new TableSummary();
  private readonly hash = new Uint32Array(2);
  private readonly prefixHash = new Uint32Array(2);
  /** Of the newest key's prefix. */
  private lastPrefixLength = 0;
  /** The newest entry's key and sequence. */
  private readonly lastKey = new KeyBuffer();
  private lastSequence = 0;
  private firstKey: Uint8Array = new Uint8Array(0);
  private rangeTombstones: readonly RangeTombstone[] = [];
  /** The last closed block, whose index entry waits for the next key. */
  private unindexed: ClosedBlock | undefined;
  /** Data blocks before compression. */
  private rawDataSizeBytes = 0;
  private state: 'open' | 'finishing' | 'finished' | 'abandoned' = 'open';

  /** @throws LsmError `IO` when the file cannot be made, `NOT_SUPPORTED` for its compression. */
  constructor(options: TableWriterOptions) {
    this.options = options;
    this.index = new PartitionBuilder(options.indexPartitionSize);
    this.compressor = new BlockCompressor(options.compression, options.codecs);
    this.output = new TableOutput(options.vfs, options.path);
    this.events = new TableWriterEvents(options.sink, options.job, options.file);
    this.block = new DataBlockBuilder(this.blockCapacity(), options.blockRestartInterval);
    const { filterBitsPerKey } = options;
    this.filter = filterBitsPerKey > 0 ? new FilterBuilder(filterBitsPerKey) : undefined;
  }

  /** Entries taken so far. */
  get entries(): number {
    return this.summary.entries;
  }

  /** Bytes of data so far, the open block included; what `finish` adds is not. */
  get sizeBytes(): number {
    return this.output.sizeBytes + this.block.sizeBytes;
  }

  /**
   * Appends an entry, which must come after all before it: greater key, or same key and a smaller
   * sequence. Key and value are copied.
   * @throws LsmError `IO` when a full buffer cannot be written.
   */
  add(entry: Entry): void {
    assert(this.state === 'open', 'a finished table takes no entries');
    const shared = this.lastKey.sharedPrefixLength(entry);
    const newKey = this.checkOrder(entry, shared);
    if (this.unindexed !== undefined) this.indexBlock(newKey ? entry.copyKey() : undefined);
    const restart = this.block.atRestart;
    this.block.add(entry, restart ? 0 : shared);
    if (newKey) this.takeKey(entry, shared);
    this.lastSequence = entry.sequence;
    this.summary.add(entry, newKey);
    if (this.options.sink.entry) {
      const block = this.index.blockCount;
      this.events.entry(entry, block, restart ? 0 : shared, restart, this.hash);
    }
    if (this.block.sizeBytes >= this.options.blockSize) this.closeBlock();
  }

  /** Takes the table's range deletes, in any order; to be called once, before `finish`. */
  setRangeTombstones(tombstones: readonly RangeTombstone[]): void {
    assert(this.summary.rangeDeletes === 0, 'a table is given its range deletes once');
    this.rangeTombstones = tombstones.toSorted(compareTombstones);
    for (const tombstone of tombstones) this.summary.addRangeTombstone(tombstone);
  }

  /**
   * Writes what follows the data and makes the file durable. The directory is not synced.
   * @throws LsmError `IO`; the caller then abandons the writer.
   */
  async finish(): Promise<FinishedTable> {
    assert(this.state === 'open' && !this.isEmpty, 'a table is finished once and is not empty');
    this.state = 'finishing';
    if (this.block.entryCount > 0) this.closeBlock();
    if (this.unindexed !== undefined) this.indexBlock(undefined);
    const dataSizeBytes = this.output.sizeBytes;
    await this.gate();
    const indexBytes = this.writePartitions();
    const filterOffset = this.output.sizeBytes;
    const filter = await this.writeFilter();
    const index = this.writePart('index', indexBytes);
    const indexSizeBytes = filterOffset - dataSizeBytes + index.sizeBytes;
    await this.gate();
    const rangeTombstones = await this.writeRangeTombstones();
    const bounds = this.bounds();
    const properties = this.writePart('properties', this.encodeProperties(dataSizeBytes, bounds));
    await this.gate();
    const fileSizeBytes = this.output.sizeBytes + FOOTER_BYTES;
    this.writeFooter({ filter, index, rangeTombstones, properties, fileSizeBytes });
    await this.gate();
    const { clock } = this.options;
    const syncBegan = clock.monotonicMicros();
    await this.output.sync();
    const syncMicros = clock.monotonicMicros() - syncBegan;
    this.output.close();
    this.state = 'finished';
    const table = this.tableInfo(filter.sizeBytes, indexSizeBytes, bounds);
    return { table, syncMicros };
  }

  /**
   * Gives up and takes the file away. Never throws: a file left behind is an orphan for the next
   * open.
   */
  abandon(): void {
    if (this.state === 'finished' || this.state === 'abandoned') return;
    this.state = 'abandoned';
    try {
      this.output.remove();
    } catch (thrown) {
      if (!(thrown instanceof LsmError)) throw thrown;
    }
  }

  private blockCapacity(): number {
    return 2 * this.options.blockSize + 4096;
  }

  /** Whether the entry's key is a new one. */
  private checkOrder(entry: Entry, shared: number): boolean {
    if (this.summary.entries === 0) return true;
    const { lastKey } = this;
    if (shared < lastKey.length && shared < entry.keyLength) {
      const ascends = entry.keyBytes[entry.keyOffset + shared]! > lastKey.bytes[shared]!;
      assert(ascends, 'a table takes keys in ascending order');
      return true;
    }
    if (entry.keyLength > lastKey.length) return true;
    const older = shared === lastKey.length && entry.sequence < this.lastSequence;
    assert(older, 'a table takes the versions of a key newest first');
    return false;
  }

  private takeKey(entry: Entry, shared: number): void {
    const { keyBytes, keyOffset, keyLength } = entry;
    if (this.summary.entries === 0) this.firstKey = entry.copyKey();
    const suffixOffset = keyOffset + shared;
    this.lastKey.replaceFrom(shared, keyBytes, entry.keyView, suffixOffset, keyLength - shared);
    hash64(keyBytes, keyOffset, keyOffset + keyLength, FILTER_SEED, this.hash);
    if (this.filter === undefined) return;
    this.events.noteKey(entry, this.filter.keys);
    this.filter.add(this.hash);
    const { prefixExtractor } = this.options;
    if (prefixExtractor !== null) this.takePrefix(prefixExtractor, entry, shared);
  }

  /** Puts the key's prefix into the filter, unless the key before had it as well. */
  private takePrefix(extractor: PrefixExtractor, entry: Entry, shared: number): void {
    const { keyBytes, keyOffset, keyLength } = entry;
    const length = prefixLength(extractor, keyBytes, keyOffset, keyOffset + keyLength);
    const known = length === this.lastPrefixLength && shared >= length;
    this.lastPrefixLength = length;
    if (length === 0 || known) return;
    hash64(keyBytes, keyOffset, keyOffset + length, PREFIX_SEED, this.prefixHash);
    this.filter!.addPrefix(this.prefixHash);
  }

  private closeBlock(): void {
    const { block } = this;
    const entries = block.entryCount;
    const restarts = block.restartCount;
    block.finish();
    const rawSizeBytes = block.sizeBytes;
    const stored = this.compressor.pack(block.bytes, rawSizeBytes);
    const written = this.output.appendBlock(stored.bytes, stored.sizeBytes, stored.compression);
    block.clear(this.blockCapacity());
    this.tell('data', this.index.blockCount, written, { rawSizeBytes, entries, restarts });
    this.rawDataSizeBytes += rawSizeBytes;
    this.unindexed = { sizeBytes: written.sizeBytes, rawSizeBytes, entries };
  }

  /**
   * @param nextKey first key of the next block; `undefined` when it goes on with this key, or is
   * none.
   */
  private indexBlock(nextKey: Uint8Array | undefined): void {
    const { sizeBytes, rawSizeBytes, entries } = this.unindexed!;
    const lastKey = this.lastKey.toBytes();
    const separator = nextKey === undefined ? lastKey : separatorBetween(lastKey, nextKey);
    const divided = nextKey === undefined && this.state === 'open';
    const sequence = divided ? this.lastSequence : 0;
    this.index.add(sizeBytes, rawSizeBytes, entries, separator, sequence);
    this.unindexed = undefined;
  }

  /** Writes the parts of the index, if it has any; answers the index block that leads to them. */
  private writePartitions(): Uint8Array {
    const partitions = this.index.finishPartitions();
    this.indexPartitions = partitions.length;
    if (partitions.length === 0) return this.index.finish();
    const top = new IndexBuilder();
    for (const { bytes, blocks, separator, sequence } of partitions) {
      const { sizeBytes } = this.writePart('index', bytes, blocks, top.blockCount);
      top.add(sizeBytes, sizeBytes, blocks, separator, sequence);
    }
    return top.finish();
  }

  private async writeFilter(): Promise<BlockHandle> {
    if (this.filter === undefined || this.filter.keys === 0) {
      return { offset: this.output.sizeBytes, sizeBytes: 0 };
    }
    const filter = this.filter.build();
    this.events.filter(filter, this.filter);
    await this.gate();
    const written = this.writePart('filter', filter.bytes, filter.keys);
    await this.gate();
    return written;
  }

  private async writeRangeTombstones(): Promise<BlockHandle> {
    const { rangeTombstones } = this;
    if (rangeTombstones.length === 0) return { offset: this.output.sizeBytes, sizeBytes: 0 };
    const bytes = encodeRangeTombstones(rangeTombstones);
    const written = this.writePart('range-tombstones', bytes, rangeTombstones.length);
    await this.gate();
    return written;
  }

  private writePart(
    kind: Exclude<BlockKind, 'data' | 'footer'>,
    bytes: Uint8Array,
    entries = kind === 'index' ? this.index.blockCount : 0,
    block = kind === 'index' ? this.indexPartitions : 0,
  ): WrittenBlock {
    const written = this.output.appendBlock(bytes, bytes.length);
    this.tell(kind, block, written, { rawSizeBytes: bytes.length, entries, restarts: 0 });
    return written;
  }

  private writeFooter(footer: Footer): void {
    const bytes = encodeFooter(footer);
    const offset = this.output.sizeBytes;
    this.output.append(bytes, bytes.length);
    const checksum = footerChecksum(bytes);
    const written = { offset, sizeBytes: bytes.length, checksum, compression: 'none' } as const;
    this.tell('footer', 0, written, { rawSizeBytes: bytes.length, entries: 0, restarts: 0 });
  }

  private tell(
    blockKind: BlockKind,
    block: number,
    written: WrittenBlock,
    figures: Pick<BlockFigures, 'rawSizeBytes' | 'entries' | 'restarts'>,
  ): void {
    this.events.block(written, {
      ...figures,
      blockKind,
      block,
      fileSizeBytes: this.output.sizeBytes,
      fileEntries: this.summary.entries,
    });
  }

  /** Whether nothing was given to it. */
  private get isEmpty(): boolean {
    return this.summary.entries + this.summary.rangeDeletes === 0;
  }

  /** The first and last key that the table says anything about. */
  private bounds(): Bounds {
    const { firstKey: smallestKey } = this;
    const points = { smallestKey, largestKey: this.lastKey.toBytes() };
    return boundsWith(this.entries > 0 ? points : undefined, this.rangeTombstones) ?? points;
  }

  private encodeProperties(dataSizeBytes: number, bounds: Bounds): Uint8Array {
    const { options, summary } = this;
    return encodeProperties({
      ...summary.figures(),
      file: options.file,
      family: options.family,
      comparator: COMPARATOR_NAME,
      smallestKey: bounds.smallestKey,
      largestKey: bounds.largestKey,
      createdMicros: options.createdMicros,
      dataBlocks: this.index.blockCount,
      dataSizeBytes,
      compression: options.compression,
      rawDataSizeBytes: this.rawDataSizeBytes,
      blockSize: options.blockSize,
      blockRestartInterval: options.blockRestartInterval,
      indexPartitions: this.indexPartitions,
      bloomBitsPerKey: options.bloomBitsPerKey,
      prefixExtractor: nameOfExtractor(options.prefixExtractor),
      filterPrefixes: this.filter?.prefixes ?? 0,
      madeBy: options.madeBy,
      inputs: options.inputs,
      ingested: toldBy(bounds, options.ingested),
    });
  }

  private tableInfo(filterSizeBytes: number, indexSizeBytes: number, bounds: Bounds): TableInfo {
    const { options, summary } = this;
    return {
      file: options.file,
      name: options.name,
      sizeBytes: this.output.sizeBytes,
      run: options.run,
      entries: summary.entries,
      tombstones: summary.tombstones,
      rangeDeletes: summary.rangeDeletes,
      smallestKey: bounds.smallestKey,
      largestKey: bounds.largestKey,
      smallestSequence: summary.smallestSequence,
      largestSequence: summary.largestSequence,
      createdMicros: options.createdMicros,
      largestTimestampMicros: summary.largestTimestampMicros,
      rawKeyBytes: summary.rawKeyBytes,
      rawValueBytes: summary.rawValueBytes,
      dataBlocks: this.index.blockCount,
      filterSizeBytes,
      indexSizeBytes,
      compression: options.compression,
      madeBy: options.madeBy,
    };
  }

  private async gate(): Promise<void> {
    await this.options.sink.gate?.();
  }
}
