// The small set of RocksDB's tables that a clone has: every entry of each is what `sst_dump` found,
// filters deny none, and damage anywhere ends in what is still readable and in typed errors.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { copyOfRange, decodeHex, encodeUtf8, equalBytes } from '../../src/base/bytes.ts';
import { LsmError } from '../../src/base/errors.ts';
import { compareBytewise } from '../../src/readers/keyOrder.ts';
import { ProblemList } from '../../src/readers/problems.ts';
import { BlobFiles } from '../../src/readers/rocksdb/blobFiles.ts';
import { rocksdbUncompress } from '../../src/readers/rocksdb/compression.ts';
import { CODE_BLOB_INDEX } from '../../src/readers/rocksdb/entryCodes.ts';
import { valueOf } from '../../src/readers/rocksdb/storedValue.ts';
import { openSst } from '../../src/readers/sst/openSst.ts';
import { SstCursor } from '../../src/readers/sst/sstCursor.ts';
import { lookUp } from '../../src/readers/sst/sstLookup.ts';
import type { SstReader } from '../../src/readers/sst/sstReader.ts';
import {
  digestOfLines,
  directoryWith,
  entryLine,
  fileOf,
  ownFiles,
  ownTables,
} from './ownTables.ts';
import { readerWorld } from './readerWorld.ts';

const uncompress = rocksdbUncompress(await readerWorld());

function open(name: string, bytes: Uint8Array = ownFiles.get(name)!): SstReader {
  return openSst(fileOf(name, bytes), name, uncompress);
}

function linesOf(reader: SstReader, problems: ProblemList): string[] {
  const lines: string[] = [];
  const cursor = new SstCursor(reader, compareBytewise, problems);
  for (cursor.first(); cursor.valid; cursor.next()) lines.push(entryLine(cursor));
  return lines;
}

const truths = new Map(
  ownTables.map(({ name }) => [name, linesOf(open(name), new ProblemList())] as const),
);

describe.each(ownTables)('$name', ({ name, entries, sha256 }) => {
  test('holds what sst_dump found', () => {
    const problems = new ProblemList();
    const lines = linesOf(open(name), problems);
    expect(lines.length).toBe(entries);
    expect(digestOfLines(lines)).toBe(sha256);
    expect(problems.list()).toEqual([]);
  });

  test('is walked backward as forward', () => {
    const cursor = new SstCursor(open(name), compareBytewise, new ProblemList());
    const lines: string[] = [];
    for (cursor.last(); cursor.valid; cursor.prev()) lines.push(entryLine(cursor));
    expect(lines.reverse()).toEqual(truths.get(name));
  });

  test('finds every key, and none that is not there', () => {
    const reader = open(name);
    const lost: string[] = [];
    let before = '';
    for (const line of truths.get(name)!) {
      const [hex, sequence, code, value] = line.split(' ') as [string, string, string, string];
      if (hex === before) continue;
      before = hex;
      const { found } = lookUp(reader, decodeHex(hex), compareBytewise, undefined);
      const isSame =
        found?.sequence === Number(sequence) &&
        found.code === Number(code) &&
        equalBytes(found.value, decodeHex(value));
      if (!isSame) lost.push(line);
    }
    expect(lost).toEqual([]);
    for (const absent of ['', 'user', 'user00000x', 'user00181', 'zebra']) {
      const { found } = lookUp(reader, encodeUtf8(absent), compareBytewise, undefined);
      expect(found === undefined).toBe(!truths.get(name)!.some((line) => isOf(line, absent)));
    }
  });

  test('its properties count what is there', () => {
    const { properties } = open(name);
    const kinds = truths.get(name)!.map((line) => Number(line.split(' ')[2]));
    const ranges = properties!.rangeDeletions;
    expect(properties!.entries).toBe(entries + ranges);
    expect(properties!.mergeOperands).toBe(kinds.filter((kind) => kind === 2).length);
    const tombstones = kinds.filter((kind) => kind === 0 || kind === 7).length;
    expect(properties!.deletions).toBe(tombstones + ranges);
  });
});

function isOf(line: string, key: string): boolean {
  return line.startsWith(`${Buffer.from(key).toString('hex')} `);
}

test('range deletes stand in a block of their own', () => {
  const deletions = open('format-5-xxh3.sst').rangeDeletions();
  const texts = deletions.map(({ from, to }) =>
    [from, to].map((key) => Buffer.from(key).toString()),
  );
  expect(texts).toEqual([['user00100', 'user00110']]);
  expect(open('without-ranges.sst').rangeDeletions()).toEqual([]);
});

test('a cuckoo table is named and described', () => {
  expect(() => open('cuckoo.sst')).toThrow(
    expect.objectContaining({
      code: 'NOT_SUPPORTED',
      message: expect.stringContaining('a cuckoo table') as string,
    }),
  );
  expect(() => open('cuckoo.sst')).toThrow('its 180 entries');
});

