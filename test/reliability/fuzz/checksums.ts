// Makes the checksums of mutated files right again: a fuzzer would not come past them otherwise.

import { loadUint32, loadUint48 } from '../../../src/base/byteReader.ts';
import { storeUint32 } from '../../../src/base/byteWriter.ts';
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
import { BLOCK_TRAILER_BYTES, blockChecksum } from '../../../src/engine/table/blockTrailer.ts';

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

/** A block of a table of ours: where it begins, and where its trailer does. */
export type BlockSpan = readonly [start: number, end: number];

/** The blocks of a table, found by their checksums: the next begins where one comes out right. */
export function blocksOf(table: Uint8Array): BlockSpan[] {
  const spans: BlockSpan[] = [];
  for (let [start, end] = [0, 1]; end + BLOCK_TRAILER_BYTES <= table.length; end++) {
    const found = blockChecksum(table, start, end, table[end]!, start);
    if (found !== loadUint32(table, end + 1)) continue;
    spans.push([start, end]);
    start = end + BLOCK_TRAILER_BYTES;
    end = start;
  }
  return spans;
}

/** The table with every block sealed that still lies where it lay. */
export function resealBlocks(table: Uint8Array, spans: readonly BlockSpan[]): Uint8Array {
  const sealed = table.slice();
  for (const [start, end] of spans) {
    if (end + BLOCK_TRAILER_BYTES > sealed.length) break;
    storeUint32(sealed, end + 1, blockChecksum(sealed, start, end, sealed[end]!, start));
  }
  return sealed;
}
