// One record of a Pebble manifest (internal/manifest/version_edit.go): LevelDB's and RocksDB's
// fields, and these:
//
//   tag       content
//   --------  -----------------------------------------------------------------------
//   10        a range that was cut out: from, to, whether to is in it, sequence number
//   11        a table marked for a compaction: level, number
//   103, 104  a table added: level, number, size, bounds, sequence numbers, then fields up to
//             1; the bounds of 104: a byte (1: there are points; 2, 4: they are the smallest, the
//             largest), those of points if there are any, those of ranges of keys
//   105, 106  a file that tables share comes: number, size; goes: number
//   107       a blob file: its identity, number, size, bytes of values, time
//   108       a blob file goes: identity, number
//
//   field of a table   content
//   6   when it was made     7   no sets among its ranges of keys
//   66  the file it shares: number, without a length
//   67, 68  what is put before its keys, what takes the place of their ends
//   69, 70  blob files it refers to, without a length: depth, how many; each: identity, bytes of
//           values; of 70 bytes in the file too

import { ByteReader } from '../../base/byteReader.ts';
import { LsmError } from '../../base/errors.ts';
import { parseInternalKey } from '../internalKey.ts';
import { readBlob, readLargeVarint, readLevel, readText } from '../rocksdb/editFields.ts';
import type { PlacedRocksdbTable, RocksdbTable } from '../rocksdb/newFile.ts';
import type { RocksdbEdit } from '../rocksdb/versionEdit.ts';

/** What only Pebble's manifests tell of a table. */
export interface PebbleTableFields {
  /** The number of the file that it shares with others; its own number when it has a file. */
  readonly backing: number;
  readonly prefix: Uint8Array;
  readonly suffix: Uint8Array;
  /** Identities of blob files, in the order in which the table names them. */
  readonly blobReferences: readonly number[];
  readonly hasRangeKeys: boolean;
}

/** What an edit says of blob files and of tables beyond what RocksDB's say. */
export interface PebbleEdit {
  readonly edit: RocksdbEdit;
  readonly fields: ReadonlyMap<number, PebbleTableFields>;
  /** The file number of a blob file by its identity. */
  readonly blobFiles: ReadonlyMap<number, number>;
}

const TAGS_NEW_FILE: readonly number[] = [7, 100, 102, 103, 104];
const TAG_NEW_FILE = 7;
const TAG_NEW_FILE_3 = 102;
const TAG_NEW_FILE_5 = 104;
const TAGS_WITH_FIELDS: readonly number[] = [103, 104];
const HAS_POINTS = 1;
const POINT_IS_SMALLEST = 2;
const POINT_IS_LARGEST = 4;
const FIELD_END = 1;
const FIELD_MUST_BE_KNOWN = 0x40;
const REFERENCES_MAX = 100_000;
const NO_BYTES = new Uint8Array(0);

/**
 * The edit in a manifest record. A feature that is not known ends it: what came before is given.
 * @throws LsmError `CORRUPTION` when a field does not fit.
 */
export function decodePebbleEdit(bytes: Uint8Array, file: string, offset: number): PebbleEdit {
  const reading = new EditReading(bytes, file, offset);
  reading.run();
  return reading;
}

class EditReading implements PebbleEdit {
  readonly edit: RocksdbEdit = {
    family: 0,
    familyDropped: false,
    added: [],
    removed: [],
    blobFiles: [],
    blobGarbage: [],
    notUnderstood: [],
  };
  readonly fields: Map<number, PebbleTableFields> = new Map();
  readonly blobFiles: Map<number, number> = new Map();
  private readonly reader: ByteReader;
  private readonly file: string;

  constructor(bytes: Uint8Array, file: string, offset: number) {
    this.file = file;
    this.reader = new ByteReader(bytes, file, offset);
  }

  run(): void {
    try {
      while (this.reader.remaining > 0) this.readField();
    } catch (thrown) {
      if (!(thrown instanceof LsmError) || thrown.code !== 'NOT_SUPPORTED') throw thrown;
      this.edit.notUnderstood.push(thrown);
    }
  }

  private readField(): void {
    const { reader } = this;
    const tag = reader.readVarint32('the tag of a field');
    if (TAGS_NEW_FILE.includes(tag)) {
      this.edit.added.push(this.readTable(tag));
      return;
    }
    const read = FIELDS[tag];
    if (read === undefined) throw this.notKnown(`feature ${tag}`);
    read(this, reader);
  }

