// Directories of a RocksDB that is newer than what is known here: which feature is not understood
// is told, with its file, and all the rest is shown. Each is a small directory with one thing in it
// that no version has yet, under a checksum that fits.

import { describe, expect, test } from 'vitest';
import { compareBytes, decodeHex, encodeUtf8 } from '../../src/base/bytes.ts';
import { ByteWriter, storeUint32 } from '../../src/base/byteWriter.ts';
import { LsmError } from '../../src/base/errors.ts';
import { checksumOf } from '../../src/readers/sst/blockChecksum.ts';
import type { BlockHandle } from '../../src/readers/sst/blockHandle.ts';
import { openSst } from '../../src/readers/sst/openSst.ts';
import type { SstReader } from '../../src/readers/sst/sstReader.ts';
import { rocksdbUncompress } from '../../src/readers/rocksdb/compression.ts';
import { RocksdbReader } from '../../src/readers/rocksdb/rocksdbReader.ts';
import { directory, diskWith, filesOf } from './damagedStore.ts';
import { recordPiece } from './recordPieces.ts';
import { fileOf, ownFiles } from './ownTables.ts';
import { readerWorld } from './readerWorld.ts';

const TABLE = '000036.sst';
const MANIFEST = 'MANIFEST-000033';
const LOG = '000032.log';
const BLOB = '000021.blob';
const FOOTER_BYTES = 53;

const files = filesOf('rocksdb-families');
const world = await readerWorld();

/** What a reader of a directory says, after all of it was read. */
interface Said {
  /** Live entries by family. */
  readonly entries: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
}

async function said(changed: Iterable<readonly [string, Uint8Array]>): Promise<Said> {
  return saidOf(new Map([...files, ...changed]));
}

async function saidOf(content: ReadonlyMap<string, Uint8Array>): Promise<Said> {
  const reader = new RocksdbReader(directory, await readerWorld(diskWith(content)));
  const families = reader.describe().families.map(({ name }) => name);
  const entries = families.map((name) => {
    return [name, [...reader.family(name)!.entries({})].length] as const;
  });
  for (const _ of reader.check());
  const problems = reader.problems().map(({ code, file, message }) => `${code} ${file} ${message}`);
  reader.close();
  return { entries: Object.fromEntries(entries), problems };
}

const { entries: WHOLE } = await said([]);

/** One problem, of a feature that is not known. */
function unknown(file: string, what: string): unknown {
  return [expect.stringMatching(new RegExp(`^NOT_SUPPORTED ${file} .*${what}`)) as string];
}

function openTable(bytes: Uint8Array): SstReader {
  return openSst(fileOf(TABLE, bytes), TABLE, rocksdbUncompress(world));
}

/** A copy of a table with one block changed, under a checksum that fits. */
function withBlock(
  bytes: Uint8Array,
  { offset, sizeBytes }: BlockHandle,
  change: (stored: Uint8Array) => void,
): Uint8Array {
  const changed = bytes.slice();
  const stored = changed.subarray(offset, offset + sizeBytes + 5);
  change(stored);
  const { checksumType } = openTable(bytes).footer;
  storeUint32(stored, sizeBytes + 1, checksumOf(checksumType, stored, sizeBytes + 1));
  return changed;
}

function place(bytes: Uint8Array, text: string): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(text);
}

