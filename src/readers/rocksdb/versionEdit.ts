// One record of a RocksDB manifest (db/version_edit.cc): fields, each a tag and its content.
//
//   tag        content
//   ---------  -----------------------------------------------------------------------
//   1          comparator: text
//   2          logs below this number hold nothing that the family still needs
//   3          the next free file number
//   4          the last sequence number
//   5          where a level's compaction round stands: level, internal key
//   6          a table removed: level, number
//   7, 100, 102, 103   a table added (newFile.ts)
//   9          a log before `2` that is needed too (versions of 2011; since then 0)
//   10         logs below this number are not needed by any family
//   200        the family that the edit is of; 0 without it
//   201, 202   the family comes: its name; it goes
//   203        the greatest family number
//   300        one of a group of edits that count together: how many are still to come
//   400, 401   a blob file added, garbage in one; 8194, 8195 when they were new
//   8193       the store's identity: text
//   8196-8200  logs that are tracked: added, removed
//   8198       timestamps below are not kept;  8201  timestamps are stored or not
//   8192 +     whatever else: length-prefixed, may be passed over
//
// Numbers are varints; texts and keys a varint length and bytes.

import { ByteReader } from '../../base/byteReader.ts';
import { LsmError } from '../../base/errors.ts';
import { readBlob, readLargeVarint, readLevel, readText } from './editFields.ts';
import { readNewFile, TAGS_NEW_FILE } from './newFile.ts';
import type { PlacedRocksdbTable } from './newFile.ts';

/** A blob file as the manifest tells of it. */
export interface BlobFileInfo {
  readonly number: number;
  readonly blobs: number;
  readonly blobBytes: number;
}

/** One change; what is absent stays as it was. */
export interface RocksdbEdit {
  family: number;
  comparator?: string;
  logNumber?: number;
  nextFile?: number;
  lastSequence?: number;
  minLogToKeep?: number;
  /** The family is new, and this its name. */
  familyAdded?: string;
  familyDropped: boolean;
  databaseId?: string;
  /** Edits of its group that are still to come; `undefined` outside of a group. */
  leftInGroup?: number;
  /** Timestamps in keys are in tables too. */
  timestampsPersisted?: boolean;
  readonly added: PlacedRocksdbTable[];
  readonly removed: { readonly level: number; readonly number: number }[];
  readonly blobFiles: BlobFileInfo[];
  readonly blobGarbage: BlobFileInfo[];
  /** Features that were not understood: the rest of the record is lost. */
  readonly notUnderstood: LsmError[];
}

/** A tag with this bit may be passed over. */
const MAY_BE_IGNORED = 1 << 13;
const BLOB_FIELDS_END = 0;
const BLOB_FIELD_MUST_BE_KNOWN = 1 << 6;
const WAL_FIELDS_END = 1;

/**
 * The edit in a manifest record. A feature that is not known ends it: what came before is given.
 * @param offset where in the manifest the record begins, for messages.
 * @throws LsmError `CORRUPTION` when a field does not fit.
 */
export function decodeRocksdbEdit(bytes: Uint8Array, file: string, offset: number): RocksdbEdit {
  const edit: RocksdbEdit = {
    family: 0,
    familyDropped: false,
    added: [],
    removed: [],
    blobFiles: [],
    blobGarbage: [],
    notUnderstood: [],
  };
  const reader = new ByteReader(bytes, file, offset);
  try {
    while (reader.remaining > 0) readField(edit, reader, file, offset);
  } catch (thrown) {
    if (!(thrown instanceof LsmError) || thrown.code !== 'NOT_SUPPORTED') throw thrown;
    edit.notUnderstood.push(thrown);
  }
  return edit;
}

