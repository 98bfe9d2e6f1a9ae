// A version edit: one change to the set of tables and to the store's counters, one manifest record.
//
//   edit   field*
//   field  tag varint | length varint | content
//
//   tag  content                                                       may be skipped
//   ---  -----------------------------------------------------------   --------------
//     2  comparator: text                                              no
//     4  a log segment that now exists: number varint                  no
//     6  logs numbered below this are no longer needed: varint         no
//     8  the next free file number: varint                             no
//    10  a sequence number that all before it are below or at: varint  no
//    12  a table added: see tableRecord.ts                             no
//    14  a table removed: family, level, file varint                   no
//    17  where a level's compaction round stands: family, level
//        varint, key                                                   yes
//    19  wall clock of the edit, microseconds since 1970: varint       yes
//    21  logs numbered up to this were ended, this one by a clean      yes
//        close: varint
//
// DO NOT CHANGE a number or its content. A reader skips odd tags that it does not know and refuses
// even ones: a later version gives its edits an odd tag when an older reader loses nothing by
// skipping it, and an even one otherwise. Column families will take even tags.

import { copyOfRange, decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import { ByteReader } from '../../base/byteReader.ts';
import { ByteWriter } from '../../base/byteWriter.ts';
import { LsmError } from '../../base/errors.ts';
import type { FileNumber, SequenceNumber, TableInfo } from '../../protocol/events.ts';
import { readTableRecord, writeTableRecord } from './tableRecord.ts';

/** A table at its place. */
export interface AddedTable {
  readonly family: number;
  readonly level: number;
  readonly table: TableInfo;
}

/** The place a table leaves. */
export interface RemovedTable {
  readonly family: number;
  readonly level: number;
  readonly file: FileNumber;
}

/** Where a level's compaction round stands. */
export interface EditCursor {
  readonly family: number;
  readonly level: number;
  readonly key: Uint8Array;
}

/** One change; what is `undefined` stays as it was. */
export interface VersionEdit {
  readonly comparator: string | undefined;
  readonly addedLogs: readonly FileNumber[];
  readonly oldestLog: FileNumber | undefined;
  readonly endedLog: FileNumber | undefined;
  readonly nextFile: FileNumber | undefined;
  readonly lastSequence: SequenceNumber | undefined;
  readonly added: readonly AddedTable[];
  readonly removed: readonly RemovedTable[];
  readonly cursors: readonly EditCursor[];
  /** Microseconds since 1970; 0 when not known. */
  readonly timeMicros: number;
}

/** The edit that changes nothing: spread it and name what does change. */
export const EMPTY_EDIT: VersionEdit = {
  comparator: undefined,
  addedLogs: [],
  oldestLog: undefined,
  endedLog: undefined,
  nextFile: undefined,
  lastSequence: undefined,
  added: [],
  removed: [],
  cursors: [],
  timeMicros: 0,
};

const TAG_COMPARATOR = 2;
const TAG_ADDED_LOG = 4;
const TAG_OLDEST_LOG = 6;
const TAG_NEXT_FILE = 8;
const TAG_LAST_SEQUENCE = 10;
const TAG_ADDED_TABLE = 12;
const TAG_REMOVED_TABLE = 14;
const TAG_CURSOR = 17;
const TAG_TIME = 19;
const TAG_ENDED_LOG = 21;

/** Deeper levels than this in a manifest are damage, not a store. */
const LEVELS_MAX = 64;

/** The bytes of an edit. */
export function encodeEdit(edit: VersionEdit): Uint8Array {
  const record = new ByteWriter();
  const content = new ByteWriter();
  const field = (tag: number, fill: () => void): void => {
    content.clear();
    fill();
    record.writeVarint(tag);
    record.writeLengthAndBytes(content.view());
  };
  const number = (tag: number, value: number | undefined): void => {
    if (value !== undefined) field(tag, () => content.writeVarint(value));
  };
  const { comparator } = edit;
  if (comparator !== undefined) {
    field(TAG_COMPARATOR, () => content.writeBytes(encodeUtf8(comparator)));
  }
  for (const log of edit.addedLogs) number(TAG_ADDED_LOG, log);
  number(TAG_OLDEST_LOG, edit.oldestLog);
  number(TAG_ENDED_LOG, edit.endedLog);
  number(TAG_NEXT_FILE, edit.nextFile);
  number(TAG_LAST_SEQUENCE, edit.lastSequence);
  for (const place of edit.removed) {
    field(TAG_REMOVED_TABLE, () => {
      content.writeVarint(place.family);
      content.writeVarint(place.level);
      content.writeVarint(place.file);
    });
  }
  for (const place of edit.added) {
    field(TAG_ADDED_TABLE, () => {
      content.writeVarint(place.family);
      content.writeVarint(place.level);
      writeTableRecord(content, place.table);
    });
  }
  for (const cursor of edit.cursors) {
    field(TAG_CURSOR, () => {
      content.writeVarint(cursor.family);
      content.writeVarint(cursor.level);
      content.writeLengthAndBytes(cursor.key);
    });
  }
  if (edit.timeMicros > 0) number(TAG_TIME, edit.timeMicros);
  return record.toBytes();
}

/** An edit while its fields are being read. */
type OpenEdit = { -readonly [Field in keyof VersionEdit]: VersionEdit[Field] } & {
  addedLogs: FileNumber[];
  added: AddedTable[];
  removed: RemovedTable[];
  cursors: EditCursor[];
};

/**
 * The edit that a manifest record holds.
 * @param file the manifest's name, for messages.
 * @param fileOffset where in it the record's payload begins.
 * @throws LsmError `CORRUPTION`, or `NOT_SUPPORTED` for a field of a later version.
 */
export function decodeEdit(bytes: Uint8Array, file: string, fileOffset: number): VersionEdit {
  const edit: OpenEdit = { ...EMPTY_EDIT, addedLogs: [], added: [], removed: [], cursors: [] };
  const record = new ByteReader(bytes, file, fileOffset);
  while (record.remaining > 0) {
    const fieldOffset = fileOffset + record.position;
    const tag = record.readVarint('an edit field');
    const length = record.readLength('the length of an edit field');
    const start = record.position;
    record.skip(length, 'an edit field');
    const content = new ByteReader(bytes, file, fileOffset, start, start + length);
    if (!readField(edit, tag, content)) {
      if (tag % 2 === 0) throw unknownField(tag, file, fieldOffset);
    } else if (content.remaining > 0) {
      throw content.damage(`edit field ${tag} is longer than its content`);
    }
  }
  return edit;
}

function unknownField(tag: number, file: string, offset: number): LsmError {
  return new LsmError(
    'NOT_SUPPORTED',
    `${file} at byte ${offset}: edit field ${tag} is unknown; a newer version of LSM Lens ` +
      'wrote this store',
    { file, offset },
  );
}

/** Takes one field in; false when its tag is unknown. */
function readField(edit: OpenEdit, tag: number, content: ByteReader): boolean {
  switch (tag) {
    case TAG_COMPARATOR:
      edit.comparator = decodeUtf8(content.readBytes(content.remaining, 'the comparator'));
      return true;
    case TAG_ADDED_LOG:
      edit.addedLogs.push(content.readVarint('a log number'));
      return true;
    case TAG_OLDEST_LOG:
      edit.oldestLog = content.readVarint('the oldest log');
      return true;
    case TAG_ENDED_LOG:
      edit.endedLog = content.readVarint('the ended log');
      return true;
    case TAG_NEXT_FILE:
      edit.nextFile = content.readVarint('the next file number');
      return true;
    case TAG_LAST_SEQUENCE:
      edit.lastSequence = content.readVarint('the last sequence number');
      return true;
    case TAG_ADDED_TABLE:
      edit.added.push({ ...readPlace(content), table: readTableRecord(content) });
      return true;
    case TAG_REMOVED_TABLE:
      edit.removed.push({ ...readPlace(content), file: content.readVarint('a table number') });
      return true;
    case TAG_CURSOR:
      edit.cursors.push({ ...readPlace(content), key: readKey(content) });
      return true;
    case TAG_TIME:
      edit.timeMicros = content.readVarint('the time of an edit');
      return true;
    default:
      return false;
  }
}

function readPlace(content: ByteReader): { family: number; level: number } {
  const family = content.readVarint('a family number');
  const level = content.readVarint('a level');
  if (level >= LEVELS_MAX) throw content.damage(`level ${level} is beyond any store's`);
  return { family, level };
}

function readKey(content: ByteReader): Uint8Array {
  const length = content.readLength('the length of a key');
  const start = content.position;
  content.skip(length, 'a key');
  return copyOfRange(content.bytes, start, start + length);
}
