// The parsers of other engines' bytes: records by themselves, tables of every format, and each kind
// of file in the midst of a whole directory.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { readCockroachKey } from '../../../src/base/cockroachKey.ts';
import { LsmError } from '../../../src/base/errors.ts';
import { MemoryVfs } from '../../../src/base/memoryVfs.ts';
import { compareBytewise } from '../../../src/readers/keyOrder.ts';
import { IDB_COMPARATOR } from '../../../src/readers/leveldb/idbComparator.ts';
import { LeveldbReader } from '../../../src/readers/leveldb/leveldbReader.ts';
import { decodeLeveldbEdit } from '../../../src/readers/leveldb/versionEdit.ts';
import { decodeWriteBatch as decodeLeveldbBatch } from '../../../src/readers/leveldb/writeBatch.ts';
import { PebbleReader } from '../../../src/readers/pebble/pebbleReader.ts';
import { decodePebbleEdit } from '../../../src/readers/pebble/versionEdit.ts';
import { decodePebbleBatch } from '../../../src/readers/pebble/writeBatch.ts';
import { ProblemList } from '../../../src/readers/problems.ts';
import { readBlobIndex } from '../../../src/readers/rocksdb/blobIndex.ts';
import { rocksdbUncompress } from '../../../src/readers/rocksdb/compression.ts';
import { parseOptions } from '../../../src/readers/rocksdb/optionsFile.ts';
import { RocksdbReader } from '../../../src/readers/rocksdb/rocksdbReader.ts';
import { decodeRocksdbEdit } from '../../../src/readers/rocksdb/versionEdit.ts';
import { readWideColumns } from '../../../src/readers/rocksdb/wideColumns.ts';
import { decodeWriteBatch as decodeRocksdbBatch } from '../../../src/readers/rocksdb/writeBatch.ts';
import { openSst } from '../../../src/readers/sst/openSst.ts';
import { SstCursor } from '../../../src/readers/sst/sstCursor.ts';
import type { StoreReader } from '../../../src/readers/storeReader.ts';
import { RecordingSink } from '../../engine/recordingSink.ts';
import { fileOf, ownFiles } from '../../readers/ownTables.ts';
import { pebbleDirectory } from '../../readers/pebbleDirectory.ts';
import { readerWorld } from '../../readers/readerWorld.ts';
import type { FuzzedParser } from './fuzzedParser.ts';

const world = await readerWorld();

/** Keys that some of the directories have, and one before and one behind all. */
const ASKED: readonly Uint8Array[] = ['', 'a', 'user:00001', 'key00010', '~'].map(encodeUtf8);

type OpenReader = (vfs: MemoryVfs) => StoreReader;

const leveldb: OpenReader = (vfs) => new LeveldbReader('/db', { ...world, vfs });
const rocksdb: OpenReader = (vfs) => new RocksdbReader('/db', { ...world, vfs });
const pebble: OpenReader = (vfs) => new PebbleReader('/db', { ...world, vfs });

/** Directories, and the files in them that are replaced. */
const DIRECTORIES: readonly (readonly [string, OpenReader, RegExp])[] = [
  ['leveldb-snappy', leveldb, /^(CURRENT|LOG|MANIFEST.*|.*\.(log|ldb))$/],
  ['rocksdb-families', rocksdb, /^(LOG|MANIFEST.*|OPTIONS-000035|000036\.sst|.*\.(log|blob))$/],
  ['rocksdb-levels', rocksdb, /^000009\.sst$/],
  ['rocksdb-9-timestamps', rocksdb, /^(000013\.log|000015\.sst|MANIFEST.*)$/],
  ['rocksdb-9-write-unprepared', rocksdb, /^(000004\.log|000009\.sst)$/],
  [
    'pebble-value-separation',
    pebble,
    /^(MANIFEST.*|OPTIONS.*|000011\.sst|000012\.blob|000010\.log)$/,
  ],
  ['pebble-range-keys', pebble, /^(000005\.sst|000004\.log)$/],
  ['pebble-other-comparator', pebble, /\.sst$/],
  ['pebble-columnar-crdb-schema', pebble, /\.sst$/],
  ['pebble-cockroach-minlz', pebble, /\.sst$/],
  ['pebble-excised', pebble, /^(000016\.sst|000021\.sst|000029\.log)$/],
  ['pebble-other-schema', pebble, /^000005\.sst$/],
];

/** Every parser of bytes that other engines wrote. */
export function foreignParsers(): FuzzedParser[] {
  return [...recordParsers(), ...tableParsers(), ...DIRECTORIES.flatMap(directoryParsers)];
}

