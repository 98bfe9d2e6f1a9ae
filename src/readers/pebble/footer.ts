// The end of a table of Pebble's own formats (sstable/table.go), told by its magic number, two
// cockroaches in UTF-8:
//
//   checksum type 1 | metaindex handle | index handle | zeros up to byte 41
//   attributes 4, from version 7 on | checksum 4, from version 6 on | version 4 | magic number 8
//
// The checksum is the masked CRC-32C of all other bytes. Tables of RocksDB's format end as those
// do.

import { ByteReader, loadUint32 } from '../../base/byteReader.ts';
import { concatBytes } from '../../base/bytes.ts';
import { unmaskCrc32 } from '../../base/crc32.ts';
import { crc32c } from '../../base/crc32c.ts';
import { corruption, LsmError } from '../../base/errors.ts';
import type { ReadableFile } from '../releasableFile.ts';
import { CHECKSUM_TYPES } from '../sst/blockChecksum.ts';
import { BLOCK_TRAILER_BYTES, readBlockHandle } from '../sst/blockHandle.ts';
import type { Footer } from '../sst/footer.ts';

const MAGIC_HALF = 0xb3aa9ff0;
const TAIL_BYTES = 12;
const HANDLES_END = 41;
const CHECKSUM_VERSION_MIN = 6;
const ATTRIBUTES_VERSION_MIN = 7;
const VERSION_MAX = 8;

/** Whether the file ends as Pebble's own tables do. @throws LsmError `IO` */
export function isPebbleTable(file: ReadableFile): boolean {
  const size = file.sizeBytes();
  if (size < TAIL_BYTES) return false;
  const magic = new Uint8Array(8);
  file.read(magic, 0, 8, size - 8);
  return loadUint32(magic, 0) === MAGIC_HALF && loadUint32(magic, 4) === MAGIC_HALF;
}

/**
 * Reads the footer of such a table; its `formatVersion` is Pebble's.
 * @throws LsmError `CORRUPTION`, `NOT_SUPPORTED`, `IO`
 */
export function readPebbleFooter(file: ReadableFile, name: string): Footer {
  const size = file.sizeBytes();
  const tail = readAt(file, size - TAIL_BYTES, TAIL_BYTES);
  const formatVersion = loadUint32(tail, 0);
  if (formatVersion < 1 || formatVersion > VERSION_MAX) {
    const message = `${name} has version ${formatVersion} of Pebble's table format`;
    const known = `1 to ${VERSION_MAX} are known here`;
    throw new LsmError('NOT_SUPPORTED', `${message}; ${known}`, { file: name, offset: size });
  }
  const hasChecksum = formatVersion >= CHECKSUM_VERSION_MIN;
  const hasAttributes = formatVersion >= ATTRIBUTES_VERSION_MIN;
  const sizeBytes = HANDLES_END + (hasAttributes ? 4 : 0) + (hasChecksum ? 4 : 0) + TAIL_BYTES;
  const offset = size - sizeBytes;
  if (offset < 0) throw corruption(`${size} bytes are too few for a table's footer`, name, 0);
  const bytes = readAt(file, offset, sizeBytes);
  if (hasChecksum) check(bytes, name, offset);
  const checksumType = CHECKSUM_TYPES[bytes[0]!];
  if (checksumType === undefined) {
    throw corruption(`checksum type ${bytes[0]} is not known`, name, offset);
  }
  const reader = new ByteReader(bytes, name, offset, 1, HANDLES_END);
  return {
    kind: 'block-based',
    formatVersion,
    checksumType,
    baseContextChecksum: 0,
    metaindex: readBlockHandle(reader),
    index: readBlockHandle(reader),
    handle: { offset, sizeBytes },
    trailerBytes: BLOCK_TRAILER_BYTES,
  };
}

function check(bytes: Uint8Array, name: string, offset: number): void {
  const start = bytes.length - TAIL_BYTES - 4;
  const others = concatBytes([bytes.subarray(0, start), bytes.subarray(start + 4)]);
  if (crc32c(others, 0, others.length) !== unmaskCrc32(loadUint32(bytes, start))) {
    throw corruption('the checksum of the footer does not fit', name, offset);
  }
}

function readAt(file: ReadableFile, position: number, lengthBytes: number): Uint8Array {
  const bytes = new Uint8Array(lengthBytes);
  file.read(bytes, 0, lengthBytes, position);
  return bytes;
}
