// Each checksum of other engines' files is compared: a bit of the checksum itself is turned, which
// nothing else would notice.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { storeUint32 } from '../../src/base/byteWriter.ts';
import { decodeBzip2 } from '../../src/base/compression/bzip2Stream.ts';
import { decodeZstd } from '../../src/base/compression/zstd/zstdDecoder.ts';
import { xxHash64 } from '../../src/base/xxHash64.ts';
import { PebbleBlobFile } from '../../src/readers/pebble/blobFile.ts';
import { readPebbleFooter } from '../../src/readers/pebble/footer.ts';
import { BlobFile } from '../../src/readers/rocksdb/blobFile.ts';
import { rocksdbUncompress } from '../../src/readers/rocksdb/compression.ts';
import { checksumOf } from '../../src/readers/sst/blockChecksum.ts';
import { readFooter } from '../../src/readers/sst/footer.ts';
import { fromBase64 } from '../base/compression/sample.ts';
import { fileOf } from './ownTables.ts';
import { readerWorld } from './readerWorld.ts';

const uncompress = rocksdbUncompress(await readerWorld());

function fixture(store: string, name: string): Uint8Array {
  return new Uint8Array(readFileSync(path.resolve('test/fixtures', store, 'db', name)));
}

/** A Zstandard frame of one raw block, with the checksum of its content. */
function zstdFrame(content: Uint8Array): Uint8Array {
  const sum = Number(xxHash64(content, 0, content.length) & 0xffff_ffffn);
  const isLast = 1;
  return Uint8Array.of(
    ...[0x28, 0xb5, 0x2f, 0xfd, 0x24, content.length],
    ...[(content.length << 3) | isLast, 0, 0],
    ...content,
    ...[0, 8, 16, 24].map((shift) => (sum >>> shift) & 0xff),
  );
}

/** Something that ends as a table of RocksDB's format version 6 does. */
function tableOfVersion6(): Uint8Array {
  const footer = new Uint8Array(53);
  footer[0] = 1;
  footer.set([0x3e, 0, 0x7a, 0], 1);
  footer[13] = 7;
  footer[41] = 6;
  footer.set([0xf7, 0xcf, 0xf4, 0x85, 0xb7, 0x41, 0xe2, 0x88], 45);
  storeUint32(footer, 5, checksumOf('crc32c', footer, footer.length));
  return Uint8Array.of(...new Uint8Array(64), ...footer);
}

const zstd = zstdFrame(Uint8Array.of(1, 2, 3));
const bzip2 = fromBase64('QlpoOTFBWSZTWXdLsBQAAAAAgABAIAAhGEaC7kinChIO6XYCgA==');
const rocksdbTable = tableOfVersion6();
const rocksdbBlobs = fixture('rocksdb-families', '000021.blob');
const pebbleTable = fixture('pebble-value-separation', '000011.sst');
const pebbleBlobs = fixture('pebble-value-separation', '000012.blob');

const readRocksdbBlobs = (bytes: Uint8Array): unknown => [
  ...new BlobFile(fileOf('a', bytes), 'a', uncompress).records(),
];

/** Where a checksum stands, and what reads it. */
const CASES: readonly (readonly [string, Uint8Array, number, (bytes: Uint8Array) => unknown])[] = [
  [
    'the footer of a table of RocksDB',
    rocksdbTable,
    rocksdbTable.length - 53 + 5,
    (bytes) => readFooter(fileOf('a', bytes), 'a'),
  ],
  [
    'the footer of a table of Pebble',
    pebbleTable,
    pebbleTable.length - 16,
    (bytes) => readPebbleFooter(fileOf('a', bytes), 'a'),
  ],
  [
    'the footer of a blob file of Pebble',
    pebbleBlobs,
    pebbleBlobs.length - (pebbleBlobs.at(-1) === 0x80 ? 38 : 70),
    (bytes) => new PebbleBlobFile(fileOf('a', bytes), 'a', uncompress),
  ],
  ['the header of a blob of RocksDB', rocksdbBlobs, 30 + 24, readRocksdbBlobs],
  ['the content of a blob of RocksDB', rocksdbBlobs, 30 + 28, readRocksdbBlobs],
  ['a Zstandard frame', zstd, zstd.length - 4, (bytes) => decodeZstd(bytes, 3)],
  ['a bzip2 stream', bzip2, bzip2.length - 3, (bytes) => decodeBzip2(bytes, 1)],
];

describe('a wrong checksum', () => {
  test.each(CASES)('of %s is told of', (_, bytes, place, read) => {
    expect(() => read(bytes)).not.toThrow();
    expect(() => read(bytes.with(place, bytes[place]! ^ 0x10))).toThrow(/checksum/);
  });

  test('of the footer of a blob file of RocksDB makes it one without', () => {
    const countIn = (bytes: Uint8Array): number | undefined =>
      new BlobFile(fileOf('a', bytes), 'a', uncompress).recordCount;
    const place = rocksdbBlobs.length - 1;
    expect(countIn(rocksdbBlobs)).toBeGreaterThan(0);
    expect(countIn(rocksdbBlobs.with(place, rocksdbBlobs[place]! ^ 1))).toBeUndefined();
  });
});
