// What tables tell: the writer while it builds, the reader while it looks. And that telling changes
// nothing: the file is the same byte for byte, whoever listens.

import { beforeAll, describe, expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8, equalBytes } from '../../../src/base/bytes.ts';
import { hash64 } from '../../../src/base/hash.ts';
import { KIND_DELETE, KIND_PUT } from '../../../src/engine/entryKind.ts';
import { Entry } from '../../../src/engine/iterator/entry.ts';
import { FILTER_SEED } from '../../../src/engine/table/filter.ts';
import { describeTable } from '../../../src/engine/table/tableDetails.ts';
import type { TableReader } from '../../../src/engine/table/tableReader.ts';
import type { LsmEventBody, LsmEventKind, TableInfo } from '../../../src/protocol/events.ts';
import type { ModelEntry } from '../modelEntries.ts';
import {
  DIRECTORY,
  newContext,
  newDisk,
  openTable,
  recordingSink,
  writeTable,
} from './builtTable.ts';

const entries: ModelEntry[] = Array.from({ length: 100 }, (_, index) => ({
  key: encodeUtf8(`key${String(index >> 1).padStart(4, '0')}`),
  sequence: 500 - index,
  kind: index % 10 === 3 ? KIND_DELETE : KIND_PUT,
  timestampMicros: 1_700_000_000_000_000 + index,
  value: encodeUtf8(index % 10 === 3 ? '' : `value of ${index}`),
}));

type EventOf<Kind extends LsmEventKind> = Extract<LsmEventBody, { kind: Kind }>;

function only<Kind extends LsmEventKind>(
  events: readonly LsmEventBody[],
  kind: Kind,
): EventOf<Kind>[] {
  return events.filter((event): event is EventOf<Kind> => event.kind === kind);
}

const disk = newDisk();
const sink = recordingSink();
let table: TableInfo;
let bytes: Uint8Array;

beforeAll(async () => {
  table = await writeTable(disk, 5, entries, { sink });
  bytes = contentOf(table);
});

function contentOf({ name, sizeBytes }: TableInfo): Uint8Array {
  const content = new Uint8Array(sizeBytes);
  disk.open(`${DIRECTORY}/${name}`, 'read').read(content, 0, sizeBytes, 0);
  return content;
}

describe('a table writer', () => {
  test('writes the same bytes with and without listeners', async () => {
    const silent = newDisk();
    const other = await writeTable(silent, 5, entries);
    const content = new Uint8Array(other.sizeBytes);
    silent.open(`${DIRECTORY}/${other.name}`, 'read').read(content, 0, content.length, 0);
    expect(equalBytes(content, bytes)).toBe(true);
    expect(other).toEqual(table);
  });

  test('tells each entry with what it shares and where it went', () => {
    const told = only(sink.events, 'table.entry');
    expect(told.map(({ sequence }) => sequence)).toEqual(entries.map(({ sequence }) => sequence));
    let inBlock = 0;
    told.forEach((event, index) => {
      const before = told[index - 1];
      inBlock = before?.block === event.block ? inBlock + 1 : 0;
      expect(event.restart).toBe(inBlock % 4 === 0);
      const shared =
        before === undefined ? 0 : before.key.findIndex((byte, at) => byte !== event.key[at]);
      const full = shared === -1 ? event.key.length : shared;
      expect(event.sharedBytes).toBe(event.restart ? 0 : full);
      const hash = new Uint32Array(2);
      hash64(event.key, 0, event.key.length, FILTER_SEED, hash);
      expect(event.filterHash).toEqual([...hash]);
    });
  });

  test('tells every block of the file, and they fill it', () => {
    const blocks = only(sink.events, 'table.block');
    let end = 0;
    for (const block of blocks) {
      expect(block.offset).toBe(end);
      end += block.sizeBytes + (block.blockKind === 'footer' ? 0 : 5);
      expect(block.fileSizeBytes).toBe(end);
    }
    expect(end).toBe(table.sizeBytes);
    const data = blocks.filter(({ blockKind }) => blockKind === 'data');
    expect(data.length).toBe(table.dataBlocks);
    expect(data.reduce((sum, block) => sum + block.entries, 0)).toBe(100);
    expect(blocks.map(({ blockKind }) => blockKind).slice(data.length)).toEqual([
      'filter',
      'index',
      'properties',
      'footer',
    ]);
  });

  test('tells the filter as the file has it', () => {
    const [filter] = only(sink.events, 'table.filter');
    const block = only(sink.events, 'table.block').find(({ blockKind }) => blockKind === 'filter')!;
    expect(filter!.keys).toBe(50);
    const lines = bytes.slice(block.offset, block.offset + filter!.bitCount / 8);
    expect(equalBytes(filter!.bits, lines)).toBe(true);
    expect(filter!.insertions.length).toBe(50);
    const set = new Set(filter!.insertions.flatMap(({ bits }) => bits));
    expect(set.size).toBe(filter!.bitsSet);
    for (const bit of set) expect(lines[bit >>> 3]! & (1 << (bit & 7))).not.toBe(0);
  });

  test('sums up what it wrote', () => {
    expect(table).toMatchObject({
      entries: 100,
      tombstones: 10,
      smallestSequence: 401,
      largestSequence: 500,
      rawKeyBytes: 700,
      run: 5,
      madeBy: 'flush',
    });
    expect(table.smallestKey).toEqual(encodeUtf8('key0000'));
    expect(table.largestKey).toEqual(encodeUtf8('key0049'));
  });
});

