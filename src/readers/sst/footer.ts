// The end of a block-based table. Which of the four forms it is, its last bytes tell: the magic
// number, and before it the format version (RocksDB's table/format.cc).
//
//   LevelDB, RocksDB's version 0, 48 bytes:
//     metaindex handle | index handle | zeros up to byte 40 | magic number 8
//   RocksDB's versions 1 to 5, 53 bytes:
//     checksum type 1 | metaindex handle | index handle | zeros up to byte 41 | version 4 | magic 8
//   RocksDB's versions 6 and 7, 53 bytes; the metaindex ends where the footer begins, and names the
//   index; the checksum is that of these bytes with itself as zeros:
//     checksum type 1 | 3e 00 7a 00 | checksum 4 | base context checksum 4 | metaindex size 4
//     zeros 24 | version 4 | magic 8
//   Plain and cuckoo tables have the same forms under magic numbers of their own.

import { ByteReader, loadUint32 } from '../../base/byteReader.ts';
import { corruption, LsmError } from '../../base/errors.ts';
import type { ReadableFile } from '../releasableFile.ts';
import { CHECKSUM_TYPES, checksumOf, contextOf } from './blockChecksum.ts';
import type { ChecksumType } from './blockChecksum.ts';
import { BLOCK_TRAILER_BYTES, readBlockHandle } from './blockHandle.ts';
import type { BlockHandle } from './blockHandle.ts';

/** How the tables are laid out that the footers end. */
export type TableKind = 'block-based' | 'plain' | 'cuckoo';

/** Where a table's first blocks are, and what holds for all of its blocks. */
export interface Footer {
  readonly kind: TableKind;
  /** RocksDB's; 0 for LevelDB's tables, which are the same. */
  readonly formatVersion: number;
  readonly checksumType: ChecksumType;
  /** What is mixed into checksums of blocks by their place, from version 6 on; else 0. */
  readonly baseContextChecksum: number;
  readonly metaindex: BlockHandle;
  /** `undefined` from version 6 on: the metaindex names it. */
  readonly index: BlockHandle | undefined;
  readonly handle: BlockHandle;
  /** Bytes that follow each block: only in block-based tables. */
  readonly trailerBytes: number;
}

const MAGIC_BYTES = 8;
const LEGACY_BYTES = 48;
const VERSIONED_BYTES = 53;
const FORMAT_VERSION_MAX = 7;
/** From it on there is a checksum of the footer, and one more number in those of blocks. */
const CONTEXT_VERSION_MIN = 6;
const EXTENDED_MAGIC = 0x007a003e;
const CHECKSUM_POSITION = 5;

interface Magic {
  readonly kind: TableKind;
  readonly isVersioned: boolean;
}

/** By the magic number's two halves, the higher first, in hexadecimal. */
const MAGICS: ReadonlyMap<string, Magic> = new Map([
  // The first 64 bits of the SHA-1 of "http://code.google.com/p/leveldb/".
  ['db477524 8b80fb57', { kind: 'block-based', isVersioned: false }],
  ['88e241b7 85f4cff7', { kind: 'block-based', isVersioned: true }],
  ['4f3418eb 7a8f13b8', { kind: 'plain', isVersioned: false }],
  ['82422296 63bf9564', { kind: 'plain', isVersioned: true }],
  ['926789d0 c5f17873', { kind: 'cuckoo', isVersioned: true }],
]);

/**
 * @throws LsmError `CORRUPTION` when the file does not end as a table does, `NOT_SUPPORTED` for a
 * version that is not known here.
 */
export function readFooter(file: ReadableFile, name: string): Footer {
  const size = file.sizeBytes();
  if (size < LEGACY_BYTES) {
    throw corruption(`${size} bytes are too few for a table's footer`, name, 0);
  }
  const bytes = new Uint8Array(Math.min(size, VERSIONED_BYTES));
  file.read(bytes, 0, bytes.length, size - bytes.length);
  const found = MAGICS.get(magicText(bytes));
  if (found === undefined) {
    const message = 'the file does not end with the magic number of a table';
    throw corruption(message, name, size - MAGIC_BYTES);
  }
  const { kind, isVersioned } = found;
  if (!isVersioned) return legacyFooter(kind, bytes, name, size);
  if (size < VERSIONED_BYTES) {
    throw corruption(`${size} bytes are too few for a table's footer`, name, 0);
  }
  return versionedFooter(kind, bytes, name, size - VERSIONED_BYTES);
}

