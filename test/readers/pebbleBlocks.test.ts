// Forms of Pebble's that no directory of the fixtures has, by the examples of its sources and by
// hand.

import { expect, test } from 'vitest';
import { ByteWriter } from '../../src/base/byteWriter.ts';
import { decodeUtf8, encodeUtf8 } from '../../src/base/bytes.ts';
import { ColumnarBlock } from '../../src/readers/pebble/columnarBlock.ts';
import { prefixColumn } from '../../src/readers/pebble/prefixColumn.ts';
import { readRangeDeletions } from '../../src/readers/pebble/rangeDeletions.ts';
import { ValueBlocks } from '../../src/readers/pebble/valueBlocks.ts';
import { decodePebbleEdit } from '../../src/readers/pebble/versionEdit.ts';
import { BlockFile } from '../../src/readers/sst/blockFile.ts';
import type { Footer } from '../../src/readers/sst/footer.ts';

const TRAILER_BYTES = 5;

/** Columns behind one another, none of them aligned to more than a byte. */
function blockOf(
  customHeader: readonly number[],
  rows: number,
  columns: readonly (readonly number[])[],
): Uint8Array {
  const header = customHeader.length + 7 + 5 * columns.length;
  const writer = new ByteWriter();
  writer.writeBytes(Uint8Array.from(customHeader));
  writer.writeUint8(1);
  writer.writeUint16(columns.length);
  writer.writeUint32(rows);
  let start = header;
  for (const column of columns) {
    writer.writeUint8(0);
    writer.writeUint32(start);
    start += column.length;
  }
  for (const column of columns) writer.writeBytes(Uint8Array.from(column));
  writer.writeUint8(0);
  return writer.toBytes();
}

/** One byte each. */
function numbers(...values: readonly number[]): number[] {
  return [1, ...values];
}

function texts(...values: readonly string[]): number[] {
  const ends = values.map((_, index) => values.slice(0, index + 1).join('').length);
  return [...numbers(0, ...ends), ...encodeUtf8(values.join(''))];
}

/** A file of blocks without checksums, each with its trailer. */
function fileOf(...blocks: readonly Uint8Array[]): BlockFile {
  const content = Buffer.concat(blocks.flatMap((block) => [block, Buffer.alloc(TRAILER_BYTES)]));
  const file = {
    sizeBytes: () => content.length,
    read: (target: Uint8Array, offset: number, length: number, position: number): number => {
      target.set(content.subarray(position, position + length), offset);
      return length;
    },
  };
  const nowhere = { offset: 0, sizeBytes: 0 };
  const footer: Footer = {
    kind: 'block-based',
    formatVersion: 5,
    checksumType: 'none',
    baseContextChecksum: 0,
    metaindex: nowhere,
    index: nowhere,
    handle: nowhere,
    trailerBytes: TRAILER_BYTES,
  };
  return new BlockFile(file, '000001.sst', footer, ({ bytes }) => bytes);
}

test('sorted keys share what they have in common', () => {
  const ends = [2, 7, 7, 8, 10, 11, 15, 18, 18, 18, 21, 23, 25, 29, 29, 30, 36, 36, 36, 36];
  const data = 'aa' + 'abbbc' + 'c' + 'de' + 'e' + 'abbb' + 'dee' + 'eff' + 'ab' + 'be' + 'beef';
  const column = [2, ...numbers(...ends), ...encodeUtf8(`${data}cbcceef`)];
  const keys = prefixColumn(new ColumnarBlock(blockOf([], 15, [column]), 0, 'file', 0), 0);
  const found = Array.from({ length: 15 }, (_, row) => decodeUtf8(keys.at(row)));
  expect(found).toEqual([
    ...['aaabbbc', 'aaabbbcc', 'aaabbbcde', 'aaabbbce'],
    ...['aaabbbdee', 'aaabbbdee', 'aaabbbdee', 'aaabbbeff'],
    ...['aaabbe', 'aaabbeef', 'aaabbeef', 'aaabc'],
    ...['aabcceef', 'aabcceef', 'aabcceef'],
  ]);
});

