// The memory of one memtable: a single SharedArrayBuffer, so that another thread reads it where it
// lies and needs nothing else to do so. Space is handed out from the front and never taken back.
//
//   word   what (one word = an unsigned 32-bit integer in the machine's byte order)
//   0      ARENA_MAGIC
//   1      first free word
//   2      height of the tallest tower so far (0: empty)
//   3      entries
//   4      entries that are tombstones
//   5-16   links of the head, the tower before which the list begins: level l at word 16 - l
//   17-    nodes
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
// it. Several threads may add nodes at once: each takes its space by moving the first free word on
// with compare-and-swap, and has it to itself until it links the node.

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
const HEADER_WORDS = 5;

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

  /** Levels in use, 0 while empty. It only grows. */
  get height(): number {
    return Atomics.load(this.words, WORD_HEIGHT);
  }

  /**
   * Takes space for an entry and writes it there as a node that nobody can reach yet. The padding
   * needs no writing: the buffer began as zeros.
   * @param height of its tower, whose links are 0 until it is linked.
   * @returns the node's name, or 0 when there is no room.
   */
  addNode(entry: EncodedEntry, sequence: number, timestampMicros: number, height: number): number {
    const { keyLength, valueLength } = entry;
    const words = this.words;
    const keyWords = wordsOf(keyLength);
    const start = this.takeSpace(height + NODE_HEADER_WORDS + keyWords + wordsOf(valueLength));
    if (start === 0) return 0;
    const node = start + height;
    words[node + NODE_KEY_LENGTH] = keyLength;
    words[node + NODE_VALUE_LENGTH] = valueLength;
    words[node + NODE_SEQUENCE_LOW] = sequence;
    words[node + NODE_PACKED] =
      highWord(sequence) | (height << HEIGHT_SHIFT) | (entry.kind << KIND_SHIFT);
    words[node + NODE_TIMESTAMP] = timestampMicros;
    words[node + NODE_TIMESTAMP + 1] = highWord(timestampMicros);
    const key = node + NODE_HEADER_WORDS;
    this.copyIn(entry, entry.keyStart, keyLength, key);
    this.copyIn(entry, entry.valueStart, valueLength, key + keyWords);
    return node;
  }

  /** A tower of `height` is about to be linked. */
  raiseHeight(height: number): void {
    const words = this.words;
    let known = Atomics.load(words, WORD_HEIGHT);
    while (known < height) {
      const found = Atomics.compareExchange(words, WORD_HEIGHT, known, height);
      if (found === known) return;
      known = found;
    }
  }

  /** Counts a node just linked. */
  countNode(kind: EntryKindCode): void {
    Atomics.add(this.words, WORD_ENTRIES, 1);
    if (isTombstone(kind)) Atomics.add(this.words, WORD_TOMBSTONES, 1);
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
    const low = this.words[node + NODE_TIMESTAMP]!;
    return this.words[node + NODE_TIMESTAMP + 1]! * 0x1_0000_0000 + low;
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

  /** Takes so many words for the caller alone. @returns the first, or 0 when there is no room. */
  private takeSpace(count: number): number {
    const words = this.words;
    let start = Atomics.load(words, WORD_FREE);
    while (start + count <= words.length) {
      const found = Atomics.compareExchange(words, WORD_FREE, start, start + count);
      if (found === start) return start;
      start = found;
    }
    return 0;
  }

  private copyIn(entry: EncodedEntry, start: number, lengthBytes: number, word: number): void {
    copyWords(entry.bytes, entry.view, start, this.bytes, this.view, word * 4, lengthBytes);
  }
}

/** The bits of an integer below 2^53 above its low 32. */
export function highWord(value: number): number {
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