  private readTable(tag: number): PlacedRocksdbTable {
    const { reader, file } = this;
    const level = readLevel(reader);
    const number = reader.readVarint('a table number');
    if (tag === TAG_NEW_FILE_3) reader.readVarint32('a path');
    const sizeBytes = reader.readVarint('the size of a table');
    const [smallest, largest] = tag === TAG_NEW_FILE_5 ? this.readBounds() : this.readPair();
    const bounds = [smallest, largest].map((key) => parseInternalKey(key, file, -1).sequence);
    const [smallestSequence = 0, largestSequence = 0] =
      tag === TAG_NEW_FILE
        ? [Math.min(...bounds), Math.max(...bounds)]
        : [0, 1].map(() => readLargeVarint(reader, 'a sequence number'));
    const createdSeconds = TAGS_WITH_FIELDS.includes(tag) ? this.readFields(number, tag) : 0;
    const table: RocksdbTable = {
      ...{ number, sizeBytes, smallest, largest, smallestSequence, largestSequence },
      ...{ path: 0, createdSeconds, oldestBlobFile: 0, temperature: 0, checksumName: '' },
      ...{ epoch: 0, minLogToKeep: 0 },
    };
    return { level, table };
  }

  private readPair(): readonly [Uint8Array, Uint8Array] {
    return [readBlob(this.reader, 'a key'), readBlob(this.reader, 'a key')];
  }

  private readBounds(): readonly [Uint8Array, Uint8Array] {
    const marker = this.reader.readUint8('which bounds follow');
    const points = (marker & HAS_POINTS) === 0 ? undefined : this.readPair();
    const ranges = this.readPair();
    const smallest = (marker & POINT_IS_SMALLEST) === 0 ? ranges[0] : points?.[0];
    const largest = (marker & POINT_IS_LARGEST) === 0 ? ranges[1] : points?.[1];
    return [smallest ?? ranges[0], largest ?? ranges[1]];
  }

  /** Seconds since 1970 at which the table was made. */
  private readFields(number: number, tag: number): number {
    const { reader } = this;
    let created = 0;
    let backing = number;
    let prefix: Uint8Array = NO_BYTES;
    let suffix: Uint8Array = NO_BYTES;
    let blobReferences: readonly number[] = [];
    for (;;) {
      const field = reader.readVarint32('the tag of a field of a table');
      if (field === FIELD_END) break;
      if (field === 66) backing = reader.readVarint('the file of a table');
      else if (field === 69 || field === 70) blobReferences = this.readReferences(field === 70);
      else {
        const content = readBlob(reader, 'a field of a table');
        if (field === 6) created = new ByteReader(content, this.file).readVarint('a time');
        else if (field === 67) prefix = content;
        else if (field === 68) suffix = content;
        else if ((field & FIELD_MUST_BE_KNOWN) !== 0) throw this.notKnown(`a table of ${field}`);
      }
    }
    const hasRangeKeys = tag === TAG_NEW_FILE_5;
    this.fields.set(number, { backing, prefix, suffix, blobReferences, hasRangeKeys });
    return created;
  }

  private readReferences(withFileBytes: boolean): readonly number[] {
    const { reader } = this;
    reader.readVarint32('the depth of references');
    const count = reader.readVarint32('a number of references');
    if (count > REFERENCES_MAX) throw reader.damage(`${count} references to blob files`);
    return Array.from({ length: count }, () => {
      const identity = reader.readVarint('a blob file');
      reader.readVarint('bytes of values');
      if (withFileBytes) reader.readVarint('bytes of values');
      return identity;
    });
  }

  private notKnown(what: string): LsmError {
    const { file } = this;
    const message = `${file}: the manifest uses ${what} of a newer Pebble, not known here`;
    return new LsmError('NOT_SUPPORTED', message, { file, offset: -1 });
  }
}

/** What follows each further tag. */
const FIELDS: Readonly<Record<number, (to: EditReading, reader: ByteReader) => void>> = {
  1: ({ edit }, reader) => {
    edit.comparator = readText(reader, 'a name');
  },
  2: ({ edit }, reader) => {
    edit.logNumber = reader.readVarint('a log number');
  },
  3: ({ edit }, reader) => {
    edit.nextFile = reader.readVarint('the next file number');
  },
  4: ({ edit }, reader) => {
    edit.lastSequence = readLargeVarint(reader, 'the last sequence number');
  },
  5: (_, reader) => {
    readLevel(reader);
    readBlob(reader, 'a key');
  },
  6: ({ edit }, reader) => {
    edit.removed.push({ level: readLevel(reader), number: reader.readVarint('a table number') });
  },
  9: (_, reader) => void reader.readVarint('the previous log number'),
  10: (_, reader) => {
    readBlob(reader, 'a key');
    readBlob(reader, 'a key');
    reader.readVarint32('the kind of a bound');
    readLargeVarint(reader, 'a sequence number');
  },
  11: (_, reader) => {
    readLevel(reader);
    reader.readVarint('a table number');
  },
  105: (_, reader) => {
    reader.readVarint('the number of a shared file');
    reader.readVarint('the size of a shared file');
  },
  106: (_, reader) => void reader.readVarint('the number of a shared file'),
  107: ({ blobFiles }, reader) => {
    const identity = reader.readVarint('a blob file');
    blobFiles.set(identity, reader.readVarint('the number of a blob file'));
    for (let left = 3; left > 0; left--) readLargeVarint(reader, 'a figure of a blob file');
  },
  108: (_, reader) => {
    reader.readVarint('a blob file');
    reader.readVarint('the number of a blob file');
  },
};
