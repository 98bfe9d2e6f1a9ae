// Rows of RocksDB's plain table, one after the other from the beginning of the file
// (table/plain/plain_table_key_coding.cc). The properties tell which of two encodings it is:
//
//   plain:   key | value length varint | value
//     key:   user key length varint, unless all have the same | user key | trailer
//   prefix:  the key begins with a byte whose upper two bits are a kind, whose lower six a size; 63
//            means that a varint follows which is added to it
//     kind 0 a whole user key of that size | trailer
//     kind 1 the size of the prefix that is taken from the key before; kind 2 must follow
//     kind 2 the user key after that prefix, of that size | trailer
//   trailer: ff for sequence number 0 and a value, else as in every internal key
//
// There are no checksums.

import { ByteReader } from '../../base/byteReader.ts';
import { storeUint64 } from '../../base/byteWriter.ts';
import { concatBytes } from '../../base/bytes.ts';
import { TRAILER_BYTES } from '../internalKey.ts';

export type PlainEncoding = 'plain' | 'prefix';

/** How a table's rows are written. */
export interface PlainForm {
  readonly encoding: PlainEncoding;
  /** The length of every user key, 0 when it varies. */
  readonly fixedKeyLength: number;
}

const SIZE_INLINE_MAX = 0x3f;
const KIND_WHOLE = 0;
const KIND_PREFIX = 1;
const KIND_SUFFIX = 2;
/** In place of a trailer. */
const SEQUENCE_ZERO = 0xff;
const CODE_PUT = 1;

/** Reads rows, one by one. */
export class PlainRows {
  /** The internal key of the row that was read last. */
  key: Uint8Array = new Uint8Array(0);
  /** Its value is `bytes[valueStart, valueEnd)`. */
  valueStart = 0;
  valueEnd = 0;
  private readonly reader: ByteReader;
  private readonly form: PlainForm;
  private userKey: Uint8Array;
  private prefixLength: number;

  /**
   * @param offset where in the file `bytes` begin.
   * @param before the user key of the row before, and how many bytes of it are its prefix.
   */
  constructor(bytes: Uint8Array, form: PlainForm, file: string, offset: number, before: RowBefore) {
    this.reader = new ByteReader(bytes, file, offset);
    this.form = form;
    this.userKey = before.userKey;
    this.prefixLength = before.prefixLength;
  }

  get bytes(): Uint8Array {
    return this.reader.bytes;
  }

  /** Where the next row begins. */
  get position(): number {
    return this.reader.position;
  }

  /** What the next row is read with. */
  get before(): RowBefore {
    return { userKey: this.userKey, prefixLength: this.prefixLength };
  }

  /** Goes to the next row; `false` when there is none. @throws LsmError `CORRUPTION` */
  next(): boolean {
    const { reader, form } = this;
    if (reader.remaining === 0) return false;
    this.userKey = form.encoding === 'prefix' ? this.prefixedKey() : this.wholeKey();
    this.key = concatBytes([this.userKey, this.trailer()]);
    const valueLength = reader.readLength('the length of a value');
    this.valueStart = reader.position;
    reader.skip(valueLength, 'a value');
    this.valueEnd = reader.position;
    return true;
  }

  private wholeKey(): Uint8Array {
    const { reader, form } = this;
    const length = form.fixedKeyLength || reader.readLength('the length of a key');
    return reader.readBytes(length, 'a key').slice();
  }

  private prefixedKey(): Uint8Array {
    const { reader } = this;
    const first = this.readSize();
    if (first.kind === KIND_WHOLE) return reader.readBytes(first.size, 'a key').slice();
    let suffix = first;
    if (first.kind === KIND_PREFIX) {
      this.prefixLength = first.size;
      suffix = this.readSize();
    }
    const isInside = this.prefixLength <= this.userKey.length;
    if (suffix.kind !== KIND_SUFFIX || !isInside) throw reader.damage('a row has no key');
    const prefix = this.userKey.subarray(0, this.prefixLength);
    return concatBytes([prefix, reader.readBytes(suffix.size, 'a key')]);
  }

  private readSize(): { readonly kind: number; readonly size: number } {
    const byte = this.reader.readUint8('the size of a key');
    const kind = byte >>> 6;
    const size = byte & SIZE_INLINE_MAX;
    if (size < SIZE_INLINE_MAX) return { kind, size };
    return { kind, size: size + this.reader.readVarint32('the size of a key') };
  }

  private trailer(): Uint8Array {
    const { reader } = this;
    reader.need(1, 'the trailer of a key');
    if (reader.bytes[reader.position] !== SEQUENCE_ZERO) {
      return reader.readBytes(TRAILER_BYTES, 'the trailer of a key');
    }
    reader.position++;
    const trailer = new Uint8Array(TRAILER_BYTES);
    storeUint64(trailer, 0, CODE_PUT);
    return trailer;
  }
}

/** What a row may leave out of its key. */
export interface RowBefore {
  readonly userKey: Uint8Array;
  readonly prefixLength: number;
}

/** What stands before the first row. */
export const NO_ROW_BEFORE: RowBefore = { userKey: new Uint8Array(0), prefixLength: 0 };
