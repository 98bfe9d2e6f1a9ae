// The sublevels of Pebble's level 0, by the examples of its own sources
// (internal/manifest/testdata/l0_sublevels) and against their definition.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import { emptyState } from '../../src/protocol/emptyState.ts';
import { reduce } from '../../src/protocol/reduce.ts';
import { compareBytewise } from '../../src/readers/keyOrder.ts';
import type { PebbleReader } from '../../src/readers/pebble/pebbleReader.ts';
import { sublevelsOf } from '../../src/readers/pebble/sublevels.ts';
import { boundsOf } from '../../src/readers/pebble/tableBounds.ts';
import type { RocksdbTable } from '../../src/readers/rocksdb/newFile.ts';
import { appendEdit, pebbleDirectory } from './pebbleDirectory.ts';
import { pebbleTable } from './pebbleTables.ts';
import type { TableMade } from './pebbleTables.ts';

/** `number: from #sequence - to #sequence`, with `)` behind an end that is not in the table. */
function tableOf(line: string): RocksdbTable {
  const [, number, from, low, to, high, open] =
    /^(\d+): (\w+) #(\d+) - (\w+) #(\d+)(\))?$/.exec(line) ?? [];
  return pebbleTable({
    number: Number(number),
    from: encodeUtf8(from!),
    to: encodeUtf8(to!),
    sequences: [Number(low), Number(high)],
    endsBefore: open !== undefined,
  });
}

function divide(...lines: readonly string[]): Record<number, number> {
  return Object.fromEntries(sublevelsOf(lines.map(tableOf), compareBytewise));
}

test('tables side by side share a sublevel, whatever their age', () => {
  expect(divide('9: a #10 - b #10', '7: c #6 - d #8', '3: e #5 - j #7')).toEqual({
    ...{ 9: 0, 7: 0, 3: 0 },
  });
});

test('one shared key puts the newer table above the older one', () => {
  expect(divide('9: a #10 - b #10', '7: b #6 - j #8', '3: e #5 - j #7')).toEqual({
    ...{ 3: 0, 7: 1, 9: 2 },
  });
});

test('a table lies above the greatest sublevel that it overlaps', () => {
  const tables = [
    ...['1: a #2 - b #3', '2: c #3 - d #5', '3: e #5 - f #7', '5: f #6 - h #9'],
    ...['6: f #4 - g #5', '9: f #10 - i #10', '10: f #11 - g #11'],
  ];
  expect(divide(...tables)).toEqual({ 1: 0, 2: 0, 6: 0, 3: 1, 5: 2, 9: 3, 10: 4 });
});

test('a range that ends before a key does not overlap a table that begins with it', () => {
  expect(divide('1: a #1 - c #1)', '2: c #2 - d #2')).toEqual({ 1: 0, 2: 0 });
  expect(divide('1: a #1 - c #1', '2: c #2 - d #2')).toEqual({ 1: 0, 2: 1 });
});

const anyTables = fc.array(
  fc.record({
    keys: fc.tuple(fc.nat(12), fc.nat(12)),
    sequences: fc.tuple(fc.nat(20), fc.nat(20)),
    endsBefore: fc.boolean(),
  }),
  { maxLength: 24 },
);

test('each table lies right above the highest older one that it overlaps', () => {
  fc.assert(
    fc.property(anyTables, (drawn) => {
      const tables = drawn.map(({ keys, sequences, endsBefore }, index) => {
        const [from, to] = keys.toSorted((left, right) => left - right) as [number, number];
        return pebbleTable({
          number: index + 1,
          from: Uint8Array.of(from),
          to: Uint8Array.of(to),
          sequences: sequences.toSorted((left, right) => left - right) as [number, number],
          endsBefore: endsBefore && from < to,
        });
      });
      const sublevels = sublevelsOf(tables, compareBytewise);
      const oldestFirst = tables.toSorted(
        (left, right) =>
          left.largestSequence - right.largestSequence ||
          left.smallestSequence - right.smallestSequence ||
          left.number - right.number,
      );
      for (const [age, table] of oldestFirst.entries()) {
        const below = oldestFirst.slice(0, age).filter((other) => overlap(other, table));
        const highest = Math.max(-1, ...below.map(({ number }) => sublevels.get(number)!));
        expect(sublevels.get(table.number)).toBe(highest + 1);
      }
    }),
  );
});

