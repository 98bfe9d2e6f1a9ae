// A table as a manifest edit describes it: everything a reader must know before it opens the file.
//
//   file, run, sizeBytes, entries, tombstones                                varint each
//   smallestKey, largestKey                                                  length varint, bytes
//   smallestSequence, largestSequence, createdMicros                         varint each
//   rawKeyBytes, rawValueBytes, dataBlocks, filterSizeBytes, indexSizeBytes  varint each
//   madeBy: 0 unknown, 1 flush, 2 compaction, 3 ingest                       u8
//   then fields that may lack: tag varint | length varint | content, as in versionEdit.ts
//     1: compression of the data blocks, if any: code of blockCompression.ts u8
//     2: range deletes, if any: count varint
//     3: wall clock of the newest entry, microseconds since 1970; else that of creation: varint
//
// DO NOT CHANGE the order: manifests on disk have it.

import { compareBytes, copyOfRange } from '../../base/bytes.ts';
import type { ByteReader } from '../../base/byteReader.ts';
import type { ByteWriter } from '../../base/byteWriter.ts';
import { LsmError } from '../../base/errors.ts';
import { varintSize } from '../../base/varint.ts';
import type { TableInfo } from '../../protocol/events.ts';
import { tableFileName } from '../fileNames.ts';
import { compressionCode, compressionOfCode } from '../table/blockCompression.ts';

const MAKERS: readonly TableInfo['madeBy'][] = ['unknown', 'flush', 'compaction', 'ingest'];

const TAG_COMPRESSION = 1;
const TAG_RANGE_DELETES = 2;
const TAG_LARGEST_TIMESTAMP = 3;

export function writeTableRecord(content: ByteWriter, table: TableInfo): void {
  content.writeVarint(table.file);
  content.writeVarint(table.run);
  content.writeVarint(table.sizeBytes);
  content.writeVarint(table.entries);
  content.writeVarint(table.tombstones);
  content.writeLengthAndBytes(table.smallestKey);
  content.writeLengthAndBytes(table.largestKey);
  content.writeVarint(table.smallestSequence);
  content.writeVarint(table.largestSequence);
  content.writeVarint(table.createdMicros);
  content.writeVarint(table.rawKeyBytes);
  content.writeVarint(table.rawValueBytes);
  content.writeVarint(table.dataBlocks);
  content.writeVarint(table.filterSizeBytes);
  content.writeVarint(table.indexSizeBytes);
  content.writeUint8(MAKERS.indexOf(table.madeBy));
  if (table.compression !== 'none') {
    content.writeVarint(TAG_COMPRESSION);
    content.writeVarint(1);
    content.writeUint8(compressionCode(table.compression));
  }
  if (table.rangeDeletes > 0) writeNumber(content, TAG_RANGE_DELETES, table.rangeDeletes);
  if (table.largestTimestampMicros !== table.createdMicros) {
    writeNumber(content, TAG_LARGEST_TIMESTAMP, table.largestTimestampMicros);
  }
}

/**
 * Reads up to the end of `content`.
 * @throws LsmError `CORRUPTION`, or `NOT_SUPPORTED` for a field of a later version.
 */
export function readTableRecord(content: ByteReader): TableInfo {
  const number = (what: string): number => content.readVarint(`the table's ${what}`);
  const file = number('number');
  const table: TableInfo = {
    file,
    name: tableFileName(file),
    run: number('run'),
    sizeBytes: number('size'),
    entries: number('entry count'),
    tombstones: number('tombstone count'),
    rangeDeletes: 0,
    smallestKey: readKey(content),
    largestKey: readKey(content),
    smallestSequence: number('smallest sequence number'),
    largestSequence: number('largest sequence number'),
    createdMicros: number('time of creation'),
    rawKeyBytes: number('key bytes'),
    rawValueBytes: number('value bytes'),
    dataBlocks: number('block count'),
    filterSizeBytes: number('filter size'),
    indexSizeBytes: number('index size'),
    largestTimestampMicros: 0,
    compression: 'none',
    madeBy: MAKERS[content.readUint8("the table's maker")] ?? 'unknown',
  };
  if (compareBytes(table.smallestKey, table.largestKey) > 0) {
    throw content.damage(`table ${file} has a smallest key above its largest`);
  }
  const { createdMicros: largestTimestampMicros } = table;
  return { ...table, largestTimestampMicros, ...readLaterFields(content, table) };
}

function writeNumber(content: ByteWriter, tag: number, value: number): void {
  content.writeVarint(tag);
  content.writeVarint(varintSize(value));
  content.writeVarint(value);
}

/** A field of one number, which must fill it. */
function readNumber(content: ByteReader, start: number, length: number): number {
  content.position = start;
  const value = content.readVarint('a field of the table');
  if (content.position !== start + length) throw content.damage('a field of odd length', start);
  return value;
}

function readKey(content: ByteReader): Uint8Array {
  const length = content.readLength('the length of a key');
  const start = content.position;
  content.skip(length, 'a key');
  return copyOfRange(content.bytes, start, start + length);
}

function readLaterFields(content: ByteReader, table: TableInfo): Partial<TableInfo> {
  let fields: Partial<TableInfo> = {};
  while (content.remaining > 0) {
    const tag = content.readVarint('a field of the table');
    const length = content.readLength('the length of a field of the table');
    const start = content.position;
    content.skip(length, 'a field of the table');
    if (tag === TAG_COMPRESSION && length === 1) {
      const compression = compressionOfCode(content.bytes[start]!);
      if (compression !== undefined) fields = { ...fields, compression };
    } else if (tag === TAG_RANGE_DELETES) {
      fields = { ...fields, rangeDeletes: readNumber(content, start, length) };
    } else if (tag === TAG_LARGEST_TIMESTAMP) {
      fields = { ...fields, largestTimestampMicros: readNumber(content, start, length) };
    } else if (tag % 2 === 0) {
      throw new LsmError(
        'NOT_SUPPORTED',
        `field ${tag} of ${table.name} is unknown; a newer version of LSM Lens wrote this store`,
        { file: table.name },
      );
    }
  }
  return fields;
}
