// The last 64 bytes of every table: where the other parts are. All sizes are without trailers.
//
//   | offset | bytes | field                                                              |
//   | ------ | ----- | ------------------------------------------------------------------ |
//   |      0 |     8 | offset of the filter block = end of the data blocks, u64           |
//   |      8 |     4 | size of the filter block, u32; 0: there is none, nor a trailer     |
//   |     12 |     8 | offset of the index block, u64                                     |
//   |     20 |     4 | size of the index block, u32                                       |
//   |     24 |     8 | offset of the properties block, u64                                |
//   |     32 |     4 | size of the properties block, u32                                  |
//   |     36 |     8 | size of the whole file, u64                                        |
//   |     44 |     4 | size of the range-tombstone block, u32; 0: there is none; it       |
//   |        |       | stands between index and properties                                |
//   |     48 |     4 | format version, u32: 1                                             |
//   |     52 |     4 | checksum u32: CRC-32, masked, of bytes 0 to 51                     |
//   |     56 |     8 | magic: "LSMLensT"                                                  |
//
// Every later version keeps the size of the footer and the last 16 bytes, so that this version can
// tell a newer table from a damaged one. DO NOT CHANGE: on disk.

import { ByteReader, loadUint32 } from '../../base/byteReader.ts';
import { storeUint32, storeUint64 } from '../../base/byteWriter.ts';
import { encodeUtf8 } from '../../base/bytes.ts';
import { crc32, maskCrc32 } from '../../base/crc32.ts';
import { corruption, LsmError } from '../../base/errors.ts';
import type { ReadableFile } from '../cache/openFiles.ts';
import { BLOCK_TRAILER_BYTES } from './blockTrailer.ts';

export const FOOTER_BYTES = 64;
export const TABLE_FORMAT_VERSION = 1;
export const TABLE_MAGIC: Uint8Array = encodeUtf8('LSMLensT');

export const VERSION_OFFSET = 48;
const CHECKSUM_OFFSET = 52;
const MAGIC_OFFSET = 56;

/** Offset and size in bytes, without the trailer. */
export interface BlockHandle {
  readonly offset: number;
  readonly sizeBytes: number;
}

/** What a footer says. */
export interface Footer {
  /** Size 0 when the table has no filter. */
  readonly filter: BlockHandle;
  readonly index: BlockHandle;
  /** Size 0 when the table has no range deletes. */
  readonly rangeTombstones: BlockHandle;
  readonly properties: BlockHandle;
  readonly fileSizeBytes: number;
}

/** The footer's bytes. */
export function encodeFooter(footer: Footer): Uint8Array {
  const bytes = new Uint8Array(FOOTER_BYTES);
  [footer.filter, footer.index, footer.properties].forEach((handle, index) => {
    storeUint64(bytes, 12 * index, handle.offset);
    storeUint32(bytes, 12 * index + 8, handle.sizeBytes);
  });
  storeUint64(bytes, 36, footer.fileSizeBytes);
  storeUint32(bytes, 44, footer.rangeTombstones.sizeBytes);
  storeUint32(bytes, VERSION_OFFSET, TABLE_FORMAT_VERSION);
  storeUint32(bytes, CHECKSUM_OFFSET, maskCrc32(crc32(bytes, 0, CHECKSUM_OFFSET)));
  bytes.set(TABLE_MAGIC, MAGIC_OFFSET);
  return bytes;
}

/** The checksum that stands in a footer's bytes. */
export function footerChecksum(bytes: Uint8Array): number {
  return loadUint32(bytes, CHECKSUM_OFFSET);
}

/** Whether these last bytes of a file are a table's, of whatever version. */
export function hasTableMagic(tail: Uint8Array): boolean {
  const start = tail.length - TABLE_MAGIC.length;
  return start >= 0 && TABLE_MAGIC.every((byte, index) => tail[start + index] === byte);
}

/**
 * Reads the footer of a file.
 * @throws LsmError as `decodeFooter`; `CORRUPTION` when the file is too short for one.
 */
export function readFooter(file: ReadableFile, name: string): Footer {
  const sizeBytes = file.sizeBytes();
  if (sizeBytes < FOOTER_BYTES) {
    throw corruption(`a table of ${sizeBytes} bytes has no footer`, name, 0);
  }
  const bytes = new Uint8Array(FOOTER_BYTES);
  const start = sizeBytes - FOOTER_BYTES;
  if (file.read(bytes, 0, FOOTER_BYTES, start) !== FOOTER_BYTES) {
    throw corruption('the footer cannot be read in full', name, start);
  }
  return decodeFooter(bytes, name, sizeBytes);
}

/**
 * Reads a footer and checks that the parts it names fill the file without a gap.
 * @param bytes the file's last FOOTER_BYTES.
 * @throws LsmError `CORRUPTION`, or `NOT_SUPPORTED` for another format version.
 */
function decodeFooter(bytes: Uint8Array, name: string, fileSizeBytes: number): Footer {
  const start = fileSizeBytes - FOOTER_BYTES;
  if (!hasTableMagic(bytes)) {
    throw corruption('not the end of a table: the magic is missing', name, start + MAGIC_OFFSET);
  }
  const computed = maskCrc32(crc32(bytes, 0, CHECKSUM_OFFSET));
  if (footerChecksum(bytes) !== computed) {
    throw corruption("the footer's checksum is wrong", name, start);
  }
  const version = loadUint32(bytes, VERSION_OFFSET);
  if (version !== TABLE_FORMAT_VERSION) {
    throw new LsmError(
      'NOT_SUPPORTED',
      `${name} has table format version ${version}; this version reads ${TABLE_FORMAT_VERSION}: ` +
        'open the store with the version that wrote it',
      { file: name, offset: start + VERSION_OFFSET },
    );
  }
  const reader = new ByteReader(bytes, name, start, 0, VERSION_OFFSET);
  const filter = readHandle(reader, 'filter block');
  const index = readHandle(reader, 'index block');
  const properties = readHandle(reader, 'properties block');
  const statedSizeBytes = reader.readUint64('file size');
  const sizeBytes = reader.readUint32('size of the range-tombstone block');
  const rangeTombstones = { offset: endOfBlock(index), sizeBytes };
  const footer = { filter, index, rangeTombstones, properties, fileSizeBytes: statedSizeBytes };
  checkPlaces(footer, name, start);
  return footer;
}

/** Where what follows a block begins. */
export function endOfBlock(handle: BlockHandle): number {
  return handle.offset + handle.sizeBytes + BLOCK_TRAILER_BYTES;
}

/** As `endOfBlock`, for a part that is left out when it is empty. */
function endOfOptional(handle: BlockHandle): number {
  return handle.sizeBytes === 0 ? handle.offset : endOfBlock(handle);
}

function readHandle(reader: ByteReader, what: string): BlockHandle {
  const offset = reader.readUint64(`offset of the ${what}`);
  return { offset, sizeBytes: reader.readUint32(`size of the ${what}`) };
}

function checkPlaces(footer: Footer, name: string, start: number): void {
  if (footer.fileSizeBytes !== start + FOOTER_BYTES) {
    const message = `${start + FOOTER_BYTES} bytes long, its footer says ${footer.fileSizeBytes}`;
    throw corruption(message, name, start);
  }
  const { filter, index, rangeTombstones, properties } = footer;
  const inPlace =
    index.offset === endOfOptional(filter) &&
    properties.offset === endOfOptional(rangeTombstones) &&
    start === endOfBlock(properties);
  if (!inPlace) throw corruption('the parts that the footer names do not join', name, start);
}
