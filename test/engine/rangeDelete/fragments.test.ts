// Fragments against the plain question: which range deletes cover this key?

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareBytes, encodeUtf8 } from '../../../src/base/bytes.ts';
import { Fragments, NOT_COVERED } from '../../../src/engine/rangeDelete/fragments.ts';
import {
  boundOf,
  partBefore,
  partFrom,
  successorOf,
} from '../../../src/engine/rangeDelete/rangeTombstone.ts';
import type { RangeTombstone } from '../../../src/engine/rangeDelete/rangeTombstone.ts';
import { TombstoneLog } from '../../../src/engine/rangeDelete/tombstoneLog.ts';
import { keyArbitrary } from '../modelEntries.ts';
import { tombstonesArbitrary } from './tombstones.ts';

function newestOver(
  tombstones: readonly RangeTombstone[],
  key: Uint8Array,
  sequence: number,
): number {
  return tombstones
    .filter(({ from, to }) => compareBytes(from, key) <= 0 && compareBytes(key, to) < 0)
    .filter((tombstone) => tombstone.sequence <= sequence)
    .reduce((newest, tombstone) => Math.max(newest, tombstone.sequence), NOT_COVERED);
}

/** Keys at the ends of spans, and free ones. */
const keysFor = (tombstones: readonly RangeTombstone[]): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    keyArbitrary,
    ...tombstones.map(({ from, to }) => fc.constantFrom(from, to, successorOf(from))),
  );

const questions = tombstonesArbitrary(14).chain((tombstones) =>
  fc.record({
    tombstones: fc.constant(tombstones),
    keys: fc.array(fc.tuple(keysFor(tombstones), fc.nat({ max: 20 })), { maxLength: 20 }),
  }),
);

describe('fragments', () => {
  test('know the newest over each key for each reader', () => {
    fc.assert(
      fc.property(questions, ({ tombstones, keys }) => {
        const fragments = new Fragments(tombstones.toReversed());
        for (const [key, sequence] of keys) {
          expect(fragments.coverOf(key, sequence)).toBe(newestOver(tombstones, key, sequence));
        }
      }),
      { numRuns: 400 },
    );
  });

  test('are in order, do not overlap and are never empty', () => {
    fc.assert(
      fc.property(tombstonesArbitrary(14), (tombstones) => {
        const { list } = new Fragments(tombstones);
        for (const { from, to, covers } of list) {
          expect(compareBytes(from, to)).toBeLessThan(0);
          expect(covers.length).toBeGreaterThan(0);
        }
        for (const [index, { from }] of list.slice(1).entries()) {
          expect(compareBytes(list[index]!.to, from)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });
});

test('a log asked between additions answers as fragments of all do', () => {
  fc.assert(
    fc.property(questions, ({ tombstones, keys }) => {
      const log = new TombstoneLog();
      for (let round = 0; round < 3; round++) {
        for (const tombstone of tombstones) {
          log.add({ ...tombstone, sequence: tombstone.sequence + 20 * round });
          for (const [key, sequence] of keys.slice(0, 3)) {
            expect(log.coverOf(key, sequence)).toBe(newestOver(log.all, key, sequence));
          }
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('the bound of a span that ends behind a key is that key', () => {
  const key = Uint8Array.of(1, 2);
  expect(boundOf(successorOf(key))).toEqual(key);
  expect(boundOf(key)).toEqual(key);
});

test('a range delete is cut between its bounds; outside of them nothing is left', () => {
  const [start, middle, end] = ['b', 'c', 'd'].map(encodeUtf8) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const whole = { from: start, to: end, sequence: 1, timestampMicros: 1 };
  expect([start, middle, end].map((place) => partBefore(whole, place))).toEqual([
    undefined,
    { ...whole, to: middle },
    whole,
  ]);
  expect([start, middle, end].map((place) => partFrom(whole, place))).toEqual([
    whole,
    { ...whole, from: middle },
    undefined,
  ]);
});