describe('a traced get', () => {
  function traced(reader: TableReader, key: string, sequence: number): boolean {
    const bytesOfKey = encodeUtf8(key);
    const hash = new Uint32Array(2);
    hash64(bytesOfKey, 0, bytesOfKey.length, FILTER_SEED, hash);
    return reader.get(bytesOfKey, hash, sequence, new Entry(), { operation: 42, level: 3 });
  }

  test('tells filter, index, block and search, all of one operation', () => {
    const reads = recordingSink();
    const context = newContext(1 << 20, reads);
    const reader = openTable(disk, table, context);
    for (const cacheHit of [false, true]) {
      reads.events.length = 0;
      expect(traced(reader, 'key0020', 459)).toBe(true);
      expect(reads.events.map(({ kind }) => kind)).toEqual([
        'filter.check',
        'index.seek',
        'block.read',
        'block.search',
      ]);
      for (const event of reads.events) expect(event).toMatchObject({ operation: 42, file: 5 });
      const [check] = only(reads.events, 'filter.check');
      expect(check).toMatchObject({ verdict: 'maybe', level: 3, probesMax: check!.probes.length });
      const [seek] = only(reads.events, 'index.seek');
      const [read] = only(reads.events, 'block.read');
      expect(read).toMatchObject({ cacheHit, block: seek!.block, cacheBlocks: 1 });
      expect(seek!.steps.length).toBeGreaterThan(1);
      const [search] = only(reads.events, 'block.search');
      expect(search).toMatchObject({
        result: 'found',
        sequence: 459,
        passedOver: 1,
        falsePositive: false,
      });
    }
    expect(context.counters).toMatchObject({
      filterChecks: 2,
      cacheHits: 1,
      cacheMisses: 1,
      blockReads: 1,
    });
  });

  test('tells tombstones and absent keys apart, and counts lies of the filter', () => {
    const reads = recordingSink();
    const context = newContext(1 << 20, reads);
    const reader = openTable(disk, table, context);
    expect(traced(reader, 'key0001', 497)).toBe(true);
    expect(only(reads.events, 'block.search')[0]!.result).toBe('tombstone');
    let lies = 0;
    for (let number = 0; number < 2000; number++) {
      reads.events.length = 0;
      expect(traced(reader, `key00${number}x`, 1000)).toBe(false);
      const [check] = only(reads.events, 'filter.check');
      const [search] = only(reads.events, 'block.search');
      const beyond = only(reads.events, 'index.seek')[0]?.block === -1;
      if (check!.verdict === 'maybe') lies++;
      expect(search === undefined || search.falsePositive).toBe(true);
      expect(search === undefined).toBe(check!.verdict === 'absent' || beyond);
    }
    expect(lies).toBeGreaterThan(0);
    expect(context.counters).toMatchObject({
      filterChecks: 2001,
      filterNegatives: 2000 - lies,
      filterFalsePositives: lies,
    });
  });

  test('does not call it a lie when only newer versions are there', () => {
    const context = newContext();
    const reader = openTable(disk, table, context);
    for (const { key } of entries) expect(traced(reader, decodeUtf8(key), 400)).toBe(false);
    expect(context.counters).toMatchObject({ filterChecks: 100, filterFalsePositives: 0 });
  });
});

test('the inspector sees every part in its place', () => {
  const { properties, blocks, file } = describeTable(openTable(disk, table));
  expect(file).toBe(5);
  expect(properties).toMatchObject({
    entries: 100,
    distinctKeys: 50,
    comparator: 'lsm-lens.bytewise',
    fileSizeBytes: table.sizeBytes,
  });
  const told = only(sink.events, 'table.block');
  expect(
    blocks.map(({ blockKind, offset, sizeBytes, entries: count }) => [
      blockKind,
      offset,
      sizeBytes,
      count,
    ]),
  ).toEqual(
    told.map(({ blockKind, offset, sizeBytes, entries: count }) => [
      blockKind,
      offset,
      sizeBytes,
      count,
    ]),
  );
  const first = only(sink.events, 'table.entry').filter(
    (event, index, all) => all[index - 1]?.block !== event.block,
  );
  expect(
    blocks.filter(({ blockKind }) => blockKind === 'data').map(({ firstKey }) => firstKey),
  ).toEqual(first.map(({ key }) => key));
});
