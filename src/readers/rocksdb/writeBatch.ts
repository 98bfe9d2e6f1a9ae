// One record of a RocksDB log (db/write_batch.cc):
//
//   sequence number of the first entry uint64 | number of entries uint32
//   operation*   tag uint8 | column family varint, where the tag says so | content
//
//   tag                     content
//   ----------------------  ---------------------------------------------------------
//   1, 5    put             key, value          22, 23  columns by name    key, entity
//   0, 4    delete          key                 24, 25  put with a time    key, value and time
//   7, 8    single delete   key                 16, 17  blob index         key, index
//   2, 6    merge           key, operand        15, 14  range delete       from, to
//   3       for the user, not stored elsewhere: bytes
//   9       what follows, up to 10, is prepared by a transaction and counts when 11 names it
//   18, 19  the same, written to memtables at once (19: by a part of a transaction)
//   10      the prepared part ends: the transaction's name
//   11, 21  it is committed: name; 21: a timestamp before it
//   12      it is rolled back: name            13      nothing; behind entries: a batch ends
//
// The second of two numbers has the family. Texts, keys and values are length-prefixed. Numbers
// of entries count those with a key.

import { ByteReader } from '../../base/byteReader.ts';
import { encodeHex } from '../../base/bytes.ts';
import { LsmError } from '../../base/errors.ts';
import { readBlob } from './editFields.ts';

/** One operation of a batch. */
export type LoggedOperation =
  | {
      readonly kind: 'entry';
      readonly family: number;
      /** As in tables, without a family. */
      readonly code: number;
      readonly key: Uint8Array;
      readonly value: Uint8Array;
    }
  | {
      readonly kind: 'range-delete';
      readonly family: number;
      readonly from: Uint8Array;
      readonly to: Uint8Array;
    }
  | {
      readonly kind: 'range-keys';
      readonly family: number;
      readonly code: number;
      readonly from: Uint8Array;
      /** As tables of rows have it beside the key. */
      readonly content: Uint8Array;
    }
  | { readonly kind: 'begin-prepare'; readonly isInMemtables: boolean }
  | { readonly kind: 'end-prepare' | 'rollback'; readonly transaction: string }
  | {
      readonly kind: 'commit';
      readonly transaction: string;
      /** Takes the place of the one in the keys; `undefined` for none. */
      readonly timestamp: Uint8Array | undefined;
    }
  /** It ends what has one sequence number, where batches have one each; else it says nothing. */
  | { readonly kind: 'end-of-part' }
  | { readonly kind: 'nothing' };

/** A batch taken apart. */
export interface LoggedBatch {
  readonly firstSequence: number;
  readonly operations: readonly LoggedOperation[];
}

const HEADER_BYTES = 12;
const NO_VALUE = new Uint8Array(0);

interface EntryForm {
  readonly code: number;
  readonly hasFamily: boolean;
  readonly hasValue: boolean;
}

const ENTRY_TAGS: ReadonlyMap<number, EntryForm> = new Map([
  ...both(0, 4, 0, false),
  ...both(1, 5, 1, true),
  ...both(2, 6, 2, true),
  ...both(7, 8, 7, false),
  ...both(17, 16, 17, true),
  ...both(22, 23, 22, true),
  ...both(24, 25, 24, true),
]);

function both(
  plain: number,
  withFamily: number,
  code: number,
  hasValue: boolean,
): [number, EntryForm][] {
  return [
    [plain, { code, hasFamily: false, hasValue }],
    [withFamily, { code, hasFamily: true, hasValue }],
  ];
}

/**
 * Takes a record apart.
 * @param offset where in the log the record begins, for messages.
 * @throws LsmError `CORRUPTION`; `NOT_SUPPORTED` for an operation that is not known here.
 */
export function decodeWriteBatch(bytes: Uint8Array, file: string, offset: number): LoggedBatch {
  const reader = new ByteReader(bytes, file, offset);
  reader.need(HEADER_BYTES, 'the header of a batch');
  const firstSequence = reader.readUint64('the sequence number of a batch');
  const declared = reader.readUint32('the number of entries in a batch');
  const operations: LoggedOperation[] = [];
  while (reader.remaining > 0) operations.push(readOperation(reader, file, offset));
  const counted = operations.filter(({ kind }) => kind === 'entry' || kind === 'range-delete');
  if (counted.length !== declared) {
    throw reader.damage(`a batch of ${declared} entries holds ${counted.length}`, 0);
  }
  return { firstSequence, operations };
}

function readOperation(reader: ByteReader, file: string, offset: number): LoggedOperation {
  const tag = reader.readUint8('the kind of an entry');
  const form = ENTRY_TAGS.get(tag);
  if (form !== undefined) {
    const { code, hasFamily, hasValue } = form;
    const family = hasFamily ? reader.readVarint32('a column family') : 0;
    const key = readBlob(reader, 'a key');
    return {
      kind: 'entry',
      family,
      code,
      key,
      value: hasValue ? readBlob(reader, 'a value') : NO_VALUE,
    };
  }
  switch (tag) {
    case 14:
      return readRangeDelete(reader, reader.readVarint32('a column family'));
    case 15:
      return readRangeDelete(reader, 0);
    case 3:
      readBlob(reader, 'data for the user');
      return { kind: 'nothing' };
    case 9:
      return { kind: 'begin-prepare', isInMemtables: false };
    case 18:
    case 19:
      return { kind: 'begin-prepare', isInMemtables: true };
    case 10:
      return { kind: 'end-prepare', transaction: readName(reader) };
    case 11:
      return { kind: 'commit', timestamp: undefined, transaction: readName(reader) };
    case 21: {
      const timestamp = readBlob(reader, 'a timestamp');
      return { kind: 'commit', timestamp, transaction: readName(reader) };
    }
    case 12:
      return { kind: 'rollback', transaction: readName(reader) };
    case 13:
      return { kind: 'end-of-part' };
    default: {
      const message = `${file} at byte ${offset}: a batch has the operation ${tag}, not known here`;
      throw new LsmError('NOT_SUPPORTED', message, { file, offset });
    }
  }
}

function readRangeDelete(reader: ByteReader, family: number): LoggedOperation {
  const from = readBlob(reader, 'a key');
  return { kind: 'range-delete', family, from, to: readBlob(reader, 'a key') };
}

/** Names are bytes; equal ones give equal digits. */
function readName(reader: ByteReader): string {
  return encodeHex(readBlob(reader, 'a name'));
}
