// Every table of RocksDB's shared fixtures: what its properties say and what counting it gives
// agree with what RocksDB itself says.

import { describe, expect, test } from 'vitest';
import { copyOfRange, encodeHex, equalBytes } from '../../src/base/bytes.ts';
import { ForeignDirectory } from '../../src/readers/foreignDirectory.ts';
import { TRAILER_BYTES } from '../../src/readers/internalKey.ts';
import { keyOrderNamed } from '../../src/readers/keyOrder.ts';
import type { CompareKeys } from '../../src/readers/keyOrder.ts';
import { ProblemList } from '../../src/readers/problems.ts';
import { ReleasableFile } from '../../src/readers/releasableFile.ts';
import { rocksdbUncompress } from '../../src/readers/rocksdb/compression.ts';
import { SstCursor } from '../../src/readers/sst/sstCursor.ts';
import { lookUp } from '../../src/readers/sst/sstLookup.ts';
import { openSst } from '../../src/readers/sst/openSst.ts';
import type { SstReader } from '../../src/readers/sst/sstReader.ts';
import { readerWorld } from './readerWorld.ts';
import { casesOf, databaseOf, expectedOf } from './sharedFixtures.ts';
import type { Expected } from './sharedFixtures.ts';

const world = await readerWorld();

/** What expected.json says of a table of RocksDB beyond what it says of LevelDB's. */
interface ExpectedTable {
  readonly name: string;
  readonly smallestKeyHex: string;
  readonly largestKeyHex: string;
  readonly smallestSeq: number;
  readonly largestSeq: number;
  readonly entries: number;
  readonly deletions: number;
  readonly rangeDeletions: number;
  readonly mergeOperands: number;
  readonly dataBlocks: number;
  readonly dataSize?: number;
  readonly indexSize?: number;
  readonly filterSize?: number;
  readonly rawKeySize?: number;
  readonly rawValueSize?: number;
  readonly compression: string;
  readonly filterPolicy: string;
  readonly prefixExtractor?: string;
  readonly creationTime?: number;
}

const cases = casesOf('rocksdb-');

function tablesOf(name: string): readonly ExpectedTable[] {
  const expected = expectedOf(name) as Expected & {
    readonly columnFamilies?: readonly Pick<Expected, 'files'>[];
  };
  const families = expected.columnFamilies ?? [expected];
  return families.flatMap(({ files }) => files as unknown as readonly ExpectedTable[]);
}

function openTable(name: string, table: ExpectedTable): SstReader {
  const directory = new ForeignDirectory(world.vfs, databaseOf(name));
  const file = new ReleasableFile(directory, table.name);
  return openSst(file, table.name, rocksdbUncompress(world), table.largestSeq);
}

/** What the properties say, as far as the oracle told it. */
function propertiesOf(reader: SstReader, table: ExpectedTable): Partial<ExpectedTable> {
  const found = reader.properties!;
  const all: Partial<ExpectedTable> = {
    entries: found.entries,
    deletions: found.deletions,
    rangeDeletions: found.rangeDeletions,
    mergeOperands: found.mergeOperands,
    dataBlocks: found.dataBlocks,
    dataSize: found.dataSizeBytes,
    indexSize: found.indexSizeBytes,
    filterSize: found.filterSizeBytes,
    rawKeySize: found.rawKeyBytes,
    rawValueSize: found.rawValueBytes,
    compression: found.compression,
    filterPolicy: found.filterPolicy,
    prefixExtractor: found.prefixExtractor,
    creationTime: found.creationTimeSeconds,
  };
  return Object.fromEntries(Object.entries(all).filter(([key]) => key in table));
}

/** Those of the oracle's figures that are properties. */
const PROPERTIES: ReadonlySet<string> = new Set([
  'entries',
  'deletions',
  'rangeDeletions',
  'mergeOperands',
  'dataBlocks',
  'dataSize',
  'indexSize',
  'filterSize',
  'rawKeySize',
  'rawValueSize',
  'compression',
  'filterPolicy',
  'prefixExtractor',
  'creationTime',
]);

