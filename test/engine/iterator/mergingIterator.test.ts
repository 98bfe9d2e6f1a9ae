// A merge of sources is what sorting all their entries together gives, whichever way one walks.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MergingIterator } from '../../../src/engine/iterator/mergingIterator.ts';
import {
  compareModel,
  entriesArbitrary,
  makeMove,
  modelOf,
  ModelIterator,
  movesArbitrary,
  shown,
} from '../modelEntries.ts';
import type { ModelEntry } from '../modelEntries.ts';

/** Entries dealt out to 1 … 9 sources, some of which may get none. */
const dealtArbitrary = entriesArbitrary(0, 80).chain((entries) =>
  fc
    .tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.nat(8), { minLength: entries.length, maxLength: entries.length }),
    )
    .map(([count, lots]) => {
      const dealt = Array.from({ length: count }, (): ModelEntry[] => []);
      entries.forEach((entry, index) => dealt[lots[index]! % count]!.push(entry));
      return { entries, dealt };
    }),
);

function merged(dealt: readonly ModelEntry[][]): MergingIterator {
  return new MergingIterator(dealt.map((entries) => new ModelIterator(entries)));
}

describe('a merging iterator', () => {
  test('gives all entries in order, both ways, and says where each came from', () => {
    fc.assert(
      fc.property(dealtArbitrary, ({ entries, dealt }) => {
        const iterator = merged(dealt);
        const seen: ModelEntry[] = [];
        for (iterator.first(); iterator.valid; iterator.next()) {
          const entry = modelOf(iterator.entry);
          seen.push(entry);
          expect(dealt[iterator.source]!.some((other) => compareModel(other, entry) === 0)).toBe(
            true,
          );
        }
        expect(seen).toEqual(entries);
        const back: ModelEntry[] = [];
        for (iterator.last(); iterator.valid; iterator.prev()) back.push(modelOf(iterator.entry));
        expect(back).toEqual(entries.toReversed());
      }),
    );
  });

  test('follows every move and turn that a sorted array makes', () => {
    const drawn = dealtArbitrary.chain(({ entries, dealt }) =>
      fc.record({
        entries: fc.constant(entries),
        dealt: fc.constant(dealt),
        moves: movesArbitrary(entries),
      }),
    );
    fc.assert(
      fc.property(drawn, ({ entries, dealt, moves }) => {
        const iterator = merged(dealt);
        const model = new ModelIterator(entries);
        for (const move of moves) {
          makeMove(iterator, move);
          makeMove(model, move);
          expect(shown(iterator)).toEqual(shown(model));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('passes the same entry once for each source that has it, in turns too', () => {
    const entry = {
      key: new Uint8Array([1]),
      sequence: 5,
      kind: 1,
      timestampMicros: 0,
      value: new Uint8Array(0),
    };
    const iterator = merged([[entry], [entry], [entry]]);
    iterator.first();
    const sources = [iterator.source];
    for (const move of ['next', 'next', 'prev', 'next', 'prev', 'prev', 'next'] as const) {
      iterator[move]();
      sources.push(iterator.source);
    }
    expect(sources).toEqual([0, 1, 2, 1, 2, 1, 0, 1]);
  });

  test('of nothing is nowhere', () => {
    const iterator = new MergingIterator([]);
    iterator.first();
    expect(iterator.valid).toBe(false);
    iterator.last();
    expect(iterator.valid).toBe(false);
  });
});
