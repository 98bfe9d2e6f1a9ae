// A Zstandard frame (RFC 8878, 3.1.1), read without any help:
//
//   magic number 4 | descriptor 1 | window 1? | dictionary's number 0-4 | content size 0-8
//   block*   last in one bit, kind in two, size in 21 | raw, or one byte repeated, or compressed
//   checksum 4?  the lower half of the content's xxHash of 64 bits

import { loadUint32 } from '../../byteReader.ts';
import { xxHash64 } from '../../xxHash64.ts';
import { damaged } from './bitReaders.ts';
import type { HuffmanTable } from './huffmanTable.ts';
import { readLiterals } from './literals.ts';
import { readSequences } from './sequences.ts';
import type { SequenceTables } from './sequences.ts';
import { beginningWith, NO_DICTIONARY } from './zstdDictionary.ts';
import type { FrameBeginning } from './zstdDictionary.ts';

const MAGIC = 0xfd2fb528;
const BLOCK_BYTES_MAX = 128 * 1024;
const KIND_RAW = 0;
const KIND_REPEATED = 1;
const KIND_COMPRESSED = 2;
/** Copies of so many bytes and more are left to the platform. */
const COPY_CALL_MIN_BYTES = 32;

/**
 * Decompresses one frame.
 * @param rawSizeBytes no more is allocated for the result.
 * @param dictionary what the frame was compressed with.
 * @throws Error when it is damaged, or longer than that; it may give fewer bytes.
 */
export function decodeZstd(
  packed: Uint8Array,
  rawSizeBytes: number,
  dictionary?: Uint8Array,
): Uint8Array {
  const beginning = dictionary === undefined ? NO_DICTIONARY : beginningWith(dictionary);
  return new FrameDecoder(packed, rawSizeBytes, beginning).decode();
}

class FrameDecoder {
  private readonly packed: Uint8Array;
  /** What matches may reach back into, then the content. */
  private readonly raw: Uint8Array;
  private readonly rawStart: number;
  private rawEnd: number;
  private tree: HuffmanTable | undefined;
  private tables: SequenceTables;
  private lastOffset: number;
  private secondOffset: number;
  private thirdOffset: number;
  private literals: Uint8Array = new Uint8Array(0);
  private literalsTaken = 0;

  constructor(packed: Uint8Array, rawSizeBytes: number, beginning: FrameBeginning) {
    const { content, tree, tables, offsets } = beginning;
    this.packed = packed;
    this.raw = new Uint8Array(content.length + rawSizeBytes);
    this.raw.set(content);
    this.rawStart = content.length;
    this.rawEnd = content.length;
    this.tree = tree;
    this.tables = tables;
    [this.lastOffset, this.secondOffset, this.thirdOffset] = offsets;
  }

  decode(): Uint8Array {
    const { packed } = this;
    if (packed.length < 5 || loadUint32(packed, 0) !== MAGIC) damaged('it is none');
    const descriptor = packed[4]!;
    let position = 5 + headerBytes(descriptor);
    for (let isLast = false; !isLast;) {
      if (position + 3 > packed.length) damaged('it ends before its last block');
      const header =
        packed[position]! | (packed[position + 1]! << 8) | (packed[position + 2]! << 16);
      isLast = (header & 1) === 1;
      position = this.decodeBlock((header >>> 1) & 3, header >>> 3, position + 3);
    }
    const content = this.raw.subarray(this.rawStart, this.rawEnd);
    if ((descriptor & 4) !== 0) checkContent(packed, position, content);
    return content;
  }

  /** A sequence: literals, then a match. */
  take(literalLength: number, offsetValue: number, matchLength: number): void {
    const offset = this.offsetOf(offsetValue, literalLength);
    this.takeLiterals(literalLength);
    const { raw, rawEnd } = this;
    const end = rawEnd + matchLength;
    if (offset > rawEnd || offset === 0 || end > raw.length) damaged('a match from or to beyond');
    if (offset >= matchLength && matchLength >= COPY_CALL_MIN_BYTES) {
      raw.copyWithin(rawEnd, rawEnd - offset, rawEnd - offset + matchLength);
    } else {
      for (let to = rawEnd; to < end; to++) raw[to] = raw[to - offset]!;
    }
    this.rawEnd = end;
  }

  /** @returns the index after the block */
  private decodeBlock(kind: number, size: number, start: number): number {
    const { packed } = this;
    if (size > BLOCK_BYTES_MAX) damaged('a block is too large');
    const end = start + (kind === KIND_REPEATED ? 1 : size);
    if (end > packed.length) damaged('a block ends early');
    if (kind === KIND_RAW) {
      this.append(packed.subarray(start, end));
    } else if (kind === KIND_REPEATED) {
      this.append(new Uint8Array(size).fill(packed[start]!));
    } else if (kind === KIND_COMPRESSED) {
      this.decodeCompressed(start, end);
    } else {
      damaged('a block of no known kind');
    }
    return end;
  }

  private decodeCompressed(start: number, end: number): void {
    const { packed } = this;
    const read = readLiterals(packed, start, end, BLOCK_BYTES_MAX, this.tree);
    this.tree = read.tree;
    this.literals = read.literals;
    this.literalsTaken = 0;
    this.tables = readSequences(packed, read.end, end, this.tables, this);
    this.takeLiterals(this.literals.length - this.literalsTaken);
  }

  private takeLiterals(count: number): void {
    const { literals, literalsTaken, raw, rawEnd } = this;
    const end = literalsTaken + count;
    if (end > literals.length || rawEnd + count > raw.length) damaged('literals beyond the end');
    if (count >= COPY_CALL_MIN_BYTES) {
      raw.set(literals.subarray(literalsTaken, end), rawEnd);
    } else {
      for (let index = 0; index < count; index++)
        raw[rawEnd + index] = literals[literalsTaken + index]!;
    }
    this.literalsTaken = end;
    this.rawEnd = rawEnd + count;
  }

  private append(bytes: Uint8Array): void {
    if (this.rawEnd + bytes.length > this.raw.length) damaged('it is longer than it should be');
    this.raw.set(bytes, this.rawEnd);
    this.rawEnd += bytes.length;
  }

  /** Values up to 3 name one of the last three offsets; after no literals, one further back. */
  private offsetOf(value: number, literalLength: number): number {
    const { lastOffset, secondOffset, thirdOffset } = this;
    if (value > 3) {
      this.thirdOffset = secondOffset;
      this.secondOffset = lastOffset;
      this.lastOffset = value - 3;
      return value - 3;
    }
    const which = literalLength === 0 ? value + 1 : value;
    if (which === 1) return lastOffset;
    if (which === 2) {
      this.lastOffset = secondOffset;
    } else {
      this.lastOffset = which === 3 ? thirdOffset : lastOffset - 1;
      this.thirdOffset = secondOffset;
    }
    this.secondOffset = lastOffset;
    return this.lastOffset;
  }
}

/** Bytes between the descriptor and the first block. */
function headerBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6]!;
  const dictionary = [0, 1, 2, 4][descriptor & 3]!;
  return (isSingleSegment ? 0 : 1) + dictionary + contentSize;
}

function checkContent(packed: Uint8Array, position: number, content: Uint8Array): void {
  if (position + 4 > packed.length) damaged('its checksum is missing');
  const found = Number(xxHash64(content, 0, content.length) & 0xffff_ffffn);
  if (found !== loadUint32(packed, position)) damaged('its checksum does not fit');
}