function overlap(left: RocksdbTable, right: RocksdbTable): boolean {
  return reaches(left, right) && reaches(right, left);
}

/** Whether the first does not end before the other begins. */
function reaches(table: RocksdbTable, other: RocksdbTable): boolean {
  const { to, endsBefore } = boundsOf(table);
  const { from } = boundsOf(other);
  return endsBefore ? to[0]! > from[0]! : to[0]! >= from[0]!;
}

test('many tables over all keys are divided in a moment', () => {
  const tables = Array.from({ length: 20_000 }, (_, index) =>
    pebbleTable({
      number: index,
      from: Uint8Array.of(index & 0xff, index >>> 8),
      to: Uint8Array.of(0xff, index & 0xff),
      sequences: [index, index],
      endsBefore: false,
    }),
  );
  expect(sublevelsOf(tables, compareBytewise).size).toBe(tables.length);
});

/** Tables of level 0 with their sublevels, newest first, as the history has told them. */
function told(reader: PebbleReader): string[] {
  let state = emptyState();
  let number = 0;
  for (const { body, timeMicros } of reader.history()) {
    state = reduce(state, { ...body, number: ++number, timeMicros });
  }
  const [top] = state.families[0]!.levels;
  expect(top!.tables).toEqual(reader.describe().families[0]!.levels[0]!.tables);
  return top!.tables.map(({ file, run }) => `${file} in L0.${run}`);
}

const edit = (number: number, from: string, to: string): TableMade => ({
  ...{ number, from: encodeUtf8(from), to: encodeUtf8(to), sequences: [number, number] },
});

test('a table sinks when those below it are merged away, and the past tells it', async () => {
  const tables = [edit(1, 'a', 'c'), edit(2, 'b', 'd'), edit(3, 'c', 'e'), edit(4, 'x', 'z')];
  const flushes = tables.map((table) => ({ added: [table] }));
  const { reader: before } = await pebbleDirectory([{}, ...flushes]);
  expect(told(before)).toEqual(['3 in L0.2', '2 in L0.1', '1 in L0.0', '4 in L0.0']);
  const target = before.describe().families[0]!.levels[0]!.target;
  expect(target).toEqual({ level: 0, score: 1.5, measure: 'sublevels', limit: 2 });
  before.close();
  const merge = { removed: [{ number: 1 }, { number: 2 }], added: [] };
  const { reader: after } = await pebbleDirectory([{}, ...flushes, merge]);
  expect(told(after)).toEqual(['3 in L0.0', '4 in L0.0']);
  after.close();
});

test('a merge that another process makes while one looks moves the tables left', async () => {
  const flushes = [edit(1, 'a', 'c'), edit(2, 'b', 'd')].map((table) => ({ added: [table] }));
  const { reader, vfs } = await pebbleDirectory([{}, ...flushes]);
  expect(told(reader)).toEqual(['2 in L0.1', '1 in L0.0']);
  appendEdit(vfs, { removed: [{ number: 1 }], added: [{ ...edit(9, 'a', 'c'), level: 6 }] });
  const edits = [...reader.follow()].filter(({ body }) => body.kind === 'manifest.edit');
  expect(edits).toMatchObject([
    {
      body: {
        added: [{ level: 6 }, { level: 0, table: { file: 2, run: 0 } }],
        removed: [
          { level: 0, file: 1 },
          { level: 0, file: 2 },
        ],
      },
    },
  ]);
  reader.close();
});
