// Filters of Pebble's tables are made of what comes before the versions of keys. Made by hand: bits
// are set where the reader looks, so what is held here is what it asks for, not how it probes.

import { expect, test } from 'vitest';
import { concatBytes, encodeUtf8 } from '../../src/base/bytes.ts';
import { comparerNamed } from '../../src/readers/pebble/comparers.ts';
import { PrefixFilter } from '../../src/readers/pebble/prefixFilter.ts';
import { probeFullFilter } from '../../src/readers/sst/filters/fullFilter.ts';

const LINES = 33;
const PROBES = 6;

/** A filter of before format version 5 that holds these. */
function filterOf(...parts: readonly Uint8Array[]): Uint8Array {
  const filter = new Uint8Array(LINES * 64 + 5);
  filter.set([PROBES, LINES, 0, 0, 0], LINES * 64);
  for (const part of parts) {
    for (;;) {
      const unset = probeFullFilter(filter, part).probes.find(({ set }) => !set);
      if (unset === undefined) break;
      filter[unset.bit >> 3]! |= 1 << (unset.bit & 7);
    }
  }
  return filter;
}

/** Keys with a wall time, or without one. */
function cockroachKey(key: string, wallTime?: number): Uint8Array {
  const version = wallTime === undefined ? [] : [0, 0, 0, 0, 0, 0, 0, wallTime, 9];
  return concatBytes([encodeUtf8(`${key}\0`), Uint8Array.from(version)]);
}

const NO_BYTES = new Uint8Array(0);

test('CockroachDB’s filters are asked for keys without their versions', () => {
  const comparer = comparerNamed('cockroach_comparator')!;
  const filter = new PrefixFilter(
    filterOf(cockroachKey('there')),
    probeFullFilter,
    comparer,
    NO_BYTES,
  );
  for (const key of [cockroachKey('there'), cockroachKey('there', 7), cockroachKey('there', 9)]) {
    expect(filter.check(key)).toMatchObject({ mayContain: true, probesMax: PROBES });
  }
  const absent = filter.check(cockroachKey('elsewhere', 7));
  expect(absent.mayContain).toBe(false);
  expect(absent.probes.at(-1)).toMatchObject({ set: false });
});

test('keys without versions are asked for whole', () => {
  const comparer = comparerNamed('leveldb.BytewiseComparator')!;
  const filter = new PrefixFilter(filterOf(encodeUtf8('a@1')), probeFullFilter, comparer, NO_BYTES);
  expect(filter.check(encodeUtf8('a@1')).mayContain).toBe(true);
  expect(filter.check(encodeUtf8('a')).mayContain).toBe(false);
});

test('what a table’s keys get put before them is not in its filter', () => {
  const comparer = comparerNamed('pebble.internal.testkeys')!;
  const filter = new PrefixFilter(
    filterOf(encodeUtf8('b')),
    probeFullFilter,
    comparer,
    encodeUtf8('tenant/'),
  );
  expect(filter.check(encodeUtf8('tenant/b@12')).mayContain).toBe(true);
  expect(filter.check(encodeUtf8('tenant/c@12')).mayContain).toBe(false);
  expect(filter.check(encodeUtf8('b@12')).mayContain).toBe(false);
});

test('versions are ordered the newest first, behind the key without one', () => {
  const { compare } = comparerNamed('pebble.internal.testkeys')!;
  const keys = ['a', 'a@9', 'a@8_synthetic', 'a@1', 'aa', 'b@11'].map(encodeUtf8);
  const sorted = keys.toReversed().sort((left, right) => {
    return compare(left, left.length, right, right.length);
  });
  expect(sorted).toEqual(keys);
});
