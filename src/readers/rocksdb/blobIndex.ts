// What a table keeps in place of a value that lies in a blob file (RocksDB's db/blob/blob_index.h).
//
//   type 0: expiration varint | value               the value itself, with a time to live
//   type 1: file varint | offset varint | size varint | compression 1
//   type 2: expiration varint | as type 1
//
// The offset is that of the value, not of its record. Times are seconds since 1970.

import { ByteReader } from '../../base/byteReader.ts';

/** Where a value is. */
export type BlobIndex =
  | { readonly kind: 'inlined'; readonly expirationSeconds: number; readonly value: Uint8Array }
  | BlobReference;

export interface BlobReference {
  readonly kind: 'blob';
  readonly file: number;
  readonly offset: number;
  /** As it is stored: compressed. */
  readonly sizeBytes: number;
  /** The compression's number. */
  readonly compression: number;
  /** `undefined`: the value stays. */
  readonly expirationSeconds: number | undefined;
}

const TYPE_INLINED = 0;
const TYPE_BLOB = 1;
const TYPE_BLOB_WITH_EXPIRATION = 2;

/**
 * Takes a blob index apart; an inlined value is a view.
 * @param file and `offset`: where the entry stands, for the error.
 * @throws LsmError `CORRUPTION`
 */
export function readBlobIndex(bytes: Uint8Array, file: string, offset: number): BlobIndex {
  const reader = new ByteReader(bytes, file, offset);
  const type = reader.readUint8('the type of a blob index');
  if (type > TYPE_BLOB_WITH_EXPIRATION) throw reader.damage(`blob index ${type} is not known`);
  const expirationSeconds = type === TYPE_BLOB ? undefined : reader.readVarint('an expiration');
  if (type === TYPE_INLINED) {
    const value = reader.readBytes(reader.remaining, 'a value');
    return { kind: 'inlined', expirationSeconds: expirationSeconds!, value };
  }
  const reference: BlobReference = {
    kind: 'blob',
    file: reader.readVarint('the number of a blob file'),
    offset: reader.readVarint('the offset of a blob'),
    sizeBytes: reader.readVarint('the size of a blob'),
    compression: reader.readUint8('the compression of a blob'),
    expirationSeconds,
  };
  if (reader.remaining > 0) throw reader.damage('a blob index is too long');
  return reference;
}
