// An open block-based table: its index in memory, its data blocks on demand, a few kept.
//
// The footer names the metaindex; that names the properties (RocksDB's, which say how the index is
// written), the filters and, from RocksDB's format version 6 on, the index. Of an index in two
// levels all parts are read; one that cannot be read stands for its blocks.

import { LsmError } from '../../base/errors.ts';
import { keyOrderNamed } from '../keyOrder.ts';
import type { ProblemList } from '../problems.ts';
import type { ReleasableFile } from '../releasableFile.ts';
import type { Block, BlockCursor } from './block.ts';
import { BlockFile } from './blockFile.ts';
import type { Uncompress } from './blockFile.ts';
import type { BlockHandle } from './blockHandle.ts';
import { signedHash32, unsignedHash32 } from './filters/filterHash.ts';
import { BloomFilterBlock } from './filters/leveldbBloom.ts';
import {
  FULL_FILTER_NAME,
  FullFilter,
  PARTITIONED_FILTER_NAME,
  PartitionedFilter,
} from './filters/rocksdbFilter.ts';
import { readFooter } from './footer.ts';
import type { Footer } from './footer.ts';
import { PLAIN_FORM, readIndex } from './indexBlock.ts';
import type { IndexEntry, IndexForm } from './indexBlock.ts';
import { readMetaIndex, readProperties } from './metaIndex.ts';
import { readRangeDeletions } from './rangeDeletions.ts';
import type { RangeDeletion } from './rangeDeletions.ts';
import type { ReadAhead } from './readAhead.ts';
import { walkBlocks } from './sstReader.ts';
import type { SstReader } from './sstReader.ts';
import type { TableFilter } from './filters/tableFilter.ts';
import {
  blockWithoutTimes,
  indexWithoutTimes,
  lacksTimestamps,
  withoutTime,
} from './timestamps.ts';
import type { TableProperties } from './tableProperties.ts';

/** Filters for each 2 KiB of data, LevelDB's and RocksDB's until 2022, and how they hash keys. */
const BLOOM_FILTERS: ReadonlyMap<string, typeof unsignedHash32> = new Map([
  ['filter.leveldb.BuiltinBloomFilter2', unsignedHash32],
  ['filter.rocksdb.BuiltinBloomFilter', signedHash32],
]);
const INDEX_NAME = 'rocksdb.index';
const RANGE_DELETIONS_NAME = 'rocksdb.range_del';
const DICTIONARY_NAME = 'rocksdb.compression_dict';
/** How many data blocks are kept uncompressed. */
const BLOCKS_KEPT = 8;

/** Reads one block-based table. */
export class BlockBasedReader implements SstReader {
  readonly name: string;
  readonly sizeBytes: number;
  readonly blocks: BlockFile;
  readonly footer: Footer;
  /** Of an index in two levels, the upper one. */
  readonly indexHandle: BlockHandle;
  /** The parts of an index in two levels. */
  readonly indexPartitions: readonly IndexEntry[];
  readonly index: readonly IndexEntry[];
  readonly metaBlocks: ReadonlyMap<string, BlockHandle>;
  readonly properties: TableProperties | undefined;
  readonly globalSequence: number | undefined;
  private readonly file: ReleasableFile;
  /** Keys are shown with times that the file does not have. */
  private readonly lacksTimes: boolean;
  private readonly kept = new Map<number, Block>();
  /** `null`: it was looked for, and there is none. */
  private filterBlock: TableFilter | null | undefined;
  private storedDictionary: Uint8Array | null | undefined;

  /**
   * Reads footer, metaindex, properties and index. The file is let go when that fails.
   * @param largestSequence the table's, by the manifest: an ingested table may not say its own.
   * @throws LsmError `CORRUPTION`, `NOT_SUPPORTED` or `IO`.
   */
  static open(
    file: ReleasableFile,
    name: string,
    uncompress: Uncompress,
    largestSequence?: number,
  ): BlockBasedReader {
    try {
      return new BlockBasedReader(file, name, uncompress, largestSequence);
    } catch (thrown) {
      file.release();
      throw thrown;
    }
  }

  private constructor(
    file: ReleasableFile,
    name: string,
    uncompress: Uncompress,
    largestSequence: number | undefined,
  ) {
    this.file = file;
    this.name = name;
    this.sizeBytes = file.sizeBytes();
    this.footer = readFooter(file, name);
    if (this.footer.kind !== 'block-based') throw this.otherKind();
    this.blocks = new BlockFile(file, name, this.footer, uncompress);
    this.metaBlocks = readMetaIndex(this.blocks, this.footer.metaindex);
    this.properties = readProperties(this.blocks, this.metaBlocks);
    this.globalSequence = globalSequenceOf(this.properties, largestSequence);
    this.lacksTimes = lacksTimestamps(this.properties);
    this.indexHandle = this.findIndex();
    const form = indexFormOf(this.properties);
    const entries = readIndex(this.blocks.readBlock(this.indexHandle), form);
    const isTwoLevel = this.properties?.indexType === 'two-level';
    this.indexPartitions = isTwoLevel ? entries : [];
    const whole = isTwoLevel ? entries.flatMap((part) => this.readPartition(part, form)) : entries;
    this.index = this.lacksTimes ? indexWithoutTimes(whole) : whole;
  }

