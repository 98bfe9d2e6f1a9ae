// RocksDB's filters, bit by bit: none denies a key of its table, and of absent ones they let
// through about as many as they should. Hashes agree with RocksDB's own code.

import { describe, expect, test } from 'vitest';
import { copyOfRange, encodeUtf8 } from '../../src/base/bytes.ts';
import { ForeignDirectory } from '../../src/readers/foreignDirectory.ts';
import { compareBytewise } from '../../src/readers/keyOrder.ts';
import { ProblemList } from '../../src/readers/problems.ts';
import { ReleasableFile } from '../../src/readers/releasableFile.ts';
import { rocksdbUncompress } from '../../src/readers/rocksdb/compression.ts';
import { filterHash64, signedHash32 } from '../../src/readers/sst/filters/filterHash.ts';
import { probeFullFilter } from '../../src/readers/sst/filters/fullFilter.ts';
import { prefixExtractorNamed } from '../../src/readers/sst/filters/prefixExtractor.ts';
import type { FilterVerdict } from '../../src/readers/sst/filters/tableFilter.ts';
import { openSst } from '../../src/readers/sst/openSst.ts';
import { SstCursor } from '../../src/readers/sst/sstCursor.ts';
import type { SstReader } from '../../src/readers/sst/sstReader.ts';
import { readerWorld } from './readerWorld.ts';
import { databaseOf, expectedOf, hasSharedFixtures } from './sharedFixtures.ts';

const world = await readerWorld();
const uncompress = rocksdbUncompress(world);

/** Length, XXPH3_64bits, Hash with the seed of Bloom filters: by RocksDB's xxph3.h and hash.cc. */
const HASHES: readonly (readonly [number, bigint, number])[] = [
  [0, 0x5342c3010fe1dd04n, 0xbc9f1d34],
  [1, 0x7198d737cfe7f386n, 0xe40b1e01],
  [2, 0xd72abb4c43ee9096n, 0xaacff4fc],
  [3, 0x417a3da5a9225f3an, 0x19dd52ee],
  [4, 0xaf63f0110289dab7n, 0x47489ca0],
  [6, 0xa6057308b268bb6an, 0xd4ef915c],
  [8, 0x7599513583ec28d8n, 0xe6062317],
  [9, 0x7e830a1f6af71e9dn, 0x311f5eb6],
  [12, 0x892c61e10f161948n, 0xd686a4c5],
  [16, 0xef62430366e4cf79n, 0x02ea16f5],
  [17, 0xf689dda463114a8fn, 0x3cad2f36],
  [33, 0xbfbcd54438d702e4n, 0xd7b38af7],
  [65, 0xcc709f6a42339bfen, 0x807b1e3f],
  [97, 0xacc9444758eb0082n, 0xf317c0d6],
  [128, 0x5f1a7e680f3cf4a5n, 0x3d4e0b94],
  [129, 0xb03dc33925efecdcn, 0xaa9193dc],
  [160, 0x39debc162df27d43n, 0x6296fba7],
  [240, 0x1462f77ff1aa9fe6n, 0xab409c58],
  [241, 0xfad0b4f9fc19ff17n, 0xf45a3824],
  [256, 0xa2025637d960cb83n, 0x7414bbe7],
  [300, 0x7ec3a659ccdf7deen, 0x40735d12],
  [1000, 0x6518770ddf69097bn, 0xfb96a1eb],
  [1024, 0x84d8175f882064a5n, 0x91dfdb10],
  [1025, 0x5f18f0fb3ff4bfdbn, 0x9d9ff143],
  [2048, 0x50cb62eca56995d6n, 0xe83167d6],
  [2049, 0x1590877a14ee533en, 0x83bae88a],
];

const bytes = new Uint8Array(2049);
for (let index = 0, generator = 2654435761n; index < bytes.length; index++) {
  bytes[index] = Number(generator >> 56n);
  generator = (generator * 0x9e3779b185ebca87n) & 0xffff_ffff_ffff_ffffn;
}

test.each(HASHES)('hashes of %d bytes', (length, hash64, hash32) => {
  const key = bytes.subarray(0, length);
  expect(filterHash64(key)).toBe(hash64);
  expect(signedHash32(key, 0xbc9f1d34)).toBe(hash32);
});

interface Asked {
  readonly denied: number;
  readonly absent: number;
  readonly letThrough: number;
  readonly kinds: readonly string[];
}