test('filters of each kind deny no key, and most others', () => {
  const kinds = new Map<string, number>();
  for (const name of ['format-4-old-bloom', 'bloom-partitioned', 'ribbon', 'prefix-hash']) {
    const reader = open(`${name}.sst`);
    for (const line of truths.get(`${name}.sst`)!) {
      const key = decodeHex(line.split(' ')[0]!);
      const { mayContain, kind, probesMax } = reader.filter!.check(key, 0);
      expect(mayContain).toBe(true);
      kinds.set(`${name} ${kind}`, probesMax);
    }
    const denied = Array.from({ length: 100 }, (_, index) =>
      encodeUtf8(`no${index * 7919} such key`),
    );
    const through = denied.filter((key) => reader.filter!.check(key, 0).mayContain);
    expect(through.length).toBeLessThan(10);
  }
  expect([...kinds.keys()]).toEqual([
    'format-4-old-bloom bloom',
    'bloom-partitioned bloom',
    'ribbon ribbon',
    'prefix-hash bloom',
  ]);
});

test('values in blob files are met', () => {
  const blobs = new BlobFiles(directoryWith(ownFiles), uncompress);
  const cursor = new SstCursor(open('blobs.sst'), compareBytewise, new ProblemList());
  let count = 0;
  for (cursor.first(); cursor.valid; cursor.next()) {
    const { code } = cursor;
    if (code !== CODE_BLOB_INDEX) continue;
    const key = copyOfRange(cursor.key, 0, cursor.keyLength);
    const value = valueOf({ key, code, value: cursor.value(), file: 'f', offset: 0 }, blobs);
    const [, id] = /^\{"id":(\d+),/.exec(Buffer.from(value!).toString())!;
    expect(`user${id!.padStart(5, '0')}`).toBe(Buffer.from(key).toString());
    count++;
  }
  expect(count).toBeGreaterThan(50);
  blobs.close();
});

/** What is read of changed bytes: a known entry or a typed problem, whatever was changed. */
function verdictOn(name: string, bytes: Uint8Array): string {
  const known = new Set(truths.get(name));
  const problems = new ProblemList();
  try {
    const reader = open(name, bytes);
    const lines = linesOf(reader, problems);
    const isChecked = reader.footer.kind !== 'plain' && reader.footer.checksumType !== 'none';
    if (isChecked && lines.some((line) => !known.has(line))) return 'an entry that never was';
    if (isChecked && lines.length < known.size && problems.list().length === 0)
      return 'lost silently';
    for (const key of ['user00000', 'user00105', 'zebra']) askEverything(reader, encodeUtf8(key));
    return 'as it should be';
  } catch (thrown) {
    return thrown instanceof LsmError ? 'as it should be' : String(thrown);
  }
}

function askEverything(reader: SstReader, key: Uint8Array): void {
  lookUp(reader, key, compareBytewise, undefined);
  reader.rangeDeletions();
  reader.filter?.check(key, 0);
}

describe('damage', () => {
  const names = ownTables.map(({ name }) => name);
  const place = fc.tuple(fc.constantFrom(...names), fc.double({ min: 0, max: 1, noNaN: true }));

  test('a flipped byte is told of, or harmless', () => {
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), ([name, share], mask) => {
        const bytes = ownFiles.get(name)!.slice();
        bytes[Math.floor(share * (bytes.length - 1))]! ^= mask;
        expect(verdictOn(name, bytes)).toBe('as it should be');
      }),
      { numRuns: 250 },
    );
  });

  test('so are flipped bytes of what tells where all else is', () => {
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), ([name, share], mask) => {
        const bytes = ownFiles.get(name)!.slice();
        bytes[bytes.length - 1 - Math.floor(share * 1500)]! ^= mask;
        expect(verdictOn(name, bytes)).toBe('as it should be');
      }),
      { numRuns: 250 },
    );
  });

  test('any length is read as far as it goes, or refused', () => {
    fc.assert(
      fc.property(place, ([name, share]) => {
        const bytes = ownFiles.get(name)!;
        expect(verdictOn(name, bytes.slice(0, Math.floor(share * bytes.length)))).toBe(
          'as it should be',
        );
      }),
      { numRuns: 100 },
    );
  });

  test('what is behind a checksum that fits may still be nonsense', () => {
    // Without checksums every flipped byte reaches the code that takes blocks apart.
    const name = 'format-5-no-checksum.sst';
    const good = ownFiles.get(name)!;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: good.length - 54 }), fc.nat({ max: 255 })), {
          minLength: 1,
          maxLength: 8,
        }),
        (changes) => {
          const bytes = good.slice();
          for (const [position, byte] of changes) bytes[position] = byte;
          const before = process.memoryUsage().arrayBuffers;
          expect(verdictOn(name, bytes)).toBe('as it should be');
          expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(600 << 20);
        },
      ),
      { numRuns: 250 },
    );
  });

  test('blob files too', () => {
    const [name, good] = [...ownFiles].find(([each]) => each.endsWith('.blob'))!;
    const reference = {
      kind: 'blob',
      file: 10,
      compression: 4,
      expirationSeconds: undefined,
    } as const;
    fc.assert(
      fc.property(
        fc.nat({ max: good.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, mask) => {
          const bytes = good.slice();
          bytes[at]! ^= mask;
          const blobs = new BlobFiles(directoryWith([[name, bytes]]), uncompress);
          const read = (): string => {
            try {
              for (const { key, stored, offset } of blobs.blobFile(10).records()) {
                const valueAt = offset + 32 + key.length;
                const place = { ...reference, offset: valueAt, sizeBytes: stored.length };
                blobs.value(place, key.slice());
              }
              return 'as it should be';
            } catch (thrown) {
              return thrown instanceof LsmError ? 'as it should be' : String(thrown);
            }
          };
          expect(read()).toBe('as it should be');
        },
      ),
      { numRuns: 60 },
    );
  });
});
