// An open table: its index in memory, its data blocks on demand, a few kept.
//
// The footer names the metaindex; that names the properties (RocksDB's, which say how the index is
// written), the filters and, from RocksDB's format version 6 on, the index. Of an index in two
// levels all parts are read; one that cannot be read stands for its blocks.

import { LsmError } from '../../base/errors.ts';
import type { ProblemList } from '../problems.ts';
import type { ReleasableFile } from '../releasableFile.ts';
import { Block, BlockCursor } from './block.ts';
import { BlockFile } from './blockFile.ts';
import type { Uncompress } from './blockFile.ts';
import type { BlockHandle } from './blockHandle.ts';
import { BloomFilterBlock } from './bloomFilter.ts';
import { readFooter } from './footer.ts';
import type { Footer } from './footer.ts';
import { PLAIN_FORM, readIndex } from './indexBlock.ts';
import type { IndexEntry, IndexForm } from './indexBlock.ts';
import { clearGlobalSequence, readTableProperties } from './tableProperties.ts';
import type { TableProperties } from './tableProperties.ts';

/** LevelDB's own filter policy (util/bloom.cc). */
const BLOOM_FILTER_NAME = 'filter.leveldb.BuiltinBloomFilter2';
/** The second was its name until 2014. */
const PROPERTIES_NAMES = ['rocksdb.properties', 'rocksdb.stats'];
const INDEX_NAME = 'rocksdb.index';
const DICTIONARY_NAME = 'rocksdb.compression_dict';
/** How many data blocks are kept uncompressed. */
const BLOCKS_KEPT = 8;

/** Reads one table. */
export class SstReader {
  readonly name: string;
  readonly blocks: BlockFile;
  readonly footer: Footer;
  /** Of an index in two levels, the upper one. */
  readonly indexHandle: BlockHandle;
  /** The parts of an index in two levels. */
  readonly indexPartitions: readonly IndexEntry[];
  readonly index: readonly IndexEntry[];
  /** Metaindex: name of each further block. */
  readonly metaBlocks: ReadonlyMap<string, BlockHandle>;
  /** RocksDB's; LevelDB's tables have none. */
  readonly properties: TableProperties | undefined;
  /** Of an ingested table: the sequence number that all its entries have, whatever is stored. */
  readonly globalSequence: number | undefined;
  private readonly file: ReleasableFile;
  private readonly kept = new Map<number, Block>();
  /** `null`: it was looked for, and there is none. */
  private filterBlock: BloomFilterBlock | null | undefined;
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
  ): SstReader {
    try {
      return new SstReader(file, name, uncompress, largestSequence);
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
    this.footer = readFooter(file, name);
    if (this.footer.kind !== 'block-based') throw this.unsupported(`a ${this.footer.kind} table`);
    this.blocks = new BlockFile(file, name, this.footer, uncompress);
    this.metaBlocks = new Map(this.readMetaindex());
    this.properties = this.readProperties();
    this.globalSequence = globalSequenceOf(this.properties, largestSequence);
    this.indexHandle = this.findIndex();
    const form = indexFormOf(this.properties);
    const entries = readIndex(this.blocks.readBlock(this.indexHandle), form);
    const isTwoLevel = this.properties?.indexType === 'two-level';
    this.indexPartitions = isTwoLevel ? entries : [];
    this.index = isTwoLevel ? entries.flatMap((part) => this.readPartition(part, form)) : entries;
  }

  /** The filters; `undefined` when the table has none that is known here. */
  get filter(): BloomFilterBlock | undefined {
    if (this.filterBlock === undefined) {
      const handle = this.metaBlocks.get(BLOOM_FILTER_NAME);
      const bytes = handle === undefined ? undefined : this.blocks.read(handle).bytes;
      this.filterBlock =
        bytes === undefined ? null : new BloomFilterBlock(bytes, this.name, handle!.offset);
    }
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

  /** Whether a data block is in memory. */
  keepsBlock(index: number): boolean {
    return this.kept.has(index);
  }

  /** @throws LsmError as `BlockFile.read`. */
  dataBlock(index: number): Block {
    const known = this.kept.get(index);
    if (known !== undefined) return known;
    const { handle, fault } = this.index[index]!;
    if (fault !== undefined) throw fault;
    const block = this.blocks.readBlock(handle, this.dictionary);
    if (this.kept.size >= BLOCKS_KEPT) this.kept.delete(this.kept.keys().next().value!);
    this.kept.set(index, block);
    return block;
  }

  /**
   * Every entry of every block that can be read, in file order; what cannot is listed.
   * @param take gets the cursor, valid during the call.
   */
  forEach(problems: ProblemList, take: (cursor: BlockCursor) => void): void {
    for (let index = 0; index < this.index.length; index++) {
      try {
        const cursor = new BlockCursor(this.dataBlock(index));
        for (cursor.first(); cursor.valid; cursor.next()) take(cursor);
      } catch (thrown) {
        problems.addThrown(thrown, this.name);
      }
    }
  }

  /** Lets go of blocks and descriptor; reading on takes them again. */
  release(): void {
    this.kept.clear();
    this.file.release();
  }

  private *readMetaindex(): Generator<[string, BlockHandle]> {
    const block = this.blocks.readBlock(this.footer.metaindex);
    // Its keys are names, its values handles: an index of user keys, as it were.
    for (const { key, handle } of readIndex(block, { ...PLAIN_FORM, keysAreUserKeys: true })) {
      yield [String.fromCharCode(...key), handle];
    }
  }

  private readProperties(): TableProperties | undefined {
    const handle = PROPERTIES_NAMES.map((name) => this.metaBlocks.get(name)).find(
      (found) => found !== undefined,
    );
    if (handle === undefined) return undefined;
    const { blocks, name } = this;
    try {
      return readTableProperties(blocks.readBlock(handle));
    } catch (thrown) {
      if (!(thrown instanceof LsmError) || thrown.code !== 'CORRUPTION') throw thrown;
      const { bytes } = blocks.readRestored(handle, (stored) =>
        clearGlobalSequence(stored.subarray(0, handle.sizeBytes), name, handle.offset),
      );
      return readTableProperties(new Block(bytes, name, handle.offset));
    }
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

  private unsupported(what: string): LsmError {
    return new LsmError('NOT_SUPPORTED', `${this.name} is ${what}`, { file: this.name, offset: 0 });
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
