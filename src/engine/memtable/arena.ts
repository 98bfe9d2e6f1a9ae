// The memory of one memtable: a single SharedArrayBuffer, so that another thread reads it where it
// lies and needs nothing else to do so. Space is handed out from the front and never taken back.
//
//   word   what (one word = an unsigned 32-bit integer in the machine's byte order)
//   0      ARENA_MAGIC
//   1      first free word
//   2      height of the tallest tower so far (0: empty)
//   3      entries
//   4      entries that are tombstones
//   5, 6   smallest sequence number, low and high word
//   7, 8   greatest sequence number, low and high word
//   9      bytes of all keys
//   10     bytes of all values
//   11     reserved, 0
//   12-23  links of the head, the tower before which the list begins: level l at word 23 - l
//   24-    nodes
//
// A node is named by the index of its first header word. Its tower stands before it and its bytes
// after it, so every field but the value is at a fixed distance, whatever the height:
//
//   word          what
//   node - 1 - l  link of level l: the next node in the level, 0 at its end
//   node          key length, bytes
//   node + 1      value length, bytes
//   node + 2      sequence number, low word
//   node + 3      bits 0-20 sequence number, high word; 21-25 height of the tower; 26-31 entry kind
//   node + 4, 5   wall clock of the write, microseconds since 1970, low and high word
//   node + 6      key, zero bytes up to the next word, then the value likewise
//
// Everything in a node but its links is written before the node is linked and never changes after
// it.

import { assert } from '../../base/assert.ts';
import { copyOfRange } from '../../base/bytes.ts';
import { LsmError } from '../../base/errors.ts';
import { copyWords, viewOf } from '../../base/words.ts';
import { isTombstone } from '../entryKind.ts';
import type { EntryKindCode } from '../entryKind.ts';
import type { EncodedEntry } from '../encodedEntry.ts';

/**
 * Tallest tower. With a quarter of the towers one level taller, right for 4^12 = 16 million
 * entries.
 */
export const HEIGHT_MAX = 12;

const ARENA_MAGIC = 0x4c534d41;
const WORD_MAGIC = 0;
const WORD_FREE = 1;
const WORD_HEIGHT = 2;
const WORD_ENTRIES = 3;
const WORD_TOMBSTONES = 4;
const WORD_SMALLEST_SEQUENCE = 5;
const WORD_LARGEST_SEQUENCE = 7;
const WORD_KEY_BYTES = 9;
const WORD_VALUE_BYTES = 10;
const HEADER_WORDS = 12;

/** The head's name: like any node, its links stand before it. */
export const HEAD: number = HEADER_WORDS + HEIGHT_MAX;
/** Words of a node between its tower and its key. */
export const NODE_HEADER_WORDS = 6;

export const NODE_KEY_LENGTH = 0;
export const NODE_VALUE_LENGTH = 1;
export const NODE_SEQUENCE_LOW = 2;
export const NODE_PACKED = 3;
export const NODE_TIMESTAMP = 4;
/** Of the packed word. */
export const SEQUENCE_HIGH_MASK = 0x1fffff;
export const HEIGHT_SHIFT = 21;
export const HEIGHT_MASK = 0x1f;
export const KIND_SHIFT = 26;

/** Bytes an arena takes beyond its entries. */
const OVERHEAD_BYTES: number = HEAD * 4;
/** Most bytes that the entries of one arena may take; every JavaScript engine can index them. */
export const ARENA_CAPACITY_MAX_BYTES: number = 3 * 1024 * 1024 * 1024;

/** Words that `lengthBytes` bytes take. */
export function wordsOf(lengthBytes: number): number {
  return (lengthBytes + 3) >>> 2;
}

/** Bytes that a batch takes at most: all its keys and values, each rounded up to a word. */
export function batchSizeBytesMax(entries: number, keyAndValueBytes: number): number {
  return entries * (HEIGHT_MAX + NODE_HEADER_WORDS + 2) * 4 + keyAndValueBytes;
}

/** One memtable's memory, and the running figures of what is in it. */
export class Arena {
  readonly buffer: SharedArrayBuffer;
  readonly words: Uint32Array;
  readonly bytes: Uint8Array;
  /** Of the same bytes. */
  readonly view: DataView;

