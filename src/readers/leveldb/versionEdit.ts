// One record of a LevelDB manifest (db/version_edit.cc): fields, each a tag and its content.
//
//   tag  content
//   ---  -----------------------------------------------------------------------
//     1  comparator: text
//     2  logs below this number are no longer needed
//     3  the next free file number
//     4  the last sequence number
//     5  where a level's compaction round stands: level, internal key
//     6  a table removed: level, number
//     7  a table added: level, number, size, smallest and largest internal key
//     9  a log before `2` that is needed too (versions of 2011; since then 0)
//
// Numbers are varints; texts and keys a varint length and bytes.

import { ByteReader } from '../../base/byteReader.ts';
import { copyOfRange, decodeUtf8 } from '../../base/bytes.ts';

/** A table as a manifest tells of it. Keys are internal. */
export interface LeveldbTable {
  readonly number: number;
  readonly sizeBytes: number;
  readonly smallest: Uint8Array;
  readonly largest: Uint8Array;
}

/** One change; what is absent stays as it was. */
export interface LeveldbEdit {
  comparator?: string;
  logNumber?: number;
  previousLog?: number;
  nextFile?: number;
  lastSequence?: number;
  readonly added: { readonly level: number; readonly table: LeveldbTable }[];
  readonly removed: { readonly level: number; readonly number: number }[];
}

/** LevelDB has 7 levels; more would be damage. */
const LEVELS_MAX = 64;

/**
 * The edit in a manifest record.
 * @param offset where in the manifest the record begins, for messages.
 * @throws LsmError `CORRUPTION` when a field does not fit or is not known.
 */
export function decodeLeveldbEdit(bytes: Uint8Array, file: string, offset: number): LeveldbEdit {
  const edit: LeveldbEdit = { added: [], removed: [] };
  const reader = new ByteReader(bytes, file, offset);
  while (reader.remaining > 0) readField(edit, reader);
  return edit;
}

function readField(edit: LeveldbEdit, reader: ByteReader): void {
  const tag = reader.readVarint32('the tag of a field');
  switch (tag) {
    case 1:
      edit.comparator = decodeUtf8(readKey(reader));
      return;
    case 2:
      edit.logNumber = reader.readVarint('a log number');
      return;
    case 3:
      edit.nextFile = reader.readVarint('the next file number');
      return;
    case 4:
      edit.lastSequence = reader.readVarint('the last sequence number');
      return;
    case 5:
      readLevel(reader);
      readKey(reader);
      return;
    case 6:
      edit.removed.push({ level: readLevel(reader), number: reader.readVarint('a table number') });
      return;
    case 7:
      edit.added.push({ level: readLevel(reader), table: readTable(reader) });
      return;
    case 9:
      edit.previousLog = reader.readVarint('the previous log number');
      return;
    default:
      throw reader.damage(`a manifest field has the unknown tag ${tag}`);
  }
}

function readTable(reader: ByteReader): LeveldbTable {
  const number = reader.readVarint('a table number');
  const sizeBytes = reader.readVarint('the size of a table');
  return { number, sizeBytes, smallest: readKey(reader), largest: readKey(reader) };
}

function readLevel(reader: ByteReader): number {
  const level = reader.readVarint32('a level');
  if (level >= LEVELS_MAX) throw reader.damage(`level ${level} is beyond any store's`);
  return level;
}

function readKey(reader: ByteReader): Uint8Array {
  const length = reader.readLength('the length of a key');
  const start = reader.position;
  reader.skip(length, 'a key');
  return copyOfRange(reader.bytes, start, start + length);
}
