// What a program may do to a Level database: as data, so that a failing run can be shrunk.

import fc from 'fast-check';

/** A key as text, a character a byte. */
export type KeyText = string;

/** A value as a length and what it repeats; `undefined` removes the key. */
export type ShortChange = readonly [key: KeyText, value: readonly [number, string] | undefined];

/** Bounds as abstract-level takes them; any may be missing, and both of a side may be there. */
export interface Bounds {
  readonly gt?: KeyText | undefined;
  readonly gte?: KeyText | undefined;
  readonly lt?: KeyText | undefined;
  readonly lte?: KeyText | undefined;
}

/** Which entries, seen through which snapshot: below 0 none, otherwise one of those that live. */
export interface Selection extends Bounds {
  readonly reverse: boolean;
  readonly limit: number;
  readonly snapshot: number;
}

export type Operation =
  | { readonly kind: 'put' | 'del'; readonly change: ShortChange }
  | { readonly kind: 'batch' | 'chained batch'; readonly changes: readonly ShortChange[] }
  | {
      readonly kind: 'get';
      readonly by: 'get' | 'getMany' | 'getSync' | 'has' | 'hasMany';
      readonly keys: readonly KeyText[];
      readonly snapshot: number;
    }
  | {
      readonly kind: 'scan';
      readonly by: 'iterator' | 'keys' | 'values';
      readonly selection: Selection;
    }
  | { readonly kind: 'clear'; readonly selection: Selection }
  /** Makes an iterator that stays open over the operations that follow. */
  | { readonly kind: 'iterate'; readonly selection: Selection }
  | { readonly kind: 'seek'; readonly iterator: number; readonly target: KeyText }
  | { readonly kind: 'next'; readonly iterator: number; readonly entries: number }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'release'; readonly snapshot: number }
  | { readonly kind: 'compact'; readonly from: KeyText; readonly to: KeyText }
  | { readonly kind: 'reopen' };

export function bytesOf(text: KeyText): Buffer {
  return Buffer.from(text, 'latin1');
}

/**
 * Few keys, so that they meet again; some are prefixes of others. None is empty: classic-level
 * 3.0.0 counts the bytes of the keys that it clears, and clears nothing when they are none.
 */
const key: fc.Arbitrary<KeyText> = fc.oneof(
  { weight: 20, arbitrary: fc.nat({ max: 79 }).map((number) => `key${number}`) },
  { weight: 1, arbitrary: fc.constantFrom('\u0000', '\u00ff\u00ff', 'key', 'key1\u0000') },
);

const value = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(fc.nat({ max: 40 }), fc.string({ minLength: 1, maxLength: 6 })),
  },
  { weight: 1, arbitrary: fc.tuple(fc.nat({ max: 3000 }), fc.constantFrom('a', 'long ')) },
);

const put: fc.Arbitrary<ShortChange> = fc.tuple(key, value);
const del: fc.Arbitrary<ShortChange> = key.map((removed) => [removed, undefined]);
const change = fc.oneof({ weight: 3, arbitrary: put }, { weight: 1, arbitrary: del });
const changes = fc.array(change, { minLength: 1, maxLength: 12 });

const bound = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: key },
);
const snapshot = fc.integer({ min: -3, max: 2 });
const selection: fc.Arbitrary<Selection> = fc.record({
  gt: bound,
  gte: bound,
  lt: bound,
  lte: bound,
  reverse: fc.boolean(),
  limit: fc.oneof(fc.constant(-1), fc.nat({ max: 9 })),
  snapshot,
});
/** A clear of everything now and then; otherwise of a few keys, so that the rest lives on. */
const clearing = fc.oneof(
  { weight: 1, arbitrary: selection },
  {
    weight: 6,
    arbitrary: fc.tuple(selection, key).map(([rest, gte]) => ({ ...rest, gte, lte: `${gte}9` })),
  },
);
const iterator = fc.nat({ max: 2 });

const of = <Kind extends Operation['kind']>(kind: Kind): fc.Arbitrary<Kind> => fc.constant(kind);

const OPERATIONS: readonly { weight: number; arbitrary: fc.Arbitrary<Operation> }[] = [
  { weight: 24, arbitrary: fc.record({ kind: of('put'), change: put }) },
  { weight: 6, arbitrary: fc.record({ kind: of('del'), change: del }) },
  { weight: 8, arbitrary: fc.record({ kind: of('batch'), changes }) },
  { weight: 8, arbitrary: fc.record({ kind: of('chained batch'), changes }) },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: of('get'),
      by: fc.constantFrom('get', 'getMany', 'getSync', 'has', 'hasMany'),
      keys: fc.array(key, { minLength: 1, maxLength: 4 }),
      snapshot,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: of('scan'),
      by: fc.constantFrom('iterator', 'keys', 'values'),
      selection,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: of('clear'), selection: clearing }) },
  { weight: 4, arbitrary: fc.record({ kind: of('iterate'), selection }) },
  { weight: 8, arbitrary: fc.record({ kind: of('seek'), iterator, target: key }) },
  {
    weight: 10,
    arbitrary: fc.record({ kind: of('next'), iterator, entries: fc.integer({ min: 1, max: 20 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: of('snapshot') }) },
  { weight: 2, arbitrary: fc.record({ kind: of('release'), snapshot: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: of('compact'), from: key, to: key }) },
  { weight: 2, arbitrary: fc.record({ kind: of('reopen') }) },
];

/** A run of exactly `count` operations, before it is shrunk. */
export function operations(count: number): fc.Arbitrary<Operation[]> {
  const operation = fc.oneof(...OPERATIONS);
  return fc.array(operation, { minLength: 0, maxLength: count, size: 'max' });
}
