// What Pebble's range keys come to: statements about ranges, cut where others begin or end.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatBytes, decodeUtf8, encodeUtf8 } from '../../src/base/bytes.ts';
import { comparerNamed } from '../../src/readers/pebble/comparers.ts';
import { liveRangeKeys } from '../../src/readers/pebble/liveRangeKeys.ts';
import { decodeRangeKeys } from '../../src/readers/pebble/rangeKeys.ts';
import type { RangeKeyEntry } from '../../src/readers/pebble/rangeKeys.ts';

const TEST_KEYS = comparerNamed('pebble.internal.testkeys')!;
const SET = 21;
const UNSET = 20;
const DELETE = 19;

function entry(
  code: number,
  range: string,
  suffix: string,
  value: string,
  sequence: number,
): RangeKeyEntry {
  const [from, to] = range.split('-').map(encodeUtf8) as [Uint8Array, Uint8Array];
  return { code, from, to, suffix: encodeUtf8(suffix), value: encodeUtf8(value), sequence };
}

function live(...entries: readonly RangeKeyEntry[]): string[] {
  return liveRangeKeys(entries, TEST_KEYS).map(({ from, to, suffix, value }) =>
    [decodeUtf8(from), '-', decodeUtf8(to), decodeUtf8(suffix), '=', decodeUtf8(value)].join(''),
  );
}

test('the newest value under a suffix counts where it reaches, the older one beside it', () => {
  expect(live(entry(SET, 'a-z', '@1', 'old', 1), entry(SET, 'c-e', '@1', 'new', 2))).toEqual([
    'a-c@1=old',
    'c-e@1=new',
    'e-z@1=old',
  ]);
});

test('an unset ends one suffix, a delete all older ones, each within its range', () => {
  const sets = [entry(SET, 'a-z', '@1', 'one', 1), entry(SET, 'a-z', '@2', 'two', 2)];
  expect(live(...sets, entry(UNSET, 'a-m', '@1', '', 3))).toEqual([
    ...['a-m@2=two', 'm-z@2=two', 'm-z@1=one'],
  ]);
  expect(live(...sets, entry(DELETE, 'm-z', '', '', 3))).toEqual(['a-m@2=two', 'a-m@1=one']);
});

test('of one piece later times come first, in whatever order they were written', () => {
  const written = ['@9', '@10', '', '@2'].map((suffix, index) =>
    entry(SET, 'a-b', suffix, `${index}`, index),
  );
  const order = ['a-b=2', 'a-b@10=1', 'a-b@9=0', 'a-b@2=3'];
  expect(live(...written)).toEqual(order);
  expect(live(...written.map((each) => ({ ...each, sequence: 9 - each.sequence })))).toEqual(order);
});

test('of one sequence number sets count before a delete', () => {
  expect(live(entry(SET, 'a-b', '@1', 'there', 5), entry(DELETE, 'a-b', '', '', 5))).toEqual([
    'a-b@1=there',
  ]);
});

test('pieces that others have cut, and that say the same, are one', () => {
  const cut = [entry(SET, 'a-z', '@1', 'v', 1), entry(DELETE, 'c-d', '', '', 0)];
  expect(live(...cut)).toEqual(['a-z@1=v']);
});

const anyEntry = fc.record({
  code: fc.constantFrom(SET, UNSET, DELETE),
  bounds: fc.tuple(fc.nat(9), fc.nat(9)),
  suffix: fc.constantFrom('@1', '@2', '@3'),
});

test('at every key the live values are those that the newest statements leave', () => {
  fc.assert(
    fc.property(fc.array(anyEntry, { maxLength: 20 }), (drawn) => {
      const entries = drawn.map(({ code, bounds, suffix }, index) => {
        const [from, to] = bounds.toSorted((left, right) => left - right) as [number, number];
        return entry(code, `${from}-${to}`, code === DELETE ? '' : suffix, `v${index}`, index + 1);
      });
      const found = liveRangeKeys(entries, TEST_KEYS);
      for (let key = 0; key < 10; key++) {
        const at = encodeUtf8(String(key));
        const covers = ({ from, to }: { from: Uint8Array; to: Uint8Array }): boolean =>
          from[0]! <= at[0]! && at[0]! < to[0]!;
        const left = new Map<string, string>();
        for (const each of entries.filter(covers)) {
          if (each.code === DELETE) left.clear();
          else if (each.code === UNSET) left.delete(decodeUtf8(each.suffix));
          else left.set(decodeUtf8(each.suffix), decodeUtf8(each.value));
        }
        const shown = found
          .filter(covers)
          .map(({ suffix, value }) => [decodeUtf8(suffix), decodeUtf8(value)] as const);
        expect(new Map(shown)).toEqual(left);
        expect(shown.length).toBe(left.size);
      }
    }),
  );
});

test('content that ends too early is damage', () => {
  const place = { file: '000001.sst', offset: 9 };
  const content = concatBytes([
    Uint8Array.of(1),
    encodeUtf8('z'),
    Uint8Array.of(2),
    encodeUtf8('@'),
  ]);
  const stored = { code: SET, from: encodeUtf8('a'), content, sequence: 1 };
  expect(() => decodeRangeKeys(stored, place)).toThrow('000001.sst');
  expect(() => decodeRangeKeys({ ...stored, code: 5 }, place)).toThrow('kind 5');
});
