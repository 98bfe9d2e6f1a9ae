import { expect, test } from 'vitest';
import { ForeignDirectory } from '../../src/readers/foreignDirectory.ts';
import { recogniseEngine } from '../../src/readers/recogniseEngine.ts';
import { directory, diskWith, filesOf } from './damagedStore.ts';

type Files = ReadonlyMap<string, Uint8Array>;

function engineOf(files: Files): string | undefined {
  return recogniseEngine(new ForeignDirectory(diskWith(files), directory));
}

/** The files without those of these names. */
function without(files: Files, lost: RegExp): Files {
  return new Map([...files].filter(([name]) => !lost.test(name)));
}

test.each([
  ['leveldb', 'leveldb-snappy'],
  ['leveldb', 'leveldb-uncompressed'],
  ['rocksdb', 'rocksdb-levels'],
  ['rocksdb', 'rocksdb-families'],
  ['pebble', 'pebble-stage-4'],
])('of %s, by its names: %s', (engine, fixture) => {
  expect(engineOf(filesOf(fixture))).toBe(engine);
});

test.each(['rocksdb-levels', 'rocksdb-families'])(
  'without OPTIONS and IDENTITY it is still RocksDB’s, by its manifest: %s',
  (fixture) => {
    const bare = without(filesOf(fixture), /^(OPTIONS|IDENTITY)/);
    expect(engineOf(without(bare, /\.sst$/))).toBe('rocksdb');
  },
);

test('without OPTIONS and IDENTITY, its manifest cut, it is RocksDB’s by its tables', () => {
  const files = new Map(without(filesOf('rocksdb-levels'), /^(OPTIONS|IDENTITY)/));
  const manifest = [...files.keys()].find((name) => name.startsWith('MANIFEST-'))!;
  files.set(manifest, new Uint8Array(0));
  expect(engineOf(files)).toBe('rocksdb');
  expect(engineOf(without(files, /\.sst$/))).toBe('leveldb');
});

test('LevelDB’s manifest stays LevelDB’s, cut anywhere', () => {
  const files = new Map(filesOf('leveldb-snappy'));
  const manifest = [...files.keys()].find((name) => name.startsWith('MANIFEST-'))!;
  const bytes = files.get(manifest)!;
  for (let length = 0; length <= bytes.length; length += 7) {
    files.set(manifest, bytes.slice(0, length));
    expect(engineOf(files)).toBe('leveldb');
  }
});

test('other files are of no engine that is known', () => {
  expect(engineOf(new Map([['a.txt', new Uint8Array(3)]]))).toBeUndefined();
  expect(engineOf(new Map([['MANIFEST-000001', new Uint8Array(3)]]))).toBeUndefined();
});