  get filter(): TableFilter | undefined {
    if (this.filterBlock === undefined) this.filterBlock = this.readFilter() ?? null;
    return this.filterBlock ?? undefined;
  }

  /** What data blocks were compressed with; `undefined` when there is none. */
  get dictionary(): Uint8Array | undefined {
    if (this.storedDictionary === undefined) {
      const handle = this.metaBlocks.get(DICTIONARY_NAME);
      this.storedDictionary = handle === undefined ? null : this.blocks.read(handle).bytes;
    }
    return this.storedDictionary ?? undefined;
  }

  keepsBlock(index: number): boolean {
    return this.kept.has(index);
  }

  dataBlock(index: number, ahead?: ReadAhead): Block {
    const known = this.kept.get(index);
    if (known !== undefined) return known;
    const { handle, fault } = this.index[index]!;
    if (fault !== undefined) throw fault;
    const stored = this.blocks.readBlock(handle, this.dictionary, ahead);
    const block = this.lacksTimes ? blockWithoutTimes(stored) : stored;
    if (ahead !== undefined) return block;
    if (this.kept.size >= BLOCKS_KEPT) this.kept.delete(this.kept.keys().next().value!);
    this.kept.set(index, block);
    return block;
  }

  rangeDeletions(): readonly RangeDeletion[] {
    const handle = this.metaBlocks.get(RANGE_DELETIONS_NAME);
    if (handle === undefined) return [];
    const deletions = readRangeDeletions(this.blocks.readBlock(handle), this.globalSequence);
    if (!this.lacksTimes) return deletions;
    return deletions.map(({ from, to, sequence }) => {
      return { from: withoutTime(from), to: withoutTime(to), sequence };
    });
  }

  forEach(problems: ProblemList, take: (cursor: BlockCursor) => void): void {
    walkBlocks(this, problems, take);
  }

  release(): void {
    this.kept.clear();
    this.file.release();
  }

  private readFilter(): TableFilter | undefined {
    for (const [name, handle] of this.metaBlocks) {
      const hash = BLOOM_FILTERS.get(name);
      if (hash !== undefined) {
        const { bytes } = this.blocks.read(handle);
        return new BloomFilterBlock(bytes, hash, this.name, handle.offset);
      }
      if (name === FULL_FILTER_NAME) {
        return new FullFilter(this.blocks.read(handle).bytes, this.properties);
      }
      if (name === PARTITIONED_FILTER_NAME) return this.readPartitionedFilter(handle);
    }
    return undefined;
  }

  /** Its index is as that of data blocks, but that it has no first keys. */
  private readPartitionedFilter(handle: BlockHandle): TableFilter | undefined {
    const { blocks, properties } = this;
    const { compare } = keyOrderNamed(properties?.comparator ?? '');
    if (compare === undefined) return undefined;
    const form = { ...indexFormOf(properties), hasFirstKeys: false };
    const partitions = readIndex(blocks.readBlock(handle), form);
    return new PartitionedFilter(
      this.lacksTimes ? indexWithoutTimes(partitions) : partitions,
      compare,
      (part) => blocks.read(part).bytes,
      properties,
    );
  }

  private findIndex(): BlockHandle {
    const handle = this.footer.index ?? this.metaBlocks.get(INDEX_NAME);
    if (handle !== undefined) return handle;
    const { offset } = this.footer.metaindex;
    const message = `${this.name}: the metaindex names no index`;
    throw new LsmError('CORRUPTION', message, { file: this.name, offset });
  }

  private readPartition(part: IndexEntry, form: IndexForm): readonly IndexEntry[] {
    try {
      return readIndex(this.blocks.readBlock(part.handle), form);
    } catch (thrown) {
      if (!(thrown instanceof LsmError)) throw thrown;
      return [{ ...part, fault: thrown }];
    }
  }

  private otherKind(): LsmError {
    const message = `${this.name} is a ${this.footer.kind} table, and no block-based one`;
    return new LsmError('NOT_SUPPORTED', message, { file: this.name, offset: 0 });
  }
}

function indexFormOf(properties: TableProperties | undefined): IndexForm {
  if (properties === undefined) return PLAIN_FORM;
  return {
    keysAreUserKeys: properties.indexKeysAreUserKeys,
    valuesAreDeltas: properties.indexValuesAreDeltas,
    hasFirstKeys: properties.indexType === 'binary-search-first-key',
  };
}

/** Version 2 of ingested tables has one, in the table or only in the manifest. */
function globalSequenceOf(
  properties: TableProperties | undefined,
  largestSequence: number | undefined,
): number | undefined {
  if (properties?.externalVersion !== 2) return undefined;
  return properties.globalSequence === 0 ? largestSequence : properties.globalSequence;
}
