// Pebble's directories of many shapes, written by its own code with random operations, and held
// against what it answered itself before it closed them: entries, gets, range keys, what these
// hide, tables and sublevels.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeHex, decodeUtf8, encodeHex, encodeUtf8 } from '../../src/base/bytes.ts';
import { PebbleReader } from '../../src/readers/pebble/pebbleReader.ts';
import { inspectionOf } from '../../src/session/inspection.ts';
import type { InspectedFile } from '../../src/session/catalogue.ts';
import { RecordingSink } from '../engine/recordingSink.ts';
import { answerOf, expectHistoryToEndHere, fingerprint } from './fixtureChecks.ts';
import { pebbleDirectory } from './pebbleDirectory.ts';
import { copiesOf, readerWorld } from './readerWorld.ts';
import { digestOf, sha256 } from './sharedFixtures.ts';
import type { Expected } from './sharedFixtures.ts';

interface Truth extends Pick<
  Expected,
  'comparator' | 'entriesLive' | 'entriesSha256' | 'sampleGets'
> {
  readonly files: readonly (Omit<InspectedFile, 'name' | 'table' | 'entries' | 'deletions'> & {
    readonly table: number;
    /** The number of the file it lies in. */
    readonly file: number;
    /** Left out where Pebble does not count: of a part of a file. */
    readonly entries?: number;
    readonly deletions?: number;
  })[];
  readonly rangeKeys: readonly Readonly<
    Record<'fromHex' | 'toHex' | 'suffixHex' | 'valueHex', string>
  >[];
  readonly masked: readonly {
    readonly versionHex: string;
    readonly entriesLive: number;
    /** Over the keys as lines of hexadecimal digits. */
    readonly keysSha256: string;
  }[];
}

const world = await readerWorld();
const fixtures = path.resolve(import.meta.dirname, '../fixtures');
const NAMES = ['pebble-cockroach-minlz', 'pebble-excised', 'pebble-sublevels'] as const;

function truthOf(name: string): Truth {
  return JSON.parse(readFileSync(path.join(fixtures, name, 'expected.json'), 'utf8')) as Truth;
}

function open(name: string): PebbleReader {
  return new PebbleReader(path.join(fixtures, name, 'db'), world);
}

describe.each(NAMES)('%s', (name) => {
  const truth = truthOf(name);

  test('the same entries, both ways, and the same answers', () => {
    const reader = open(name);
    const live = { count: truth.entriesLive, digest: truth.entriesSha256 };
    expect(digestOf(reader.entries({}))).toEqual(live);
    expect(digestOf(copiesOf(reader.entries({ reverse: true })).reverse())).toEqual(live);
    expect(truth.sampleGets.length).toBe(60);
    for (const { keyHex, valueSha256 } of truth.sampleGets) {
      expect(answerOf(reader, keyHex, false), keyHex).toBe(valueSha256);
    }
    expect(reader.describe().store.comparator).toBe(truth.comparator);
    expect(reader.problems()).toEqual([]);
    reader.close();
  });

  test('the same tables in the same sublevels', () => {
    const reader = open(name);
    for (const _ of reader.countedTables());
    const shown = inspectionOf(reader.describe()).files.map(({ name: file, table, ...rest }) => {
      const fileNumber = Number.parseInt(file, 10);
      return { ...rest, table: table ?? fileNumber, file: fileNumber };
    });
    const byTable = (left: { table: number }, right: { table: number }): number =>
      left.table - right.table;
    expect(shown.sort(byTable)).toMatchObject(truth.files.toSorted(byTable));
    reader.close();
  });

  test('the same range keys, which hide the same entries', () => {
    const reader = open(name);
    const shown = reader.rangeKeys().map(({ from, to, suffix, value }) => ({
      ...{ fromHex: encodeHex(from), toHex: encodeHex(to) },
      ...{ suffixHex: encodeHex(suffix), valueHex: encodeHex(value) },
    }));
    expect(shown).toEqual(truth.rangeKeys);
    for (const { versionHex, entriesLive, keysSha256 } of truth.masked) {
      const hides = reader.rangeKeyMask(decodeHex(versionHex));
      const keys = copiesOf(reader.entries({})).flatMap(([key]) =>
        hides(key) ? [] : [encodeHex(key)],
      );
      expect(keys.length).toBe(entriesLive);
      expect(sha256(Buffer.from(keys.map((key) => `${key}\n`).join('')))).toBe(keysSha256);
    }
    reader.close();
  });
});

test('there are blocks, filters and tables of every new kind', () => {
  const excised = truthOf('pebble-excised');
  expect(excised.files.filter(({ table, file }) => table !== file).length).toBeGreaterThan(5);
  expect(excised.rangeKeys.length).toBeGreaterThan(0);
  expect(truthOf('pebble-cockroach-minlz').masked.length).toBe(3);
  const filters = NAMES.map((name) => {
    const reader = open(name);
    const [table] = [...reader.countedTables()].map((placed) => placed.table);
    const { properties } = reader.tableDetails(table!.file);
    reader.close();
    return [properties['filterPolicy'], properties['formatVersion'], properties['compression']];
  });
  expect(filters).toEqual([
    ['rocksdb.BuiltinBloomFilter', 7, 'Fastest'],
    ['binaryfuse', 7, 'Snappy'],
    ['', 4, 'ZSTD'],
  ]);
});

