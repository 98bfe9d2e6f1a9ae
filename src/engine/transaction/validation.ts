// Whether a transaction may commit: has anybody changed since what it relies on? First committer
// wins: the one that comes later finds the other's write and gives up.
//
// Both isolations look at the keys it writes and those it read for update. `serializable` looks at
// everything it read, too, gaps included; then its reads hold at the moment of its commit, so all
// might as well have happened then, one transaction after the other (backward validation: Kung and
// Robinson, 1981). What the two allow is known as snapshot isolation (Berenson et al., 1995), which
// lets write skew happen, and serializability.

import { compareBytes } from '../../base/bytes.ts';
import type { SequenceNumber } from '../../protocol/events.ts';
import type { ConflictAccess, TransactionId } from '../../protocol/transactionEvents.ts';
import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';
import { changeInRange, newestChange } from '../read/changesSince.ts';
import type { CheckedRange } from '../read/changesSince.ts';
import type { FamilyWrites } from './familyWrites.ts';
import type { KeyMap } from './keyMap.ts';
import type { KeyRange } from './rangeSet.ts';
import type { FamilyReads } from './readSet.ts';
import { checkedKeys } from './tellOwn.ts';

/** What must not have changed in one column family. */
export interface Footprint {
  readonly family: FamilyState;
  readonly writes: FamilyWrites;
  readonly reads: FamilyReads;
}

/** The first thing found that did. */
export interface FoundChange {
  readonly key: Uint8Array;
  readonly access: ConflictAccess;
  readonly newestSequence: SequenceNumber;
}

/** Keys checked between two turns of the event loop. */
const SLICE_KEYS = 256;

/**
 * Looks for a change after `since` to anything in the footprint.
 * @param told whose check is told, key by key; `undefined` for nobody's.
 * @throws LsmError `CORRUPTION`, `IO` when a table cannot be read; `INVALID_ARGUMENT` when the
 * family was dropped.
 */
export async function findChange(
  state: EngineState,
  { family, writes, reads }: Footprint,
  since: SequenceNumber,
  told: TransactionId | undefined,
): Promise<FoundChange | undefined> {
  const deleted = [...writes.ranges.ranges()].map(checkedRange);
  const place = { state, family, since, told };
  return (
    (await changedKey(place, writes.keys, () => 'write')) ??
    (await changedRange(place, deleted, 'range-delete')) ??
    (await changedKey(place, reads.keys, (purpose) => purpose)) ??
    (await changedRange(place, reads.ranges, 'range'))
  );
}

/** Where a change is looked for, and since when. */
interface Place {
  readonly state: EngineState;
  readonly family: FamilyState;
  readonly since: SequenceNumber;
  readonly told: TransactionId | undefined;
}

async function changedKey<Value>(
  place: Place,
  keys: KeyMap<Value>,
  accessOf: (value: Value) => ConflictAccess,
): Promise<FoundChange | undefined> {
  const { state, family, since, told } = place;
  let checked = 0;
  for (const { key, value } of keys.items()) {
    if (checked++ % SLICE_KEYS === 0) {
      if (checked > 1) await state.environment.scheduler.turn();
      // Tables of a family that was dropped meanwhile may be gone.
      state.families.meant(family);
    }
    const newestSequence = newestChange(state, family, key, since);
    if (told !== undefined && state.events.write) {
      const range = { lower: key, upper: key, upperIncluded: true };
      await tellCheck(place, told, accessOf(value), range, newestSequence);
    }
    if (newestSequence > 0) return { key, access: accessOf(value), newestSequence };
  }
  return undefined;
}

async function changedRange(
  place: Place,
  ranges: readonly CheckedRange[],
  access: ConflictAccess,
): Promise<FoundChange | undefined> {
  const { state, family, since, told } = place;
  for (const range of ranges) {
    state.families.meant(family);
    const change = await changeInRange(state, family, range, since);
    if (told !== undefined && state.events.write) {
      await tellCheck(place, told, access, range, change?.sequence ?? 0);
    }
    if (change === undefined) continue;
    return { key: change.key, access, newestSequence: change.sequence };
  }
  return undefined;
}

async function tellCheck(
  { state, family }: Place,
  transaction: TransactionId,
  access: ConflictAccess,
  checked: CheckedRange,
  newestSequence: SequenceNumber,
): Promise<void> {
  const range = checkedKeys(family.id, checked);
  state.events.emit({ kind: 'transaction.check', transaction, access, range, newestSequence });
  const { gate } = state.events;
  if (gate === null) return;
  await gate();
  state.families.meant(family);
}

function checkedRange({ from, to }: KeyRange): CheckedRange {
  return { lower: from, upper: to, upperIncluded: false };
}

/** Whether what one transaction is about to write touches what another relies on. */
export function touches(writing: readonly Footprint[], relying: readonly Footprint[]): boolean {
  return writing.some(({ family, writes }) => {
    const other = relying.find((footprint) => footprint.family === family);
    return other !== undefined && writesTouch(writes, other);
  });
}

function writesTouch(mine: FamilyWrites, { writes, reads }: Footprint): boolean {
  const relied = [...[...writes.ranges.ranges()].map(checkedRange), ...reads.ranges];
  return (
    sharesKey(mine.keys, writes.keys) ||
    sharesKey(mine.keys, reads.keys) ||
    coversKey(mine, writes.keys) ||
    coversKey(mine, reads.keys) ||
    relied.some((range) => holdsKeyOf(range, mine.keys) || mine.ranges.meets(range))
  );
}

function sharesKey(left: KeyMap<unknown>, right: KeyMap<unknown>): boolean {
  const [fewer, more] = left.size < right.size ? [left, right] : [right, left];
  for (const { key } of fewer.items()) if (more.get(key) !== undefined) return true;
  return false;
}

function coversKey({ ranges }: FamilyWrites, keys: KeyMap<unknown>): boolean {
  for (const range of ranges.ranges()) if (holdsKeyOf(checkedRange(range), keys)) return true;
  return false;
}

function holdsKeyOf({ lower, upper, upperIncluded }: CheckedRange, keys: KeyMap<unknown>): boolean {
  const { item } = lower === undefined ? keys.first() : keys.seek(lower);
  if (item === undefined || upper === undefined) return item !== undefined;
  const order = compareBytes(item.key, upper);
  return order < 0 || (order === 0 && upperIncluded);
}