function ask(reader: SstReader): Asked {
  const cursor = new SstCursor(reader, compareBytewise, new ProblemList());
  const kinds = new Set<string>();
  const check = (key: Uint8Array): FilterVerdict => reader.filter!.check(key, 0);
  let denied = 0;
  for (cursor.first(); cursor.valid; cursor.next()) {
    const { mayContain, kind } = check(copyOfRange(cursor.key, 0, cursor.keyLength));
    kinds.add(kind);
    if (!mayContain) denied++;
  }
  const absent = 1000;
  let letThrough = 0;
  for (let index = 0; index < absent; index++) {
    if (check(encodeUtf8(`no key like ${index * 7919}`)).mayContain) letThrough++;
  }
  return { denied, absent, letThrough, kinds: [...kinds] };
}

describe.skipIf(!hasSharedFixtures)('the shared set (skipped where ../shared is missing)', () => {
  test.each([
    ['rocksdb-bloom-full', 'bloom'],
    ['rocksdb-bloom-partitioned', 'bloom'],
    ['rocksdb-ribbon', 'ribbon'],
    ['rocksdb-prefix-hash-index', 'bloom'],
    ['rocksdb-many-levels', 'bloom'],
    ['rocksdb-new-10.5-fv6', 'bloom'],
    ['rocksdb-new-9.7-zstd-ribbon', 'bloom'],
  ])('%s has a %s filter', (name, kind) => {
    const directory = new ForeignDirectory(world.vfs, databaseOf(name));
    const met = new Set<string>();
    for (const { name: file } of expectedOf(name).files) {
      const reader = openSst(new ReleasableFile(directory, file), file, uncompress);
      const { denied, absent, letThrough, kinds } = ask(reader);
      for (const each of kinds) met.add(each);
      expect([file, denied]).toEqual([file, 0]);
      expect(letThrough / absent).toBeLessThan(0.04);
      reader.release();
    }
    expect([...met]).toContain(kind);
  });
});

describe('filters by hand', () => {
  const key = encodeUtf8('key');
  const answer = (...filter: number[]): boolean | number => {
    const { mayContain, probesMax } = probeFullFilter(Uint8Array.from(filter), key);
    return probesMax === 0 ? mayContain : probesMax;
  };
  const line = Array.from({ length: 64 }, () => 255);

  test('one without keys lets nothing through', () => {
    expect(answer()).toBe(false);
    expect(answer(6, 0, 0, 0, 0)).toBe(false);
  });

  test('kinds that are kept for the future, and broken ones, let everything through', () => {
    expect(answer(...line, 0, 0, 0, 0, 0)).toBe(true);
    expect(answer(...line, 0xfd, 0, 0, 0, 0)).toBe(true);
    expect(answer(...line, 0xff, 1, 6, 0, 0)).toBe(true);
    expect(answer(...line, 0xff, 0, 6 | 32, 0, 0)).toBe(true);
    expect(answer(...line, 0xff, 0, 0, 0, 0)).toBe(true);
    expect(answer(...line, 0xfe, 0, 1, 0, 0)).toBe(true);
    expect(answer(...line, 6, 0, 0, 0, 0)).toBe(true);
    expect(answer(...line, 6, 3, 0, 0, 0)).toBe(true);
    expect(answer(...line, 6, 255, 255, 255, 255)).toBe(true);
  });

  test('lines of another size than ours are asked too', () => {
    expect(answer(...line, ...line, 7, 1, 0, 0, 0)).toBe(7);
    expect(answer(...line, 0xff, 0, 6, 0, 0)).toBe(6);
  });

  test('a ribbon of more blocks than bytes ends in an answer', () => {
    expect(answer(...line, 0xfe, 3, 255, 255, 255)).toBeTypeOf('boolean');
  });
});

test('prefix extractors by name', () => {
  const prefixOf = (name: string, key: string): string | undefined => {
    const prefix = prefixExtractorNamed(name)?.(encodeUtf8(key));
    return prefix === undefined ? undefined : Buffer.from(prefix).toString();
  };
  expect(prefixOf('rocksdb.FixedPrefix.3', 'abcdef')).toBe('abc');
  expect(prefixOf('rocksdb.FixedPrefix.3', 'ab')).toBeUndefined();
  expect(prefixOf('rocksdb.CappedPrefix.3', 'ab')).toBe('ab');
  expect(prefixOf('capped:3', 'abcd')).toBe('abc');
  expect(prefixOf('rocksdb.Noop', 'abcd')).toBe('abcd');
  expect(prefixExtractorNamed('nullptr')).toBeUndefined();
  expect(prefixExtractorNamed('somebody.else')).toBeUndefined();
});
