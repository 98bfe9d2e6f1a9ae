// What may be done to a store with several column families: as data, so that a failing run can be
// shrunk. A family is named by a slot; an action on a slot that has none goes to the default one.

import fc from 'fast-check';

/** Slot 0 is the default family. */
export const SLOTS = 3;

/** A write: slot, key, and the value's length, or `undefined` for a removal. */
export type SlotChange = readonly [slot: number, key: string, length: number | undefined];

export type FamilyAction =
  | { readonly kind: 'write'; readonly changes: readonly SlotChange[]; readonly sync: boolean }
  | { readonly kind: 'get'; readonly slot: number; readonly key: string }
  | { readonly kind: 'scan'; readonly slot: number; readonly reverse: boolean }
  /** Opens an iterator and keeps it over the actions that follow. */
  | { readonly kind: 'walk'; readonly slot: number }
  | { readonly kind: 'create'; readonly slot: number; readonly memtableSize: number | undefined }
  | { readonly kind: 'drop'; readonly slot: number }
  | { readonly kind: 'flush'; readonly slot: number | undefined }
  | { readonly kind: 'compact'; readonly slot: number }
  | { readonly kind: 'idle' }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'kill' }
  | { readonly kind: 'power-failure'; readonly seed: number };

const slot = fc.nat({ max: SLOTS - 1 });
const key = fc.nat({ max: 19 }).map((number) => `key${number}`);
const length = fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 120 }) }, fc.constant(3000));
const change: fc.Arbitrary<SlotChange> = fc.tuple(
  slot,
  key,
  fc.option(length, { nil: undefined, freq: 4 }),
);
const sync = fc.nat({ max: 4 }).map((number) => number === 0);

const ACTIONS: readonly (readonly [number, fc.Arbitrary<FamilyAction>])[] = [
  [30, fc.record({ kind: fc.constant('write'), changes: changes(1), sync })],
  [20, fc.record({ kind: fc.constant('write'), changes: changes(12), sync })],
  [8, fc.record({ kind: fc.constant('get'), slot, key })],
  [4, fc.record({ kind: fc.constant('scan'), slot, reverse: fc.boolean() })],
  [3, fc.record({ kind: fc.constant('walk'), slot })],
  [
    8,
    fc.record({
      kind: fc.constant('create'),
      slot: fc.integer({ min: 1, max: SLOTS - 1 }),
      memtableSize: fc.constantFrom(undefined, 1024, 4096),
    }),
  ],
  [4, fc.record({ kind: fc.constant('drop'), slot: fc.integer({ min: 1, max: SLOTS - 1 }) })],
  [3, fc.record({ kind: fc.constant('flush'), slot: fc.option(slot, { nil: undefined }) })],
  [1, fc.record({ kind: fc.constant('compact'), slot })],
  [2, fc.constant({ kind: 'idle' })],
  [3, fc.constant({ kind: 'reopen' })],
  [3, fc.constant({ kind: 'kill' })],
  [3, fc.record({ kind: fc.constant('power-failure'), seed: fc.nat({ max: 1000 }) })],
] as never;

function changes(most: number): fc.Arbitrary<SlotChange[]> {
  return fc.array(change, { minLength: 1, maxLength: most });
}

/** A run of `least` to `most` actions. */
export function familyActionsOf(least: number, most: number): fc.Arbitrary<FamilyAction[]> {
  const action = fc.oneof(...ACTIONS.map(([weight, arbitrary]) => ({ weight, arbitrary })));
  return fc.array(action, { minLength: least, maxLength: most, size: 'max' });
}