describe('a table', () => {
  const table = files.get(TABLE)!;

  test('of a later format version', async () => {
    const bytes = table.slice();
    storeUint32(bytes, bytes.length - 12, 9);
    const { entries, problems } = await said([[TABLE, bytes]]);
    expect(problems).toEqual(unknown(TABLE, 'format version 9'));
    expect(entries).toEqual({ ...WHOLE, default: 0 });
  });

  test('with another checksum', async () => {
    const bytes = table.slice();
    bytes[bytes.length - FOOTER_BYTES] = 9;
    const { entries, problems } = await said([[TABLE, bytes]]);
    expect(problems).toEqual(unknown(TABLE, 'checksum type 9'));
    expect(entries).toEqual({ ...WHOLE, default: 0 });
  });

  test('with a block under another compression', async () => {
    const { handle } = openTable(table).index[1]!;
    const bytes = withBlock(table, handle, (stored) => (stored[handle.sizeBytes] = 0x55));
    const { entries, problems } = await said([[TABLE, bytes]]);
    expect(problems).toEqual(unknown(TABLE, `at byte ${handle.offset}: .*custom 85`));
    expect(entries['pictures']).toBe(WHOLE['pictures']);
    expect(entries['default']).toBeGreaterThan(WHOLE['default']! / 2);
  });

  test('with another kind of index', async () => {
    const handle = openTable(table).metaBlocks.get('rocksdb.properties')!;
    const bytes = withBlock(table, handle, (stored) => {
      const name = 'index.type';
      stored[place(stored, name) + name.length] = 9;
    });
    const { entries, problems } = await said([[TABLE, bytes]]);
    expect(problems).toEqual(unknown(TABLE, 'index type 9'));
    expect(entries).toEqual({ ...WHOLE, default: 0 });
  });

  test('with another kind of filter', async () => {
    const name = 'fullfilter.rocksdb.BuiltinBloomFilter';
    const handle = openTable(table).metaBlocks.get(name)!;
    const bytes = withBlock(table, handle, (stored) => (stored[handle.sizeBytes - 5] = 0xfd));
    const { entries, problems } = await said([[TABLE, bytes]]);
    expect(problems).toEqual(unknown(TABLE, 'filter .*every key'));
    expect(entries).toEqual(WHOLE);
  });

  test('with a filter of a policy of somebody’s own', async () => {
    const name = 'fullfilter.rocksdb.BuiltinBloomFilter';
    const { footer, metaBlocks } = openTable(table);
    // What it holds is nobody's to tell: of RocksDB's own kind it would deny every key.
    const emptied = withBlock(table, metaBlocks.get(name)!, (stored) => {
      stored.fill(0, 0, metaBlocks.get(name)!.sizeBytes - 5);
    });
    const bytes = withBlock(emptied, footer.metaindex, (stored) => {
      stored[place(stored, 'Builtin')] = 0x62;
    });
    const reader = new RocksdbReader(
      directory,
      await readerWorld(diskWith(new Map([...files, [TABLE, bytes]]))),
    );
    expect(reader.get(encodeUtf8('user:00000'))).toBeDefined();
    for (const _ of reader.check());
    const problems = reader
      .problems()
      .map(({ code, file, message }) => `${code} ${file} ${message}`);
    expect(problems).toEqual(unknown(TABLE, 'rocksdb.builtinBloomFilter.*every key'));
    reader.close();
  });
});

/** One record of a manifest. */
function edit(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  write(writer);
  return writer.toBytes();
}

/** A log or manifest with further records, which must fit into its last block. */
function withRecords(name: string, ...records: readonly Uint8Array[]): [string, Uint8Array] {
  const pieces = records.map((record) => recordPiece(1, record));
  return [name, Buffer.concat([files.get(name)!, ...pieces])];
}

/** Its identity, by which it is seen that an edit was read. */
const IDENTITY_EDIT = edit((writer) => {
  writer.writeVarint(8193);
  writer.writeText('told by the last edit');
});

describe('a manifest', () => {
  /** The identity is told by the manifest when the file is empty. */
  const nameless: [string, Uint8Array] = ['IDENTITY', new Uint8Array(0)];

  async function identityAfter(record: Uint8Array): Promise<Said & { identity: unknown }> {
    const changed = [withRecords(MANIFEST, record, IDENTITY_EDIT), nameless];
    const content = new Map([...files, ...changed]);
    const reader = new RocksdbReader(directory, await readerWorld(diskWith(content)));
    const { options } = reader.describe().store;
    reader.close();
    return { ...(await saidOf(content)), identity: JSON.stringify(options) };
  }

  test('with a tag that may be passed over', async () => {
    const record = edit((writer) => {
      writer.writeVarint(8192 + 77);
      writer.writeText('whatever');
    });
    const { entries, problems, identity } = await identityAfter(record);
    expect(problems).toEqual([]);
    expect(entries).toEqual(WHOLE);
    expect(identity).toContain('told by the last edit');
  });

  test.each([
    [
      'with a tag that must be known',
      'feature 250',
      (writer: ByteWriter) => writer.writeVarint(250),
    ],
    [
      'with a table that has more to it',
      'a table has the feature 73',
      (writer: ByteWriter) => {
        for (const number of [103, 1, 99, 1000]) writer.writeVarint(number);
        for (const key of ['a', 'b']) {
          writer.writeLengthAndBytes(Uint8Array.of(...encodeUtf8(key), 1, 1, 0, 0, 0, 0, 0, 0));
        }
        for (const number of [1, 1, 73]) writer.writeVarint(number);
        writer.writeText('x');
        writer.writeVarint(1);
      },
    ],
    [
      'with a blob file that has more to it',
      'a blob file has the feature 70',
      (writer: ByteWriter) => {
        for (const number of [400, 99, 5, 1000]) writer.writeVarint(number);
        for (const text of ['', '']) writer.writeText(text);
        writer.writeVarint(70);
        writer.writeText('x');
        writer.writeVarint(0);
      },
    ],
  ])('%s', async (_, what, write) => {
    const { entries, problems, identity } = await identityAfter(edit(write));
    expect(problems).toEqual(unknown(MANIFEST, what));
    expect(entries).toEqual(WHOLE);
    expect(identity).toContain('told by the last edit');
  });
});