function trailerBytesOf(kind: TableKind): number {
  return kind === 'block-based' ? BLOCK_TRAILER_BYTES : 0;
}

function magicText(bytes: Uint8Array): string {
  const half = (position: number): string =>
    loadUint32(bytes, position).toString(16).padStart(8, '0');
  return `${half(bytes.length - 4)} ${half(bytes.length - 8)}`;
}

function legacyFooter(kind: TableKind, bytes: Uint8Array, name: string, size: number): Footer {
  const offset = size - LEGACY_BYTES;
  const start = bytes.length - LEGACY_BYTES;
  const end = bytes.length - MAGIC_BYTES;
  const reader = new ByteReader(bytes, name, offset - start, start, end);
  return {
    kind,
    formatVersion: 0,
    checksumType: 'crc32c',
    baseContextChecksum: 0,
    metaindex: readBlockHandle(reader),
    index: readBlockHandle(reader),
    handle: { offset, sizeBytes: LEGACY_BYTES },
    trailerBytes: trailerBytesOf(kind),
  };
}

function versionedFooter(kind: TableKind, bytes: Uint8Array, name: string, offset: number): Footer {
  const formatVersion = loadUint32(bytes, VERSIONED_BYTES - 12);
  if (formatVersion > FORMAT_VERSION_MAX) {
    const message = `${name} has format version ${formatVersion}`;
    const known = `up to ${FORMAT_VERSION_MAX} are known here`;
    throw new LsmError('NOT_SUPPORTED', `${message}; ${known}`, { file: name, offset });
  }
  const checksumType = CHECKSUM_TYPES[bytes[0]!];
  if (checksumType === undefined) {
    const message = `${name} at byte ${offset}: checksum type ${bytes[0]} is not known here`;
    throw new LsmError('NOT_SUPPORTED', message, { file: name, offset });
  }
  const known = {
    kind,
    formatVersion,
    checksumType,
    handle: { offset, sizeBytes: VERSIONED_BYTES },
    trailerBytes: trailerBytesOf(kind),
  };
  const reader = new ByteReader(bytes, name, offset, 1, VERSIONED_BYTES - 12);
  if (formatVersion >= CONTEXT_VERSION_MIN) {
    return { ...known, index: undefined, ...readChecked(reader, checksumType, offset) };
  }
  const handles = { metaindex: readBlockHandle(reader), index: readBlockHandle(reader) };
  return { ...known, baseContextChecksum: 0, ...handles };
}

/** What footers have in place of handles from version 6 on. */
function readChecked(
  reader: ByteReader,
  checksumType: ChecksumType,
  offset: number,
): Pick<Footer, 'metaindex' | 'baseContextChecksum'> {
  if (reader.readUint32('the extended magic number') !== EXTENDED_MAGIC) {
    throw reader.damage('the footer lacks the extended magic number');
  }
  const checksum = reader.readUint32('the checksum of the footer');
  const baseContextChecksum = reader.readUint32('the base context checksum');
  const sizeBytes = reader.readUint32('the size of the metaindex');
  const bytes = reader.bytes.slice(0, VERSIONED_BYTES);
  bytes.fill(0, CHECKSUM_POSITION, CHECKSUM_POSITION + 4);
  const context = contextOf(baseContextChecksum, offset);
  const found = (checksumOf(checksumType, bytes, VERSIONED_BYTES) + context) >>> 0;
  if (checksumType !== 'none' && found !== checksum) {
    throw reader.damage('the checksum of the footer does not fit', 0);
  }
  reader.skip(16, 'what is reserved');
  if (reader.readUint64('what is reserved') !== 0) {
    const message = 'the table uses a feature of a newer RocksDB, which is not known here';
    throw new LsmError('NOT_SUPPORTED', message, { offset });
  }
  const metaindexOffset = offset - BLOCK_TRAILER_BYTES - sizeBytes;
  if (metaindexOffset < 0) throw reader.damage('the metaindex begins before the file');
  return { baseContextChecksum, metaindex: { offset: metaindexOffset, sizeBytes } };
}
