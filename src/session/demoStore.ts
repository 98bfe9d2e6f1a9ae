// The demo: a store small enough that a thousand writes flush and merge before one's eyes, and the
// seed's usage example (a thousand users written, read, scanned, updated and deleted) to fill it.

import type { LsmOptions } from '../engine/options.ts';
import type { WorkloadOptions } from '../protocol/messages.ts';

/** Sizes in bytes; the whole example takes about 100 KiB. */
export const DEMO_STORE_OPTIONS: Omit<LsmOptions, 'events'> = {
  memtableSize: 16 * 1024,
  maxL0SSTables: 4,
  levelBaseSize: 64 * 1024,
  levelMultiplier: 4,
  targetTableSize: 32 * 1024,
  blockSize: 1024,
  blockCacheSize: 64 * 1024,
  mergeOperator: 'stringappend',
};

/** As fast as it goes; a demo that is watched from its start sets `operationsPerSecond`. */
export const DEMO_WORKLOAD: WorkloadOptions = {
  name: 'users',
  operations: 1000,
  records: 1000,
  valueSizeBytes: 100,
  seed: 1,
  operationsPerSecond: 0,
};
