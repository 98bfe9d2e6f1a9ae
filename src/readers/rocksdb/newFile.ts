// A table as a RocksDB manifest tells of it (db/version_edit.cc). Four forms came one after the
// other; of the last, further fields follow, each a tag and a length-prefixed content, up to tag 1.
//
//   7    level, number, size, smallest and largest internal key
//   100  the same, smallest and largest sequence number
//   102  level, number, path, size, keys, sequence numbers
//   103  as 100, then fields

import type { ByteReader } from '../../base/byteReader.ts';
import { decodeUtf8 } from '../../base/bytes.ts';
import { LsmError } from '../../base/errors.ts';
import { parseInternalKey } from '../internalKey.ts';
import { readBlob, readLargeVarint, readLevel } from './editFields.ts';

/** A table by its line in the manifest. Keys are internal. */
export interface RocksdbTable {
  readonly number: number;
  readonly sizeBytes: number;
  readonly smallest: Uint8Array;
  readonly largest: Uint8Array;
  readonly smallestSequence: number;
  readonly largestSequence: number;
  /** Which of the store's paths it lies in; 0 is the directory itself. */
  readonly path: number;
  /** Seconds since 1970; 0 when it is not told. */
  readonly createdSeconds: number;
  /** 0 for none. */
  readonly oldestBlobFile: number;
  readonly temperature: number;
  readonly checksumName: string;
  /** Greater is newer, in level 0; 0 when it is not told. */
  readonly epoch: number;
  /** What older versions kept here: logs below are no longer needed. 0: not told. */
  readonly minLogToKeep: number;
  /** Keys lack the times that the comparator expects; `smallest` and `largest` have them. */
  readonly lacksTimes?: true;
  /** In level 0 of engines that divide it into runs: which one, 0 the oldest. */
  readonly sublevel?: number;
}

/** A table and its level. */
export interface PlacedRocksdbTable {
  readonly level: number;
  readonly table: RocksdbTable;
}

export const TAGS_NEW_FILE: readonly number[] = [7, 100, 102, 103];

const TAG_NEW_FILE = 7;
const TAG_NEW_FILE_3 = 102;
const TAG_NEW_FILE_4 = 103;

const FIELD_END = 1;
const FIELD_MIN_LOG = 3;
const FIELD_OLDEST_BLOB = 4;
const FIELD_CREATED = 6;
const FIELD_CHECKSUM_NAME = 8;
const FIELD_TEMPERATURE = 9;
const FIELD_EPOCH = 13;
const FIELD_TIMES_PERSISTED = 16;
const FIELD_PATH = 65;
/** A field with this bit must be understood. */
const FIELD_MUST_BE_KNOWN = 0x40;

type Figures = Pick<
  RocksdbTable,
  | 'path'
  | 'createdSeconds'
  | 'oldestBlobFile'
  | 'temperature'
  | 'checksumName'
  | 'epoch'
  | 'minLogToKeep'
  | 'lacksTimes'
>;

/** Reads what follows one of `TAGS_NEW_FILE`. @throws LsmError `CORRUPTION`, `NOT_SUPPORTED` */
export function readNewFile(reader: ByteReader, tag: number, file: string): PlacedRocksdbTable {
  const level = readLevel(reader);
  const number = reader.readVarint('a table number');
  const path = tag === TAG_NEW_FILE_3 ? reader.readVarint32('a path') : 0;
  const sizeBytes = reader.readVarint('the size of a table');
  const smallest = readBlob(reader, 'a key');
  const largest = readBlob(reader, 'a key');
  const sequences =
    tag === TAG_NEW_FILE
      ? sequencesOf(smallest, largest, file)
      : {
          smallestSequence: readLargeVarint(reader, 'a sequence number'),
          largestSequence: readLargeVarint(reader, 'a sequence number'),
        };
  const figures = readFigures(reader, tag, path, file);
  const table: RocksdbTable = { number, sizeBytes, smallest, largest, ...sequences, ...figures };
  // Both are taken apart without a check later.
  parseInternalKey(smallest, file, -1);
  parseInternalKey(largest, file, -1);
  return { level, table };
}

function sequencesOf(
  smallest: Uint8Array,
  largest: Uint8Array,
  file: string,
): Pick<RocksdbTable, 'smallestSequence' | 'largestSequence'> {
  const both = [smallest, largest].map((key) => parseInternalKey(key, file, -1).sequence);
  return { smallestSequence: Math.min(...both), largestSequence: Math.max(...both) };
}

function readFigures(reader: ByteReader, tag: number, path: number, file: string): Figures {
  const fields = new Map<number, Uint8Array>();
  while (tag === TAG_NEW_FILE_4) {
    const field = reader.readVarint32('the tag of a field of a table');
    if (field === FIELD_END) break;
    const content = readBlob(reader, 'a field of a table');
    if (isNotKnown(field)) throw notKnown(field, file);
    fields.set(field, content);
  }
  const number = (field: number): number => varintOf(fields.get(field));
  return {
    path: fields.get(FIELD_PATH)?.[0] ?? path,
    createdSeconds: number(FIELD_CREATED),
    oldestBlobFile: number(FIELD_OLDEST_BLOB),
    temperature: fields.get(FIELD_TEMPERATURE)?.[0] ?? 0,
    checksumName: decodeUtf8(fields.get(FIELD_CHECKSUM_NAME) ?? new Uint8Array(0)),
    epoch: number(FIELD_EPOCH),
    minLogToKeep: fixedOf(fields.get(FIELD_MIN_LOG)),
    ...(fields.get(FIELD_TIMES_PERSISTED)?.[0] === 0 ? { lacksTimes: true } : {}),
  };
}

function isNotKnown(field: number): boolean {
  return (field & FIELD_MUST_BE_KNOWN) !== 0 && field !== FIELD_PATH;
}

function notKnown(field: number, file: string): LsmError {
  const message = `${file}: a table has the feature ${field} of a newer RocksDB, not known here`;
  return new LsmError('NOT_SUPPORTED', message, { file, offset: -1 });
}

/** What nobody knew is stored as 2^64 - 1, which is taken for 0. */
function varintOf(bytes: Uint8Array | undefined): number {
  if (bytes === undefined) return 0;
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte & 0x7f) * scale;
    scale *= 0x80;
  }
  return value > Number.MAX_SAFE_INTEGER ? 0 : value;
}

/** Eight bytes, little-endian. */
function fixedOf(bytes: Uint8Array | undefined): number {
  if (bytes?.length !== 8) return 0;
  const value = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
  return value > Number.MAX_SAFE_INTEGER ? 0 : value;
}
