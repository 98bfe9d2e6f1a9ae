// One record of a Pebble log (batch.go): as in LevelDB, with more kinds.
//
//   sequence number of the first entry uint64 | number of entries uint32
//   entry*   kind uint8 | key | of some a value
//
//   0, 7   delete: key              1, 2       put, merge: key, value    23  delete: key, size
//   15     range delete: from, to   19 - 21    ranges of keys: from, content (19: to)
//   3      for the user: bytes      22, 24, 26 tables taken in, a range cut out: bytes

import { ByteReader } from '../../base/byteReader.ts';
import { LsmError } from '../../base/errors.ts';
import { readBlob } from '../rocksdb/editFields.ts';
import type { LoggedBatch, LoggedOperation } from '../rocksdb/writeBatch.ts';

const HEADER_BYTES = 12;
const NO_VALUE = new Uint8Array(0);
const CODE_DELETE = 0;

/**
 * Takes a record apart.
 * @param offset where in the log the record begins, for messages.
 * @throws LsmError `CORRUPTION`; `NOT_SUPPORTED` for a kind that is not known here.
 */
export function decodePebbleBatch(bytes: Uint8Array, file: string, offset: number): LoggedBatch {
  const reader = new ByteReader(bytes, file, offset);
  reader.need(HEADER_BYTES, 'the header of a batch');
  const firstSequence = reader.readUint64('the sequence number of a batch');
  reader.readUint32('the number of entries in a batch');
  const operations: LoggedOperation[] = [];
  while (reader.remaining > 0) operations.push(readOperation(reader, file, offset));
  return { firstSequence, operations };
}

function readOperation(reader: ByteReader, file: string, offset: number): LoggedOperation {
  const kind = reader.readUint8('the kind of an entry');
  switch (kind) {
    case 0:
    case 7:
      return entry(kind, readBlob(reader, 'a key'), NO_VALUE);
    case 1:
    case 2: {
      const key = readBlob(reader, 'a key');
      return entry(kind, key, readBlob(reader, 'a value'));
    }
    case 23: {
      const key = readBlob(reader, 'a key');
      readBlob(reader, 'a size');
      return entry(CODE_DELETE, key, NO_VALUE);
    }
    case 15: {
      const from = readBlob(reader, 'a key');
      return { kind: 'range-delete', family: 0, from, to: readBlob(reader, 'a key') };
    }
    case 19:
    case 20:
    case 21: {
      const from = readBlob(reader, 'a key');
      const content = readBlob(reader, 'a range of keys');
      return { kind: 'range-keys', family: 0, code: kind, from, content };
    }
    case 24:
      readBlob(reader, 'a key');
      readBlob(reader, 'a key');
      return { kind: 'nothing' };
    case 3:
    case 22:
    case 26:
      readBlob(reader, 'content of a batch');
      return { kind: 'nothing' };
    default: {
      const message = `${file} at byte ${offset}: a batch has the kind ${kind}, not known here`;
      throw new LsmError('NOT_SUPPORTED', message, { file, offset });
    }
  }
}

function entry(code: number, key: Uint8Array, value: Uint8Array): LoggedOperation {
  return { kind: 'entry', family: 0, code, key, value };
}
