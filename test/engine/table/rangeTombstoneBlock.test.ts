// The range-tombstone block: what was put in comes out, and no damage to it goes unnoticed.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { LsmError } from '../../../src/base/errors.ts';
import { KIND_PUT } from '../../../src/engine/entryKind.ts';
import { Entry } from '../../../src/engine/iterator/entry.ts';
import { compareTombstones } from '../../../src/engine/rangeDelete/rangeTombstone.ts';
import type { RangeTombstone } from '../../../src/engine/rangeDelete/rangeTombstone.ts';
import {
  decodeRangeTombstones,
  encodeRangeTombstones,
} from '../../../src/engine/table/rangeTombstoneBlock.ts';
import { TableWriter } from '../../../src/engine/table/tableWriter.ts';
import { verifyTable } from '../../../src/engine/table/verifyTable.ts';
import type { TableInfo } from '../../../src/protocol/events.ts';
import { fillEntry } from '../modelEntries.ts';
import { tombstonesArbitrary } from '../rangeDelete/tombstones.ts';
import { DIRECTORY, newContext, newDisk, openTable, writerOptions } from './builtTable.ts';

const tombstone = (from: string, to: string, sequence: number): RangeTombstone => ({
  from: encodeUtf8(from),
  to: encodeUtf8(to),
  sequence,
  timestampMicros: 1_700_000_000_000_000 + sequence,
});

const TOMBSTONES = [tombstone('b', 'f', 7), tombstone('d', 'k', 9), tombstone('a', 'c', 3)];

/** A small table with two entries and three range deletes, or the range deletes alone. */
async function build(withEntries: boolean): Promise<{ table: TableInfo; good: Uint8Array }> {
  const disk = newDisk();
  const writer = new TableWriter(writerOptions(disk, 12));
  for (const [key, sequence] of withEntries
    ? ([
        ['c', 5],
        ['e', 6],
      ] as const)
    : []) {
    const entry = new Entry();
    const value = encodeUtf8('value');
    const model = { key: encodeUtf8(key), sequence, kind: KIND_PUT, timestampMicros: 1, value };
    fillEntry(entry, model);
    writer.add(entry);
  }
  writer.setRangeTombstones(TOMBSTONES);
  const { table } = await writer.finish();
  const file = disk.open(`${DIRECTORY}/${table.name}`, 'read');
  const good = new Uint8Array(file.sizeBytes());
  file.read(good, 0, good.length, 0);
  return { table, good };
}

/** Opens these bytes as the table; answers the error's code, or `fine`. */
function open(table: TableInfo, content: Uint8Array): string {
  const disk = newDisk();
  const file = disk.open(`${DIRECTORY}/${table.name}`, 'create');
  file.write(content, 0, content.length, 0);
  return codeOf(() => openTable(disk, table).close());
}

function codeOf(action: () => void): string {
  try {
    action();
    return 'fine';
  } catch (thrown) {
    if (!(thrown instanceof LsmError)) throw thrown;
    return thrown.code;
  }
}

test('gives back what was put in', () => {
  fc.assert(
    fc.property(tombstonesArbitrary(12), (drawn) => {
      fc.pre(drawn.length > 0);
      const sorted = drawn.toSorted(compareTombstones);
      expect(decodeRangeTombstones(encodeRangeTombstones(sorted), 'table', 0)).toEqual(sorted);
    }),
  );
});

describe.each([true, false])('a table with range deletes (and entries: %s)', (withEntries) => {
  test('is bounded by its spans and verifies', async () => {
    const { table, good } = await build(withEntries);
    expect(table).toMatchObject({ entries: withEntries ? 2 : 0, rangeDeletes: 3 });
    expect([table.smallestKey, table.largestKey]).toEqual([encodeUtf8('a'), encodeUtf8('k')]);
    const disk = newDisk();
    const file = disk.open(`${DIRECTORY}/${table.name}`, 'create');
    file.write(good, 0, good.length, 0);
    const reader = openTable(disk, table);
    expect(reader.rangeTombstones).toEqual(TOMBSTONES.toSorted(compareTombstones));
    const covers = ['a', 'b', 'c', 'e', 'f', 'k'].map((key) => reader.coverOf(encodeUtf8(key), 8));
    expect(covers).toEqual([3, 7, 7, 7, 0, 0]);
    reader.close();
    const handle = disk.open(`${DIRECTORY}/${table.name}`, 'read');
    const steps = verifyTable(handle, table.name, table, newContext());
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    expect(step.value).toEqual([]);
  });

  test('with any byte behind its data changed does not open', async () => {
    const { table, good } = await build(withEntries);
    for (let position = 0; position < good.length; position++) {
      const bad = good.slice();
      bad[position]! ^= 1 << (position % 8);
      const isData = withEntries && position < dataEnd(table, good);
      expect(open(table, bad), `byte ${position}`).not.toBe(isData ? 'none' : 'fine');
    }
  });

  test('cut to any length does not open', async () => {
    const { table, good } = await build(withEntries);
    for (let length = 0; length < good.length; length++) {
      expect(open(table, good.subarray(0, length)), `length ${length}`).toBe('CORRUPTION');
    }
  });
});

/** Where the data blocks end: the footer's first field. */
function dataEnd(table: TableInfo, good: Uint8Array): number {
  return new DataView(good.buffer).getUint32(table.sizeBytes - 64, true);
}

describe('a block with a good checksum', () => {
  const decode = (bytes: Uint8Array): void => void decodeRangeTombstones(bytes, 'table', 100);

  test('is refused when it is out of order, empty, or its spans are', () => {
    const [first, second] = TOMBSTONES as [RangeTombstone, RangeTombstone];
    const refused = [
      [second, first],
      [first, first],
      [{ ...first, to: first.from }],
      [{ ...first, to: encodeUtf8('a') }],
      [],
    ];
    for (const list of refused) {
      expect(() => decode(encodeRangeTombstones(list))).toThrow(LsmError);
    }
  });

  test('is refused at every length, and with every byte of its count raised', () => {
    const good = encodeRangeTombstones(TOMBSTONES.toSorted(compareTombstones));
    for (let length = 0; length < good.length; length++) {
      expect(() => decode(good.subarray(0, length))).toThrow(LsmError);
    }
    for (let position = good.length - 4; position < good.length; position++) {
      const bad = good.slice();
      bad[position]! += 1;
      expect(() => decode(bad)).toThrow(LsmError);
    }
  });

  test('with any bytes at all is read or refused, nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat({ max: 6 }), (content, count) => {
        const code = codeOf(() => decode(new Uint8Array([...content, count, 0, 0, 0])));
        expect(['fine', 'CORRUPTION']).toContain(code);
      }),
      { numRuns: 500 },
    );
  });
});
