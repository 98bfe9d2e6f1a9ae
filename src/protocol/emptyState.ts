// The state before anything is known: where a fold begins that was not handed a state by a session.

import type { Counters } from './events.ts';
import type { FamilyState, MemtableState, StoreInfo, TreeState } from './treeState.ts';

/** Counters of a store that has done nothing yet. */
export const NO_COUNTS: Counters = {
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

/**
 * Number 0 stands for "not known yet": the first event that names a memtable gives it its number.
 */
const UNKNOWN_MEMTABLE: MemtableState = {
  memtable: 0,
  entries: 0,
  tombstones: 0,
  rangeDeletes: 0,
  sizeBytes: 0,
  capacityBytes: 0,
  nodes: [],
};

const DEFAULT_FAMILY: FamilyState = {
  family: 0,
  name: 'default',
  memtable: UNKNOWN_MEMTABLE,
  immutables: [],
  levels: [],
  ghosts: [],
  stall: null,
};

const UNKNOWN_STORE: StoreInfo = {
  directory: '',
  engine: 'lsm-lens',
  engineVersion: '',
  comparator: 'bytewise',
  readOnly: false,
  strategy: '',
  options: {},
};

/** A store with nothing in it, not a table nor a log. */
export function emptyState(store: StoreInfo = UNKNOWN_STORE): TreeState {
  return {
    store,
    eventNumber: 0,
    timeMicros: 0,
    lastSequence: 0,
    wal: { segments: [], active: 0 },
    families: [DEFAULT_FAMILY],
    cache: { sizeBytes: 0, capacityBytes: 0, blocks: 0 },
    jobs: [],
    snapshots: [],
    transactions: [],
    manifest: { name: '', sizeBytes: 0, edits: 0 },
    counters: NO_COUNTS,
    problems: [],
  };
}
