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
//    16  a column family made: its number varint, then its name        no
//    18  a column family dropped, with all its tables: number varint   no
//    20  all entries of a family up to a sequence number are in its
//        tables: family, sequence number varint                        no
//    22  the number of the next family, above all there were: varint   no
//    17  where a level's compaction round stands: family, level
//        varint, key                                                   yes
//    19  wall clock of the edit, microseconds since 1970: varint       yes
//    21  logs numbered up to this were ended, this one by a clean      yes
//        close: varint
//    23  the options chosen for a family: its number varint, then a
//        JSON object (storedOptions.ts)                                yes
//
// DO NOT CHANGE a number or its content. A reader skips odd tags that it does not know and refuses
// even ones: a later version gives its edits an odd tag when an older reader loses nothing by
// skipping it, and an even one otherwise.

import { copyOfRange, decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import { ByteReader } from '../../base/byteReader.ts';
import { ByteWriter } from '../../base/byteWriter.ts';
import { LsmError } from '../../base/errors.ts';
import type { FileNumber, SequenceNumber, TableInfo } from '../../protocol/events.ts';
import type { FamilyOptions } from '../options.ts';
import { readStoredOptions, writeStoredOptions } from './storedOptions.ts';
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

/** A column family that exists from now on. */
export interface CreatedFamily {
  readonly id: number;
  readonly name: string;
}

/** What is chosen for a family from now on. */
export interface ChosenOptions {
  readonly family: number;
  readonly options: FamilyOptions;
}

/** How far a family's entries are in its tables. */
export interface FlushedFamily {
  readonly family: number;
  readonly sequence: SequenceNumber;
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
  readonly createdFamilies: readonly CreatedFamily[];
  readonly droppedFamilies: readonly number[];
  readonly familyOptions: readonly ChosenOptions[];
  readonly flushed: readonly FlushedFamily[];
  readonly nextFamily: number | undefined;
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
  createdFamilies: [],
  droppedFamilies: [],
  familyOptions: [],
  flushed: [],
  nextFamily: undefined,
  timeMicros: 0,
};

const TAG_COMPARATOR = 2;
const TAG_ADDED_LOG = 4;
const TAG_OLDEST_LOG = 6;
const TAG_NEXT_FILE = 8;
const TAG_LAST_SEQUENCE = 10;
const TAG_ADDED_TABLE = 12;
const TAG_REMOVED_TABLE = 14;
const TAG_CREATED_FAMILY = 16;
const TAG_DROPPED_FAMILY = 18;
const TAG_FLUSHED = 20;
const TAG_NEXT_FAMILY = 22;
const TAG_CURSOR = 17;
const TAG_TIME = 19;
const TAG_ENDED_LOG = 21;
const TAG_FAMILY_OPTIONS = 23;

/** Deeper levels than this in a manifest are damage, not a store. */
const LEVELS_MAX = 64;

/** The bytes of an edit. */
export function encodeEdit(edit: VersionEdit): Uint8Array {
  const record = new ByteWriter();
  const content = new ByteWriter();
  const field: WriteField = (tag, fill) => {
    content.clear();
    fill(content);
    record.writeVarint(tag);
    record.writeLengthAndBytes(content.view());
  };
  writeStoreFields(edit, field);
  writeFamilyFields(edit, field);
  writeTableFields(edit, field);
  for (const id of edit.droppedFamilies) field(TAG_DROPPED_FAMILY, (to) => to.writeVarint(id));
  return record.toBytes();
}

/** Writes one field; `fill` gives its content. */
type WriteField = (tag: number, fill: (content: ByteWriter) => void) => void;

function writeStoreFields(edit: VersionEdit, field: WriteField): void {
  const number = (tag: number, value: number | undefined): void => {
    if (value !== undefined) field(tag, (content) => content.writeVarint(value));
  };
  const { comparator } = edit;
  if (comparator !== undefined) {
    field(TAG_COMPARATOR, (content) => content.writeBytes(encodeUtf8(comparator)));
  }
  for (const log of edit.addedLogs) number(TAG_ADDED_LOG, log);
  number(TAG_OLDEST_LOG, edit.oldestLog);
  number(TAG_ENDED_LOG, edit.endedLog);
  number(TAG_NEXT_FILE, edit.nextFile);
  number(TAG_LAST_SEQUENCE, edit.lastSequence);
  number(TAG_NEXT_FAMILY, edit.nextFamily);
  if (edit.timeMicros > 0) number(TAG_TIME, edit.timeMicros);
}

function writeFamilyFields(edit: VersionEdit, field: WriteField): void {
  for (const { id, name } of edit.createdFamilies) {
    field(TAG_CREATED_FAMILY, (content) => {
      content.writeVarint(id);
      content.writeBytes(encodeUtf8(name));
    });
  }
  for (const { family, options } of edit.familyOptions) {
    field(TAG_FAMILY_OPTIONS, (content) => {
      content.writeVarint(family);
      writeStoredOptions(content, options);
    });
  }
  for (const { family, sequence } of edit.flushed) {
    field(TAG_FLUSHED, (content) => {
      content.writeVarint(family);
      content.writeVarint(sequence);
    });
  }
}

function writeTableFields(edit: VersionEdit, field: WriteField): void {
  for (const place of edit.removed) {
    field(TAG_REMOVED_TABLE, (content) => {
      content.writeVarint(place.family);
      content.writeVarint(place.level);
      content.writeVarint(place.file);
    });
  }
  for (const place of edit.added) {
    field(TAG_ADDED_TABLE, (content) => {
      content.writeVarint(place.family);
      content.writeVarint(place.level);
      writeTableRecord(content, place.table);
    });
  }
  for (const cursor of edit.cursors) {
    field(TAG_CURSOR, (content) => {
      content.writeVarint(cursor.family);
      content.writeVarint(cursor.level);
      content.writeLengthAndBytes(cursor.key);
    });
  }
}

/** An edit while its fields are being read. */
type OpenEdit = { -readonly [Field in keyof VersionEdit]: VersionEdit[Field] } & {
  addedLogs: FileNumber[];
  added: AddedTable[];
  removed: RemovedTable[];
  cursors: EditCursor[];
  createdFamilies: CreatedFamily[];
  droppedFamilies: number[];
  familyOptions: ChosenOptions[];
  flushed: FlushedFamily[];
};

/**
 * The edit that a manifest record holds.
 * @param file the manifest's name, for messages.
 * @param fileOffset where in it the record's payload begins.
 * @throws LsmError `CORRUPTION`, or `NOT_SUPPORTED` for a field of a later version.
 */
export function decodeEdit(bytes: Uint8Array, file: string, fileOffset: number): VersionEdit {
  const edit = openEdit();
  const record = new ByteReader(bytes, file, fileOffset);
  while (record.remaining > 0) {
    const fieldOffset = fileOffset + record.position;
    const tag = record.readVarint('an edit field');
    const length = record.readLength('the length of an edit field');
    const start = record.position;
    record.skip(length, 'an edit field');
    const content = new ByteReader(bytes, file, fileOffset, start, start + length);
    if (!readStoreField(edit, tag, content) && !readFamilyField(edit, tag, content)) {
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

function openEdit(): OpenEdit {
  return {
    ...EMPTY_EDIT,
    addedLogs: [],
    added: [],
    removed: [],
    cursors: [],
    createdFamilies: [],
    droppedFamilies: [],
    familyOptions: [],
    flushed: [],
  };
}

/** Takes in a field about the store or its tables; false when its tag is none of them. */
function readStoreField(edit: OpenEdit, tag: number, content: ByteReader): boolean {
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

/** Takes in a field about column families; false when its tag is none of them. */
function readFamilyField(edit: OpenEdit, tag: number, content: ByteReader): boolean {
  switch (tag) {
    case TAG_CREATED_FAMILY: {
      const id = readFamily(content);
      const name = decodeUtf8(content.readBytes(content.remaining, 'the name of a family'));
      edit.createdFamilies.push({ id, name });
      return true;
    }
    case TAG_DROPPED_FAMILY:
      edit.droppedFamilies.push(readFamily(content));
      return true;
    case TAG_FAMILY_OPTIONS:
      edit.familyOptions.push({
        family: readFamily(content),
        options: readStoredOptions(content),
      });
      return true;
    case TAG_FLUSHED:
      edit.flushed.push({
        family: readFamily(content),
        sequence: content.readVarint('a sequence number'),
      });
      return true;
    case TAG_NEXT_FAMILY:
      edit.nextFamily = readFamily(content);
      return true;
    default:
      return false;
  }
}

function readFamily(content: ByteReader): number {
  return content.readVarint32('a family number');
}

function readPlace(content: ByteReader): { family: number; level: number } {
  const family = readFamily(content);
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
