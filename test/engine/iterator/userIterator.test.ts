// What a reader sees, held against a map: the newest version at or below the reader's sequence.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareBytes, encodeUtf8, startsWith } from '../../../src/base/bytes.ts';
import { LsmError } from '../../../src/base/errors.ts';
import { KIND_DELETE, KIND_PUT } from '../../../src/engine/entryKind.ts';
import { UserIterator } from '../../../src/engine/iterator/userIterator.ts';
import type { UserIteratorOptions } from '../../../src/engine/iterator/userIterator.ts';
import { compareModel, entriesArbitrary, keyArbitrary, ModelIterator } from '../modelEntries.ts';
import type { ModelEntry } from '../modelEntries.ts';

type Pair = readonly [Uint8Array, Uint8Array];

/** The visible pairs inside the bounds, ascending; `entries` are in table order. */
function visible(entries: readonly ModelEntry[], options: UserIteratorOptions): Pair[] {
  const { sequence, from, to, prefix } = options;
  const pairs: Pair[] = [];
  let last: Uint8Array | undefined;
  for (const entry of entries) {
    if (entry.sequence > sequence) continue;
    if (last !== undefined && compareBytes(last, entry.key) === 0) continue;
    last = entry.key;
    const inside =
      (from === undefined || compareBytes(entry.key, from) >= 0) &&
      (to === undefined || compareBytes(entry.key, to) < 0) &&
      (prefix === undefined || startsWith(entry.key, prefix));
    if (inside && entry.kind === KIND_PUT) pairs.push([entry.key, entry.value]);
  }
  return pairs;
}

function at(iterator: UserIterator): Pair {
  return [Uint8Array.from(iterator.copyKey()), Uint8Array.from(iterator.copyValue())];
}

const scanArbitrary = entriesArbitrary(0, 60).chain((entries) => {
  const bound = fc.option(keyArbitrary, { nil: undefined });
  const sequence = fc.constantFrom(0, 2 ** 53 - 1, ...entries.map((entry) => entry.sequence));
  const prefix = fc.option(
    keyArbitrary.map((key) => key.slice(0, 2)),
    { nil: undefined },
  );
  const options = fc.record({ sequence, from: bound, to: bound, prefix });
  return fc.record({ entries: fc.constant(entries), options });
});

describe('a user iterator', () => {
  test('shows what a map would hold, both ways, within bounds and limit', () => {
    fc.assert(
      fc.property(scanArbitrary, fc.boolean(), fc.nat(8), ({ entries, options }, reverse, some) => {
        const expected = visible(entries, options);
        if (reverse) expected.reverse();
        for (const limit of [undefined, some]) {
          const source = new ModelIterator(entries);
          const iterator = new UserIterator(source, { ...options, reverse, limit });
          const seen: Pair[] = [];
          for (iterator.begin(); iterator.valid; iterator.advance()) seen.push(at(iterator));
          expect(seen).toEqual(expected.slice(0, limit ?? expected.length));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('follows every move and turn that a sorted array makes', () => {
    const move = fc.oneof(
      fc
        .constantFrom('next', 'prev', 'next', 'prev', 'first', 'last')
        .map((name) => ({ name, key: undefined })),
      fc.record({ name: fc.constantFrom('seek', 'seekAtMost'), key: keyArbitrary }),
    );
    fc.assert(
      fc.property(
        scanArbitrary,
        fc.array(move, { maxLength: 40 }),
        ({ entries, options }, moves) => {
          const pairs = visible(entries, options);
          const iterator = new UserIterator(new ModelIterator(entries), options);
          let index = -1;
          for (const { name, key } of moves) {
            const standing = index >= 0 && index < pairs.length;
            if (key !== undefined && name === 'seek') {
              iterator.seek(key);
              index = pairs.findIndex(([other]) => compareBytes(other, key) >= 0);
            } else if (key !== undefined) {
              iterator.seekAtMost(key);
              index = pairs.findLastIndex(([other]) => compareBytes(other, key) <= 0);
            } else if (name === 'first' || (name === 'next' && !standing)) {
              iterator.first();
              index = 0;
            } else if (name === 'last' || (name === 'prev' && !standing)) {
              iterator.last();
              index = pairs.length - 1;
            } else if (name === 'next') {
              iterator.next();
              index++;
            } else {
              iterator.prev();
              index--;
            }
            const expected = pairs[index];
            expect(iterator.valid ? at(iterator) : undefined).toEqual(expected);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test('counts its limit anew from each seek', () => {
    const entries = [1, 2, 3, 4, 5].map((number) => ({
      key: new Uint8Array([number]),
      sequence: number,
      kind: KIND_PUT,
      timestampMicros: 0,
      value: new Uint8Array(0),
    }));
    for (const [limit, reverse, expected] of [
      [0, false, []],
      [1, false, [3]],
      [2, false, [3, 4]],
      [2, true, [3, 2]],
    ] as const) {
      const iterator = new UserIterator(new ModelIterator(entries), {
        sequence: 9,
        limit,
        reverse,
      });
      iterator.begin();
      const seen: number[] = [];
      if (reverse) iterator.seekAtMost(new Uint8Array([3]));
      else iterator.seek(new Uint8Array([3]));
      for (; iterator.valid; iterator.advance()) seen.push(iterator.copyKey()[0]!);
      expect(seen).toEqual(expected);
    }
  });

  test('counts what it passes, the same way whichever way it goes', () => {
    const text = (key: string, sequence: number, kind = KIND_PUT): ModelEntry => ({
      key: encodeUtf8(key),
      sequence,
      kind,
      timestampMicros: 0,
      value: new Uint8Array(0),
    });
    const entries = [
      text('a', 9), // too new
      text('a', 3),
      text('a', 2), // older than what is shown
      text('b', 5, KIND_DELETE),
      text('b', 1), // hidden
      text('c', 4),
    ].sort(compareModel);
    for (const reverse of [false, true]) {
      const iterator = new UserIterator(new ModelIterator(entries), { sequence: 5, reverse });
      for (iterator.begin(); iterator.valid; iterator.advance());
      expect(iterator.versionsSkipped).toBe(3);
      expect(iterator.tombstonesSkipped).toBe(1);
    }
  });

  test('jumps over a key with very many versions', () => {
    const entries: ModelEntry[] = [];
    for (let sequence = 5000; sequence >= 1; sequence--) {
      entries.push({
        key: encodeUtf8('hot'),
        sequence,
        kind: KIND_PUT,
        timestampMicros: 0,
        value: encodeUtf8(`${sequence}`),
      });
    }
    const zzz = {
      key: encodeUtf8('zzz'),
      sequence: 2500,
      kind: KIND_PUT,
      timestampMicros: 0,
      value: new Uint8Array(0),
    };
    const iterator = new UserIterator(new ModelIterator([...entries, zzz]), { sequence: 2500 });
    iterator.first();
    expect(iterator.entry.sequence).toBe(2500);
    iterator.next();
    expect(iterator.copyKey()).toEqual(encodeUtf8('zzz'));
    expect(iterator.versionsSkipped).toBeLessThan(100);
  });

  test('refuses kinds that it cannot resolve', () => {
    const KIND_UNKNOWN = 20;
    const entry = {
      key: encodeUtf8('k'),
      sequence: 1,
      kind: KIND_UNKNOWN,
      timestampMicros: 0,
      value: encodeUtf8('+1'),
    };
    const iterator = new UserIterator(new ModelIterator([entry]), { sequence: 1 });
    expect(() => iterator.first()).toThrow(LsmError);
  });
});