/** A batch with one operation. */
function batch(sequence: number, operation: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  writer.writeUint64(sequence);
  writer.writeUint32(1);
  writer.writeBytes(operation);
  return writer.toBytes();
}

function put(sequence: number, key: string): Uint8Array {
  const length = Uint8Array.of(key.length);
  return batch(
    sequence,
    Buffer.concat([Uint8Array.of(1), length, encodeUtf8(key), length, encodeUtf8(key)]),
  );
}

describe('a log', () => {
  const log = files.get(LOG)!;
  const one = { ...WHOLE, default: WHOLE['default']! + 1 };

  test('with a record that may be passed over', async () => {
    const bytes = Buffer.concat([
      log,
      recordPiece(200, put(0, 'x')),
      recordPiece(1, put(683, 'x')),
    ]);
    expect(await said([[LOG, bytes]])).toEqual({ entries: one, problems: [] });
  });

  test('with a record of another type', async () => {
    const pieces = [recordPiece(1, put(683, 'x')), recordPiece(77, put(684, 'y'))];
    const bytes = Buffer.concat([log, ...pieces, recordPiece(1, put(685, 'z'))]);
    const { entries, problems } = await said([[LOG, bytes]]);
    expect(problems).toEqual(unknown(LOG, 'type 77'));
    expect(entries).toEqual(one);
  });

  test('under another compression', async () => {
    const pieces = [recordPiece(1, put(683, 'x')), recordPiece(9, Uint8Array.of(99, 0, 0, 0))];
    const bytes = Buffer.concat([log, ...pieces, recordPiece(1, put(684, 'y'))]);
    const { entries, problems } = await said([[LOG, bytes]]);
    expect(problems).toEqual(unknown(LOG, 'compression 99'));
    expect(entries).toEqual(one);
  });

  test('with another operation', async () => {
    const strange = batch(684, Uint8Array.of(77, 1, 1));
    const { entries, problems } = await said([withRecords(LOG, put(683, 'x'), strange)]);
    expect(problems).toEqual(unknown(LOG, 'operation 77'));
    expect(entries).toEqual(one);
  });
});

test('a blob file of a later version', async () => {
  const bytes = files.get(BLOB)!.slice();
  storeUint32(bytes, 4, 9);
  const { entries, problems } = await said([[BLOB, bytes]]);
  expect(problems).toEqual(unknown(BLOB, 'version 9'));
  expect(entries['default']).toBe(WHOLE['default']);
});

describe('an entry of another kind', () => {
  const NAME = '000009.sst';
  const table = ownFiles.get('ribbon.sst')!;
  const { handle } = openTable(table).index[0]!;
  /** The first entry's key, `user00000`, begins behind three lengths. */
  const KIND_AT = 3 + 9;
  const strange = withBlock(table, handle, (stored) => (stored[KIND_AT] = 0x30));
  const content = new Map([
    ['CURRENT', encodeUtf8('MANIFEST-000005\n')],
    ['IDENTITY', encodeUtf8('a store with one table')],
    [
      'OPTIONS-000007',
      encodeUtf8('[Version]\n[CFOptions "default"]\nmerge_operator=stringappend\n'),
    ],
    ['MANIFEST-000005', recordPiece(1, manifestOfOne(table.length))],
    [NAME, strange],
  ]);

  function manifestOfOne(sizeBytes: number): Uint8Array {
    return edit((writer) => {
      for (const number of [2, 0, 3, 10, 4, 1000, 100, 0, 9, sizeBytes]) writer.writeVarint(number);
      for (const key of ['user00000', 'user00190']) {
        writer.writeLengthAndBytes(Uint8Array.of(...encodeUtf8(key), 1, 0, 0, 0, 0, 0, 0, 0));
      }
      for (const number of [0, 1000]) writer.writeVarint(number);
    });
  }

  test('is told of, and all others are shown', async () => {
    const sound = await saidOf(new Map([...content, [NAME, table]]));
    const { entries, problems } = await saidOf(content);
    expect(sound.problems).toEqual([]);
    expect(problems).toContainEqual(
      expect.stringMatching(`^NOT_SUPPORTED ${NAME} .*at byte 0: .*kind 48`),
    );
    expect(entries['default']).toBeGreaterThanOrEqual(sound.entries['default']! - 1);
  });

  test('is no tombstone to a get', async () => {
    const reader = new RocksdbReader(directory, await readerWorld(diskWith(content)));
    const { index } = openTable(strange);
    expect(compareBytes(index[0]!.key, decodeHex('7573'))).toBeGreaterThan(0);
    expect(() => reader.get(encodeUtf8('user00000'))).toThrow(LsmError);
    reader.close();
  });
});
