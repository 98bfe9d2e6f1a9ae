// RocksDB's directories, held against what the real engine answered, family by family.

import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodeHex } from '../../src/base/bytes.ts';
import { RocksdbReader } from '../../src/readers/rocksdb/rocksdbReader.ts';
import type { StoreReader } from '../../src/readers/storeReader.ts';
import { inspectionOf } from '../../src/session/inspection.ts';
import { answerOf, expectHistoryToEndHere, fingerprint } from './fixtureChecks.ts';
import { copiesOf, readerWorld } from './readerWorld.ts';
import { casesOf, databaseOf, digestOf, expectedOf } from './sharedFixtures.ts';
import type { Expected } from './sharedFixtures.ts';

const world = await readerWorld();
const shared = casesOf('rocksdb-');

const ownRoot = path.resolve(import.meta.dirname, '../fixtures');
/** Directories of RocksDB that a clone has. */
const ownStores = readdirSync(ownRoot).filter((name) => /^rocksdb-(?!tables)/.test(name));

/** Of which no entries' hash is known as a reader sees it that goes on behind damage. */
const DAMAGED = 'rocksdb-corrupt-block';
/** The same directory before the damage. */
const UNDAMAGED = 'rocksdb-bloom-full';

type ExpectedFamily = Omit<Expected, 'walEntriesUnflushed'> & {
  readonly name: string;
  /** Where the oracle could be asked for it. */
  readonly walEntriesUnflushed?: number;
};

interface ExpectedStore extends Expected {
  readonly lastSequence: number;
  readonly columnFamilyNames: readonly string[];
  readonly columnFamilies?: readonly ExpectedFamily[];
}

function truthOf(name: string): ExpectedStore {
  return expectedOf(name) as ExpectedStore;
}

/** What the oracle says of each family. */
function familiesOf(truth: ExpectedStore): readonly ExpectedFamily[] {
  return truth.columnFamilies ?? [{ ...truth, name: 'default' }];
}

/** What a reader finds in a family, in the oracle's words. */
function factsOf(reader: StoreReader, truth: ExpectedFamily): unknown {
  const family = reader.family(truth.name)!;
  const backward = copiesOf(family.entries({ reverse: true })).reverse();
  const inspected = inspectionOf(reader.describe()).columnFamilies.find(
    ({ name }) => name === truth.name,
  )!;
  const files = inspected.files.map((file) => ({ ...file }));
  return {
    live: digestOf(family.entries({})),
    backward: digestOf(backward),
    gets: truth.sampleGets.map(({ keyHex, error }) =>
      answerOf(family, keyHex, error !== undefined),
    ),
    files: files.sort(byName),
    levels: Object.fromEntries(Object.entries(inspected.levels).filter(([, count]) => count > 0)),
    walEntries: truth.walEntriesUnflushed === undefined ? 0 : inspected.walEntriesUnflushed,
  };
}

/** The same from expected.json. */
function expectedFacts(truth: ExpectedFamily): unknown {
  const live = { count: truth.entriesLive, digest: truth.entriesSha256 };
  const files = truth.files.map(
    ({ name, level, sizeBytes, smallestKeyHex, largestKeyHex, entries, deletions }) => {
      return { name, level, sizeBytes, smallestKeyHex, largestKeyHex, entries, deletions };
    },
  );
  return {
    live,
    backward: live,
    gets: truth.sampleGets.map(({ valueSha256, error }) =>
      error === undefined ? valueSha256 : 'damaged',
    ),
    files: files.sort(byName),
    levels: truth.levels,
    walEntries: truth.walEntriesUnflushed ?? 0,
  };
}

function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : 1;
}

