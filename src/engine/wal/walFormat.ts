// The write-ahead log: a log (log/logFormat.ts) whose payloads are batches of writes, one record
// for each group of writes that were committed together. Integers are little-endian; "varint" is
// that of base/varint.ts. DO NOT CHANGE; docs/format.md, "Write-ahead log", says the same.
//
//   payload
//   0   8   sequence number of the first entry, below 2^53; the others follow one by one
//   8   4   number of entries
//   12  8   wall clock of the write, microseconds since 1970, below 2^53
//   20      entries, one after the other, up to the payload's end
//
//   entry
//   u8      kind (entryKind.ts)
//   varint  number of the column family, 0 for the default one
//   varint  key length, then the key; an empty key is a key like any other
//   varint  value length, then the value; absent for delete and single-delete

import { LOG_FOR_WAL, LOG_RECORD_HEADER_SIZE } from '../log/logFormat.ts';
import type { LogIdentity } from '../log/logFormat.ts';

/** Offsets in the payload. */
export const BATCH_SEQUENCE = 0;
export const BATCH_COUNT = 8;
export const BATCH_TIMESTAMP = 12;
export const BATCH_HEADER_SIZE = 20;

/** Where entries begin in a buffer that is to become a log record in place. */
export const RECORD_ENTRIES_START: number = LOG_RECORD_HEADER_SIZE + BATCH_HEADER_SIZE;

/** The family that every store has. */
export const FAMILY_DEFAULT = 0;

/** The log behind the file `number`.log. */
export function walIdentity(number: number): LogIdentity {
  return { purpose: LOG_FOR_WAL, number };
}
