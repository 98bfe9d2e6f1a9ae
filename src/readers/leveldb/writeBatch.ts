// One record of a LevelDB log (db/write_batch.cc):
//
//   sequence number of the first entry uint64 | number of entries uint32
//   entry*   kind uint8 | key: varint length, bytes | only of a put, value: varint length, bytes

import { ByteReader } from '../../base/byteReader.ts';
import { copyOfRange } from '../../base/bytes.ts';
import type { ProblemList } from '../problems.ts';

const HEADER_BYTES = 12;

/** One write, in memory of its own. */
export interface LoggedEntry {
  readonly key: Uint8Array;
  readonly sequence: number;
  /** The kind's number on disk. */
  readonly code: number;
  readonly value: Uint8Array;
}

/** A batch as far as it could be read. */
export interface LoggedBatch {
  readonly entries: readonly LoggedEntry[];
  /** Entries the header declares. */
  readonly declared: number;
}

const NO_VALUE = new Uint8Array(0);

/**
 * The entries of a log record; what does not fit is listed, and what came before it is given.
 * @param offset where in the log the record begins.
 */
export function decodeWriteBatch(
  bytes: Uint8Array,
  file: string,
  offset: number,
  problems: ProblemList,
): LoggedBatch {
  const entries: LoggedEntry[] = [];
  let declared = 0;
  try {
    const reader = new ByteReader(bytes, file, offset);
    reader.need(HEADER_BYTES, 'the header of a batch');
    const first = reader.readUint64('the sequence number of a batch');
    declared = reader.readUint32('the number of entries in a batch');
    while (reader.remaining > 0) entries.push(readEntry(reader, first + entries.length));
    if (entries.length !== declared) {
      throw reader.damage(`a batch of ${declared} entries holds ${entries.length}`, 0);
    }
  } catch (thrown) {
    problems.addThrown(thrown, file);
  }
  return { entries, declared };
}

function readEntry(reader: ByteReader, sequence: number): LoggedEntry {
  const start = reader.position;
  const code = reader.readUint8('the kind of an entry');
  if (code > 1) throw reader.damage(`an entry has the unknown kind ${code}`, start);
  const key = readBytes(reader, 'a key');
  return { key, sequence, code, value: code === 1 ? readBytes(reader, 'a value') : NO_VALUE };
}

function readBytes(reader: ByteReader, what: string): Uint8Array {
  const length = reader.readLength(`the length of ${what}`);
  const start = reader.position;
  reader.skip(length, what);
  return copyOfRange(reader.bytes, start, start + length);
}
