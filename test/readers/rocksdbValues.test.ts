// Values that RocksDB's tables hold in other forms: in blob files, as columns, with a time to live.

import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compareBytes, copyOfRange, encodeUtf8 } from '../../src/base/bytes.ts';
import { ByteWriter } from '../../src/base/byteWriter.ts';
import { ForeignDirectory } from '../../src/readers/foreignDirectory.ts';
import { compareBytewise } from '../../src/readers/keyOrder.ts';
import { ProblemList } from '../../src/readers/problems.ts';
import { ReleasableFile } from '../../src/readers/releasableFile.ts';
import { BlobFile } from '../../src/readers/rocksdb/blobFile.ts';
import { BlobFiles } from '../../src/readers/rocksdb/blobFiles.ts';
import { readBlobIndex } from '../../src/readers/rocksdb/blobIndex.ts';
import { rocksdbUncompress } from '../../src/readers/rocksdb/compression.ts';
import {
  CODE_BLOB_INDEX,
  CODE_VALUE,
  CODE_VALUE_PREFERRED_SEQUENCE,
  CODE_WIDE_COLUMN_ENTITY,
} from '../../src/readers/rocksdb/entryCodes.ts';
import { valueOf } from '../../src/readers/rocksdb/storedValue.ts';
import { readWideColumns } from '../../src/readers/rocksdb/wideColumns.ts';
import { openSst } from '../../src/readers/sst/openSst.ts';
import { SstCursor } from '../../src/readers/sst/sstCursor.ts';
import { readerWorld } from './readerWorld.ts';
import { databaseOf, hasSharedFixtures } from './sharedFixtures.ts';

const world = await readerWorld();
const uncompress = rocksdbUncompress(world);

/** Entries of one kind in all tables of a case. */
function* entriesOf(name: string, code: number): Generator<[Uint8Array, Uint8Array, string]> {
  const directory = new ForeignDirectory(world.vfs, databaseOf(name));
  for (const file of readdirSync(databaseOf(name)).filter((each) => each.endsWith('.sst'))) {
    const reader = openSst(new ReleasableFile(directory, file), file, uncompress);
    const cursor = new SstCursor(reader, compareBytewise, new ProblemList());
    for (cursor.first(); cursor.valid; cursor.next()) {
      if (cursor.code !== code) continue;
      yield [copyOfRange(cursor.key, 0, cursor.keyLength), cursor.value().slice(), file];
    }
    reader.release();
  }
}

describe.skipIf(!hasSharedFixtures)('the shared set (skipped where ../shared is missing)', () => {
  test.each(['rocksdb-blobdb', 'rocksdb-new-11.8-fv7'])('%s: every reference is met', (name) => {
    const blobs = new BlobFiles(new ForeignDirectory(world.vfs, databaseOf(name)), uncompress);
    let count = 0;
    for (const [key, value, file] of entriesOf(name, CODE_BLOB_INDEX)) {
      const found = valueOf({ key, code: CODE_BLOB_INDEX, value, file, offset: 0 }, blobs);
      expect(found!.length).toBeGreaterThanOrEqual(200);
      count++;
    }
    expect(count).toBeGreaterThan(50);
    blobs.close();
  });

  test('a blob file is read record by record', () => {
    const directory = new ForeignDirectory(world.vfs, databaseOf('rocksdb-blobdb'));
    const file = new ReleasableFile(directory, '000014.blob');
    const blobs = new BlobFile(file, '000014.blob', uncompress);
    expect([...blobs.records()].length).toBe(70);
    expect(blobs.recordCount).toBe(70);
    file.release();
  });

  test('entities are columns in order', () => {
    let count = 0;
    for (const [, value, file] of entriesOf('rocksdb-wide-columns', CODE_WIDE_COLUMN_ENTITY)) {
      const names = readWideColumns(value, file, 0).map((column) => column.name);
      expect(names.length).toBeGreaterThan(0);
      expect(names).toEqual([...names].sort(compareBytes));
      count++;
    }
    expect(count).toBeGreaterThan(50);
  });
});

const noBlobs = new BlobFiles(new ForeignDirectory(world.vfs, '/nowhere'), uncompress);

function plainValue(code: number, value: Uint8Array): Uint8Array | undefined {
  return valueOf({ key: encodeUtf8('key'), code, value, file: '000001.sst', offset: 0 }, noBlobs);
}

test('an inlined value with a time to live', () => {
  const writer = new ByteWriter();
  writer.writeUint8(0);
  writer.writeVarint(1_800_000_000);
  writer.writeBytes(encodeUtf8('value'));
  expect(readBlobIndex(writer.toBytes(), 'f', 0)).toEqual({
    kind: 'inlined',
    expirationSeconds: 1_800_000_000,
    value: encodeUtf8('value'),
  });
  expect(plainValue(CODE_BLOB_INDEX, writer.toBytes())).toEqual(encodeUtf8('value'));
});

test('a value with a preferred sequence number', () => {
  const value = encodeUtf8('value12345678');
  expect(plainValue(CODE_VALUE_PREFERRED_SEQUENCE, value)).toEqual(encodeUtf8('value'));
});

test('an entity of version 2, and its column without a name', () => {
  const writer = new ByteWriter();
  for (const number of [2, 2, 2, 2, 1]) writer.writeVarint(number);
  writer.writeBytes(Uint8Array.of(CODE_VALUE, CODE_BLOB_INDEX, 0, 1, 3, 2));
  writer.writeBytes(encodeUtf8('nabcde'));
  expect(readWideColumns(writer.toBytes(), 'f', 0)).toEqual([
    { name: new Uint8Array(0), value: encodeUtf8('abc'), isBlobIndex: false },
    { name: encodeUtf8('n'), value: encodeUtf8('de'), isBlobIndex: true },
  ]);
  expect(plainValue(CODE_WIDE_COLUMN_ENTITY, writer.toBytes())).toEqual(encodeUtf8('abc'));
});

test('tombstones and operands have no value', () => {
  expect([0, 2, 7, 0x14].map((code) => plainValue(code, encodeUtf8('x')))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test.each([
  ['a blob index of no known type', CODE_BLOB_INDEX, Uint8Array.of(9)],
  ['a blob index that ends', CODE_BLOB_INDEX, Uint8Array.of(1, 5)],
  ['a blob file that is missing', CODE_BLOB_INDEX, Uint8Array.of(1, 5, 70, 9, 0)],
  ['an entity of many columns', CODE_WIDE_COLUMN_ENTITY, Uint8Array.of(1, 0xff, 0xff, 3)],
  ['an entity with more behind it', CODE_WIDE_COLUMN_ENTITY, Uint8Array.of(1, 1, 0, 1, 7, 7)],
])('%s is damage', (_, code, value) => {
  expect(() => plainValue(code, value)).toThrow(expect.objectContaining({ code: 'CORRUPTION' }));
});
