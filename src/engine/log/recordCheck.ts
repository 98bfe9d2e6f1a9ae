// Whether an intact record stands at some offset of a log, and where the next one does: what a
// reader asks before it believes anything, and again behind the first fault.

import { loadUint32, loadUint48 } from '../../base/byteReader.ts';
import { maskCrc32 } from '../../base/crc32.ts';
import type { FileWindow } from './fileWindow.ts';
import {
  crcOfOffset,
  faultInRecordHeader,
  LOG_RECORD_HEADER_SIZE,
  RECORD_CHECKSUM,
  RECORD_LENGTH,
  RECORD_NUMBER,
  RECORD_SYNCED,
} from './logFormat.ts';

/** A search may checksum this many times the file's size, then it gives up. */
const SEARCH_EFFORT_MAX = 16;
/** Offsets that are tried between two loads of the window. */
const SEARCH_STEP_BYTES = 4096;

/** Why no intact record of log `number` stands at `offset`; `undefined` when one does. */
export function faultAt(window: FileWindow, offset: number, number: number): string | undefined {
  const left = window.fileSizeBytes - offset;
  if (left < LOG_RECORD_HEADER_SIZE) return `${left} bytes are no record`;
  const index = window.load(offset, LOG_RECORD_HEADER_SIZE);
  const { bytes } = window;
  const fault = faultInRecordHeader(bytes, index, offset, number, window.fileSizeBytes);
  if (fault !== undefined) return fault;
  const stored = loadUint32(bytes, index + RECORD_CHECKSUM);
  const computed = checksumOf(window, offset, loadUint32(bytes, index + RECORD_LENGTH));
  return stored === computed
    ? undefined
    : `the record's checksum is ${hex(computed)}, ${hex(stored)} is stored`;
}

function checksumOf(window: FileWindow, offset: number, payloadLength: number): number {
  const end = offset + LOG_RECORD_HEADER_SIZE + payloadLength;
  return maskCrc32(window.crc32(offset + RECORD_LENGTH, end, crcOfOffset(offset)));
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}

/** Looks for intact records at any offset, since behind a fault no length can be trusted. */
export class RecordSearch {
  private readonly window: FileWindow;
  private readonly number: number;
  /** Bytes that may still be checksummed in vain. */
  private effort: number;

  constructor(window: FileWindow, number: number) {
    this.window = window;
    this.number = number;
    this.effort = SEARCH_EFFORT_MAX * window.fileSizeBytes;
  }

  /**
   * The first offset from `from` on at which an intact record stands that says that more than
   * `syncedAbove` was synced; `undefined` when none does, `gave-up` when bytes are made to look
   * like records and it is not worth finding out.
   */
  next(from: number, syncedAbove: number): number | undefined | 'gave-up' {
    const { window } = this;
    let offset = from;
    while (offset + LOG_RECORD_HEADER_SIZE <= window.fileSizeBytes) {
      const length = Math.min(SEARCH_STEP_BYTES, window.fileSizeBytes - offset);
      const index = window.load(offset, length);
      const tried = length - LOG_RECORD_HEADER_SIZE + 1;
      const passed = this.passForeign(window.bytes, index, tried);
      offset += passed;
      if (passed === tried) continue;
      if (this.isIntact(offset, syncedAbove)) return offset;
      if (this.effort < 0) return 'gave-up';
      offset++;
    }
    return undefined;
  }

  /** How many of the next `count` offsets cannot hold a record of this log: most of them. */
  private passForeign(bytes: Uint8Array, index: number, count: number): number {
    const { number } = this;
    const lowest = number & 0xff;
    for (let passed = 0; passed < count; passed++) {
      const at = index + passed + RECORD_NUMBER;
      if (bytes[at] === lowest && loadUint32(bytes, at) === number) return passed;
    }
    return count;
  }

  private isIntact(offset: number, syncedAbove: number): boolean {
    const { window, number } = this;
    const index = window.load(offset, LOG_RECORD_HEADER_SIZE);
    const { bytes } = window;
    if (loadUint48(bytes, index + RECORD_SYNCED) <= syncedAbove) return false;
    if (faultInRecordHeader(bytes, index, offset, number, window.fileSizeBytes) !== undefined)
      return false;
    const stored = loadUint32(bytes, index + RECORD_CHECKSUM);
    const length = loadUint32(bytes, index + RECORD_LENGTH);
    if (stored === checksumOf(window, offset, length)) return true;
    this.effort -= length;
    return false;
  }
}