test('numbers are added to their base, wherever the block puts them', () => {
  // The base ends at byte 26, a multiple of the width.
  const column = [0x82, 10, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 2];
  const block = new ColumnarBlock(blockOf([], 2, [[], column]), 0, 'file', 0);
  const base = 10n + (1n << 56n);
  const found = block.numbers(1);
  expect([found.at(0), found.at(1)]).toEqual([base + 1n, base + 512n]);
  expect(() => block.numbers(7)).toThrow('no column 7');
  expect(() => block.numbers(1, 1000)).toThrow('do not fit');
});

test('deletions of ranges lie between bounds', () => {
  const deletions = blockOf([6, 0, 0, 0], 5, [
    texts('a', 'b', 'd', 'e', 'f', 'g'),
    numbers(0, 1, 3, 4, 4, 5),
    numbers(15, 15, 15, 15, 15),
    [0],
    [0],
  ]);
  const blocks = fileOf(deletions);
  const handle = { offset: 0, sizeBytes: deletions.length };
  const metaBlocks = new Map([['rocksdb.range_del2', handle]]);
  const found = readRangeDeletions(blocks, metaBlocks, true, 7);
  expect(
    found.map(({ from, to, sequence }) => `${decodeUtf8(from)}-${decodeUtf8(to)} #${sequence}`),
  ).toEqual(['a-b #7', 'b-d #7', 'b-d #7', 'd-e #7', 'f-g #7']);
});

test('values are fetched from where they lie', () => {
  const values = encodeUtf8('hello world');
  const list = Uint8Array.from([0, 0, values.length]);
  const blocks = fileOf(values, list);
  const index = Uint8Array.from([values.length + TRAILER_BYTES, list.length, 1, 1, 1]);
  const places: unknown[] = [];
  const reader = new ValueBlocks(blocks, index, (place) => {
    places.push(place);
    return encodeUtf8('from a blob');
  });
  const fetch = (...stored: readonly number[]): string =>
    decodeUtf8(reader.fetch(Uint8Array.from(stored), { offset: 0 }));
  expect(fetch(0x20, ...encodeUtf8('here'))).toBe('here');
  expect(fetch(0x80, 5, 0, 6)).toBe('world');
  expect(fetch(0x40, 3, 11, 4, 5)).toBe('from a blob');
  expect(places).toEqual([{ reference: 3, block: 4, value: 5 }]);
  expect(() => fetch(0x80, 5, 0, 7)).toThrow('does not fit');
  expect(() => fetch(0x80, 5, 1, 0)).toThrow('no value block 1');
  expect(() => fetch(0xc0)).toThrow('nowhere');
  expect(() => fetch()).toThrow('the place of a value');
});

test('tables may share a file and refer to blob files', () => {
  const key = (text: string): number[] => [text.length + 8, ...encodeUtf8(text), ...trailer];
  const trailer = [1, 9, 0, 0, 0, 0, 0, 0];
  const table = [103, 6, 12, 100, ...key('a'), ...key('m'), 9, 9];
  const fields = [66, 5, 67, 2, 120, 121, 70, 1, 2, 7, 30, 40, 8, 31, 41, 1];
  const blobs = [107, 7, 15, 99, 50, 1];
  const {
    edit,
    fields: known,
    blobFiles,
  } = decodePebbleEdit(Uint8Array.from([...table, ...fields, ...blobs]), 'MANIFEST-000001', 0);
  expect(edit.added).toMatchObject([{ level: 6, table: { number: 12, sizeBytes: 100 } }]);
  expect(edit.notUnderstood).toEqual([]);
  expect(known.get(12)).toMatchObject({
    ...{ backing: 5, prefix: encodeUtf8('xy'), blobReferences: [7, 8], hasRangeKeys: false },
  });
  expect([...blobFiles]).toEqual([[7, 15]]);
  const newer = decodePebbleEdit(Uint8Array.from([...blobs, 99]), 'MANIFEST-000001', 0);
  expect(newer.edit.notUnderstood).toMatchObject([{ code: 'NOT_SUPPORTED' }]);
});
