// The memtable against a sorted array: many versions, keys that share all but a little.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytes } from '../../../src/base/bytes.ts';
import { Random } from '../../../src/base/random.ts';
import { viewOf } from '../../../src/base/words.ts';
import { KIND_DELETE, KIND_PUT } from '../../../src/engine/entryKind.ts';
import { Memtable } from '../../../src/engine/memtable/memtable.ts';
import { NO_NODE } from '../../../src/engine/memtable/skipList.ts';
import {
  compareModelEntries,
  current,
  encoded,
  entryAt,
  memtableOf,
  walk,
} from './memtableModel.ts';
import type { ModelEntry } from './memtableModel.ts';

/** 0 … 40 bytes of few values: prefixes of each other, zeros and 0xff at word borders. */
const key = fc
  .oneof(
    fc.array(fc.constantFrom(0x00, 0x01, 0x7f, 0x80, 0xff), { maxLength: 9 }),
    fc
      .tuple(fc.nat(40), fc.constantFrom(0x00, 0xff, 0x41), fc.constantFrom(0x00, 0x80, 0xff))
      .map(([length, fill, last]) => [...Array<number>(length).fill(fill), last].slice(-40)),
    fc.constant([]),
  )
  .map((bytes) => Uint8Array.from(bytes));

/** Small ones, and ones about 2^32 and 2^53 that need both words. */
const sequence = fc.oneof(
  fc.integer({ min: 1, max: 50 }),
  fc.integer({ min: -3, max: 3 }).map((near) => 2 ** 32 + near),
  fc.integer({ min: 0, max: 3 }).map((near) => Number.MAX_SAFE_INTEGER - near),
);

const entry: fc.Arbitrary<ModelEntry> = fc.record({
  kind: fc.constantFrom(KIND_PUT, KIND_DELETE),
  key,
  sequence,
  timestampMicros: fc.maxSafeNat(),
  value: fc.uint8Array({ maxLength: 20 }),
});

/** No two with the same key and sequence, as the store guarantees. */
const entries = fc.uniqueArray(entry, {
  maxLength: 120,
  comparator: (left, right) => compareModelEntries(left, right) === 0,
});

test('forward and backward, every version in order, nothing changed', () => {
  fc.assert(
    fc.property(entries, fc.nat(), (inserted, seed) => {
      const sorted = inserted.toSorted(compareModelEntries);
      const memtable = memtableOf(inserted, seed);
      expect(walk(memtable.iterator(), 'forward')).toEqual(sorted);
      expect(walk(memtable.iterator(), 'backward')).toEqual(sorted.toReversed());
      expect(memtable.entries).toBe(inserted.length);
      const sequences = inserted.map((each) => each.sequence);
      expect(memtable.largestSequence).toBe(Math.max(0, ...sequences));
      expect(memtable.tombstones).toBe(inserted.filter(({ kind }) => kind === KIND_DELETE).length);
    }),
  );
});

