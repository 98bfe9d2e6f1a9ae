// A recording of events on disk, `.lsmtrace`: DO NOT CHANGE the figures below, files hold them.
// docs/trace-format.md gives every byte. All integers are little-endian.
//
//     file    magic "LSMTRACE" (8)  format version u32 (4)  record record record …
//     record  type u8 (1)  payload length u32 (4)  CRC-32 u32 (4)  payload
//
// The CRC covers type, length and payload, so neither can change unnoticed. A payload is one
// MessagePack map. Order of the records: header, state, then batches with a state (a keyframe)
// between them now and then, and end. A recording that has no end was cut short.

import { crc32 } from '../base/crc32.ts';

/** The first eight bytes of every recording. */
export const TRACE_MAGIC = 'LSMTRACE';
/** Raised when a reader of the version before would go wrong. */
export const TRACE_VERSION = 1;
/** Bytes of magic and version. */
export const TRACE_PREAMBLE_BYTES = 12;
/** Bytes before a record's payload. */
export const TRACE_RECORD_HEADER_BYTES = 9;
/** Longest payload, bytes: a longer one is damage, not memory to be reserved. */
export const TRACE_PAYLOAD_SIZE_MAX: number = 64 * 1024 * 1024;
/** Events between two keyframes. */
export const TRACE_KEYFRAME_INTERVAL = 4096;
/** Record types from here on may be passed over by a reader that does not know them. */
export const TRACE_OPTIONAL_TYPE_MIN = 128;

/** What a record is. */
export const TRACE_RECORD_TYPES = { header: 1, state: 2, batch: 3, end: 4 } as const;

/** What a recording says about itself. */
export interface TraceHeader {
  readonly title: string;
  /** The program and version that recorded it. */
  readonly source: string;
  /** Wall clock, microseconds since 1970. */
  readonly createdMicros: number;
}

/** CRC-32 of a record's type, length and payload, which lie around the checksum itself. */
export function traceRecordChecksum(bytes: Uint8Array, start: number, end: number): number {
  const beforeChecksum = crc32(bytes, start, start + 5);
  return crc32(bytes, start + TRACE_RECORD_HEADER_BYTES, end, beforeChecksum);
}
