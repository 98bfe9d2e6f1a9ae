// Makes the checksums of a mutated log right again: a fuzzer would not come past them otherwise.

import { loadUint32, loadUint48 } from '../../../src/base/byteReader.ts';
import {
  encodeLogHeader,
  LOG_HEADER_SIZE,
  LOG_RECORD_HEADER_SIZE,
  RECORD_LENGTH,
  RECORD_SYNCED,
  RECORD_TYPE,
  sealRecord,
} from '../../../src/engine/log/logFormat.ts';
import type { LogIdentity } from '../../../src/engine/log/logFormat.ts';

/** The log with an honest header, and every record sealed that its lengths lead to. */
export function repairLog(bytes: Uint8Array, identity: LogIdentity): Uint8Array {
  const repaired = bytes.slice();
  if (repaired.length < LOG_HEADER_SIZE) return repaired;
  repaired.set(encodeLogHeader(identity));
  for (let offset = LOG_HEADER_SIZE; offset + LOG_RECORD_HEADER_SIZE <= repaired.length;) {
    const left = repaired.length - offset - LOG_RECORD_HEADER_SIZE;
    const length = Math.min(left, loadUint32(repaired, offset + RECORD_LENGTH));
    const record = repaired.subarray(offset, offset + LOG_RECORD_HEADER_SIZE + length);
    const synced = Math.min(offset, loadUint48(record, RECORD_SYNCED));
    sealRecord(record, record.length, record[RECORD_TYPE]!, identity.number, offset, synced);
    offset += record.length;
  }
  return repaired;
}
