// A blob file: values that tables only refer to (RocksDB's db/blob/blob_log_format.h).
//
//   header  magic number 4 | version 4 | column family 4 | flags 1 | compression 1
//           first and last expiration 8 + 8
//   record* key length 8 | value length 8 | expiration 8 | checksum of these 4
//           checksum of key and value 4 | key | value
//   footer? magic number 4 | number of records 8 | first and last expiration 8 + 8 | checksum 4
//
// Checksums are CRC-32C, masked. The footer is missing while the file is written, and for ever when
// its writer died.

import { ByteReader, loadUint32 } from '../../base/byteReader.ts';
import { equalBytes } from '../../base/bytes.ts';
import { maskCrc32 } from '../../base/crc32.ts';
import { crc32c } from '../../base/crc32c.ts';
import { corruption, LsmError } from '../../base/errors.ts';
import type { ReadableFile } from '../releasableFile.ts';
import type { Uncompress } from '../sst/blockFile.ts';
import type { BlobReference } from './blobIndex.ts';

const MAGIC = 0x00248f37;
const VERSION = 1;
const HEADER_BYTES = 30;
const RECORD_HEADER_BYTES = 32;
const FOOTER_BYTES = 32;
/** Values are compressed as blocks are from this format version on. */
const COMPRESSION_FORMAT = 2;

/** A blob, and where it stands. */
export interface BlobRecord {
  readonly key: Uint8Array;
  /** As it is stored: compressed. */
  readonly stored: Uint8Array;
  /** Where the record begins, and its size as a whole. */
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Reads one blob file. */
export class BlobFile {
  readonly name: string;
  readonly columnFamily: number;
  /** The compression's number; each reference has it too. */
  readonly compression: number;
  /** By the footer; `undefined` when there is none. */
  readonly recordCount: number | undefined;
  private readonly file: ReadableFile;
  private readonly uncompress: Uncompress;
  private readonly recordsEnd: number;

  /** @throws LsmError `CORRUPTION`, `NOT_SUPPORTED` or `IO`. */
  constructor(file: ReadableFile, name: string, uncompress: Uncompress) {
    this.file = file;
    this.name = name;
    this.uncompress = uncompress;
    const header = new ByteReader(this.read(0, HEADER_BYTES, 'the header'), name);
    if (header.readUint32('the magic number') !== MAGIC) {
      throw header.damage('the file does not begin as a blob file does', 0);
    }
    const version = header.readUint32('the version');
    if (version !== VERSION) {
      const message = `${name} is a blob file of version ${version}; only ${VERSION} is known here`;
      throw new LsmError('NOT_SUPPORTED', message, { file: name, offset: 4 });
    }
    this.columnFamily = header.readUint32('the column family');
    header.skip(1, 'the flags');
    this.compression = header.readUint8('the compression');
    this.recordCount = this.readFooter();
    this.recordsEnd = file.sizeBytes() - (this.recordCount === undefined ? 0 : FOOTER_BYTES);
  }

  /**
   * The value that an entry refers to.
   * @param key the user key of the entry: the record must bear the same.
   * @throws LsmError `CORRUPTION`, `NOT_SUPPORTED` or `IO`.
   */
  value(reference: BlobReference, key: Uint8Array): Uint8Array {
    const { name } = this;
    const { offset, sizeBytes, compression } = reference;
    const start = offset - key.length - RECORD_HEADER_BYTES;
    if (start < HEADER_BYTES || offset + sizeBytes > this.recordsEnd) {
      throw corruption(`a blob of ${sizeBytes} bytes does not lie here`, name, offset);
    }
    const record = this.recordAt(start);
    if (record.stored.length !== sizeBytes || !equalBytes(record.key, key)) {
      throw corruption('the blob belongs to another entry', name, start);
    }
    if (compression === 0) return record.stored;
    return this.uncompress({
      compression,
      bytes: record.stored,
      formatVersion: COMPRESSION_FORMAT,
      dictionary: undefined,
      file: name,
      offset,
    });
  }

  /** Every record, in file order. @throws LsmError `CORRUPTION` at the first that is damaged. */
  *records(): Generator<BlobRecord> {
    for (let offset = HEADER_BYTES; offset < this.recordsEnd;) {
      const record = this.recordAt(offset);
      yield record;
      offset += record.sizeBytes;
    }
  }

  private recordAt(offset: number): BlobRecord {
    const { name } = this;
    const head = this.read(offset, RECORD_HEADER_BYTES, 'the header of a record');
    if (checksum(head, RECORD_HEADER_BYTES - 8) !== loadUint32(head, RECORD_HEADER_BYTES - 8)) {
      throw corruption('the checksum of a record does not fit', name, offset);
    }
    const reader = new ByteReader(head, name, offset);
    const keyLength = reader.readUint64('the length of a key');
    const valueLength = reader.readUint64('the length of a value');
    const start = offset + RECORD_HEADER_BYTES;
    const content = this.read(start, keyLength + valueLength, 'a record');
    if (checksum(content, content.length) !== loadUint32(head, RECORD_HEADER_BYTES - 4)) {
      throw corruption('the checksum of a blob does not fit', name, offset);
    }
    return {
      key: content.subarray(0, keyLength),
      stored: content.subarray(keyLength),
      offset,
      sizeBytes: RECORD_HEADER_BYTES + keyLength + valueLength,
    };
  }

  /** The number of records. */
  private readFooter(): number | undefined {
    const start = this.file.sizeBytes() - FOOTER_BYTES;
    if (start < HEADER_BYTES) return undefined;
    const bytes = this.read(start, FOOTER_BYTES, 'the footer');
    const isFooter =
      loadUint32(bytes, 0) === MAGIC &&
      checksum(bytes, FOOTER_BYTES - 4) === loadUint32(bytes, FOOTER_BYTES - 4);
    if (!isFooter) return undefined;
    return new ByteReader(bytes, this.name, start, 4).readUint64('the number of records');
  }

  private read(offset: number, sizeBytes: number, what: string): Uint8Array {
    if (offset + sizeBytes > this.file.sizeBytes()) {
      throw corruption(
        `${what} of ${sizeBytes} bytes does not fit into the file`,
        this.name,
        offset,
      );
    }
    const bytes = new Uint8Array(sizeBytes);
    this.file.read(bytes, 0, sizeBytes, offset);
    return bytes;
  }
}

function checksum(bytes: Uint8Array, end: number): number {
  return maskCrc32(crc32c(bytes, 0, end));
}
