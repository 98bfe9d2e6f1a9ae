// An entity: a value that is columns by name (RocksDB's db/wide/wide_column_serialization.h).
//
//   version 1: version varint | number varint
//              column*: name size varint | name | value size varint
//              values one after the other
//   version 2: version varint | number varint
//              sizes of the three parts before the values, varints
//              kind of each column 1 | name sizes varint | value sizes varint | names | values
//
// Names ascend. The column without a name is what a plain get answers.

import { ByteReader } from '../../base/byteReader.ts';
import { LsmError } from '../../base/errors.ts';
import { CODE_BLOB_INDEX, CODE_VALUE } from './entryCodes.ts';

/** One column; name and value are views. */
export interface WideColumn {
  readonly name: Uint8Array;
  readonly value: Uint8Array;
  /** The value is a blob index, and the blob the value. */
  readonly isBlobIndex: boolean;
}

/**
 * Takes an entity apart.
 * @param file and `offset`: where the entry stands, for the error.
 * @throws LsmError `CORRUPTION`; `NOT_SUPPORTED` for a version that is not known here.
 */
export function readWideColumns(
  bytes: Uint8Array,
  file: string,
  offset: number,
): readonly WideColumn[] {
  const reader = new ByteReader(bytes, file, offset);
  const version = reader.readVarint32('the version of an entity');
  const count = reader.readLength('the number of columns');
  if (version === 1) return firstVersion(reader, count);
  if (version === 2) return secondVersion(reader, count);
  const message = `${file} at byte ${offset}: an entity of version ${version} is not known here`;
  throw new LsmError('NOT_SUPPORTED', message, { file, offset });
}

/** What a plain get answers: the column without a name; empty when there is none. */
export function defaultColumn(columns: readonly WideColumn[]): WideColumn | undefined {
  return columns.find(({ name }) => name.length === 0);
}

function firstVersion(reader: ByteReader, count: number): readonly WideColumn[] {
  const named = Array.from({ length: count }, () => {
    const nameLength = reader.readLength('the length of a name');
    const name = reader.readBytes(nameLength, 'a name');
    return { name, sizeBytes: reader.readVarint32('the size of a column') };
  });
  const columns = named.map(({ name, sizeBytes }) => ({
    name,
    value: reader.readBytes(sizeBytes, 'a column'),
    isBlobIndex: false,
  }));
  if (reader.remaining > 0) throw reader.damage('an entity is longer than its columns');
  return columns;
}

function secondVersion(reader: ByteReader, count: number): readonly WideColumn[] {
  reader.readVarint32('the size of all sizes of names');
  reader.readVarint32('the size of all sizes of columns');
  reader.readVarint32('the size of all names');
  const kinds = reader.readBytes(count, 'the kinds of columns');
  const sizes = (what: string): number[] =>
    Array.from({ length: count }, () => reader.readVarint32(what));
  const nameSizes = sizes('the length of a name');
  const valueSizes = sizes('the size of a column');
  const names = nameSizes.map((size) => reader.readBytes(size, 'a name'));
  const columns = names.map((name, index) => {
    const kind = kinds[index]!;
    if (kind !== CODE_VALUE && kind !== CODE_BLOB_INDEX) {
      throw reader.damage(`a column of kind ${kind} is not known`);
    }
    const value = reader.readBytes(valueSizes[index]!, 'a column');
    return { name, value, isBlobIndex: kind === CODE_BLOB_INDEX };
  });
  if (reader.remaining > 0) throw reader.damage('an entity is longer than its columns');
  return columns;
}
