// The store's running totals: plain numbers that the hot paths add to.

import type { Counters } from '../../protocol/events.ts';
import { KIND_MERGE, KIND_PUT, KIND_RANGE_DELETE } from '../entryKind.ts';
import type { EntryKindCode } from '../entryKind.ts';

/** `Counters` while they count. */
export type RunningCounters = { -readonly [Name in keyof Counters]: number };

/** All totals at 0. */
export function newCounters(): RunningCounters {
  return {
    puts: 0,
    deletes: 0,
    rangeDeletes: 0,
    merges: 0,
    gets: 0,
    getsFound: 0,
    scans: 0,
    userBytesWritten: 0,
    walBytesWritten: 0,
    walSyncs: 0,
    flushes: 0,
    flushBytesWritten: 0,
    compactions: 0,
    compactionBytesRead: 0,
    compactionBytesWritten: 0,
    compactionWaitMicros: 0,
    blockReads: 0,
    blockBytesRead: 0,
    cacheHits: 0,
    cacheMisses: 0,
    filterChecks: 0,
    filterNegatives: 0,
    filterFalsePositives: 0,
    stallMicros: 0,
    stallMemtablesMicros: 0,
    stallL0Micros: 0,
    stallPendingBytesMicros: 0,
  };
}

/** Counts a write of this kind. */
export function countWrite(counters: RunningCounters, kind: EntryKindCode): void {
  if (kind === KIND_PUT) counters.puts++;
  else if (kind === KIND_MERGE) counters.merges++;
  else if (kind === KIND_RANGE_DELETE) counters.rangeDeletes++;
  else counters.deletes++;
}