/** The same, picked from the oracle. */
function expectedProperties(table: ExpectedTable): Partial<ExpectedTable> {
  return Object.fromEntries(Object.entries(table).filter(([key]) => PROPERTIES.has(key)));
}

/** A plain table's blocks are made here; RocksDB counts its rows as one. */
function dataBlocksOf({ footer, index }: SstReader): number {
  return footer.kind === 'plain' ? 1 : index.length;
}

/** RocksDB before 2014 does not say its order. */
function orderOf({ properties }: SstReader): CompareKeys {
  return keyOrderNamed(properties?.comparator || 'leveldb.BytewiseComparator').compare!;
}

interface Counted {
  entries: number;
  rawKeyBytes: number;
  rawValueBytes: number;
  smallestSequence: number;
  largestSequence: number;
  isOrdered: boolean;
}

function countedBy(cursor: SstCursor, compare: CompareKeys): Counted {
  const counted: Counted = {
    entries: 0,
    rawKeyBytes: 0,
    rawValueBytes: 0,
    smallestSequence: Infinity,
    largestSequence: 0,
    isOrdered: true,
  };
  let last: { key: Uint8Array; sequence: number } | undefined;
  for (cursor.first(); cursor.valid; cursor.next()) {
    const { keyLength, sequence } = cursor;
    const key = copyOfRange(cursor.key, 0, keyLength);
    if (last !== undefined) {
      const order = compare(last.key, last.key.length, key, keyLength);
      if (order > 0 || (order === 0 && last.sequence <= sequence)) counted.isOrdered = false;
    }
    last = { key, sequence };
    counted.entries++;
    counted.rawKeyBytes += keyLength + TRAILER_BYTES;
    counted.rawValueBytes += cursor.value().length;
    counted.smallestSequence = Math.min(counted.smallestSequence, sequence);
    counted.largestSequence = Math.max(counted.largestSequence, sequence);
  }
  return counted;
}

describe.skipIf(cases.length === 0)('the shared set (skipped where ../shared is missing)', () => {
  test.each(cases)('%s', (name) => {
    const damage = expectedOf(name).corruption ?? [];
    for (const table of tablesOf(name)) {
      const reader = openTable(name, table);
      expect(propertiesOf(reader, table)).toEqual(expectedProperties(table));
      const problems = new ProblemList();
      const compare = orderOf(reader);
      const counted = countedBy(new SstCursor(reader, compare, problems), compare);
      expect(counted.isOrdered).toBe(true);
      const damaged = damage.filter(({ file }) => file === table.name);
      expect(problems.list().map(({ file, offset }) => [file, offset])).toEqual(
        damaged.map(({ file, blockOffset }) => [file, blockOffset]),
      );
      const lost = damaged.reduce((sum, { userKeysInBlock }) => sum + userKeysInBlock, 0);
      expect(counted.entries).toBe(table.entries - table.rangeDeletions - lost);
      expect(dataBlocksOf(reader)).toBe(table.dataBlocks);
      reader.release();
    }
  });

  test.each(cases)('%s: what the cursor meets is found', (name) => {
    for (const table of tablesOf(name)) {
      const reader = openTable(name, table);
      const compare = orderOf(reader);
      const cursor = new SstCursor(reader, compare, new ProblemList());
      const lost: string[] = [];
      let before: string | undefined;
      let count = 0;
      for (cursor.first(); cursor.valid && count < 300; cursor.next(), count++) {
        const key = copyOfRange(cursor.key, 0, cursor.keyLength);
        const hex = encodeHex(key);
        if (hex === before) continue;
        before = hex;
        const { found } = lookUp(reader, key, compare, undefined);
        const isSame =
          found?.sequence === cursor.sequence &&
          found.code === cursor.code &&
          equalBytes(found.value, cursor.value());
        if (!isSame) lost.push(hex);
      }
      expect(lost).toEqual([]);
      const there = table.entries - table.rangeDeletions;
      expect(count).toBeGreaterThanOrEqual(Math.min(200, there));
      reader.release();
    }
  });
});