test('tables that are parts of one file share its entries by their sizes', () => {
  const reader = open('pebble-excised');
  const parts = [...reader.countedTables()]
    .map(({ table }) => table)
    .filter(({ name, file }) => Number.parseInt(name, 10) !== file);
  const files = new Set(parts.map(({ name }) => name));
  expect(files.size).toBeGreaterThan(2);
  for (const name of files) {
    const ofFile = parts.filter((part) => part.name === name);
    const { properties } = reader.tableDetails(ofFile[0]!.file);
    const shared = ofFile.reduce((sum, { entries }) => sum + entries, 0);
    // What was cut out between them is nobody's, and each share is rounded.
    expect(shared).toBeLessThanOrEqual(Number(properties['entries']) + ofFile.length);
    expect(ofFile.every(({ entries }) => entries > 0)).toBe(true);
  }
  reader.close();
});

test('a filter that knows a key by another version of it was not wrong', () => {
  const reader = open('pebble-excised');
  const versioned = copiesOf(reader.entries({})).flatMap(([key]) => {
    const [prefix, version] = decodeUtf8(key).split('@');
    return version === undefined ? [] : [prefix!];
  });
  const sink = new RecordingSink();
  for (const prefix of versioned) reader.get(encodeUtf8(`${prefix}@0`), { sink, operation: 1 });
  const searches = sink.of('block.search').filter(({ result }) => result === 'absent');
  expect(sink.of('filter.check').length).toBeGreaterThan(50);
  expect(searches.length).toBeGreaterThan(50);
  // One in 256 keys passes such a filter by chance.
  expect(searches.filter(({ falsePositive }) => falsePositive).length).toBeLessThan(5);
  reader.close();
});

test('a table of version 8, which Pebble’s writer makes and no store of it yet', async () => {
  const file = '000005.sst';
  const bytes = readFileSync(path.join(fixtures, 'pebble-table-8/db', file));
  const bounds = { from: encodeUtf8('kaa'), to: encodeUtf8('kdj@4') };
  const added = [{ number: 5, sequences: [7, 7] as const, ...bounds }];
  const edits = [{ comparator: 'pebble.internal.testkeys', added }];
  const { reader } = await pebbleDirectory(edits, { [file]: new Uint8Array(bytes) });
  const [table] = [...reader.countedTables()].map((placed) => placed.table);
  expect(table).toMatchObject({ entries: 80, rangeDeletes: 1, tombstones: 6 });
  const text = ([key, value]: readonly [Uint8Array, Uint8Array]): string =>
    `${decodeUtf8(key)}=${decodeUtf8(value)}`;
  const entries = copiesOf(reader.entries({})).map(text);
  // All have one sequence number: the deletion of a range counts for older ones alone.
  expect(entries.length).toBe(80 - 6);
  expect(entries.slice(0, 2)).toEqual(['kaa@9=newer 0', 'kaa@4=older 0 of a value that is longer']);
  expect(entries.at(-1)).toBe('kdj@4=older 39 of a value that is longer');
  expect(reader.get(encodeUtf8('kad@9'))).toBeUndefined();
  for (const _ of reader.check());
  expect(reader.problems()).toEqual([]);
  reader.close();
});

test('under an unknown order and schema entries are listed as columns, and it is said', () => {
  const truth = truthOf('pebble-other-schema');
  const reader = open('pebble-other-schema');
  for (const _ of reader.countedTables());
  const { files } = inspectionOf(reader.describe());
  const shown = files.map(({ table, name }) => table ?? Number.parseInt(name, 10));
  expect(new Set(shown)).toEqual(new Set(truth.files.map(({ table }) => table)));
  const keys = copiesOf(reader.entries({})).map(([key]) => encodeHex(key));
  // All begin as the keys do, `k000`; those of tables end with columns of their times.
  expect(keys.filter((key) => key.startsWith('6b303030')).length).toBe(keys.length);
  expect(keys.filter((key) => key.length === 2 * (6 + 8 + 8)).length).toBeGreaterThan(50);
  const told = reader.problems().map(({ code, message }) => `${code} ${message}`);
  expect(told.filter((line) => line.includes('the schema their2')).length).toBeGreaterThan(0);
  expect(told.filter((line) => line.includes('it is shown whole')).length).toBe(
    truth.files.filter(({ table, file }) => table !== file).length,
  );
  expect(() => reader.get(decodeHex(keys[0]!))).toThrow('their.comparer');
  reader.close();
});

test.each([...NAMES, 'pebble-other-schema'])('%s: history ends here, only read', (name) => {
  const directory = path.join(fixtures, name, 'db');
  const before = fingerprint(directory);
  const reader = open(name);
  expectHistoryToEndHere(reader);
  for (const { table } of reader.countedTables()) reader.tableDetails(table.file);
  for (const _ of reader.check());
  reader.close();
  expect(fingerprint(directory)).toEqual(before);
});
