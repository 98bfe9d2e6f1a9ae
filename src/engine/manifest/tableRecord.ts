// A table as a manifest edit describes it: everything a reader must know before it opens the file.
//
//   file, run, sizeBytes, entries, tombstones                                varint each
//   smallestKey, largestKey                                                  length varint, bytes
//   smallestSequence, largestSequence, createdMicros                         varint each
//   rawKeyBytes, rawValueBytes, dataBlocks, filterSizeBytes, indexSizeBytes  varint each
//   madeBy: 0 unknown, 1 flush, 2 compaction, 3 ingest                       u8
//   then, from later versions: tag varint | length varint | content, as in versionEdit.ts
//
// DO NOT CHANGE the order: manifests on disk have it.

import { compareBytes, copyOfRange } from '../../base/bytes.ts';
import type { ByteReader } from '../../base/byteReader.ts';
import type { ByteWriter } from '../../base/byteWriter.ts';
import { LsmError } from '../../base/errors.ts';
import type { TableInfo } from '../../protocol/events.ts';
import { tableFileName } from '../fileNames.ts';

const MAKERS: readonly TableInfo['madeBy'][] = ['unknown', 'flush', 'compaction', 'ingest'];

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
    madeBy: MAKERS[content.readUint8("the table's maker")] ?? 'unknown',
  };
  if (compareBytes(table.smallestKey, table.largestKey) > 0) {
    throw content.damage(`table ${file} has a smallest key above its largest`);
  }
  skipLaterFields(content, table);
  return table;
}

function readKey(content: ByteReader): Uint8Array {
  const length = content.readLength('the length of a key');
  const start = content.position;
  content.skip(length, 'a key');
  return copyOfRange(content.bytes, start, start + length);
}

function skipLaterFields(content: ByteReader, table: TableInfo): void {
  while (content.remaining > 0) {
    const tag = content.readVarint('a field of the table');
    const length = content.readLength('the length of a field of the table');
    content.skip(length, 'a field of the table');
    if (tag % 2 === 0) {
      throw new LsmError(
        'NOT_SUPPORTED',
        `field ${tag} of ${table.name} is unknown; a newer version of LSM Lens wrote this store`,
        { file: table.name },
      );
    }
  }
}
