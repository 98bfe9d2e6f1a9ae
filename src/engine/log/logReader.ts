// Reads a log from outside: nothing is believed before it is checked, and memory stays bounded by
// the largest record.
//
// Records are read until the end record, the end of the file, or the first bytes at some offset X
// that are no intact record. Then the question is whether that is the last append, cut off by a
// crash, or damage to what was durable. Later records answer it: if any intact one behind X says
// that more than X was synced before it, X was durable once and is damaged now. Else X and what
// follows were never durable, and the log ends there ("torn"). A log that should have been ended
// (it is not the newest) but has no end record is damaged in any case.
//
// In a file that is used again, what an earlier log left carries that log's number: it ends the log
// as the end of the file does.
//
// A reader that is told to skip goes on at the next intact record instead, wherever that stands,
// and what it passed over is damage.

import { loadUint32, loadUint48 } from '../../base/byteReader.ts';
import { equalBytes } from '../../base/bytes.ts';
import { crc32, maskCrc32 } from '../../base/crc32.ts';
import { corruption, LsmError } from '../../base/errors.ts';
import type { VfsFile } from '../../base/vfs.ts';
import { FileWindow } from './fileWindow.ts';
import {
  HEADER_CHECKSUM,
  HEADER_NUMBER,
  HEADER_PURPOSE,
  HEADER_RESERVED,
  HEADER_REUSED,
  HEADER_VERSION,
  LOG_FORMAT_VERSION,
  LOG_HEADER_SIZE,
  LOG_MAGIC,
  LOG_RECORD_HEADER_SIZE,
  RECORD_CHECKSUM,
  RECORD_END,
  RECORD_LENGTH,
  RECORD_NUMBER,
  RECORD_SYNCED,
  RECORD_TYPE,
  RECORD_WHOLE,
} from './logFormat.ts';
import type { LogIdentity } from './logFormat.ts';
import { faultAt, RecordSearch } from './recordCheck.ts';

/** How the reading of a log ended. */
export interface LogOutcome {
  /** `torn`: it ends in what was never durable. `damaged`: something durable is gone. */
  readonly verdict: 'whole' | 'torn' | 'damaged';
  /** Where reading ended: what lies behind is no part of an intact record. */
  readonly stopOffset: number;
  /** First byte that should belong to an intact record and does not; `stopOffset` when whole. */
  readonly faultOffset: number;
  /** Bytes before `stopOffset` that were passed over: 0 unless the reader was told to skip. */
  readonly skippedBytes: number;
  /** Everything before it was known to be durable when the last record was written. */
  readonly syncedOffset: number;
  /** The log ends with its end record. */
  readonly ended: boolean;
  /** One line for people, about the first fault; empty when whole. */
  readonly reason: string;
}

/** What a reader does where no intact record stands: ends there, or goes on at the next one. */
export type AtFault = 'stop' | 'skip';

/** Walks the records of one log file; `next` until it says false, then `outcome` tells why. */
export class LogReader {
  readonly name: string;
  /** Size of the file when it was opened. */
  readonly fileSizeBytes: number;
  /** Of the current record: where it begins in the file, and its bytes with the header. */
  offset = 0;
  sizeBytes = 0;
  checksum = 0;
  syncedOffset = 0;
  /** Holds the current payload from `payloadStart` to `payloadEnd`; overwritten by `next`. */
  bytes: Uint8Array = LOG_MAGIC;
  payloadStart = 0;
  payloadEnd = 0;
  /** Records read so far, the end record not among them. */
  records = 0;
  private readonly identity: LogIdentity;
  private readonly newest: boolean;
  private readonly atFault: AtFault;
  private readonly window: FileWindow;
  private readonly search: RecordSearch;
  private position = 0;
  private isReused = false;
  private firstFault: { readonly offset: number; readonly reason: string } | undefined;
  private skippedBytes = 0;
  private result: LogOutcome | undefined;

  /**
   * @param name for messages.
   * @param newest no later log exists, so this one may lack its end.
   */
  constructor(
    file: VfsFile,
    name: string,
    identity: LogIdentity,
    newest: boolean,
    atFault: AtFault = 'stop',
  ) {
    this.name = name;
    this.identity = identity;
    this.newest = newest;
    this.atFault = atFault;
    this.window = new FileWindow(file);
    this.search = new RecordSearch(this.window, identity.number);
    this.fileSizeBytes = this.window.fileSizeBytes;
  }

  /** How it ended; there only after `next` said false. */
  get outcome(): LogOutcome {
    if (this.result === undefined) throw new LsmError('NOT_OPEN', 'the log is not read to its end');
    return this.result;
  }

  /** The outcome as an error: `CORRUPTION` at the damaged place, `undefined` when there is none. */
  get damage(): LsmError | undefined {
    const { verdict, reason, faultOffset } = this.outcome;
    return verdict === 'damaged' ? corruption(reason, this.name, faultOffset) : undefined;
  }

  /**
   * Goes to the next intact record; false at the end, whatever it looks like.
   * @throws LsmError `NOT_SUPPORTED` for a log of a newer format, `IO` when reading fails.
   */
  next(): boolean {
    if (this.result !== undefined) return false;
    if (this.position === 0 && !this.passHeader()) return false;
    if (this.position === this.fileSizeBytes)
      return this.stop('whole', 'the end record is missing');
    const fault = faultAt(this.window, this.position, this.identity.number);
    if (fault !== undefined && !this.skipTo(fault, this.position + 1)) {
      return this.stopAtFault(fault);
    }
    this.takeRecord();
    return this.result === undefined;
  }

