// Reads a log from outside: nothing is believed before it is checked, and memory stays bounded by
// the largest record.
//
// Records are read until the end record, the end of the file, or the first bytes at some offset X
// that are no intact record. Then the question is whether that is the last append, cut off by a
// crash, or damage to what was durable. Later records answer it: if any intact one behind X says
// that more than X was synced before it, X was durable once and is damaged now. Else X and what
// follows were never durable, and the log ends there ("torn"). A log that should have been ended
// (it is not the newest) but has no end record is damaged in any case.

import { loadUint32, loadUint48 } from '../../base/byteReader.ts';
import { equalBytes } from '../../base/bytes.ts';
import { crc32, maskCrc32 } from '../../base/crc32.ts';
import { corruption, LsmError } from '../../base/errors.ts';
import type { VfsFile } from '../../base/vfs.ts';
import { FileWindow } from './fileWindow.ts';
import {
  crcOfOffset,
  faultInRecordHeader,
  HEADER_CHECKSUM,
  HEADER_NUMBER,
  HEADER_PURPOSE,
  HEADER_RESERVED,
  HEADER_VERSION,
  LOG_FORMAT_VERSION,
  LOG_HEADER_SIZE,
  LOG_MAGIC,
  LOG_RECORD_HEADER_SIZE,
  RECORD_CHECKSUM,
  RECORD_END,
  RECORD_LENGTH,
  RECORD_SYNCED,
  RECORD_TYPE,
  RECORD_WHOLE,
} from './logFormat.ts';
import type { LogIdentity } from './logFormat.ts';

/** The search behind a fault may checksum this many times the file's size, then it gives up. */
const SEARCH_EFFORT_MAX = 16;

/** How the reading of a log ended. */
export interface LogOutcome {
  /** `torn`: it ends in what was never durable. `damaged`: something durable is gone. */
  readonly verdict: 'whole' | 'torn' | 'damaged';
  /** First byte that is not part of an intact record. */
  readonly stopOffset: number;
  /** The log ends with its end record. */
  readonly ended: boolean;
  /** One line for people; empty when whole. */
  readonly reason: string;
}

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
  private readonly window: FileWindow;
  private position = 0;
  private result: LogOutcome | undefined;

  /**
   * @param name for messages.
   * @param newest no later log exists, so this one may lack its end.
   */
  constructor(file: VfsFile, name: string, identity: LogIdentity, newest: boolean) {
    this.name = name;
    this.identity = identity;
    this.newest = newest;
    this.window = new FileWindow(file);
    this.fileSizeBytes = this.window.fileSizeBytes;
  }

  /** How it ended; there only after `next` said false. */
  get outcome(): LogOutcome {
    if (this.result === undefined) throw new LsmError('NOT_OPEN', 'the log is not read to its end');
    return this.result;
  }

  /** The outcome as an error: `CORRUPTION` at the damaged place, `undefined` when there is none. */
  get damage(): LsmError | undefined {
    const { verdict, reason, stopOffset } = this.outcome;
    return verdict === 'damaged' ? corruption(reason, this.name, stopOffset) : undefined;
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
    const fault = this.faultAt(this.position);
    if (fault !== undefined) return this.stopAtFault(fault);
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
    if (header[HEADER_PURPOSE] !== purpose) return 'it is a log for another purpose';
    const found = loadUint32(header, HEADER_NUMBER);
    return found === number ? undefined : `it is log ${found} under the name of log ${number}`;
  }

  /** Why no intact record stands at `offset`; `undefined` when one does. */
  private faultAt(offset: number): string | undefined {
    const left = this.fileSizeBytes - offset;
    if (left < LOG_RECORD_HEADER_SIZE) return `${left} bytes are no record`;
    const index = this.window.load(offset, LOG_RECORD_HEADER_SIZE);
    const { bytes } = this.window;
    const { number } = this.identity;
    const fault = faultInRecordHeader(bytes, index, offset, number, this.fileSizeBytes);
    if (fault !== undefined) return fault;
    const stored = loadUint32(bytes, index + RECORD_CHECKSUM);
    const length = loadUint32(bytes, index + RECORD_LENGTH);
    const computed = this.checksumOf(offset, length);
    return stored === computed
      ? undefined
      : `the record's checksum is ${hex(computed)}, ${hex(stored)} is stored`;
  }

  private checksumOf(offset: number, payloadLength: number): number {
    const end = offset + LOG_RECORD_HEADER_SIZE + payloadLength;
    return maskCrc32(this.window.crc32(offset + RECORD_LENGTH, end, crcOfOffset(offset)));
  }

  /** The record at `position` is intact. */
  private takeRecord(): void {
    const offset = this.position;
    const header = this.window.load(offset, LOG_RECORD_HEADER_SIZE);
    const type = this.window.bytes[header + RECORD_TYPE]!;
    const size = LOG_RECORD_HEADER_SIZE + loadUint32(this.window.bytes, header + RECORD_LENGTH);
    this.position = offset + size;
    if (type === RECORD_END) {
      this.result = { verdict: 'whole', stopOffset: this.position, ended: true, reason: '' };
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
    this.syncedOffset = loadUint48(bytes, index + RECORD_SYNCED);
    this.payloadStart = index + LOG_RECORD_HEADER_SIZE;
    this.payloadEnd = index + size;
    this.records++;
  }

  private stopAtFault(fault: string): false {
    const verdict = this.isDurableAfter(this.position) ? 'damaged' : 'torn';
    return this.stop(verdict, fault);
  }

  private stop(verdict: LogOutcome['verdict'], reason: string): false {
    const worse = this.newest ? verdict : 'damaged';
    const stopOffset = this.position;
    this.result = {
      verdict: worse,
      stopOffset,
      ended: false,
      reason: worse === 'whole' ? '' : reason,
    };
    return false;
  }

  /** Whether an intact record behind `offset` says that more than `offset` was synced. */
  private isDurableAfter(offset: number): boolean {
    const { window, fileSizeBytes } = this;
    const { number } = this.identity;
    let effort = SEARCH_EFFORT_MAX * fileSizeBytes;
    const last = fileSizeBytes - LOG_RECORD_HEADER_SIZE;
    for (let candidate = offset + 1; candidate <= last; candidate++) {
      const index = window.load(candidate, LOG_RECORD_HEADER_SIZE);
      const { bytes } = window;
      if (loadUint48(bytes, index + RECORD_SYNCED) <= offset) continue;
      if (faultInRecordHeader(bytes, index, candidate, number, fileSizeBytes) !== undefined)
        continue;
      const stored = loadUint32(bytes, index + RECORD_CHECKSUM);
      const length = loadUint32(bytes, index + RECORD_LENGTH);
      if (stored === this.checksumOf(candidate, length)) return true;
      // Bytes made to look like records: whoever did that is not helped by losing durable data.
      effort -= length;
      if (effort < 0) return true;
    }
    return false;
  }
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}
