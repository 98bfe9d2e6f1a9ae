// A run walks like one table, opens its tables only when it comes to them.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareBytes } from '../../../src/base/bytes.ts';
import { TableCache } from '../../../src/engine/cache/tableCache.ts';
import { RunIterator } from '../../../src/engine/iterator/runIterator.ts';
import { JOB_READS } from '../../../src/engine/table/readContext.ts';
import type { TableInfo } from '../../../src/protocol/events.ts';
import {
  entriesArbitrary,
  makeMove,
  modelOf,
  ModelIterator,
  movesArbitrary,
  shown,
} from '../modelEntries.ts';
import type { ModelEntry } from '../modelEntries.ts';
import { DIRECTORY, newContext, newDisk, writeTable } from '../table/builtTable.ts';

/** Cuts ordered entries into tables of about `size` entries, never between versions of a key. */
function cut(entries: readonly ModelEntry[], size: number): ModelEntry[][] {
  const parts: ModelEntry[][] = [];
  let part: ModelEntry[] = [];
  entries.forEach((entry, index) => {
    part.push(entry);
    const next = entries[index + 1];
    const keyEnds = next === undefined || compareBytes(next.key, entry.key) !== 0;
    if (keyEnds && (part.length >= size || next === undefined)) {
      parts.push(part);
      part = [];
    }
  });
  return parts;
}

async function runOf(
  entries: readonly ModelEntry[],
  size: number,
): Promise<{ tables: TableInfo[]; cache: TableCache }> {
  const disk = newDisk();
  const tables: TableInfo[] = [];
  for (const [index, part] of cut(entries, size).entries()) {
    tables.push(await writeTable(disk, index + 1, part, { blockSize: 100 }));
  }
  return { tables, cache: new TableCache(disk, DIRECTORY, newContext(), 2) };
}

describe('a run', () => {
  test('follows every move that a sorted array makes', async () => {
    const drawn = entriesArbitrary(0, 60).chain((entries) =>
      fc.tuple(fc.constant(entries), movesArbitrary(entries), fc.integer({ min: 1, max: 20 })),
    );
    await fc.assert(
      fc.asyncProperty(drawn, async ([entries, moves, size]) => {
        const { tables, cache } = await runOf(entries, size);
        const iterator = new RunIterator(tables, cache, JOB_READS);
        const model = new ModelIterator(entries);
        for (const move of moves) {
          makeMove(iterator, move);
          makeMove(model, move);
          expect(shown(iterator)).toEqual(shown(model));
        }
      }),
    );
  });

  test('opens a table only when it comes to it, and says in which it stands', async () => {
    const entries = Array.from({ length: 12 }, (_, index) => ({
      key: new Uint8Array([index]),
      sequence: index + 1,
      kind: 1,
      timestampMicros: 0,
      value: new Uint8Array(0),
    }));
    const { tables, cache } = await runOf(entries, 3);
    const iterator = new RunIterator(tables, cache, JOB_READS);
    expect([cache.openTables, iterator.file]).toEqual([0, 0]);
    iterator.seek(new Uint8Array([7]), 100);
    expect([cache.openTables, iterator.file]).toEqual([1, 3]);
    expect(modelOf(iterator.entry).sequence).toBe(8);
    iterator.next();
    iterator.next();
    expect([cache.openTables, iterator.file]).toEqual([2, 4]);
    iterator.seek(new Uint8Array([200]), 100);
    expect([iterator.valid, iterator.file]).toEqual([false, 0]);
  });
});
