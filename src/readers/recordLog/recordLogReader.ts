// Reads a record log (https://github.com/google/leveldb/blob/main/doc/log_format.md):
//
//   file    block* of 32768 bytes, the last one shorter
//   block   piece*, then fewer than 7 zero bytes
//   piece   checksum uint32 | length uint16 | type uint8 | length bytes
//
// The checksum is the masked CRC-32C of type and bytes. A record is one FULL piece, or a FIRST, any
// number of MIDDLE and a LAST. A preallocated tail reads as pieces of type 0 and length 0. Such a
// piece elsewhere is a hole: LevelDB and RocksDB pass over the rest of its block without a word,
// Pebble ends there. It is listed.
//
// A piece that the file's end cuts off is a torn tail, no damage: its writer died, or is writing it
// at this moment. So the reader stands still before it, and `next` goes on once the file has grown.
// Damage is listed; what comes then, and which further types of pieces there are, is the engine's
// own (logForm.ts).

import { loadUint32, loadUint48 } from '../../base/byteReader.ts';
import { concatBytes, copyOfRange } from '../../base/bytes.ts';
import type { VfsFile } from '../../base/vfs.ts';
import type { ProblemList } from '../problems.ts';
import { firstByteFrom } from './holes.ts';
import { BLOCK_BYTES, HEADER_BYTES, isSoundPiece, LEVELDB_FORM } from './logForm.ts';
import type { LogForm, PieceForm } from './logForm.ts';
import { SyncedAhead } from './syncedAhead.ts';

/** How the message begins about an end that is no whole record. */
export const TORN_END = 'the file ends inside of a record';

const TYPE_ZERO = 0;
const SYNCED_BYTES = 8;

/** One record, in memory of its own. */
export interface LogRecord {
  readonly bytes: Uint8Array;
  /** Where its first piece begins in the file. */
  readonly offset: number;
  /** Its first piece's. */
  readonly type: number;
}

/** A piece as it lies in the block. */
interface Piece {
  readonly type: number;
  readonly place: PieceForm['place'];
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
  private readonly form: LogForm;
  private readonly block = new Uint8Array(BLOCK_BYTES);
  private blockStart = 0;
  private blockLength = 0;
  private position = 0;
  /** Pieces of the record that is being put together. */
  private pieces: Uint8Array[] = [];
  private recordOffset = 0;
  private recordType = 0;
  /** Where the next record begins, whatever was read of it already. */
  private resumeAt = 0;
  private hasEnded = false;
  private synced: number | undefined;
  private isLeftOver = false;
  /** What is damage, or is being written over at this moment. */
  private suspect: { readonly fault: string; readonly offset: number } | undefined;
  private seen = 0;
  /** Where zeros began that have been passed over since the last piece. */
  private hole: number | undefined;

  constructor(file: VfsFile, name: string, problems: ProblemList, form: LogForm = LEVELDB_FORM) {
    this.file = file;
    this.name = name;
    this.problems = problems;
    this.form = form;
  }

  /** Damage was met, and the engine reads nothing behind it. */
  get endedAtDamage(): boolean {
    return this.hasEnded;
  }

  /**
   * Nobody writes to the log any more. In a file that was used before, what is no sound piece may
   * be one that is being written: `next` stands before it. Now it is damage.
   */
  endAtSuspect(): void {
    if (this.suspect === undefined) return;
    this.reportFault(this.suspect.offset, this.suspect.fault);
    this.suspect = undefined;
    this.hasEnded = true;
  }

  /** Up to where pieces read so far say the log was synced; `undefined` when none says it. */
  get syncedOffset(): number | undefined {
    return this.synced;
  }

  /** How far the file reached when its end was read last. */
  get seenBytes(): number {
    return this.seen;
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
    if (this.hasEnded) return undefined;
    this.suspect = undefined;
    if (this.blockLength === 0) this.load(this.resumeAt);
    for (;;) {
      const piece = this.nextPiece();
      if (piece === undefined) {
        this.rewind();
        return undefined;
      }
      const record = this.take(piece);
      if (record !== undefined || this.hasEnded) return record;
    }
  }