  /** Opens an arena made by `createArena`, on any thread. */
  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.words = new Uint32Array(buffer);
    this.bytes = new Uint8Array(buffer);
    this.view = viewOf(this.bytes);
    assert(this.words[WORD_MAGIC] === ARENA_MAGIC, 'the shared buffer holds a memtable arena');
  }

  /** Bytes handed out to entries. */
  get sizeBytes(): number {
    return (this.words[WORD_FREE]! - HEAD) * 4;
  }

  /** Bytes that entries may take. */
  get capacityBytes(): number {
    return this.buffer.byteLength - OVERHEAD_BYTES;
  }

  get entries(): number {
    return this.words[WORD_ENTRIES]!;
  }

  get tombstones(): number {
    return this.words[WORD_TOMBSTONES]!;
  }

  /** Bytes of all keys. */
  get keyBytes(): number {
    return this.words[WORD_KEY_BYTES]!;
  }

  /** Bytes of all values. */
  get valueBytes(): number {
    return this.words[WORD_VALUE_BYTES]!;
  }

  /** Of all entries; 0 while there are none. */
  get smallestSequence(): number {
    return this.readUint53(WORD_SMALLEST_SEQUENCE);
  }

  /** Of all entries; 0 while there are none. */
  get largestSequence(): number {
    return this.readUint53(WORD_LARGEST_SEQUENCE);
  }

  /** Levels in use, 0 while empty. */
  get height(): number {
    return this.words[WORD_HEIGHT]!;
  }

  /**
   * Writes a node with room for a tower of `height`; its links are 0 until it is linked.
   * The caller has asked whether it fits. The padding needs no writing: the buffer began as zeros.
   * @returns the node's name.
   */
  addNode(entry: EncodedEntry, sequence: number, timestampMicros: number, height: number): number {
    const { keyLength, valueLength } = entry;
    const words = this.words;
    const node = words[WORD_FREE]! + height;
    const value = node + NODE_HEADER_WORDS + wordsOf(keyLength);
    const end = value + wordsOf(valueLength);
    assert(end <= words.length, 'an entry is added only where it fits');
    words[WORD_FREE] = end;
    words[node + NODE_KEY_LENGTH] = keyLength;
    words[node + NODE_VALUE_LENGTH] = valueLength;
    words[node + NODE_SEQUENCE_LOW] = sequence;
    words[node + NODE_PACKED] =
      highWord(sequence) | (height << HEIGHT_SHIFT) | (entry.kind << KIND_SHIFT);
    words[node + NODE_TIMESTAMP] = timestampMicros;
    words[node + NODE_TIMESTAMP + 1] = highWord(timestampMicros);
    this.copyIn(entry, entry.keyStart, keyLength, node + NODE_HEADER_WORDS);
    this.copyIn(entry, entry.valueStart, valueLength, value);
    return node;
  }

  /** A taller tower than any before it is about to be linked. */
  raiseHeight(height: number): void {
    Atomics.store(this.words, WORD_HEIGHT, height);
  }

  /** Counts a node just linked. */
  countNode(entry: EncodedEntry, sequence: number): void {
    const words = this.words;
    if (words[WORD_ENTRIES] === 0 || sequence < this.smallestSequence) {
      this.writeUint53(WORD_SMALLEST_SEQUENCE, sequence);
    }
    if (sequence > this.largestSequence) this.writeUint53(WORD_LARGEST_SEQUENCE, sequence);
    words[WORD_ENTRIES]!++;
    if (isTombstone(entry.kind)) words[WORD_TOMBSTONES]!++;
    words[WORD_KEY_BYTES]! += entry.keyLength;
    words[WORD_VALUE_BYTES]! += entry.valueLength;
  }

  /** Offset in `bytes` of the node's key, which zero bytes follow up to a multiple of four. */
  keyOffsetOf(node: number): number {
    return (node + NODE_HEADER_WORDS) * 4;
  }

  keyLengthOf(node: number): number {
    return this.words[node + NODE_KEY_LENGTH]!;
  }

  /** Offset in `bytes` of the node's value. */
  valueOffsetOf(node: number): number {
    return (node + NODE_HEADER_WORDS + wordsOf(this.words[node + NODE_KEY_LENGTH]!)) * 4;
  }

  valueLengthOf(node: number): number {
    return this.words[node + NODE_VALUE_LENGTH]!;
  }

  kindOf(node: number): EntryKindCode {
    return (this.words[node + NODE_PACKED]! >>> KIND_SHIFT) as EntryKindCode;
  }

  heightOf(node: number): number {
    return (this.words[node + NODE_PACKED]! >>> HEIGHT_SHIFT) & HEIGHT_MASK;
  }

  sequenceOf(node: number): number {
    const high = this.words[node + NODE_PACKED]! & SEQUENCE_HIGH_MASK;
    return high * 0x1_0000_0000 + this.words[node + NODE_SEQUENCE_LOW]!;
  }

  /** Wall clock of the write, microseconds since 1970. */
  timestampMicrosOf(node: number): number {
    return this.readUint53(node + NODE_TIMESTAMP);
  }

  /** A copy of the node's key in memory of its own. */
  copyKeyOf(node: number): Uint8Array<ArrayBuffer> {
    const offset = this.keyOffsetOf(node);
    return copyOfRange(this.bytes, offset, offset + this.keyLengthOf(node));
  }

  /** A copy of the node's value in memory of its own. */
  copyValueOf(node: number): Uint8Array<ArrayBuffer> {
    const offset = this.valueOffsetOf(node);
    return copyOfRange(this.bytes, offset, offset + this.valueLengthOf(node));
  }

  private copyIn(entry: EncodedEntry, start: number, lengthBytes: number, word: number): void {
    copyWords(entry.bytes, entry.view, start, this.bytes, this.view, word * 4, lengthBytes);
  }

  /** Two words as one integer below 2^53. */
  private readUint53(word: number): number {
    return this.words[word + 1]! * 0x1_0000_0000 + this.words[word]!;
  }

  /** An integer below 2^53 as two words. */
  private writeUint53(word: number, value: number): void {
    this.words[word] = value;
    this.words[word + 1] = highWord(value);
  }
}

/** The bits of an integer below 2^53 above its low 32. */
function highWord(value: number): number {
  return value < 0x1_0000_0000 ? 0 : Math.floor(value / 0x1_0000_0000);
}

/**
 * A new, empty arena.
 * @param capacityBytes that entries may take together.
 * @throws LsmError `INVALID_ARGUMENT` when no arena can be that large.
 */
export function createArena(capacityBytes: number): Arena {
  if (capacityBytes > ARENA_CAPACITY_MAX_BYTES) {
    throw new LsmError(
      'INVALID_ARGUMENT',
      `${capacityBytes} bytes do not fit into one memtable; write them in smaller batches`,
    );
  }
  const buffer = new SharedArrayBuffer((wordsOf(capacityBytes) + HEAD) * 4);
  const words = new Uint32Array(buffer);
  words[WORD_MAGIC] = ARENA_MAGIC;
  words[WORD_FREE] = HEAD;
  return new Arena(buffer);
}
