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
import type { EngineState } from '../engineState.ts';
import { changeInRange, newestChange } from '../read/changesSince.ts';
import type { CheckedRange } from '../read/changesSince.ts';
import type { KeyMap } from './keyMap.ts';
import type { ReadPurpose } from './readSet.ts';
import type { ConflictAccess } from './transactionConflict.ts';
import type { WriteSet } from './writeSet.ts';

/** What must not have changed. */
export interface Footprint {
  readonly writes: WriteSet;
  readonly reads: KeyMap<ReadPurpose>;
  readonly ranges: readonly CheckedRange[];
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
 * @throws LsmError `CORRUPTION`, `IO` when a table cannot be read.
 */
export async function findChange(
  state: EngineState,
  footprint: Footprint,
  since: SequenceNumber,
): Promise<FoundChange | undefined> {
  return (
    (await changedKey(state, footprint.writes, since, () => 'write')) ??
    (await changedKey(state, footprint.reads, since, (purpose) => purpose)) ??
    (await changedRange(state, footprint.ranges, since))
  );
}

async function changedKey<Value>(
  state: EngineState,
  keys: KeyMap<Value>,
  since: SequenceNumber,
  accessOf: (value: Value) => ConflictAccess,
): Promise<FoundChange | undefined> {
  let checked = 0;
  for (const { key, value } of keys.items()) {
    const newestSequence = newestChange(state, state.families.default, key, since);
    if (newestSequence > 0) return { key, access: accessOf(value), newestSequence };
    if (++checked % SLICE_KEYS === 0) await state.environment.scheduler.turn();
  }
  return undefined;
}

async function changedRange(
  state: EngineState,
  ranges: readonly CheckedRange[],
  since: SequenceNumber,
): Promise<FoundChange | undefined> {
  for (const range of ranges) {
    const change = await changeInRange(state, state.families.default, range, since);
    if (change === undefined) continue;
    return { key: change.key, access: 'range', newestSequence: change.sequence };
  }
  return undefined;
}

/** Whether writes about to be committed touch what the footprint relies on. */
export function touches(writes: WriteSet, footprint: Footprint): boolean {
  return (
    sharesKey(writes, footprint.writes) ||
    sharesKey(writes, footprint.reads) ||
    footprint.ranges.some((range) => holdsKeyOf(range, writes))
  );
}

function sharesKey(left: KeyMap<unknown>, right: KeyMap<unknown>): boolean {
  const [fewer, more] = left.size < right.size ? [left, right] : [right, left];
  for (const { key } of fewer.items()) if (more.get(key) !== undefined) return true;
  return false;
}

function holdsKeyOf({ lower, upper, upperIncluded }: CheckedRange, writes: WriteSet): boolean {
  const { item } = lower === undefined ? writes.first() : writes.seek(lower);
  if (item === undefined || upper === undefined) return item !== undefined;
  const order = compareBytes(item.key, upper);
  return order < 0 || (order === 0 && upperIncluded);
}