  /**
   * Lists that bytes follow the last record which are not the whole next one, if `next` met any:
   * their writer died, or is writing.
   */
  reportTorn(): void {
    if (this.suspect !== undefined) {
      const { fault, offset } = this.suspect;
      this.reportFault(offset, `${fault}, unless it is being written at this moment`);
      return;
    }
    if (this.hasEnded || this.isLeftOver) return;
    // What has come since is not read yet.
    const first = firstByteFrom(this.file, this.resumeAt, this.seen);
    if (first === undefined) return;
    const start = nextHeader(this.resumeAt);
    const isTorn = first < start + HEADER_BYTES;
    // What a file held before it was used again may look like this.
    if (!isTorn && this.isReused(undefined)) return;
    const left = this.seen - this.resumeAt;
    this.report(
      this.resumeAt,
      isTorn
        ? `${TORN_END}; its last ${left} bytes are no whole one`
        : `zeros stand where a record should begin, and other bytes follow at ${first}: nothing ` +
            'is read from here on',
    );
  }

  private take(piece: Piece): LogRecord | undefined {
    const { type, place, start, end, offset } = piece;
    const continues = place === 'middle' || place === 'last';
    if (continues !== this.pieces.length > 0) {
      this.report(offset, continues ? 'a record has no beginning' : 'a record has no end');
      this.pieces = [];
      this.hasEnded = this.form.endsAtDamage;
      if (continues || this.hasEnded) return undefined;
    }
    if (!continues) {
      this.recordOffset = offset;
      this.recordType = type;
    }
    const bytes = copyOfRange(this.block, start, end);
    if (place === 'whole') return this.finish(bytes);
    this.pieces.push(bytes);
    return place === 'last' ? this.finish(concatBytes(this.pieces)) : undefined;
  }

  private finish(bytes: Uint8Array): LogRecord {
    this.pieces = [];
    this.resumeAt = this.blockStart + this.position;
    return { bytes, offset: this.recordOffset, type: this.recordType };
  }

