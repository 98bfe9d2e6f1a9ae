// What all open tables of a store share while they are read.

import type { Clock } from '../../base/clock.ts';
import type { BlockCodecs } from '../../base/compression/blockCodecs.ts';
import type { EventSink } from '../../protocol/eventSink.ts';
import type { OperationId } from '../../protocol/events.ts';
import type { BlockCache } from '../cache/blockCache.ts';
import type { RunningCounters } from '../metrics/counters.ts';
import type { StoreMetrics } from '../metrics/storeMetrics.ts';
import type { BlockIndex } from './blockIndex.ts';
import type { DataBlock } from './dataBlock.ts';

/** Shared by the readers of a store. */
export interface ReadContext {
  readonly cache: BlockCache<DataBlock | BlockIndex>;
  /** The reads' totals are added here. */
  readonly counters: RunningCounters;
  /** Where the time of reads is noted; jobs and verification have no such place. */
  readonly metrics?: StoreMetrics;
  /** Prepared for every compression that the tables have. */
  readonly codecs: BlockCodecs;
  /** For durations: of events while somebody listens, of block reads by sample. */
  readonly clock: Clock;
  /** May be replaced at any time. */
  sink: EventSink;
}

/** Who reads blocks, and whether the cache should remember them. */
export interface BlockReadOptions {
  /** 0 for a job. */
  readonly operation: OperationId;
  /** Off for jobs: they read everything once, past the cache and its counters. */
  readonly useCache: boolean;
  /** Whether the cache keeps what it did not have; off for scans that pass through once. */
  readonly fillCache: boolean;
}

/** How flushes, compactions and verification read. */
export const JOB_READS: BlockReadOptions = { operation: 0, useCache: false, fillCache: false };

/** How a get reads that nobody listens to. */
export const UNTRACED_READS: BlockReadOptions = {
  operation: 0,
  useCache: true,
  fillCache: true,
};

/** A get that tells what it does. */
export interface GetTrace {
  readonly operation: OperationId;
  /** Level of the table asked. */
  readonly level: number;
}