test('find gives the newest version that the reader may see; seek the place', () => {
  fc.assert(
    fc.property(
      entries,
      fc.array(fc.tuple(key, sequence), { maxLength: 40 }),
      (inserted, sought) => {
        const sorted = inserted.toSorted(compareModelEntries);
        const memtable = memtableOf(inserted);
        const iterator = memtable.iterator();
        const probes = [...sought, ...inserted.map((each) => [each.key, each.sequence] as const)];
        for (const [soughtKey, at] of probes) {
          const same = sorted.filter((each) => compareBytes(each.key, soughtKey) === 0);
          const visible = same.find((each) => each.sequence <= at);
          const node = memtable.find(soughtKey, at);
          expect(node === NO_NODE ? undefined : entryAt(memtable, node)).toEqual(visible);
          expect(memtable.countNewerVersions(soughtKey, at)).toBe(
            same.filter((each) => each.sequence > at).length,
          );
          iterator.seek(soughtKey, at);
          const place = { kind: KIND_PUT, key: soughtKey, sequence: at } as ModelEntry;
          expect(current(iterator)).toEqual(
            sorted.find((each) => compareModelEntries(each, place) >= 0),
          );
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('an iterator turns round anywhere', () => {
  fc.assert(
    fc.property(entries, fc.array(fc.boolean(), { maxLength: 60 }), (inserted, steps) => {
      const sorted = inserted.toSorted(compareModelEntries);
      const iterator = memtableOf(inserted).iterator();
      iterator.first();
      let index = 0;
      for (const forward of steps) {
        if (!iterator.valid) break;
        expect(current(iterator)).toEqual(sorted[index]);
        index += forward ? 1 : -1;
        if (forward) iterator.next();
        else iterator.prev();
      }
      expect(current(iterator)).toEqual(sorted[index]);
    }),
  );
});

test('keys of all lengths order by bytes, whatever words they fall into', () => {
  const random = new Random(5);
  const inserted: ModelEntry[] = [];
  for (let index = 0; index < 2000; index++) {
    const bytes = new Uint8Array(random.nextBelow(41));
    for (let at = 0; at < bytes.length; at++) bytes[at] = random.nextBelow(3) * 127;
    const value = new Uint8Array(0);
    inserted.push({ kind: KIND_PUT, key: bytes, sequence: index + 1, timestampMicros: 0, value });
  }
  const found = walk(memtableOf(inserted).iterator(), 'forward');
  expect(found).toEqual(inserted.toSorted(compareModelEntries));
});

test('fits keeps its word to the byte, and what is not asked for is refused', () => {
  const parameters = { id: 1, family: 0, fullAtBytes: 1024, random: new Random(1) };
  const memtable = new Memtable({ ...parameters, neededBytes: 100_000 });
  expect(memtable.capacityBytes).toBe(100_000);
  expect(memtable.freeBytes).toBe(100_000);
  const value = new Uint8Array(50);
  const one: ModelEntry = {
    kind: KIND_PUT,
    key: new Uint8Array(9),
    sequence: 1,
    timestampMicros: 0,
    value,
  };
  let sequence = 0;
  while (memtable.fits(200)) memtable.insert(encoded(one), ++sequence, 0);
  expect(memtable.isFull).toBe(true);
  expect(memtable.sizeBytes + memtable.freeBytes).toBe(100_000);
  expect(memtable.freeBytes).toBeLessThan(200);
  const large: ModelEntry = { ...one, value: new Uint8Array(200) };
  expect(() => memtable.insert(encoded(large), ++sequence, 0)).toThrow(/where it fits/);
  expect(walk(memtable.iterator(), 'forward')).toHaveLength(memtable.entries);
});

test('the same sequence twice for a key is our own mistake', () => {
  const one: ModelEntry = {
    kind: KIND_PUT,
    key: Uint8Array.of(1),
    sequence: 1,
    timestampMicros: 0,
    value: Uint8Array.of(),
  };
  expect(() => memtableOf([one, one])).toThrow(/same sequence/);
});

test('a value of 256 MiB goes into a memtable of 1 KiB made for it', () => {
  const value = new Uint8Array(256 * 1024 * 1024);
  value[value.length - 1] = 42;
  const entrySize = value.length + 200;
  const parameters = { id: 1, family: 0, fullAtBytes: 1024, random: new Random(1) };
  const memtable = new Memtable({ ...parameters, neededBytes: entrySize });
  expect(memtable.fits(entrySize)).toBe(true);
  const bytes = {
    bytes: value,
    view: viewOf(value),
    keyStart: 0,
    keyLength: 4,
    valueStart: 0,
    valueLength: value.length,
  };
  memtable.insert({ kind: KIND_PUT, ...bytes }, 1, 0);
  const node = memtable.find(new Uint8Array(4), 1);
  expect(memtable.arena.valueLengthOf(node)).toBe(value.length);
  const last = memtable.arena.valueOffsetOf(node) + value.length - 1;
  expect(memtable.arena.bytes[last]).toBe(42);
});

test('an arena beyond every bound is refused in words', () => {
  const make = (): Memtable =>
    new Memtable({ id: 1, family: 0, fullAtBytes: 1, neededBytes: 2 ** 33, random: new Random(1) });
  expect(make).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});

test('a usual memtable has room beyond its mark, so that small writes fill it first', () => {
  const memtable = new Memtable({ id: 1, family: 0, fullAtBytes: 1024, random: new Random(1) });
  const value = new Uint8Array(30);
  let sequence = 0;
  while (!memtable.isFull) {
    expect(memtable.fits(60_000)).toBe(true);
    const key = Uint8Array.of(sequence);
    const entry = { kind: KIND_PUT, key, sequence: ++sequence, timestampMicros: 0, value };
    memtable.insert(encoded(entry as ModelEntry), sequence, 0);
  }
  expect(memtable.capacityBytes).toBe(1024);
  expect(memtable.sizeBytes).toBeGreaterThanOrEqual(1024);
  expect(memtable.sizeBytes).toBeLessThan(1200);
});