  private passHeader(): boolean {
    const size = this.fileSizeBytes;
    const fault = size < LOG_HEADER_SIZE ? `the file has ${size} bytes` : this.faultInHeader();
    if (fault === undefined) {
      this.position = LOG_HEADER_SIZE;
      return true;
    }
    if (this.skipTo(`the header is wrong: ${fault}`, LOG_HEADER_SIZE)) return true;
    // The header is synced before the first record is written: with records, it was durable.
    return this.stop(size <= LOG_HEADER_SIZE ? 'torn' : 'damaged', `the header is wrong: ${fault}`);
  }

  private faultInHeader(): string | undefined {
    const start = this.window.load(0, LOG_HEADER_SIZE);
    const header = this.window.bytes.subarray(start, start + LOG_HEADER_SIZE);
    if (!equalBytes(header.subarray(0, LOG_MAGIC.length), LOG_MAGIC)) return 'no log begins so';
    const computed = maskCrc32(crc32(header, 0, HEADER_CHECKSUM));
    if (loadUint32(header, HEADER_CHECKSUM) !== computed) return 'checksum mismatch';
    const version = loadUint32(header, HEADER_VERSION);
    if (version > LOG_FORMAT_VERSION) {
      throw new LsmError(
        'NOT_SUPPORTED',
        `${this.name} has log format ${version}, this version reads up to ${LOG_FORMAT_VERSION};` +
          ' use a newer LSM Lens',
        { file: this.name, offset: HEADER_VERSION },
      );
    }
    const { purpose, number } = this.identity;
    if (HEADER_RESERVED.some((index) => header[index] !== 0)) return 'a reserved byte is set';
    if (header[HEADER_REUSED]! > 1) return 'it is neither new nor used again';
    this.isReused = header[HEADER_REUSED] === 1;
    if (header[HEADER_PURPOSE] !== purpose) return 'it is a log for another purpose';
    const found = loadUint32(header, HEADER_NUMBER);
    return found === number ? undefined : `it is log ${found} under the name of log ${number}`;
  }

  /** Goes on at the next intact record from `from` on, if that is wanted and there is one. */
  private skipTo(reason: string, from: number): boolean {
    const found = this.atFault === 'skip' ? this.search.next(from, -1) : undefined;
    if (typeof found !== 'number') return false;
    this.firstFault ??= { offset: this.position, reason };
    this.skippedBytes += found - this.position;
    this.position = found;
    return true;
  }

  /** The record at `position` is intact. */
  private takeRecord(): void {
    const offset = this.position;
    const header = this.window.load(offset, LOG_RECORD_HEADER_SIZE);
    const type = this.window.bytes[header + RECORD_TYPE]!;
    const size = LOG_RECORD_HEADER_SIZE + loadUint32(this.window.bytes, header + RECORD_LENGTH);
    this.position = offset + size;
    this.syncedOffset = loadUint48(this.window.bytes, header + RECORD_SYNCED);
    if (type === RECORD_END) {
      this.result = this.outcomeOf('whole', '', true);
      return;
    }
    if (type !== RECORD_WHOLE) {
      throw new LsmError(
        'NOT_SUPPORTED',
        `${this.name} at byte ${offset}: record type ${type} is unknown; use a newer LSM Lens`,
        { file: this.name, offset },
      );
    }
    const index = this.window.load(offset, size);
    const { bytes } = this.window;
    this.bytes = bytes;
    this.offset = offset;
    this.sizeBytes = size;
    this.checksum = loadUint32(bytes, index + RECORD_CHECKSUM);
    this.payloadStart = index + LOG_RECORD_HEADER_SIZE;
    this.payloadEnd = index + size;
    this.records++;
  }

  /** Damage, when an intact record behind says that it was synced; else the end of the log. */
  private stopAtFault(reason: string): false {
    const { position } = this;
    const isDurable = this.search.next(position + 1, position) !== undefined;
    if (!isDurable && this.beginsRemains(position)) {
      return this.stop('whole', 'the end record is missing');
    }
    return this.stop(isDurable ? 'damaged' : 'torn', reason);
  }

  /** Whether what an earlier log left in the file stands at `offset`, and no begun record. */
  private beginsRemains(offset: number): boolean {
    if (!this.isReused) return false;
    if (this.fileSizeBytes - offset < LOG_RECORD_HEADER_SIZE) return true;
    const index = this.window.load(offset, LOG_RECORD_HEADER_SIZE);
    return loadUint32(this.window.bytes, index + RECORD_NUMBER) !== this.identity.number;
  }

  private stop(verdict: LogOutcome['verdict'], reason: string): false {
    this.result = this.outcomeOf(this.newest ? verdict : 'damaged', reason, false);
    return false;
  }

  private outcomeOf(verdict: LogOutcome['verdict'], reason: string, ended: boolean): LogOutcome {
    const { position: stopOffset, firstFault, skippedBytes, syncedOffset } = this;
    const figures = { stopOffset, skippedBytes, syncedOffset, ended };
    const told = verdict === 'whole' ? '' : reason;
    if (firstFault === undefined) {
      return { ...figures, verdict, faultOffset: stopOffset, reason: told };
    }
    const { offset: faultOffset, reason: first } = firstFault;
    return { ...figures, verdict: 'damaged', faultOffset, reason: first };
  }
}
