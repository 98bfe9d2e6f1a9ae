// A transaction's own writes to one column family, as its iterators see them.
//
// They stand half a step above the snapshot's sequence number: newer than everything that the
// snapshot shows, older than everything that it must not show.

import type { SequenceNumber } from '../../protocol/events.ts';
import type { RangeTombstone } from '../rangeDelete/rangeTombstone.ts';
import type { OwnEntries } from '../read/storeIterator.ts';
import type { FamilyWrites } from './familyWrites.ts';
import { OwnWritesIterator } from './ownWritesIterator.ts';

/** How far own writes stand above the snapshot; exact for sequence numbers below 2^52. */
const OWN_STEP = 0.5;

/**
 * The writes so far; `undefined` when there are none.
 * @param snapshotSequence what the transaction reads at.
 */
export function ownView(
  { keys, ranges }: FamilyWrites,
  snapshotSequence: SequenceNumber,
): OwnEntries | undefined {
  if (keys.size === 0 && ranges.count === 0) return undefined;
  const sequence = snapshotSequence + OWN_STEP;
  // Own keys come after own ranges: only what the snapshot shows is hidden by these.
  const rangeTombstones = [...ranges.ranges()].map((range): RangeTombstone => {
    return { ...range, sequence, timestampMicros: Number.MAX_SAFE_INTEGER };
  });
  return { sequence, entries: new OwnWritesIterator(keys, sequence), rangeTombstones };
}
