// LevelDB's directories, held against what the real engines answered.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeHex, encodeHex } from '../../src/base/bytes.ts';
import { LeveldbReader } from '../../src/readers/leveldb/leveldbReader.ts';
import type { StoreReader } from '../../src/readers/storeReader.ts';
import { answerOf, expectHistoryToEndHere, fingerprint } from './fixtureChecks.ts';
import { copiesOf, readerWorld } from './readerWorld.ts';
import { casesOf, databaseOf, digestOf, expectedOf } from './sharedFixtures.ts';
import type { Expected } from './sharedFixtures.ts';

const world = await readerWorld();
const own = path.resolve(import.meta.dirname, '../fixtures');
const shared = casesOf('leveldb-');

/**
 * The oracle of this case took two databases of one origin for one key: its comparator stopped
 * behind the origin. Chromium's compares the database's name too (the page reads both), so one
 * entry more is alive than the oracle counts.
 */
const ORACLE_LACKS: Readonly<Record<string, string>> = {
  'leveldb-chromium-indexeddb': encodeHex(
    Buffer.concat([
      decodeHex('00000000c916'),
      Buffer.from('http_127.0.0.1_37893@1', 'utf16le').swap16(),
      decodeHex('06'),
      Buffer.from('second', 'utf16le').swap16(),
    ]),
  ),
};

type ExpectedFile = Pick<
  Expected['files'][number],
  'name' | 'level' | 'sizeBytes' | 'smallestKeyHex' | 'largestKeyHex' | 'entries' | 'deletions'
>;

/** What a reader finds, in the oracle's words. */
interface Facts {
  readonly live: { readonly count: number; readonly digest: string };
  readonly backward: { readonly count: number; readonly digest: string };
  readonly gets: readonly (string | null)[];
  readonly files: readonly ExpectedFile[];
  readonly walEntries: number;
  readonly comparator: string;
  readonly problems: readonly string[];
}

function factsOf(reader: StoreReader, name: string, truth: Expected): Facts {
  const isKnown = ([key]: readonly [Uint8Array, Uint8Array]): boolean =>
    encodeHex(key) !== ORACLE_LACKS[name];
  const forward = copiesOf(reader.entries({})).filter(isKnown);
  const backward = copiesOf(reader.entries({ reverse: true }))
    .filter(isKnown)
    .reverse();
  const files = [...reader.countedTables()].map(({ level, table }) => ({
    name: table.name,
    level,
    sizeBytes: table.sizeBytes,
    smallestKeyHex: encodeHex(table.smallestKey),
    largestKeyHex: encodeHex(table.largestKey),
    entries: table.entries,
    deletions: table.tombstones,
  }));
  const { families, store } = reader.describe();
  const memtables = families.flatMap(({ memtable, immutables }) => [memtable, ...immutables]);
  return {
    live: digestOf(forward),
    backward: digestOf(backward),
    gets: truth.sampleGets.map(({ keyHex, error }) =>
      answerOf(reader, keyHex, error !== undefined),
    ),
    files: files.sort(byName),
    walEntries: memtables.reduce((sum, { entries }) => sum + entries, 0),
    comparator: store.comparator,
    problems: reader.problems().map(({ file, offset }) => `${file} ${offset}`),
  };
}

/** The same from expected.json. */
function truthOf(truth: Expected, found: Facts): Facts {
  const live = { count: truth.entriesLive, digest: truth.entriesSha256 };
  const damage = truth.corruption?.map(({ file, blockOffset }) => `${file} ${blockOffset}`) ?? [];
  const torn = found.problems.filter((place) => place.startsWith(`${truth.tornWal?.file} `));
  return {
    live,
    backward: live,
    gets: truth.sampleGets.map(({ valueSha256, error }) =>
      error === undefined ? valueSha256 : 'damaged',
    ),
    files: truth.files.map((file) => expectedFile(file, damage, found)).sort(byName),
    walEntries: truth.walEntriesUnflushed,
    comparator: truth.comparator,
    problems: truth.tornWal === undefined ? damage : torn,
  };
}

/** Entries of a damaged table are those that can be read. */
function expectedFile(
  { name, level, sizeBytes, smallestKeyHex, largestKeyHex, ...counted }: ExpectedFile,
  damage: readonly string[],
  found: Facts,
): ExpectedFile {
  const isDamaged = damage.some((place) => place.startsWith(`${name} `));
  const { entries, deletions } = isDamaged
    ? found.files.find((file) => file.name === name)!
    : counted;
  return { name, level, sizeBytes, smallestKeyHex, largestKeyHex, entries, deletions };
}

function byName(left: ExpectedFile, right: ExpectedFile): number {
  return left.name < right.name ? -1 : 1;
}

describe('the small set', () => {
  test.each(['leveldb-snappy', 'leveldb-uncompressed'])('%s', (name) => {
    const truth = JSON.parse(
      readFileSync(path.join(own, name, 'expected.json'), 'utf8'),
    ) as Expected;
    const reader = new LeveldbReader(path.join(own, name, 'db'), world);
    const forward = digestOf(reader.entries({}));
    expect(forward).toEqual({ count: truth.entriesLive, digest: truth.entriesSha256 });
    const backward = copiesOf(reader.entries({ reverse: true })).reverse();
    expect(digestOf(backward).digest).toBe(truth.entriesSha256);
    for (const [key, value] of reader.entries({})) {
      expect(reader.get(key)).toEqual(value);
    }
    expect(reader.get(Buffer.from('no such key'))).toBeUndefined();
    reader.close();
  });
});

describe.skipIf(shared.length === 0)('the shared set (skipped where ../shared is missing)', () => {
  test.each(shared)('%s', (name) => {
    const truth = expectedOf(name);
    const before = fingerprint(databaseOf(name));
    const reader = new LeveldbReader(databaseOf(name), world);
    const found = factsOf(reader, name, truth);
    expect(found).toEqual(truthOf(truth, found));
    expect(found.problems.length > 0).toBe(
      truth.corruption !== undefined || truth.tornWal !== undefined,
    );
    reader.close();
    expect(fingerprint(databaseOf(name))).toEqual(before);
  });

  test.each(shared)('%s: its history ends in what it is', (name) => {
    const reader = new LeveldbReader(databaseOf(name), world);
    expectHistoryToEndHere(reader);
    reader.close();
  });
});
