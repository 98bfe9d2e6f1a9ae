// Walks a block (https://github.com/google/leveldb/blob/main/doc/table_format.md,
// table/block_builder.cc):
//
//   entry*   shared varint | unshared varint | value length varint | key bytes | value bytes
//   restart  offset of an entry whose key is stored whole, uint32, one or more
//            number of restarts, uint32
//
// Each entry leaves out the bytes that its key shares with the key before. The same form holds
// data, index and metaindex blocks.

import { ByteReader, loadUint32 } from '../../base/byteReader.ts';
import { copyBytes, copyOfRange } from '../../base/bytes.ts';

const INITIAL_KEY_BYTES = 64;

/** How two keys of a block are ordered: the sought key against the one the cursor stands on. */
export type CompareKey = (key: Uint8Array, keyLength: number) => number;

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

  /** @throws LsmError `CORRUPTION` when its restarts do not fit into it. */
  constructor(bytes: Uint8Array, file: string, offset: number) {
    this.bytes = bytes;
    this.file = file;
    this.offset = offset;
    const reader = new ByteReader(bytes, file, offset);
    if (bytes.length < 4) throw reader.damage('a block is shorter than its number of restarts');
    // RocksDB keeps a flag in the highest bit (data_block_footer.cc); restarts are far fewer.
    this.restartCount = loadUint32(bytes, bytes.length - 4) & 0x7fff_ffff;
    this.entriesEnd = bytes.length - 4 - 4 * this.restartCount;
    if (this.entriesEnd < 0) {
      throw reader.damage(`a block of ${bytes.length} bytes has ${this.restartCount} restarts`);
    }
  }

  restartOffset(index: number): number {
    return loadUint32(this.bytes, this.entriesEnd + 4 * index);
  }
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
  readonly block: Block;
  /** Where the entry it stands on begins in the block. */
  private entryStart = 0;
  private readonly reader: ByteReader;

  constructor(block: Block) {
    this.block = block;
    const { bytes, file, offset, entriesEnd } = block;
    this.reader = new ByteReader(bytes, file, offset, 0, entriesEnd);
  }

  /** @throws LsmError `CORRUPTION`, as every step. */
  first(): void {
    this.jump(0);
  }

  next(): void {
    const { reader } = this;
    if (reader.remaining === 0) {
      this.valid = false;
      return;
    }
    const start = reader.position;
    const shared = reader.readVarint32('the shared length of a key');
    const unshared = reader.readVarint32('the length of a key');
    const valueLength = reader.readVarint32('the length of a value');
    if (shared > this.keyLength) {
      throw reader.damage(`a key shares ${shared} of ${this.keyLength} bytes`, start);
    }
    reader.need(unshared + valueLength, 'an entry');
    this.takeKey(shared, reader.position, unshared);
    this.valueStart = reader.position + unshared;
    this.valueEnd = this.valueStart + valueLength;
    reader.position = this.valueEnd;
    this.entryStart = start;
    this.valid = true;
  }

  last(): void {
    const { restartCount } = this.block;
    this.jump(restartCount === 0 ? 0 : this.block.restartOffset(restartCount - 1));
    while (this.valid && this.reader.remaining > 0) this.next();
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
    while (this.valid && this.reader.position < end) this.next();
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
    this.jump(this.block.restartCount === 0 ? 0 : this.block.restartOffset(low));
    while (this.valid && compare(this.key, this.keyLength) < 0) this.next();
  }

  copyKey(): Uint8Array {
    return copyOfRange(this.key, 0, this.keyLength);
  }

  copyValue(): Uint8Array {
    return copyOfRange(this.block.bytes, this.valueStart, this.valueEnd);
  }

  private jump(position: number): void {
    const { block, reader } = this;
    if (position > block.entriesEnd) throw reader.damage('a restart lies behind the entries');
    reader.reset(block.bytes, block.offset, position, block.entriesEnd);
    this.keyLength = 0;
    this.next();
  }

  private takeKey(shared: number, start: number, length: number): void {
    if (shared + length > this.key.length) {
      const larger = new Uint8Array(2 * (shared + length));
      copyBytes(this.key, 0, shared, larger, 0);
      this.key = larger;
    }
    copyBytes(this.block.bytes, start, length, this.key, shared);
    this.keyLength = shared + length;
  }
}
