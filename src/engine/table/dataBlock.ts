// A data block: entries in order, their keys prefix-compressed, and what finds them.
//
//   | part     | bytes                                                          |
//   | -------- | -------------------------------------------------------------- |
//   | entries  | per entry: shared varint, suffix length varint, value length   |
//   |          | varint, key suffix, value                                      |
//   | tags     | per entry: kind u8, sequence - base (s bytes),                 |
//   |          | timestamp - base (t bytes)                                     |
//   | restarts | u32 for every i-th entry: its offset in the block              |
//   | tail     | base sequence u64, base timestamp u64 (µs), entry count u32,   |
//   |          | i: restart interval u16, s u8, t u8                            |
//
// Integers are little-endian. `shared` counts the leading bytes that the key has in common with the
// key before; it is 0 at a restart, where a search may begin. Kinds, sequences and timestamps stand
// apart from the entries in columns as narrow as the block allows: entry n's tag is found by
// multiplication, and walking over entries does not have to decode what it passes. DO NOT CHANGE:
// this is on disk.

import { loadUint32 } from '../../base/byteReader.ts';
import { corruption } from '../../base/errors.ts';
import type { LsmError } from '../../base/errors.ts';
import { viewOf } from '../../base/words.ts';

export const BLOCK_TAIL_BYTES = 24;
/** About what the objects around a block's bytes take. */
const OBJECT_BYTES = 512;
/**
 * An entry takes at least three lengths of a byte each, its tag's kind, and no key or value bytes.
 */
const ENTRY_BYTES_MIN = 3;

/**
 * A block in memory, its structure checked: every section lies inside, every restart points inside.
 */
export class DataBlock {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where the entries end and the tags begin. */
  readonly entriesEnd: number;
  readonly entryCount: number;
  readonly restartInterval: number;
  readonly restartCount: number;
  private readonly restartsOffset: number;
  private readonly sequenceWidth: number;
  private readonly timestampWidth: number;
  private readonly tagWidth: number;
  private readonly baseSequence: number;
  private readonly baseTimestamp: number;
  private readonly file: string;
  /** Offset of the block in its file. */
  private readonly offset: number;

  /**
   * @param bytes the block without its trailer; kept, not copied.
   * @param givenSequence of all entries of an ingested table, which have 0 in it; 0 for others.
   * @throws LsmError `CORRUPTION` when the parts do not fit into each other.
   */
  constructor(bytes: Uint8Array, file: string, offset: number, givenSequence = 0) {
    this.bytes = bytes;
    this.view = viewOf(bytes);
    this.file = file;
    this.offset = offset;
    const tail = bytes.length - BLOCK_TAIL_BYTES;
    if (tail < 0) throw this.damage(0, `a data block has ${bytes.length} bytes`);
    const baseSequence = this.tailNumber(tail, 'base sequence');
    this.baseSequence = givenSequence === 0 ? baseSequence : givenSequence;
    this.baseTimestamp = this.tailNumber(tail + 8, 'base timestamp');
    this.entryCount = loadUint32(bytes, tail + 16);
    this.restartInterval = this.view.getUint16(tail + 20, true);
    this.sequenceWidth = bytes[tail + 22]!;
    this.timestampWidth = bytes[tail + 23]!;
    if (this.restartInterval === 0 || this.sequenceWidth > 7 || this.timestampWidth > 7) {
      throw this.damage(tail + 20, 'the tail of a data block is impossible');
    }
    if (givenSequence > 0 && (baseSequence > 0 || this.sequenceWidth > 0)) {
      throw this.damage(tail, 'an ingested table has sequence numbers of its own');
    }
    this.tagWidth = 1 + this.sequenceWidth + this.timestampWidth;
    this.restartCount = Math.ceil(this.entryCount / this.restartInterval);
    this.restartsOffset = tail - 4 * this.restartCount;
    this.entriesEnd = this.restartsOffset - this.tagWidth * this.entryCount;
    if (this.entryCount === 0 || this.entriesEnd < this.entryCount * ENTRY_BYTES_MIN) {
      throw this.damage(tail + 16, `${this.entryCount} entries do not fit into a data block`);
    }
    this.checkRestarts();
  }

  /** Bytes that the block keeps in memory, for the cache's accounts. */
  get memoryBytes(): number {
    return this.bytes.buffer.byteLength + OBJECT_BYTES;
  }

  /** Offset in the block of the entry that restart `restart` points to. */
  restartOffset(restart: number): number {
    return loadUint32(this.bytes, this.restartsOffset + 4 * restart);
  }

  kindOf(entry: number): number {
    return this.bytes[this.entriesEnd + entry * this.tagWidth]!;
  }

  sequenceOf(entry: number): number {
    const position = this.entriesEnd + entry * this.tagWidth + 1;
    return this.baseSequence + loadUint(this.bytes, position, this.sequenceWidth);
  }

  timestampOf(entry: number): number {
    const position = this.entriesEnd + entry * this.tagWidth + 1 + this.sequenceWidth;
    return this.baseTimestamp + loadUint(this.bytes, position, this.timestampWidth);
  }

  /** The error for damage at `position` of this block, for the caller to throw. */
  damage(position: number, message: string): LsmError {
    return corruption(message, this.file, this.offset + position);
  }

  private tailNumber(position: number, what: string): number {
    const high = loadUint32(this.bytes, position + 4);
    if (high > 0x1fffff) throw this.damage(position, `${what} is 2^53 or more`);
    return high * 0x1_0000_0000 + loadUint32(this.bytes, position);
  }

  private checkRestarts(): void {
    let previous = -1;
    for (let restart = 0; restart < this.restartCount; restart++) {
      const offset = this.restartOffset(restart);
      const misplaced = restart === 0 ? offset !== 0 : offset <= previous;
      if (misplaced || offset >= this.entriesEnd) {
        throw this.damage(
          this.restartsOffset + 4 * restart,
          `restart ${restart} points to ${offset}`,
        );
      }
      previous = offset;
    }
  }
}

/** A little-endian integer of 0 to 7 bytes. */
function loadUint(bytes: Uint8Array, position: number, width: number): number {
  let value = 0;
  for (let index = width - 1; index >= 0; index--) value = value * 256 + bytes[position + index]!;
  return value;
}
