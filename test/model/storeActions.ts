// What a user, or the world, may do to a store: as data, so that a failing run can be shrunk.

import fc from 'fast-check';
import { COMPACTION_STRATEGIES } from '../../src/engine/compaction/compactionOptions.ts';
import type { CompactionStrategyName } from '../../src/engine/compaction/compactionOptions.ts';
import type { Change } from './storeModel.ts';

/** A key as text, a character a byte. */
export type KeyText = string;

/**
 * A value as text, a number for so many bytes, `undefined` for a removal, the end of a range to
 * remove, or an operand to merge. Short to print.
 */
export type ShortChange = readonly [
  key: KeyText,
  value: string | number | undefined | { readonly to: KeyText } | { readonly plus: string },
];

export function keyOf(text: KeyText): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function changeOf([key, value]: ShortChange): Change {
  if (value === undefined) return [keyOf(key), undefined];
  if (typeof value === 'object' && 'plus' in value) {
    return [keyOf(key), { operand: new TextEncoder().encode(value.plus) }];
  }
  if (typeof value === 'object') return [keyOf(key), { to: keyOf(value.to) }];
  if (typeof value === 'string') return [keyOf(key), new TextEncoder().encode(value)];
  return [keyOf(key), new Uint8Array(value).fill(value)];
}

export type Action =
  | { readonly kind: 'write'; readonly changes: readonly ShortChange[]; readonly sync: boolean }
  /** Several writers in the same turn of the event loop. */
  | { readonly kind: 'burst'; readonly changes: readonly ShortChange[]; readonly sync: boolean }
  /** Puts a key that is not there, or removes one that is by a single delete. */
  | { readonly kind: 'toggle'; readonly key: KeyText; readonly sync: boolean }
  | { readonly kind: 'get'; readonly key: KeyText; readonly snapshot: number }
  | {
      readonly kind: 'scan';
      readonly from: KeyText | undefined;
      readonly to: KeyText | undefined;
      readonly prefix: KeyText | undefined;
      readonly reverse: boolean;
      readonly limit: number | undefined;
      readonly snapshot: number;
    }
  /** Opens an iterator and keeps it over the actions that follow. */
  | { readonly kind: 'walk'; readonly seek: KeyText; readonly reverse: boolean }
  /** A transaction that reads, writes and commits, or meets others' writes before it does. */
  | {
      readonly kind: 'transaction';
      readonly changes: readonly ShortChange[];
      readonly read: KeyText;
      readonly meanwhile: readonly ShortChange[];
      readonly sync: boolean;
    }
  /** A table that was written outside comes in. */
  | { readonly kind: 'ingest'; readonly changes: readonly ShortChange[] }
  /** A second store is made, looked at and left. */
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'release'; readonly snapshot: number }
  | { readonly kind: 'flush' }
  | {
      readonly kind: 'compact';
      readonly from: KeyText | undefined;
      readonly to: KeyText | undefined;
    }
  | { readonly kind: 'idle' }
  /** The wall clock goes on; at each open it begins anew. */
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'reopen'; readonly strategy: 'same' | CompactionStrategyName }
  | { readonly kind: 'kill' }
  | { readonly kind: 'power-failure'; readonly seed: number };

/** Few keys, so that they meet again; some are prefixes of others, one is empty. */
const key: fc.Arbitrary<KeyText> = fc.oneof(
  { weight: 20, arbitrary: fc.nat({ max: 59 }).map((number) => `key${number}`) },
  { weight: 1, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom('\u0000', '\u00ff\u00ff', 'k', 'key', 'key1\u0000') },
);

/** Keys of which nobody makes two versions without a removal in between. */
const onceKey: fc.Arbitrary<KeyText> = fc.nat({ max: 9 }).map((number) => `once${number}`);

const value: fc.Arbitrary<string | number> = fc.oneof(
  { weight: 12, arbitrary: fc.string({ maxLength: 8 }) },
  { weight: 4, arbitrary: fc.nat({ max: 300 }) },
  // Larger than a memtable.
  { weight: 1, arbitrary: fc.constant(5000) },
);

function isSpan([from, to]: readonly [KeyText, KeyText]): boolean {
  return from < to;
}

function rangeOf([from, to]: readonly [KeyText, KeyText]): ShortChange {
  return [from, { to }];
}

const operand = fc.string({ maxLength: 3 }).map((plus) => ({ plus }));

const change: fc.Arbitrary<ShortChange> = fc.oneof(
  { weight: 18, arbitrary: fc.tuple(key, value) },
  { weight: 6, arbitrary: fc.tuple(key, operand) },
  { weight: 6, arbitrary: key.map((removed): ShortChange => [removed, undefined]) },
  { weight: 1, arbitrary: fc.tuple(key, key).filter(isSpan).map(rangeOf) },
);