function readField(edit: RocksdbEdit, reader: ByteReader, file: string, offset: number): void {
  const tag = reader.readVarint32('the tag of a field');
  if (TAGS_NEW_FILE.includes(tag)) {
    edit.added.push(readNewFile(reader, tag, file));
    return;
  }
  const read = FIELDS[tag];
  if (read !== undefined) {
    read(edit, reader);
    return;
  }
  if ((tag & MAY_BE_IGNORED) !== 0) {
    readBlob(reader, 'a field');
    return;
  }
  const message =
    `${file} at byte ${offset}: the manifest uses feature ${tag} of a newer RocksDB, which is ` +
    'not known here; the rest of that change is not shown';
  throw new LsmError('NOT_SUPPORTED', message, { file, offset });
}

/** What follows each tag. */
const FIELDS: Readonly<Record<number, (edit: RocksdbEdit, reader: ByteReader) => void>> = {
  1: (edit, reader) => {
    edit.comparator = readText(reader, 'a name');
  },
  2: (edit, reader) => {
    edit.logNumber = reader.readVarint('a log number');
  },
  3: (edit, reader) => {
    edit.nextFile = reader.readVarint('the next file number');
  },
  4: (edit, reader) => {
    edit.lastSequence = readLargeVarint(reader, 'the last sequence number');
  },
  5: (_, reader) => {
    readLevel(reader);
    readBlob(reader, 'a key');
  },
  6: (edit, reader) => {
    edit.removed.push({ level: readLevel(reader), number: reader.readVarint('a table number') });
  },
  9: (_, reader) => void reader.readVarint('the previous log number'),
  10: (edit, reader) => {
    edit.minLogToKeep = reader.readVarint('a log number');
  },
  200: (edit, reader) => {
    edit.family = reader.readVarint32('a column family');
  },
  201: (edit, reader) => {
    edit.familyAdded = readText(reader, 'a name');
  },
  202: (edit) => {
    edit.familyDropped = true;
  },
  203: (_, reader) => void reader.readVarint32('the greatest column family'),
  300: (edit, reader) => {
    edit.leftInGroup = reader.readVarint32('the rest of a group');
  },
  400: (edit, reader) => void edit.blobFiles.push(readBlobFile(reader, true)),
  401: (edit, reader) => void edit.blobGarbage.push(readBlobFile(reader, false)),
  8193: (edit, reader) => {
    edit.databaseId = readText(reader, 'an identity');
  },
  8194: (edit, reader) => void edit.blobFiles.push(readBlobFile(reader, true)),
  8195: (edit, reader) => void edit.blobGarbage.push(readBlobFile(reader, false)),
  8196: (_, reader) => readTrackedLog(reader),
  8197: (_, reader) => void reader.readVarint('a log number'),
  8201: (edit, reader) => {
    edit.timestampsPersisted = readBlob(reader, 'a flag')[0] !== 0;
  },
};

/** number | blobs | bytes | of an addition: checksum's name and value | fields up to tag 0 */
function readBlobFile(reader: ByteReader, isAddition: boolean): BlobFileInfo {
  const number = reader.readVarint('the number of a blob file');
  const blobs = reader.readVarint('a number of blobs');
  const blobBytes = reader.readVarint('the size of blobs');
  if (isAddition) {
    readBlob(reader, 'the name of a checksum');
    readBlob(reader, 'a checksum');
  }
  for (;;) {
    const field = reader.readVarint32('the tag of a field of a blob file');
    if (field === BLOB_FIELDS_END) return { number, blobs, blobBytes };
    readBlob(reader, 'a field of a blob file');
    if ((field & BLOB_FIELD_MUST_BE_KNOWN) === 0) continue;
    const message = `a blob file has the feature ${field} of a newer RocksDB, not known here`;
    throw new LsmError('NOT_SUPPORTED', message);
  }
}

/** The first form of a tracked log stands there without a length: number, then fields up to 1. */
function readTrackedLog(reader: ByteReader): void {
  reader.readVarint('a log number');
  while (reader.readVarint32('the tag of a field of a log') !== WAL_FIELDS_END) {
    reader.readVarint('the size of a log');
  }
}