function recordParsers(): FuzzedParser[] {
  const batch = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 1, 97, 1, 98, 0, 1, 99);
  const edit = Uint8Array.of(1, 2, 97, 98, 2, 3, 3, 9, 4, 200, 1, 6, 1, 5);
  const options = '[Version]\n  rocksdb_version=9.0.0\n[CFOptions "default"]\n  num_levels=7\n';
  const text = new TextDecoder();
  return [
    {
      name: 'LevelDB batch',
      seeds: [batch],
      read: (bytes) => decodeLeveldbBatch(bytes, '000003.log', 0, new ProblemList()),
    },
    {
      name: 'LevelDB edit',
      seeds: [edit],
      read: (bytes) => decodeLeveldbEdit(bytes, 'MANIFEST', 0),
    },
    {
      name: 'RocksDB batch',
      seeds: [batch],
      read: (bytes) => decodeRocksdbBatch(bytes, '000003.log', 0),
    },
    {
      name: 'RocksDB edit',
      seeds: [edit, Uint8Array.of(0x84, 0x40, 5, 2, 10, 1)],
      read: (bytes) => decodeRocksdbEdit(bytes, 'MANIFEST', 0),
    },
    {
      name: 'RocksDB options',
      seeds: [encodeUtf8(options)],
      read: (bytes) => parseOptions(text.decode(bytes), 'OPTIONS-000007'),
    },
    {
      name: 'RocksDB wide columns',
      seeds: [Uint8Array.of(1, 2, 1, 97, 1, 1, 98, 2, 7, 8, 9)],
      read: (bytes) => readWideColumns(bytes, '000003.sst', 0),
    },
    {
      name: 'RocksDB blob index',
      seeds: [Uint8Array.of(1, 5, 70, 9, 0), Uint8Array.of(0, 3, 1, 2)],
      read: (bytes) => readBlobIndex(bytes, '000003.sst', 0),
    },
    {
      name: 'Pebble batch',
      seeds: [batch],
      read: (bytes) => decodePebbleBatch(bytes, '000003.log', 0),
    },
    {
      name: 'CockroachDB key',
      seeds: [Uint8Array.of(97, 0, 0, 0, 0, 0, 0, 0, 0, 1, 9)],
      read: readCockroachKey,
    },
    {
      name: 'keys of IndexedDB',
      seeds: [Uint8Array.of(0, 1, 1, 1, 1, 2, 0, 97, 0, 1, 1, 1, 3, 0, 0, 0, 0, 0, 0, 240, 63)],
      read: compareHalves,
    },
    {
      name: 'Pebble edit',
      seeds: [edit],
      read: (bytes) => decodePebbleEdit(bytes, 'MANIFEST', 0),
    },
  ];
}

/** The order of two keys, each half of the bytes. */
function compareHalves(bytes: Uint8Array): void {
  const left = bytes.subarray(0, bytes.length >> 1);
  const right = bytes.subarray(left.length);
  IDB_COMPARATOR.compare!(left, left.length, right, right.length);
}

/** A table that Pebble's writer makes and no store of it yet, in a store made for it. */
async function readPebbleTable8(bytes: Uint8Array): Promise<void> {
  const bounds = { from: encodeUtf8('kaa'), to: encodeUtf8('kdj@4') };
  const added = [{ number: 5, sequences: [7, 7] as const, ...bounds }];
  const edits = [{ comparator: 'pebble.internal.testkeys', added }];
  readEverything((await pebbleDirectory(edits, { '000005.sst': bytes })).reader);
}

/** Tables of every format of RocksDB; those without checksums let mutations through. */
function tableParsers(): FuzzedParser[] {
  const tables = [...ownFiles].filter(
    ([name]) => name.endsWith('.sst') && !name.startsWith('cuckoo'),
  );
  const unchecked = tables.filter(([name]) => /no-checksum|plain/.test(name));
  return [
    {
      name: 'Pebble table of version 8',
      seeds: [bytesOf('pebble-table-8', '000005.sst')],
      read: readPebbleTable8,
    },
    { name: 'RocksDB tables', seeds: tables.map(([, bytes]) => bytes), read: readTable },
    {
      name: 'RocksDB tables without checksums',
      seeds: unchecked.map(([, bytes]) => bytes),
      read: readTable,
    },
  ];
}

function readTable(bytes: Uint8Array): void {
  const reader = openSst(fileOf('000001.sst', bytes), '000001.sst', rocksdbUncompress(world));
  const cursor = new SstCursor(reader, compareBytewise, new ProblemList());
  for (cursor.first(); cursor.valid; cursor.next()) cursor.value();
  for (cursor.last(); cursor.valid; cursor.prev());
  reader.rangeDeletions();
  for (const key of ASKED) reader.filter?.check(key, 0);
}

function directoryParsers([fixture, open, replaced]: (typeof DIRECTORIES)[number]): FuzzedParser[] {
  const files = readdirSync(path.resolve('test/fixtures', fixture, 'db')).map(
    (name): [string, Uint8Array] => [name, bytesOf(fixture, name)],
  );
  return files
    .filter(([name]) => replaced.test(name))
    .map(([name, seed]): FuzzedParser => {
      const read = (bytes: Uint8Array): void => {
        const others = files.filter(([other]) => other !== name);
        readDirectory(open, [...others, [name, bytes]]);
      };
      return { name: `${fixture}: ${name}`, seeds: [seed], read };
    });
}

function bytesOf(fixture: string, name: string): Uint8Array {
  return new Uint8Array(readFileSync(path.resolve('test/fixtures', fixture, 'db', name)));
}

/** Everything that is shown of a directory. */
function readDirectory(open: OpenReader, files: readonly (readonly [string, Uint8Array])[]): void {
  const vfs = new MemoryVfs();
  vfs.makeDirectory('/db');
  for (const [name, content] of files) {
    const file = vfs.open(vfs.join('/db', name), 'create');
    file.write(content, 0, content.length, 0);
    file.close();
  }
  readEverything(open(vfs));
}

/** Everything that a reader shows; closes it. */
function readEverything(reader: StoreReader): void {
  try {
    for (const { name, levels } of reader.describe().families) {
      const family = reader.family(name)!;
      for (const _ of family.entries({}));
      const telling = { sink: new RecordingSink(), operation: 1 };
      for (const key of ASKED) orRefused(() => family.get(key, telling));
      for (const { file } of levels.flatMap(({ tables }) => tables)) {
        orRefused(() => reader.tableDetails(file));
      }
    }
    for (const _ of reader.history());
    for (const _ of reader.check());
    orRefused(() => reader.rangeKeys());
  } finally {
    reader.close();
  }
}

/** What one question finds damaged must not keep the next from being asked. */
function orRefused(ask: () => unknown): void {
  try {
    ask();
  } catch (thrown) {
    if (!(thrown instanceof LsmError)) throw thrown;
  }
}
