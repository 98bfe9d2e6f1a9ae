// Walks a block (https://github.com/google/leveldb/blob/main/doc/table_format.md,
// table/block_builder.cc):
//
//   entry*    shared varint | unshared varint | value length varint | key bytes | value bytes
//   restart*  offset of an entry whose key is stored whole, uint32
//   buckets?  RocksDB's hash index: for each hash the restart after which the key stands, uint8;
//             number of buckets, uint16
//             number of restarts, uint32; RocksDB keeps flags in its four highest bits
//
// Each entry leaves out the bytes that its key shares with the key before. The same form holds
// data, index and metaindex blocks.

import { ByteReader, loadUint32 } from '../../base/byteReader.ts';
import { copyBytes, copyOfRange } from '../../base/bytes.ts';
import { LsmError } from '../../base/errors.ts';

const INITIAL_KEY_BYTES = 64;

/** Flags beside the number of restarts (RocksDB's table/block_based/data_block_footer.cc). */
const HAS_HASH_INDEX = 0x8000_0000;
const IS_UNIFORM = 0x2000_0000;
const HAS_VALUES_APART = 0x1000_0000;

/** How two keys of a block are ordered: the sought key against the one the cursor stands on. */
export type CompareKey = (key: Uint8Array, keyLength: number) => number;

/** Where a block's hash index lies. */
export interface HashBuckets {
  readonly start: number;
  readonly count: number;
}

/** A checked, uncompressed block. */
export class Block {
  /** The whole block, its restarts included. */
  readonly bytes: Uint8Array;
  /** Where in the file the block begins, for messages. */
  readonly offset: number;
  readonly restartCount: number;
  /** Where the entries end and the restarts begin. */
  readonly entriesEnd: number;
  readonly file: string;
  readonly hashBuckets: HashBuckets | undefined;

  /**
   * @throws LsmError `CORRUPTION` when its restarts do not fit into it, `NOT_SUPPORTED` when it has
   * a form that is not known here.
   */
  constructor(bytes: Uint8Array, file: string, offset: number) {
    this.bytes = bytes;
    this.file = file;
    this.offset = offset;
    const reader = new ByteReader(bytes, file, offset);
    if (bytes.length < 4) throw reader.damage('a block is shorter than its number of restarts');
    const packed = loadUint32(bytes, bytes.length - 4);
    if ((packed & HAS_VALUES_APART) !== 0) {
      const message = `${file} at byte ${offset}: a block keeps its values apart from its keys`;
      throw new LsmError('NOT_SUPPORTED', `${message}, which is not known here`, { file, offset });
    }
    this.restartCount = (packed & ~(HAS_HASH_INDEX | IS_UNIFORM)) >>> 0;
    this.hashBuckets = (packed & HAS_HASH_INDEX) === 0 ? undefined : bucketsOf(reader);
    this.entriesEnd = (this.hashBuckets?.start ?? bytes.length - 4) - 4 * this.restartCount;
    if (this.entriesEnd < 0) {
      throw reader.damage(`a block of ${bytes.length} bytes has ${this.restartCount} restarts`);
    }
  }

  restartOffset(index: number): number {
    return loadUint32(this.bytes, this.entriesEnd + 4 * index);
  }
}

function bucketsOf(reader: ByteReader): HashBuckets {
  const { bytes } = reader;
  const end = bytes.length - 6;
  const count = end < 0 ? 0 : bytes[end]! | (bytes[end + 1]! << 8);
  if (count === 0 || count > end) throw reader.damage(`a block's hash index does not fit into it`);
  return { start: end - count, count };
}

/** Stands on one entry of a block. */
export class BlockCursor {
  /** The key is `key[0, keyLength)`; it changes with every step. */
  key: Uint8Array = new Uint8Array(INITIAL_KEY_BYTES);
  keyLength = 0;
  /** The value is `block.bytes[valueStart, valueEnd)`. */
  valueStart = 0;
  valueEnd = 0;
  valid = false;
  block: Block;
  /** Where the entry it stands on begins in the block, and where the next one does. */
  private entryStart = 0;
  private position = 0;

