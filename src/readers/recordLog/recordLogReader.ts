// Reads a record log (https://github.com/google/leveldb/blob/main/doc/log_format.md):
//
//   file    block* of 32768 bytes, the last one shorter
//   block   piece*, then fewer than 7 zero bytes
//   piece   checksum uint32 | length uint16 | type uint8 | length bytes
//
// The checksum is the masked CRC-32C of type and bytes. A record is one FULL piece, or a FIRST, any
// number of MIDDLE and a LAST. A preallocated tail reads as pieces of type 0 and length 0.
//
// A piece that the file's end cuts off is a torn tail, no damage: its writer died, or is writing it
// at this moment. So the reader stands still before it, and `next` goes on once the file has grown.
// Damage is listed; as LevelDB itself does, the reader then goes on with the next block.

import { loadUint32 } from '../../base/byteReader.ts';
import { concatBytes, copyOfRange } from '../../base/bytes.ts';
import { unmaskCrc32 } from '../../base/crc32.ts';
import { crc32c } from '../../base/crc32c.ts';
import type { VfsFile } from '../../base/vfs.ts';
import type { ProblemList } from '../problems.ts';

const BLOCK_BYTES = 32_768;
const HEADER_BYTES = 7;

const TYPE_ZERO = 0;
const TYPE_FULL = 1;
const TYPE_MIDDLE = 3;
const TYPE_LAST = 4;

/** One record, in memory of its own. */
export interface LogRecord {
  readonly bytes: Uint8Array;
  /** Where its first piece begins in the file. */
  readonly offset: number;
}

/** A piece as it lies in the block. */
interface Piece {
  readonly type: number;
  /** In the file. */
  readonly offset: number;
  /** In the block. */
  readonly start: number;
  readonly end: number;
}

/** Gives the records of one log, oldest first. */
export class RecordLogReader {
  private readonly file: VfsFile;
  private readonly name: string;
  private readonly problems: ProblemList;
  private readonly block = new Uint8Array(BLOCK_BYTES);
  private blockStart = 0;
  private blockLength = 0;
  private position = 0;
  /** Pieces of the record that is being put together. */
  private pieces: Uint8Array[] = [];
  private recordOffset = 0;
  /** Where the next record begins, whatever was read of it already. */
  private resumeAt = 0;

  constructor(file: VfsFile, name: string, problems: ProblemList) {
    this.file = file;
    this.name = name;
    this.problems = problems;
  }

  /** Where the next record begins, or will begin. */
  get offset(): number {
    return this.resumeAt;
  }

  /**
   * The next whole record; `undefined` at the end of what is there. May be asked again when the
   * file has grown.
   * @throws LsmError `IO`.
   */
  next(): LogRecord | undefined {
    if (this.blockLength === 0) this.load(this.resumeAt);
    for (;;) {
      const piece = this.nextPiece();
      if (piece === undefined) {
        this.rewind();
        return undefined;
      }
      const record = this.take(piece);
      if (record !== undefined) return record;
    }
  }

  /**
   * Lists that bytes follow the last record which are not the whole next one, if there are any: its
   * writer died, or is writing.
   */
  reportTorn(): void {
    const size = this.file.sizeBytes();
    const left = size - this.resumeAt;
    if (left <= 0) return;
    const rest = new Uint8Array(Math.min(left, HEADER_BYTES));
    this.file.read(rest, 0, rest.length, this.resumeAt);
    if (rest.every((byte) => byte === 0)) return;
    this.report(
      this.resumeAt,
      `the file ends inside of a record; its last ${left} bytes are no whole one`,
    );
  }

  private take(piece: Piece): LogRecord | undefined {
    const { type, start, end, offset } = piece;
    const continues = type === TYPE_MIDDLE || type === TYPE_LAST;
    if (continues !== this.pieces.length > 0) {
      this.report(offset, continues ? 'a record has no beginning' : 'a record has no end');
      this.pieces = [];
      if (continues) return undefined;
    }
    if (!continues) this.recordOffset = offset;
    const bytes = copyOfRange(this.block, start, end);
    if (type === TYPE_FULL) return this.finish(bytes);
    this.pieces.push(bytes);
    return type === TYPE_LAST ? this.finish(concatBytes(this.pieces)) : undefined;
  }

  private finish(bytes: Uint8Array): LogRecord {
    this.pieces = [];
    this.resumeAt = this.blockStart + this.position;
    return { bytes, offset: this.recordOffset };
  }

  /** The next sound piece; `undefined` where the file ends, inside of a piece or between two. */
  private nextPiece(): Piece | undefined {
    for (;;) {
      const left = this.blockLength - this.position;
      if (left < HEADER_BYTES) {
        if (this.blockLength < BLOCK_BYTES) return undefined;
        this.load(this.blockStart + BLOCK_BYTES);
        continue;
      }
      const { block, position } = this;
      const length = block[position + 4]! | (block[position + 5]! << 8);
      const type = block[position + 6]!;
      if (type === TYPE_ZERO && length === 0) {
        // Preallocated, never written: nothing follows in this block.
        if (this.blockLength < BLOCK_BYTES) return undefined;
        this.position = this.blockLength;
        continue;
      }
      const start = position + HEADER_BYTES;
      const end = start + length;
      if (end > this.blockLength) {
        if (this.blockLength < BLOCK_BYTES) return undefined;
        this.skipBlock('a piece is longer than its block');
      } else if (type > TYPE_LAST) {
        this.skipBlock(`a piece of unknown type ${type}`);
      } else if (!this.isSound(position, start, end)) {
        this.skipBlock('the checksum of a record does not fit');
      } else {
        this.position = end;
        return { type, offset: this.blockStart + position, start, end };
      }
    }
  }

  private isSound(position: number, start: number, end: number): boolean {
    const stored = unmaskCrc32(loadUint32(this.block, position));
    return crc32c(this.block, start - 1, end) === stored;
  }

  /** After damage nothing in the block can be trusted to be where it seems to be. */
  private skipBlock(message: string): void {
    this.report(this.blockStart + this.position, message);
    this.pieces = [];
    this.position = this.blockLength;
    this.resumeAt = this.blockStart + this.blockLength;
  }

  private report(offset: number, message: string): void {
    this.problems.add(
      'CORRUPTION',
      this.name,
      offset,
      `${this.name} at byte ${offset}: ${message}`,
    );
  }

  /** Forgets half a record, to read it again when the rest is there. */
  private rewind(): void {
    this.pieces = [];
    this.blockLength = 0;
  }

  /** Takes in the block that holds a place of the file, and stands there. */
  private load(offset: number): void {
    this.blockStart = offset - (offset % BLOCK_BYTES);
    this.blockLength = this.file.read(this.block, 0, BLOCK_BYTES, this.blockStart);
    this.position = Math.min(offset - this.blockStart, this.blockLength);
  }
}
