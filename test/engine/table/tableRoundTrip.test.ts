// Whatever is written into a table comes back: by walking, by seeking, by getting, whatever the
// sizes of blocks and restart intervals.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareBytes, equalBytes } from '../../../src/base/bytes.ts';
import { COMPRESSION_NAMES } from '../../../src/base/compression/blockCodec.ts';
import { hash64 } from '../../../src/base/hash.ts';
import { Entry } from '../../../src/engine/iterator/entry.ts';
import { FILTER_SEED } from '../../../src/engine/table/filter.ts';
import { JOB_READS } from '../../../src/engine/table/readContext.ts';
import type { TableReader } from '../../../src/engine/table/tableReader.ts';
import {
  entriesArbitrary,
  keyArbitrary,
  makeMove,
  modelOf,
  ModelIterator,
  movesArbitrary,
  shown,
} from '../modelEntries.ts';
import type { ModelEntry } from '../modelEntries.ts';
import { newContext, newDisk, openTable, writeTable } from './builtTable.ts';

const shapeArbitrary = fc.record({
  blockSize: fc.constantFrom(64, 100, 256, 4096),
  blockRestartInterval: fc.constantFrom(1, 2, 3, 16, 64),
  bloomBitsPerKey: fc.constantFrom(0, 1, 10, 64),
  indexPartitionSize: fc.constantFrom(64, 200, 1 << 20),
  compression: fc.constantFrom(...COMPRESSION_NAMES),
});

/** Through the cache, past it, and looking into it only. */
const readsArbitrary = fc.constantFrom(
  JOB_READS,
  { operation: 0, useCache: true, fillCache: true },
  { operation: 0, useCache: true, fillCache: false },
);

async function reopened(entries: readonly ModelEntry[], shape: object): Promise<TableReader> {
  const disk = newDisk();
  // A cache of a few blocks, so that walks meet hits, misses and evictions.
  return openTable(disk, await writeTable(disk, 9, entries, shape), newContext(3000));
}

function walk(reader: TableReader, forward: boolean): ModelEntry[] {
  const iterator = reader.iterator(JOB_READS);
  const seen: ModelEntry[] = [];
  if (forward)
    for (iterator.first(); iterator.valid; iterator.next()) seen.push(modelOf(iterator.entry));
  else for (iterator.last(); iterator.valid; iterator.prev()) seen.push(modelOf(iterator.entry));
  return seen;
}

describe('a table', () => {
  test('gives back every entry, forward and backward', async () => {
    await fc.assert(
      fc.asyncProperty(entriesArbitrary(1, 120), shapeArbitrary, async (entries, shape) => {
        const reader = await reopened(entries, shape);
        expect(walk(reader, true)).toEqual(entries);
        expect(walk(reader, false)).toEqual(entries.toReversed());
      }),
    );
  });

  test('follows every move that a sorted array makes', async () => {
    const drawn = entriesArbitrary(1, 80).chain((entries) =>
      fc.tuple(fc.constant(entries), movesArbitrary(entries)),
    );
    await fc.assert(
      fc.asyncProperty(drawn, shapeArbitrary, readsArbitrary, async (drawn, shape, reads) => {
        const [entries, moves] = drawn;
        const iterator = (await reopened(entries, shape)).iterator(reads);
        const model = new ModelIterator(entries);
        for (const move of moves) {
          makeMove(iterator, move);
          makeMove(model, move);
          expect(shown(iterator)).toEqual(shown(model));
        }
      }),
    );
  });

  test('gets the newest version at every sequence', async () => {
    await fc.assert(
      fc.asyncProperty(
        entriesArbitrary(1, 40),
        fc.array(keyArbitrary, { maxLength: 10 }),
        shapeArbitrary,
        async (entries, others, shape) => {
          const reader = await reopened(entries, shape);
          const sequences = [0, ...entries.map((entry) => entry.sequence), Number.MAX_SAFE_INTEGER];
          for (const key of [...entries.map((entry) => entry.key), ...others]) {
            for (const sequence of sequences) {
              const expected = entries.find(
                (entry) => compareBytes(entry.key, key) === 0 && entry.sequence <= sequence,
              );
              expect(get(reader, key, sequence)).toEqual(
                expected === undefined ? undefined : { ...expected, key: new Uint8Array(0) },
              );
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('keeps values and keys far longer than its blocks', async () => {
    const entries = [
      { key: new Uint8Array(1 << 20).fill(7), value: new Uint8Array(3 << 20).fill(1) },
      { key: new Uint8Array(1 << 20).fill(8), value: new Uint8Array(0) },
      { key: new Uint8Array(3).fill(9), value: new Uint8Array(300_000).fill(2) },
    ].map((entry, index) => ({ ...entry, sequence: index + 1, kind: 1, timestampMicros: 5 }));
    const reader = await reopened(entries, { blockSize: 64 });
    const seen = walk(reader, true);
    expect(seen.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    for (const [index, { key, value }] of entries.entries()) {
      expect(equalBytes(seen[index]!.key, key)).toBe(true);
      expect(equalBytes(seen[index]!.value, value)).toBe(true);
    }
    expect(get(reader, entries[1]!.key, 10)?.sequence).toBe(2);
  });
});

function get(reader: TableReader, key: Uint8Array, sequence: number): ModelEntry | undefined {
  const hash = new Uint32Array(2);
  hash64(key, 0, key.length, FILTER_SEED, hash);
  const found = new Entry();
  return reader.get(key, hash, sequence, found, null) ? modelOf(found) : undefined;
}
