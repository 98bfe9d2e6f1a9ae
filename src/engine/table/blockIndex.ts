// The index of a table: which data block may hold a key. Parsed once, when the table is opened.
//
//   | part  | bytes                                                                      |
//   | ----- | -------------------------------------------------------------------------- |
//   | entry | one for each data block, in file order: size varint (without the trailer), |
//   |       | size before compression varint, entry count varint, sequence varint,       |
//   |       | separator length varint, separator                                         |
//   | tail  | block count u32; 0 when the table holds nothing but range deletes           |
//
// The data blocks stand at the file's beginning with nothing between them, so offsets are sums of
// sizes. A block holds the entries after the separator before and up to its own: separators are
// ordered by (key, sequence) like entries. The sequence is 0, so that all versions of the
// separator's key lie at or before it, except where the next block goes on with versions of the
// same key. DO NOT CHANGE: on disk.

import { ByteReader, loadUint32 } from '../../base/byteReader.ts';
import { corruption } from '../../base/errors.ts';
import type { HalvingStep } from '../../protocol/events.ts';
import type { Separator, TableIndex } from './tableIndex.ts';
import { BLOCK_TRAILER_BYTES } from './blockTrailer.ts';

const TAIL_BYTES = 4;
/** Five varints of a byte each. */
const ENTRY_BYTES_MIN = 5;

/** Separators as big-endian words in typed arrays: a search touches no objects. */
export class BlockIndex implements TableIndex {
  readonly blockCount: number;
  /** Offset of each block, and at the end that of what follows the last. */
  private readonly offsets: Float64Array;
  /** Sizes without trailers. */
  private readonly sizes: Uint32Array;
  private readonly rawSizes: Float64Array;
  private readonly entryCounts: Uint32Array;
  private readonly sequences: Float64Array;
  /** All separators, each zero-padded to whole words. */
  private readonly words: Uint32Array;
  /** Where each separator's words begin, and at the end their count. */
  private readonly wordStarts: Uint32Array;
  /** Separator lengths in bytes. */
  private readonly lengths: Uint32Array;
  private targetWords = new Uint32Array(16);

  /**
   * @param bytes the index block without its trailer; not kept.
   * @param start offset of the first block.
   * @throws LsmError `CORRUPTION` when it does not add up.
   */
  constructor(bytes: Uint8Array, file: string, offset: number, start = 0) {
    const end = bytes.length - TAIL_BYTES;
    const count = end < 0 ? 0 : loadUint32(bytes, end);
    if (end < 0 || count * ENTRY_BYTES_MIN > end) {
      const message = `an index of ${bytes.length} bytes says it has ${count} blocks`;
      throw corruption(message, file, offset + Math.max(end, 0));
    }
    this.blockCount = count;
    this.offsets = new Float64Array(count + 1);
    this.offsets[0] = start;
    this.sizes = new Uint32Array(count);
    this.rawSizes = new Float64Array(count);
    this.entryCounts = new Uint32Array(count);
    this.sequences = new Float64Array(count);
    this.wordStarts = new Uint32Array(count + 1);
    this.lengths = new Uint32Array(count);
    // Every separator takes at most three bytes of padding more than it takes in the block.
    this.words = new Uint32Array(count + (end >>> 2));
    const reader = new ByteReader(bytes, file, offset, 0, end);
    for (let block = 0; block < count; block++) this.readEntry(reader, block);
    if (reader.remaining !== 0) {
      throw reader.damage(`the index has ${reader.remaining} bytes behind its last entry`);
    }
  }

  offsetOf(block: number): number {
    return this.offsets[block]!;
  }

  sizeOf(block: number): number {
    return this.sizes[block]!;
  }

  rawSizeOf(block: number): number {
    return this.rawSizes[block]!;
  }

  entriesOf(block: number): number {
    return this.entryCounts[block]!;
  }

  /** Bytes that the parsed index takes in memory. */
  get memoryBytes(): number {
    return 36 * this.blockCount + this.words.byteLength;
  }

  separator(block: number): Separator {
    const key = new Uint8Array(this.lengths[block]!);
    const start = this.wordStarts[block]!;
    for (let index = 0; index < key.length; index++) {
      key[index] = this.words[start + (index >>> 2)]! >>> (24 - 8 * (index & 3));
    }
    return { key, sequence: this.sequences[block]! };
  }

  find(key: Uint8Array, sequence: number, steps: HalvingStep[] | null): number {
    this.loadTarget(key);
    let low = 0;
    let high = this.blockCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const comparison = this.compareTarget(key.length, sequence, middle);
      if (steps !== null) {
        const { key: found } = this.separator(middle);
        steps.push({ low, middle, high: high - 1, key: found, comparison: Math.sign(comparison) });
      }
      if (comparison > 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private loadTarget(key: Uint8Array): void {
    const count = (key.length + 3) >>> 2;
    if (count > this.targetWords.length) this.targetWords = new Uint32Array(2 * count);
    packWords(key, this.targetWords, 0);
  }

  /** Sign of (target - separator `block`). */
  private compareTarget(length: number, sequence: number, block: number): number {
    const { words, targetWords } = this;
    const start = this.wordStarts[block]!;
    const separatorLength = this.lengths[block]!;
    const shorter = length < separatorLength ? length : separatorLength;
    const count = (shorter + 3) >>> 2;
    for (let index = 0; index < count; index++) {
      const target = targetWords[index]!;
      const other = words[start + index]!;
      if (target !== other) return target < other ? -1 : 1;
    }
    if (length !== separatorLength) return length - separatorLength;
    return this.sequences[block]! - sequence;
  }

  private readEntry(reader: ByteReader, block: number): void {
    const sizeStart = reader.position;
    const size = reader.readVarint32('size of a data block');
    this.sizes[block] = size;
    this.rawSizes[block] = reader.readVarint('size of a data block before compression');
    this.entryCounts[block] = reader.readVarint32('entry count of a data block');
    this.sequences[block] = reader.readVarint('sequence of a separator');
    const length = reader.readLength('length of a separator');
    const start = this.wordStarts[block]!;
    packWords(reader.readBytes(length, 'separator'), this.words, start);
    this.lengths[block] = length;
    this.wordStarts[block + 1] = start + ((length + 3) >>> 2);
    const next = this.offsets[block]! + size + BLOCK_TRAILER_BYTES;
    if (next > Number.MAX_SAFE_INTEGER)
      throw reader.damage('the blocks have 2^53 bytes', sizeStart);
    this.offsets[block + 1] = next;
    if (block > 0 && !this.ascends(block)) throw reader.damage('separators are not in order');
  }

  private ascends(block: number): boolean {
    const { key, sequence } = this.separator(block - 1);
    this.loadTarget(key);
    return this.compareTarget(key.length, sequence, block) < 0;
  }
}

/** Packs bytes into big-endian words, the last one padded with zeros. */
function packWords(bytes: Uint8Array, words: Uint32Array, start: number): void {
  const whole = bytes.length & ~3;
  let word = start;
  let index = 0;
  for (; index < whole; index += 4) {
    words[word++] =
      (bytes[index]! << 24) |
      (bytes[index + 1]! << 16) |
      (bytes[index + 2]! << 8) |
      bytes[index + 3]!;
  }
  if (index === bytes.length) return;
  let last = 0;
  for (let shift = 24; index < bytes.length; index++, shift -= 8) last |= bytes[index]! << shift;
  words[word] = last;
}