  constructor(block: Block) {
    this.block = block;
  }

  /** Goes on in another block; `first`, `last` or `seek` must follow. */
  enter(block: Block): void {
    this.block = block;
    this.valid = false;
  }

  /** @throws LsmError `CORRUPTION`, as every step. */
  first(): void {
    this.jump(0);
  }

  next(): void {
    const { bytes, entriesEnd } = this.block;
    const start = this.position;
    if (start >= entriesEnd) {
      this.valid = false;
      return;
    }
    let shared = bytes[start]!;
    let unshared = bytes[start + 1]!;
    let valueLength = bytes[start + 2]!;
    let keyStart = start + 3;
    if ((shared | unshared | valueLength) >= 0x80 || keyStart > entriesEnd) {
      const reader = this.readerAt(start);
      shared = reader.readVarint32('the shared length of a key');
      unshared = reader.readVarint32('the length of a key');
      valueLength = reader.readVarint32('the length of a value');
      keyStart = reader.position;
    }
    if (shared > this.keyLength) {
      const message = `a key shares ${shared} of ${this.keyLength} bytes`;
      throw this.readerAt(start).damage(message);
    }
    const keyEnd = keyStart + unshared;
    if (keyEnd + valueLength > entriesEnd) {
      this.readerAt(keyStart).need(unshared + valueLength, 'an entry');
    }
    this.takeKey(shared, keyStart, unshared);
    this.valueStart = keyEnd;
    this.valueEnd = keyEnd + valueLength;
    this.position = this.valueEnd;
    this.entryStart = start;
    this.valid = true;
  }

  last(): void {
    const { restartCount } = this.block;
    this.jump(restartCount === 0 ? 0 : this.block.restartOffset(restartCount - 1));
    while (this.valid && this.position < this.block.entriesEnd) this.next();
  }

  /** Keys can only be put together forward: it goes back to a whole one and comes up again. */
  prev(): void {
    const end = this.entryStart;
    let restart = this.block.restartCount - 1;
    while (restart > 0 && this.block.restartOffset(restart) >= end) restart--;
    if (end === 0 || restart < 0) {
      this.valid = false;
      return;
    }
    this.jump(this.block.restartOffset(restart));
    while (this.valid && this.position < end) this.next();
  }

  /**
   * Moves to the first entry that is not before the sought key.
   * @param compare negative for a key of the block that lies before the sought one.
   */
  seek(compare: CompareKey): void {
    let low = 0;
    let high = Math.max(0, this.block.restartCount - 1);
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      this.jump(this.block.restartOffset(middle));
      if (this.valid && compare(this.key, this.keyLength) < 0) low = middle;
      else high = middle - 1;
    }
    this.seekFrom(low, compare);
  }

  /** The same for a key that is known not to be before a restart. */
  seekFrom(restart: number, compare: CompareKey): void {
    this.jump(this.block.restartCount === 0 ? 0 : this.block.restartOffset(restart));
    while (this.valid && compare(this.key, this.keyLength) < 0) this.next();
  }

  copyKey(): Uint8Array {
    return copyOfRange(this.key, 0, this.keyLength);
  }

  copyValue(): Uint8Array {
    return copyOfRange(this.block.bytes, this.valueStart, this.valueEnd);
  }

  private jump(position: number): void {
    if (position > this.block.entriesEnd) {
      throw this.readerAt(this.block.entriesEnd).damage('a restart lies behind the entries');
    }
    this.position = position;
    this.keyLength = 0;
    this.next();
  }

  private takeKey(shared: number, start: number, length: number): void {
    const keyLength = shared + length;
    if (keyLength > this.key.length) {
      const larger = new Uint8Array(2 * keyLength);
      copyBytes(this.key, 0, shared, larger, 0);
      this.key = larger;
    }
    copyBytes(this.block.bytes, start, length, this.key, shared);
    this.keyLength = keyLength;
  }

  private readerAt(position: number): ByteReader {
    const { bytes, file, offset, entriesEnd } = this.block;
    return new ByteReader(bytes, file, offset, position, entriesEnd);
  }
}