describe('the small set', () => {
  test.each(ownStores)('%s', (name) => {
    const folder = path.join(ownRoot, name);
    const truth = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as {
      readonly columnFamilies: readonly ExpectedFamily[];
    };
    const reader = new RocksdbReader(path.join(folder, 'db'), world);
    for (const { name: family, entriesLive, entriesSha256 } of truth.columnFamilies) {
      const space = reader.family(family)!;
      const live = { count: entriesLive, digest: entriesSha256 };
      expect(digestOf(space.entries({}))).toEqual(live);
      expect(digestOf(copiesOf(space.entries({ reverse: true })).reverse())).toEqual(live);
      for (const [key, value] of space.entries({})) expect(space.get(key)).toEqual(value);
    }
    expectHistoryToEndHere(reader);
    // That keys end with times is told; nothing else is wrong.
    const faults = reader.problems().filter(({ message }) => !message.includes('end with a time'));
    expect(faults).toEqual([]);
    reader.close();
  });
});

describe.skipIf(shared.length === 0)('the shared set (skipped where ../shared is missing)', () => {
  test.each(shared)('%s', (name) => {
    const truth = truthOf(name);
    const before = fingerprint(databaseOf(name));
    const reader = new RocksdbReader(databaseOf(name), world);
    for (const _ of reader.countedTables());
    const state = reader.describe();
    expect(state.families.map((family) => family.name)).toEqual(truth.columnFamilyNames);
    expect(state.lastSequence).toBe(truth.lastSequence);
    expect(state.store).toMatchObject({ engine: 'rocksdb', comparator: truth.comparator });
    const sound = name === DAMAGED ? [] : familiesOf(truth);
    expect(sound.map((family) => factsOf(reader, family))).toEqual(sound.map(expectedFacts));
    for (const _ of reader.check());
    const places = reader.problems().map(({ file, offset }) => `${file} ${offset}`);
    const torn = places.filter((place) => place.startsWith(`${truth.tornWal?.file} `));
    const damage = truth.corruption?.map(({ file, blockOffset }) => `${file} ${blockOffset}`) ?? [];
    expect(places).toEqual([...damage, ...torn]);
    expect(torn.length).toBe(truth.tornWal === undefined ? 0 : 1);
    reader.close();
    expect(fingerprint(databaseOf(name))).toEqual(before);
  });

  test.each(shared)('%s: its history ends in what it is', (name) => {
    const reader = new RocksdbReader(databaseOf(name), world);
    expectHistoryToEndHere(reader);
    reader.close();
  });

  test('behind a damaged block everything is shown that can be read', () => {
    const whole = new RocksdbReader(databaseOf(UNDAMAGED), world);
    const damaged = new RocksdbReader(databaseOf(DAMAGED), world);
    const entries = new Map([...whole.entries({})].map(([key, value]) => [encodeHex(key), value]));
    const [block] = truthOf(DAMAGED).corruption!;
    let same = 0;
    for (const [key, value] of damaged.entries({})) {
      if (Buffer.compare(entries.get(encodeHex(key)) ?? new Uint8Array(0), value) === 0) same++;
    }
    expect(same).toBeGreaterThanOrEqual(entries.size - block!.userKeysInBlock);
    const truth = truthOf(DAMAGED);
    const gets = truth.sampleGets.map(({ keyHex, error }) =>
      answerOf(damaged, keyHex, error !== undefined),
    );
    expect(gets).toEqual(
      truth.sampleGets.map(({ valueSha256, error }) =>
        error === undefined ? valueSha256 : 'damaged',
      ),
    );
    whole.close();
    damaged.close();
  });

  test('without the right to write anything is read the same', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'lsm-lens-read-only-'));
    const directory = path.join(folder, 'db');
    cpSync(databaseOf('rocksdb-column-families'), directory, { recursive: true });
    for (const name of readdirSync(directory)) chmodSync(path.join(directory, name), 0o444);
    chmodSync(directory, 0o555);
    const before = fingerprint(directory);
    const reader = new RocksdbReader(directory, world);
    for (const family of familiesOf(truthOf('rocksdb-column-families'))) {
      const live = digestOf(reader.family(family.name)!.entries({}));
      expect(live.digest).toBe(family.entriesSha256);
    }
    for (const _ of reader.check());
    for (const _ of reader.history());
    for (const _ of reader.follow());
    expect(reader.problems()).toEqual([]);
    reader.close();
    expect(fingerprint(directory)).toEqual(before);
    chmodSync(directory, 0o755);
    rmSync(folder, { recursive: true, force: true });
  });
});
