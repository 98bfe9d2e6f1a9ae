// Tables that another process merges away while they are read: a read takes in what the manifest
// says by then and goes on where it was. What is missing for good is listed.

import { describe, expect, test } from 'vitest';
import { decodeHex, encodeHex, encodeUtf8 } from '../../src/base/bytes.ts';
import { ByteWriter } from '../../src/base/byteWriter.ts';
import type { MemoryVfs } from '../../src/base/memoryVfs.ts';
import { LeveldbReader } from '../../src/readers/leveldb/leveldbReader.ts';
import { RocksdbReader } from '../../src/readers/rocksdb/rocksdbReader.ts';
import type { StoreReader } from '../../src/readers/storeReader.ts';
import { inspectionOf } from '../../src/session/inspection.ts';
import { directory, diskWith, filesOf } from './damagedStore.ts';
import type { OpenReader } from './damagedStore.ts';
import { ownFiles } from './ownTables.ts';
import { readerWorld } from './readerWorld.ts';
import { recordPiece } from './recordPieces.ts';

const stores: readonly (readonly [string, OpenReader])[] = [
  ['leveldb-snappy', (path, world) => new LeveldbReader(path, world)],
  ['rocksdb-levels', (path, world) => new RocksdbReader(path, world)],
];

/** A number that no file has yet. */
const NEW_NUMBER = 90;

function write(vfs: MemoryVfs, name: string, bytes: Uint8Array): void {
  const path = vfs.join(directory, name);
  const file = vfs.open(path, vfs.stat(path) === undefined ? 'create' : 'write');
  file.write(bytes, 0, bytes.length, file.sizeBytes());
  file.close();
}

interface Table {
  readonly name: string;
  readonly level: number;
  readonly sizeBytes: number;
  readonly smallestKeyHex: string;
  readonly largestKeyHex: string;
}

/** An edit that replaces a table by another of the same range. */
function replacing({ name, level, sizeBytes, ...range }: Table): Uint8Array {
  const writer = new ByteWriter();
  for (const number of [6, level, Number.parseInt(name, 10)]) writer.writeVarint(number);
  for (const number of [7, level, NEW_NUMBER, sizeBytes]) writer.writeVarint(number);
  for (const [hex, sequence] of [
    [range.smallestKeyHex, 255],
    [range.largestKeyHex, 0],
  ] as const) {
    const key = decodeHex(hex);
    writer.writeLengthAndBytes(Uint8Array.of(...key, 1, sequence, 255, 0, 0, 0, 0, 0));
  }
  return recordPiece(1, writer.toBytes());
}

/** A store of which another process can replace tables. */
class BusyStore {
  readonly reader: StoreReader;
  private readonly vfs: MemoryVfs;
  private readonly files: ReadonlyMap<string, Uint8Array>;
  private readonly open: () => Promise<StoreReader>;

  static of(fixture: string, openAt: OpenReader): Promise<BusyStore> {
    return BusyStore.with(filesOf(fixture), openAt);
  }

  static async with(
    files: ReadonlyMap<string, Uint8Array>,
    openAt: OpenReader,
  ): Promise<BusyStore> {
    const vfs = diskWith(files);
    const world = await readerWorld(vfs);
    return new BusyStore(vfs, files, () => openAt(directory, world));
  }

  private constructor(
    vfs: MemoryVfs,
    files: ReadonlyMap<string, Uint8Array>,
    open: () => StoreReader,
  ) {
    this.vfs = vfs;
    this.files = files;
    this.open = () => Promise.resolve(open());
    this.reader = open();
  }

  tables(): readonly Table[] {
    return inspectionOf(this.reader.describe()).files;
  }

  /** A table is merged into a new one: the manifest says so, then it goes. */
  replaceTable(index = 0): void {
    const table = this.tables()[index];
    const extension = table!.name.slice(table!.name.lastIndexOf('.'));
    write(this.vfs, `0000${NEW_NUMBER}${extension}`, this.files.get(table!.name)!);
    const manifest = [...this.files.keys()].find((name) => name.startsWith('MANIFEST-'))!;
    write(this.vfs, manifest, replacing(table!));
    this.loseTable(index);
  }

  loseTable(index = 0): void {
    this.vfs.remove(this.vfs.join(directory, this.tables()[index]!.name));
  }

  /** What a reader sees that comes now. */
  async fresh(): Promise<readonly string[]> {
    const reader = await this.open();
    const lines = linesOf(reader);
    reader.close();
    return lines;
  }
}

function lineOf([key, value]: readonly [Uint8Array, Uint8Array]): string {
  return `${encodeHex(key)} ${encodeHex(value)}`;
}

function linesOf(reader: StoreReader, reverse = false): string[] {
  return Array.from(reader.entries({ reverse }), lineOf);
}

