// Pebble's directories, held against what its own tools answered. All of them are small and lie in
// the project, so nothing is left out where the larger set is not there.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodeHex, encodeUtf8 } from '../../src/base/bytes.ts';
import { keyWords } from '../../src/cli/format.ts';
import { COCKROACH_ORDER } from '../../src/readers/pebble/comparers.ts';
import { PebbleReader } from '../../src/readers/pebble/pebbleReader.ts';
import { answerOf, expectHistoryToEndHere, fingerprint } from './fixtureChecks.ts';
import { copiesOf, readerWorld } from './readerWorld.ts';
import { digestOf } from './sharedFixtures.ts';
import type { Expected } from './sharedFixtures.ts';

const world = await readerWorld();
const fixtures = path.resolve(import.meta.dirname, '../fixtures');

const WITH_TRUTH = ['pebble-stage-2', 'pebble-stage-4', 'pebble-value-separation'] as const;
const COLUMNAR = 'pebble-columnar-crdb-schema';
const ALL = [...WITH_TRUTH, COLUMNAR, 'pebble-range-keys', 'pebble-other-comparator'] as const;

function databaseOf(name: string): string {
  return path.join(fixtures, name, 'db');
}

function truthOf<Truth>(name: string): Truth {
  return JSON.parse(readFileSync(path.join(fixtures, name, 'expected.json'), 'utf8')) as Truth;
}

function open(name: string): PebbleReader {
  return new PebbleReader(databaseOf(name), world);
}

describe.each(WITH_TRUTH)('%s', (name) => {
  test('agrees with what Pebble answered', () => {
    const truth = truthOf<Expected & { readonly lastSequence?: number }>(name);
    const reader = open(name);
    const live = { count: truth.entriesLive, digest: truth.entriesSha256 };
    expect(digestOf(reader.entries({}))).toEqual(live);
    expect(digestOf(copiesOf(reader.entries({ reverse: true })).reverse())).toEqual(live);
    for (const { keyHex, valueSha256 } of truth.sampleGets) {
      expect(answerOf(reader, keyHex, false), keyHex).toBe(valueSha256);
    }
    const tables = [...reader.countedTables()].map(({ level, table }) => ({
      name: table.name,
      level,
      sizeBytes: table.sizeBytes,
      smallestKeyHex: encodeHex(table.smallestKey),
      largestKeyHex: encodeHex(table.largestKey),
      entries: table.entries,
      deletions: table.tombstones,
    }));
    const byName = (left: { name: string }, right: { name: string }): number =>
      left.name < right.name ? -1 : 1;
    expect(tables.sort(byName)).toMatchObject(
      truth.files.map(({ name: file, level, sizeBytes, smallestKeyHex, ...figures }) => ({
        ...{ name: file, level, sizeBytes, smallestKeyHex, largestKeyHex: figures.largestKeyHex },
        ...{ entries: figures.entries, deletions: figures.deletions },
      })),
    );
    const state = reader.describe();
    expect(state.problems).toEqual([]);
    expect(state.store).toMatchObject({ engine: 'pebble', comparator: truth.comparator });
    expect(state.lastSequence).toBe(truth.lastSequence ?? state.lastSequence);
    const { memtable, immutables } = state.families[0]!;
    const logged = [memtable, ...immutables].reduce((sum, { entries }) => sum + entries, 0);
    expect(logged).toBe(truth.walEntriesUnflushed);
    reader.close();
  });
});

test('CockroachDB’s keys come whole and in its order', () => {
  const { recorded } = truthOf<{
    readonly recorded: { readonly scanRows: readonly { key: string; valueHex: string }[] };
  }>(COLUMNAR);
  const reader = open(COLUMNAR);
  const rows = copiesOf(reader.entries({}));
  expect(rows.map(([, value]) => encodeHex(value))).toEqual(
    recorded.scanRows.map(({ valueHex }) => valueHex),
  );
  for (const [index, [key, value]] of rows.entries()) {
    expect(keyWords(key, 'cockroach_comparator')).toBe(recorded.scanRows[index]!.key);
    expect(reader.get(key)).toEqual(value);
    const before = rows[index - 1]?.[0];
    if (before === undefined) continue;
    expect(COCKROACH_ORDER.compare(before, before.length, key, key.length)).toBeLessThan(0);
  }
  expect(reader.problems()).toEqual([]);
  reader.close();
});

test('range keys of tables and of the log are shown as reads see them', () => {
  const reader = open('pebble-range-keys');
  expect([...reader.entries({})].length).toBe(26 + 1);
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  // Both were set from `a` on, and deleted from `a` up to `b`.
  expect(
    reader.rangeKeys().map(({ from, to, suffix }) => `${text(from)}-${text(to)} ${text(suffix)}`),
  ).toEqual(['b-z @3', 'b-z @1']);
  expect(reader.problems()).toEqual([]);
  reader.close();
});

test('what is not known is named, and the rest is shown', () => {
  const other = open('pebble-other-comparator');
  expect(other.problems()).toMatchObject([{ code: 'NOT_SUPPORTED' }]);
  expect(other.problems()[0]!.message).toContain('alt-comparer');
  expect([...other.entries({})].length).toBe(7);
  expect(() => other.get(encodeUtf8('aaa'))).toThrow('alt-comparer');
  other.close();
});

test.each(ALL)('%s: the history ends in the tree there is, nothing is written', (name) => {
  const before = fingerprint(databaseOf(name));
  const reader = open(name);
  expectHistoryToEndHere(reader);
  for (const { table } of reader.countedTables()) reader.tableDetails(table.file);
  for (const _ of reader.check());
  reader.close();
  expect(fingerprint(databaseOf(name))).toEqual(before);
});
