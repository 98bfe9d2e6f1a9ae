// Rates for when events come too fast to be shown one by one. They are differences of the state's
// own counters, which sampling leaves exact, over the time between two moments.

import type { TreeState } from '../../src/protocol/treeState.ts';
import type { FlowRates } from './frame.ts';

/** Shortest time that a rate is taken over; shorter ones say nothing. */
const WINDOW_MICROS_MIN = 50_000;

/** Events per second between two states of one store. */
export function flowRates(earlier: TreeState, later: TreeState): FlowRates {
  const elapsed = Math.max(WINDOW_MICROS_MIN, later.timeMicros - earlier.timeMicros);
  const before = earlier.counters;
  const after = later.counters;
  const perSecond = (from: number, to: number): number =>
    (Math.max(0, to - from) * 1_000_000) / elapsed;
  // Every entry written has a sequence number, also where another engine counts nothing for us.
  const writes = perSecond(earlier.lastSequence, later.lastSequence);
  const rates = {
    'write.end': writes,
    'memtable.insert': writes,
    'wal.sync': perSecond(before.walSyncs, after.walSyncs),
    'get.end': perSecond(before.gets, after.gets),
    'scan.end': perSecond(before.scans, after.scans),
    'filter.check': perSecond(before.filterChecks, after.filterChecks),
    'block.read': perSecond(
      before.cacheHits + before.cacheMisses,
      after.cacheHits + after.cacheMisses,
    ),
    'flush.end': perSecond(before.flushes, after.flushes),
    'compaction.end': perSecond(before.compactions, after.compactions),
  };
  return {
    perSecond: rates,
    totalPerSecond: perSecond(earlier.eventNumber, later.eventNumber),
    writeBytesPerSecond: perSecond(before.userBytesWritten, after.userBytesWritten),
  };
}
