// A log: records appended to a file, of which after a crash a prefix must be found again, and
// damage told apart from an append that was cut off. The write-ahead log and the manifest are logs.
// All integers are little-endian. DO NOT CHANGE; docs/format.md, "Log files", says the same.
//
//   file header, 32 bytes, synced before the first record is written
//   0   8   magic 89 'L' 'S' 'M' 'L' 'O' 'G' 0a
//   8   4   format version, 1
//   12  1   what the log is for: 1 write-ahead log, 2 manifest
//   13  1   1 when the file held an earlier log: what stands behind the last record may be its
//   14  2   reserved, 0
//   16  4   number of the log, as in its file name
//   20  8   reserved, 0
//   28  4   checksum of bytes 0-27
//
//   record: a header of 20 bytes, then the payload
//   0   4   checksum: CRC-32 of (offset of this record in the file, 6 bytes; bytes 4 to the
//           payload's end), masked
//   4   4   payload length, bytes
//   8   1   type: 1 a whole record; 2 end of the log, no payload; others reserved
//   9   1   reserved, 0
//   10  6   synced offset: everything before it was known to be durable when this was written
//   16  4   number of the log
//
// The number lets a file be used again: what an earlier log left behind is not this log's. The
// offset inside the checksum makes a record valid in its own place only, so a value that holds a
// copy of a log cannot be taken for records.

import { loadUint32, loadUint48 } from '../../base/byteReader.ts';
import { storeUint32, storeUint48 } from '../../base/byteWriter.ts';
import { crc32, maskCrc32 } from '../../base/crc32.ts';

export const LOG_HEADER_SIZE = 32;
export const LOG_RECORD_HEADER_SIZE = 20;
export const LOG_FORMAT_VERSION = 1;
/** Longest payload, bytes. */
export const LOG_PAYLOAD_SIZE_MAX: number = 1024 * 1024 * 1024;

export const LOG_FOR_WAL = 1;
export const LOG_FOR_MANIFEST = 2;
/** What a log is for, as its header says. */
export type LogPurpose = typeof LOG_FOR_WAL | typeof LOG_FOR_MANIFEST;

export const RECORD_WHOLE = 1;
export const RECORD_END = 2;

export const LOG_MAGIC: Uint8Array = Uint8Array.of(0x89, 0x4c, 0x53, 0x4d, 0x4c, 0x4f, 0x47, 0x0a);

/** Which log a file is. */
export interface LogIdentity {
  readonly purpose: LogPurpose;
  /** Number in the file's name, 1 … 2^32 - 1. */
  readonly number: number;
}

/** Offsets in the file header. */
export const HEADER_VERSION = 8;
export const HEADER_PURPOSE = 12;
export const HEADER_NUMBER = 16;
export const HEADER_CHECKSUM = 28;
export const HEADER_REUSED = 13;
export const HEADER_RESERVED: readonly number[] = [14, 15, 20, 21, 22, 23, 24, 25, 26, 27];

/** Offsets in a record's header. */
export const RECORD_CHECKSUM = 0;
export const RECORD_LENGTH = 4;
export const RECORD_TYPE = 8;
export const RECORD_RESERVED = 9;
export const RECORD_SYNCED = 10;
export const RECORD_NUMBER = 16;

/**
 * The 32 bytes that a log begins with.
 * @param isReused the file held an earlier log.
 */
export function encodeLogHeader(identity: LogIdentity, isReused = false): Uint8Array {
  const header = new Uint8Array(LOG_HEADER_SIZE);
  header.set(LOG_MAGIC);
  storeUint32(header, HEADER_VERSION, LOG_FORMAT_VERSION);
  header[HEADER_PURPOSE] = identity.purpose;
  header[HEADER_REUSED] = isReused ? 1 : 0;
  storeUint32(header, HEADER_NUMBER, identity.number);
  storeUint32(header, HEADER_CHECKSUM, maskCrc32(crc32(header, 0, HEADER_CHECKSUM)));
  return header;
}

const offsetBytes = new Uint8Array(6);

/** The CRC-32 with which the checksum of a record at `offset` begins. */
export function crcOfOffset(offset: number): number {
  storeUint48(offsetBytes, 0, offset);
  return crc32(offsetBytes, 0, offsetBytes.length);
}

/**
 * Fills in the header in front of a payload that ends at `end`.
 * @param record holds the header's room at 0, the payload after it.
 * @param offset where in the file the record will begin.
 * @returns the checksum.
 */
export function sealRecord(
  record: Uint8Array,
  end: number,
  type: number,
  number: number,
  offset: number,
  syncedOffset: number,
): number {
  storeUint32(record, RECORD_LENGTH, end - LOG_RECORD_HEADER_SIZE);
  record[RECORD_TYPE] = type;
  record[RECORD_RESERVED] = 0;
  storeUint48(record, RECORD_SYNCED, syncedOffset);
  storeUint32(record, RECORD_NUMBER, number);
  const checksum = maskCrc32(crc32(record, RECORD_LENGTH, end, crcOfOffset(offset)));
  storeUint32(record, RECORD_CHECKSUM, checksum);
  return checksum;
}

/**
 * Why the 20 bytes at `index` cannot be the header of a record at `offset` in log `number` of
 * `fileSize` bytes; `undefined` when they can. The checksum is not looked at.
 */
export function faultInRecordHeader(
  bytes: Uint8Array,
  index: number,
  offset: number,
  number: number,
  fileSize: number,
): string | undefined {
  const type = bytes[index + RECORD_TYPE]!;
  const length = loadUint32(bytes, index + RECORD_LENGTH);
  const left = fileSize - offset - LOG_RECORD_HEADER_SIZE;
  if (loadUint32(bytes, index + RECORD_NUMBER) !== number) {
    return `the record's log number is ${loadUint32(bytes, index + RECORD_NUMBER)}, not ${number}`;
  }
  if (type === 0) return 'the record has no type';
  if (bytes[index + RECORD_RESERVED] !== 0) return 'a reserved byte is set';
  if (length > left) return `the record's length is ${length}, ${left} bytes are left`;
  if (type === RECORD_END && length !== 0) return 'an end record has a payload';
  if (loadUint48(bytes, index + RECORD_SYNCED) > offset) {
    return 'the record claims that bytes after it were synced before it';
  }
  return undefined;
}