describe.each(stores)('%s', (fixture, open) => {
  test('a get looks again', async () => {
    const store = await BusyStore.of(fixture, open);
    const [first] = await store.fresh();
    store.replaceTable();
    const [key, value] = first!.split(' ');
    expect(encodeHex(store.reader.get(decodeHex(key!))!)).toBe(value);
    expect(store.reader.problems()).toEqual([]);
  });

  test('a scan looks again before its first entry', async () => {
    const store = await BusyStore.of(fixture, open);
    const before = await store.fresh();
    store.replaceTable();
    expect(linesOf(store.reader)).toEqual(before);
    expect(linesOf(store.reader, true)).toEqual([...before].reverse());
    expect(store.reader.problems()).toEqual([]);
  });

  test('its limit and bounds still count', async () => {
    const store = await BusyStore.of(fixture, open);
    const before = await store.fresh();
    store.replaceTable();
    const from = decodeHex(before[10]!.split(' ')[0]!);
    const some = Array.from(store.reader.entries({ from, limit: 20 }), lineOf);
    expect(some).toEqual(before.slice(10, 30));
  });

  test('what it saw is told to whoever follows', async () => {
    const store = await BusyStore.of(fixture, open);
    for (const _ of store.reader.history());
    store.replaceTable();
    linesOf(store.reader);
    const told = [...store.reader.follow()].map(({ body }) => body);
    expect(told).toContainEqual(expect.objectContaining({ kind: 'manifest.edit' }));
    const names = store.tables().map(({ name }) => name);
    expect(names).toContainEqual(expect.stringContaining(`${NEW_NUMBER}.`));
  });

  test('a count passes over what was merged away', async () => {
    const store = await BusyStore.of(fixture, open);
    store.replaceTable();
    for (const _ of store.reader.check());
    expect(store.reader.problems()).toEqual([]);
  });

  test('a table that is missing for good is listed, and the rest is shown', async () => {
    const store = await BusyStore.of(fixture, open);
    const [lost] = store.tables();
    const before = await store.fresh();
    store.loseTable();
    const left = new Set(linesOf(store.reader));
    expect(left.size).toBeGreaterThan(100);
    expect(store.reader.problems()).toEqual([
      expect.objectContaining({ code: 'CORRUPTION', file: lost!.name }),
    ]);
    const [gone] = before.find((line) => !left.has(line))!.split(' ');
    expect(() => store.reader.get(decodeHex(gone!))).toThrow('is missing');
    expect(store.reader.get(encodeUtf8('no such key'))).toBeUndefined();
  });
});

describe.each(stores)('%s, deleted and begun anew under the same names', (fixture, open) => {
  test('is told once, and nothing of the new store is taken for the old one’s', async () => {
    const files = filesOf(fixture);
    const vfs = diskWith(files);
    const reader = open(directory, await readerWorld(vfs));
    for (const _ of reader.history());
    const before = reader.describe();
    const manifest = [...files.keys()].find((name) => name.startsWith('MANIFEST-'))!;
    vfs.remove(vfs.join(directory, manifest));
    write(vfs, manifest, files.get(manifest)!.slice(0, 100));
    const told = [...reader.follow()].map(({ body }) => body);
    expect(told).toEqual([
      expect.objectContaining({ kind: 'error', code: 'NOT_A_STORE', file: manifest }),
    ]);
    expect([...reader.follow()]).toEqual([]);
    expect(reader.problems()).toEqual([expect.objectContaining({ file: manifest })]);
    expect(reader.describe().families).toEqual(before.families);
    reader.close();
  });
});

describe.each(stores)('%s, whose next manifest is gone before it is read', (fixture, open) => {
  test('goes on with the one after that', async () => {
    const files = filesOf(fixture);
    const vfs = diskWith(files);
    const reader = open(directory, await readerWorld(vfs));
    for (const _ of reader.history());
    const { families } = reader.describe();
    const openFile = vfs.open.bind(vfs);
    vfs.open = (path, mode) => {
      if (path.endsWith('MANIFEST-000098') && mode === 'read') vfs.remove(path);
      return openFile(path, mode);
    };
    const manifest = [...files.keys()].find((name) => name.startsWith('MANIFEST-'))!;
    for (const next of ['MANIFEST-000098', 'MANIFEST-000099']) {
      write(vfs, next, files.get(manifest)!);
      vfs.remove(vfs.join(directory, 'CURRENT'));
      write(vfs, 'CURRENT', encodeUtf8(`${next}\n`));
      for (const _ of reader.follow());
    }
    expect(reader.describe().manifest.name).toBe('MANIFEST-000099');
    expect(reader.describe().families).toEqual(families);
    expect(reader.problems()).toEqual([]);
    reader.close();
  });
});

describe('in the middle of a level', () => {
  const FIRST_NAME = '000089.sst';
  const first = ownFiles.get('ribbon.sst')!;
  const MANIFEST = 'MANIFEST-000033';

  /** A level of two tables: what comes before a colon, and the fixture's own. */
  function twoTables(): ReadonlyMap<string, Uint8Array> {
    const files = filesOf('rocksdb-families');
    const edit = new ByteWriter();
    for (const number of [7, 1, 89, first.length]) edit.writeVarint(number);
    for (const key of ['user00000', 'user00190']) {
      edit.writeLengthAndBytes(Uint8Array.of(...encodeUtf8(key), 1, 9, 0, 0, 0, 0, 0, 0));
    }
    const manifest = Buffer.concat([files.get(MANIFEST)!, recordPiece(1, edit.toBytes())]);
    return new Map([...files, [FIRST_NAME, first], [MANIFEST, manifest]]);
  }

  test.each([
    ['forward', false, '000036.sst'],
    ['backward', true, FIRST_NAME],
  ])('a walk %s goes on behind its last entry', async (_, reverse, replaced) => {
    const store = await BusyStore.with(
      twoTables(),
      (path, world) => new RocksdbReader(path, world),
    );
    const before = await store.fresh();
    const names = store.tables().map(({ name }) => name);
    expect(names.toSorted()).toEqual(['000036.sst', FIRST_NAME]);
    const lines: string[] = [];
    for (const entry of store.reader.entries({ reverse })) {
      if (lines.length === 10) store.replaceTable(names.indexOf(replaced));
      lines.push(lineOf(entry));
    }
    expect(lines).toEqual(reverse ? [...before].reverse() : before);
    const missing = store.reader.problems().filter(({ message }) => message.includes('missing'));
    expect(missing).toEqual([]);
  });
});
