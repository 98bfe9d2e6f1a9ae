// An open table: its index in memory, its data blocks on demand, one kept.
//
// The index holds for each data block a key that is not before the block's last one and before the
// next block's first, with the block's handle. Keys are internal: ordered by the user's key, then
// newest first.

import { ByteReader } from '../../base/byteReader.ts';
import { copyOfRange } from '../../base/bytes.ts';
import type { ProblemList } from '../problems.ts';
import type { ReleasableFile } from '../releasableFile.ts';
import { BlockCursor } from './block.ts';
import type { Block } from './block.ts';
import { BlockFile } from './blockFile.ts';
import type { Uncompress } from './blockFile.ts';
import { readBlockHandle } from './blockHandle.ts';
import type { BlockHandle } from './blockHandle.ts';
import { BloomFilterBlock } from './bloomFilter.ts';
import { readFooter } from './footer.ts';
import type { Footer } from './footer.ts';

/** A data block as the index names it. */
export interface IndexEntry {
  /** Internal key at or after the block's last one. */
  readonly key: Uint8Array;
  readonly handle: BlockHandle;
}

/** LevelDB's own filter policy (util/bloom.cc). */
const BLOOM_FILTER_NAME = 'filter.leveldb.BuiltinBloomFilter2';
/** How many data blocks are kept uncompressed. */
const BLOCKS_KEPT = 8;

/** Reads one table. */
export class SstReader {
  readonly name: string;
  readonly blocks: BlockFile;
  readonly footer: Footer;
  readonly index: readonly IndexEntry[];
  /** Metaindex: name of each further block. */
  readonly metaBlocks: ReadonlyMap<string, BlockHandle>;
  private readonly file: ReleasableFile;
  private readonly kept = new Map<number, Block>();
  /** `null`: it was looked for, and there is none. */
  private filterBlock: BloomFilterBlock | null | undefined;

  /**
   * Reads footer, index and metaindex. The file is let go when that fails.
   * @throws LsmError `CORRUPTION`, `NOT_SUPPORTED` or `IO`.
   */
  static open(file: ReleasableFile, name: string, uncompress: Uncompress): SstReader {
    try {
      return new SstReader(file, name, uncompress);
    } catch (thrown) {
      file.release();
      throw thrown;
    }
  }

  private constructor(file: ReleasableFile, name: string, uncompress: Uncompress) {
    this.file = file;
    this.name = name;
    this.blocks = new BlockFile(file, name, uncompress);
    this.footer = readFooter(file, name);
    this.index = [...handlesIn(this.blocks.readBlock(this.footer.index))];
    this.metaBlocks = new Map(this.readMetaindex());
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

  /** Whether a data block is in memory. */
  keepsBlock(index: number): boolean {
    return this.kept.has(index);
  }

  /** @throws LsmError as `BlockFile.read`. */
  dataBlock(index: number): Block {
    const known = this.kept.get(index);
    if (known !== undefined) return known;
    const block = this.blocks.readBlock(this.index[index]!.handle);
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
    for (const { key, handle } of handlesIn(this.blocks.readBlock(this.footer.metaindex))) {
      yield [String.fromCharCode(...key), handle];
    }
  }
}

function* handlesIn(block: Block): Generator<IndexEntry> {
  const cursor = new BlockCursor(block);
  for (cursor.first(); cursor.valid; cursor.next()) {
    const { valueStart, valueEnd } = cursor;
    const reader = new ByteReader(block.bytes, block.file, block.offset, valueStart, valueEnd);
    yield { key: copyOfRange(cursor.key, 0, cursor.keyLength), handle: readBlockHandle(reader) };
  }
}
