// Entries as plain values: what property tests generate, and what the engine is held against.

import fc from 'fast-check';
import { compareBytes } from '../../src/base/bytes.ts';
import { viewOf } from '../../src/base/words.ts';
import { KIND_DELETE, KIND_PUT } from '../../src/engine/entryKind.ts';
import { Entry } from '../../src/engine/iterator/entry.ts';
import type { EntryIterator } from '../../src/engine/iterator/entryIterator.ts';

/** One version of a key. */
export interface ModelEntry {
  readonly key: Uint8Array;
  readonly sequence: number;
  readonly kind: number;
  readonly timestampMicros: number;
  readonly value: Uint8Array;
}

/** The order of all entries: key ascending, then sequence descending. */
export function compareModel(a: ModelEntry, b: ModelEntry): number {
  return compareBytes(a.key, b.key) || b.sequence - a.sequence;
}

/**
 * Keys that meet: few distinct bytes (0x00 and 0xff among them), shared prefixes, and some free
 * ones.
 */
export const keyArbitrary: fc.Arbitrary<Uint8Array> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .uint8Array({ maxLength: 6 })
      .map((bytes) => bytes.map((byte) => EDGES[byte % 5]!)),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(3, 4, 5, 17), fc.uint8Array({ maxLength: 4 }))
      .map(([length, tail]) => new Uint8Array([...new Uint8Array(length).fill(0x61), ...tail])),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
);

const EDGES = [0x00, 0x01, 0x61, 0xfe, 0xff];

const valueArbitrary = fc.oneof(
  { weight: 8, arbitrary: fc.uint8Array({ maxLength: 20 }) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 120, maxLength: 400 }) },
);

/** Entries in table order: distinct sequences, several versions of many keys, tombstones. */
export function entriesArbitrary(minLength: number, maxLength: number): fc.Arbitrary<ModelEntry[]> {
  const drawn = fc.array(
    fc.record({
      key: keyArbitrary,
      deleted: fc.boolean(),
      timestampMicros: fc.oneof(fc.nat(), fc.constantFrom(0, 1_700_000_000_000_000, 2 ** 53 - 1)),
      value: valueArbitrary,
    }),
    { minLength, maxLength },
  );
  const firstSequence = fc.oneof(fc.nat(1000), fc.constantFrom(2 ** 32 - 5, 2 ** 48));
  return fc.tuple(drawn, firstSequence).map(([entries, first]) =>
    entries
      .map(({ key, deleted, timestampMicros, value }, index) => ({
        key,
        sequence: first + 1 + index,
        kind: deleted ? KIND_DELETE : KIND_PUT,
        timestampMicros,
        value: deleted ? new Uint8Array(0) : value,
      }))
      .sort(compareModel),
  );
}

/** Fills an engine's entry from a model's; key bytes padded as Entry promises. */
export function fillEntry(entry: Entry, model: ModelEntry): void {
  const padded = new Uint8Array(model.key.length + 8);
  padded.set(model.key, 1);
  entry.keyBytes = padded;
  entry.keyView = viewOf(padded);
  entry.keyOffset = 1;
  entry.keyLength = model.key.length;
  entry.kind = model.kind;
  entry.sequence = model.sequence;
  entry.timestampMicros = model.timestampMicros;
  entry.valueBytes = model.value;
  entry.valueView = viewOf(model.value);
  entry.valueOffset = 0;
  entry.valueLength = model.value.length;
}

/** What an engine's entry says, as a plain value. */
export function modelOf(entry: Entry): ModelEntry {
  return {
    key: Uint8Array.from(entry.copyKey()),
    sequence: entry.sequence,
    kind: entry.kind,
    timestampMicros: entry.timestampMicros,
    value: Uint8Array.from(entry.copyValue()),
  };
}

/** Where an iterator stands, or `undefined` for nowhere. */
export function shown(iterator: EntryIterator): ModelEntry | undefined {
  return iterator.valid ? modelOf(iterator.entry) : undefined;
}

/** The simplest iterator there is: an index into a sorted array. */
export class ModelIterator implements EntryIterator {
  readonly entry = new Entry();
  readonly entries: readonly ModelEntry[];
  index = -1;

  constructor(entries: readonly ModelEntry[]) {
    this.entries = entries;
  }

  get valid(): boolean {
    return this.index >= 0 && this.index < this.entries.length;
  }

  first(): void {
    this.moveTo(0);
  }

  last(): void {
    this.moveTo(this.entries.length - 1);
  }

  seek(key: Uint8Array, sequence: number): void {
    const index = this.entries.findIndex(
      (entry) => (compareBytes(entry.key, key) || sequence - entry.sequence) >= 0,
    );
    this.moveTo(index === -1 ? this.entries.length : index);
  }

  next(): void {
    this.moveTo(this.index + 1);
  }

  prev(): void {
    this.moveTo(this.index - 1);
  }

  private moveTo(index: number): void {
    this.index = index;
    const model = this.entries[index];
    if (model !== undefined) fillEntry(this.entry, model);
  }
}

/** One move of an iterator. */
export type Move =
  | { readonly move: 'first' | 'last' | 'next' | 'prev' }
  | { readonly move: 'seek'; readonly key: Uint8Array; readonly sequence: number };

/** Moves with seeks to keys that exist, to their neighbours and to others. */
export function movesArbitrary(entries: readonly ModelEntry[]): fc.Arbitrary<Move[]> {
  const steps = fc.constantFrom('next', 'prev', 'next', 'prev', 'first', 'last');
  const key =
    entries.length === 0
      ? keyArbitrary
      : fc.oneof(
          keyArbitrary,
          fc.constantFrom(...entries).map((entry) => entry.key),
        );
  const sequence = fc.oneof(
    fc.constantFrom(0, Number.MAX_SAFE_INTEGER),
    fc.constantFrom(0, ...entries.map((entry) => entry.sequence)),
  );
  const seek = fc.record({ move: fc.constant('seek' as const), key, sequence });
  const step = steps.map((move) => ({ move }));
  return fc.array(fc.oneof({ weight: 3, arbitrary: step }, { weight: 1, arbitrary: seek }), {
    maxLength: 60,
  });
}

/** Makes a move; `next` and `prev` from nowhere become `first` and `last`. */
export function makeMove(iterator: EntryIterator, move: Move): void {
  if (move.move === 'seek') iterator.seek(move.key, move.sequence);
  else if (move.move === 'next' && !iterator.valid) iterator.first();
  else if (move.move === 'prev' && !iterator.valid) iterator.last();
  else iterator[move.move]();
}