  /** The next sound piece; `undefined` where the file ends, inside of a piece or between two. */
  private nextPiece(): Piece | undefined {
    while (!this.hasEnded) {
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
        // Never written: nothing that its engine would read follows in this block. In a file that
        // is used again the middle of what was there before may look so, but for its first bytes.
        this.isLeftOver = loadUint32(block, position) !== 0 && this.isReused(undefined);
        if (this.isLeftOver) return undefined;
        this.hole ??= this.blockStart + position;
        if (this.blockLength < BLOCK_BYTES) return undefined;
        this.position = this.blockLength;
        continue;
      }
      const form = this.form.pieceOf(type);
      const start = position + (form?.headerBytes ?? HEADER_BYTES);
      const end = start + length;
      this.isLeftOver = this.isFromBefore(form, position);
      if (this.isLeftOver) return undefined;
      if (end > this.blockLength && this.blockLength < BLOCK_BYTES) return undefined;
      if (this.hole !== undefined) this.leaveHole(this.hole, this.blockStart + position);
      if (this.hasEnded) return undefined;
      const fault = this.faultOf(form, position, end);
      if (fault !== undefined && this.form.endsAtDamage && this.isReused(form)) {
        this.suspect = { fault, offset: this.blockStart + position };
        return undefined;
      }
      if (fault !== undefined) {
        this.skipBlock(fault);
        continue;
      }
      this.position = end;
      if (form === undefined) {
        this.passUnknown(type, this.blockStart + position);
        continue;
      }
      if (form.tellsSynced === true) {
        // No more than was there by then.
        const told = loadUint48(block, start - SYNCED_BYTES);
        this.synced = Math.min(told, this.blockStart + position);
      }
      if (form.place === 'ignored') continue;
      return { type, place: form.place, offset: this.blockStart + position, start, end };
    }
    return undefined;
  }

  /** Something follows it, so it is no space that was allocated ahead. */
  private leaveHole(start: number, end: number): void {
    const isCut = this.pieces.length > 0;
    const cut = isCut ? ', and a record that began before has no end' : '';
    const verdict = this.synced === undefined ? '' : this.verdict(start);
    this.report(
      start,
      `zeros stand where a record should begin, a hole that was never written: up to byte ${end} ` +
        `nothing is read${cut}${verdict}`,
    );
    this.hole = undefined;
    this.pieces = [];
    this.hasEnded = this.form.endsAtHole || (isCut && this.form.endsAtDamage);
  }

  private faultOf(form: PieceForm | undefined, position: number, end: number): string | undefined {
    if (end > this.blockLength) return 'a piece is longer than its block';
    if (isSoundPiece(this.block, position, end)) return undefined;
    if (form === undefined) return `a piece of unknown type ${this.block[position + 6]}`;
    return 'the checksum of a record does not fit';
  }

  /** Its checksum fits, so that a newer version has written it. */
  private passUnknown(type: number, offset: number): void {
    const { name } = this;
    const message = `${name} at byte ${offset}: a record has the type ${type}, not known here`;
    this.problems.add('NOT_SUPPORTED', name, offset, message);
    this.pieces = [];
    this.hasEnded = this.form.endsAtDamage;
  }

  /**
   * A file that is used again holds pieces from before behind its last one, or parts of them: they
   * do not bear its number.
   */
  private isFromBefore(form: PieceForm | undefined, position: number): boolean {
    const { logNumber } = this.form;
    if (logNumber === undefined || !this.isReused(form)) return false;
    const numberEnd = position + HEADER_BYTES + 4;
    if (numberEnd > this.blockLength) return false;
    if (loadUint32(this.block, position + HEADER_BYTES) === logNumber >>> 0) return false;
    return form === undefined || !this.isOursMisnumbered(form, position, logNumber);
  }

  /** Whether a piece is sound but for the number of its log, which was damaged then. */
  private isOursMisnumbered(form: PieceForm, position: number, logNumber: number): boolean {
    const length = this.block[position + 4]! | (this.block[position + 5]! << 8);
    const end = position + form.headerBytes + length;
    if (end > this.blockLength) return false;
    const piece = copyOfRange(this.block, position, end);
    new DataView(piece.buffer, piece.byteOffset).setUint32(HEADER_BYTES, logNumber >>> 0, true);
    return isSoundPiece(piece, 0, piece.length);
  }

  /** Known by the type of the piece, or, in what is left over, by that of the one before. */
  private isReused(form: PieceForm | undefined): boolean {
    if (form !== undefined && form.headerBytes > HEADER_BYTES) return true;
    const before = this.form.pieceOf(this.recordType);
    return before !== undefined && before.headerBytes > HEADER_BYTES;
  }

  /** After damage nothing in the block can be trusted to be where it seems to be. */
  private skipBlock(message: string): void {
    this.reportFault(this.blockStart + this.position, message);
    this.pieces = [];
    this.hasEnded = this.form.endsAtDamage;
    this.position = this.blockLength;
    this.resumeAt = this.blockStart + this.blockLength;
  }

  private reportFault(offset: number, message: string): void {
    this.report(offset, `${message}${this.synced === undefined ? '' : this.verdict(offset)}`);
  }

  /** Whether what comes behind a fault says that the bytes there had been synced before. */
  private verdict(offset: number): string {
    const ahead = new SyncedAhead(this.file, this.form).beyond(offset);
    return ahead === undefined
      ? '; nothing behind it tells that it was ever synced: its engine takes it for the log’s end'
      : `; the piece at byte ${ahead} tells that it was synced before: it has been damaged since`;
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
    this.hole = undefined;
    this.pieces = [];
    this.blockLength = 0;
  }

  /** Takes in the block that holds a place of the file, and stands there. */
  private load(offset: number): void {
    this.blockStart = offset - (offset % BLOCK_BYTES);
    this.blockLength = this.file.read(this.block, 0, BLOCK_BYTES, this.blockStart);
    this.position = Math.min(offset - this.blockStart, this.blockLength);
    this.seen = this.blockStart + this.blockLength;
  }
}

/** Where the next piece begins: fewer bytes than a header at a block's end are left free. */
function nextHeader(offset: number): number {
  const left = BLOCK_BYTES - (offset % BLOCK_BYTES);
  return left < HEADER_BYTES ? offset + left : offset;
}