/** Very few keys, and mostly operands: they stack up between snapshots, deletes and tables. */
const fewKeys = fc.nat({ max: 5 }).map((number) => `key${number}`);
const stackingChange: fc.Arbitrary<ShortChange> = fc.oneof(
  { weight: 20, arbitrary: fc.tuple(fewKeys, operand) },
  { weight: 4, arbitrary: fc.tuple(fewKeys, fc.string({ maxLength: 3 })) },
  { weight: 3, arbitrary: fewKeys.map((removed): ShortChange => [removed, undefined]) },
  { weight: 2, arbitrary: fc.tuple(fewKeys, fewKeys).filter(isSpan).map(rangeOf) },
);

const changes = (most: number, of = change): fc.Arbitrary<ShortChange[]> =>
  fc.array(of, { minLength: 1, maxLength: most });
const maybeKey = fc.option(key, { nil: undefined, freq: 2 });
const sync = fc.nat({ max: 5 }).map((number) => number === 0);
/** Below 0: the newest state; otherwise one of the live snapshots. */
const snapshot = fc.integer({ min: -4, max: 3 });

const ACTIONS: readonly (readonly [number, fc.Arbitrary<Action>])[] = [
  [30, fc.record({ kind: fc.constant('write'), changes: changes(1), sync })],
  [8, fc.record({ kind: fc.constant('write'), changes: changes(12), sync })],
  [8, fc.record({ kind: fc.constant('burst'), changes: changes(20), sync })],
  [8, fc.record({ kind: fc.constant('toggle'), key: onceKey, sync })],
  [12, fc.record({ kind: fc.constant('get'), key: fc.oneof(key, onceKey), snapshot })],
  [
    8,
    fc.record({
      kind: fc.constant('scan'),
      from: maybeKey,
      to: maybeKey,
      prefix: fc.option(fc.constantFrom('k', 'key', 'key1'), { nil: undefined, freq: 2 }),
      reverse: fc.boolean(),
      limit: fc.option(fc.nat({ max: 9 }), { nil: undefined }),
      snapshot,
    }),
  ],
  [2, fc.record({ kind: fc.constant('walk'), seek: key, reverse: fc.boolean() })],
  [
    5,
    fc.record({
      kind: fc.constant('transaction'),
      changes: changes(8),
      read: key,
      meanwhile: fc.oneof(fc.constant([]), changes(2)),
      sync,
    }),
  ],
  [2, fc.record({ kind: fc.constant('ingest'), changes: changes(6) })],
  [1, fc.constant({ kind: 'checkpoint' })],
  [3, fc.constant({ kind: 'snapshot' })],
  [3, fc.record({ kind: fc.constant('release'), snapshot: fc.nat({ max: 3 }) })],
  [3, fc.constant({ kind: 'flush' })],
  [1, fc.record({ kind: fc.constant('compact'), from: maybeKey, to: maybeKey })],
  [2, fc.constant({ kind: 'idle' })],
  [3, fc.record({ kind: fc.constant('pass'), seconds: fc.nat({ max: 90 }) })],
  [
    2,
    fc.record({
      kind: fc.constant('reopen'),
      strategy: fc.oneof(fc.constant('same'), fc.constantFrom(...COMPACTION_STRATEGIES)),
    }),
  ],
  [2, fc.constant({ kind: 'kill' })],
  [2, fc.record({ kind: fc.constant('power-failure'), seed: fc.nat({ max: 1000 }) })],
] as never;

/** As `actionsOf`, nearly all about merge operands. */
export function stackingActionsOf(least: number, most: number): fc.Arbitrary<Action[]> {
  const of = (kind: string): readonly (readonly [number, fc.Arbitrary<Action>])[] =>
    ACTIONS.filter(([, arbitrary]) => fc.sample(arbitrary, { numRuns: 1 })[0]!.kind === kind);
  const kept = ['snapshot', 'release', 'flush', 'compact', 'idle', 'reopen', 'kill'].flatMap(of);
  const weighted = [
    [60, fc.record({ kind: fc.constant('write'), changes: changes(6, stackingChange), sync })],
    [10, fc.record({ kind: fc.constant('burst'), changes: changes(6, stackingChange), sync })],
    [20, fc.record({ kind: fc.constant('get'), key: fewKeys, snapshot })],
    [2, fc.record({ kind: fc.constant('ingest'), changes: changes(4, stackingChange) })],
    [2, fc.record({ kind: fc.constant('walk'), seek: fewKeys, reverse: fc.boolean() })],
    ...kept.map(([weight, arbitrary]) => [3 * weight, arbitrary]),
  ] as unknown as typeof ACTIONS;
  return runOf(weighted, least, most);
}

/** A run of `least` to `most` actions. */
export function actionsOf(least: number, most: number): fc.Arbitrary<Action[]> {
  return runOf(ACTIONS, least, most);
}

function runOf(weighted: typeof ACTIONS, least: number, most: number): fc.Arbitrary<Action[]> {
  const action = fc.oneof(...weighted.map(([weight, arbitrary]) => ({ weight, arbitrary })));
  return fc.array(action, { minLength: least, maxLength: most, size: 'max' });
}
