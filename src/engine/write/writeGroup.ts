// Writers that meet: their batches become one log record, are synced once and become visible
// together.

import type { OperationId } from '../../protocol/events.ts';
import type { WriteBatch } from '../writeBatch.ts';

/** A group takes no more writers at this many bytes: latency and memory stay bounded. */
const GROUP_SIZE_MAX = 1024 * 1024;
/** A batch from this size on is logged as it is, without being copied into a group. */
const OWN_GROUP_MIN = 64 * 1024;

/** One call that waits for its group. */
export interface Writer {
  readonly operation: OperationId;
  readonly entryCount: number;
  /** Monotonic microseconds; 0 while nobody listens. */
  readonly beganMicros: number;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** What is committed together. */
export class WriteGroup {
  /**
   * All writes, in the order of the writers; a caller's own batch must stay as it is until then.
   */
  readonly batch: WriteBatch;
  readonly writers: Writer[] = [];
  /** Some writer asked for a sync. */
  sync = false;

  constructor(batch: WriteBatch) {
    this.batch = batch;
  }

  /** Whether `sizeBytes` more of writes may join. */
  takes(sizeBytes: number): boolean {
    return this.writers.length === 0 || this.batch.sizeBytes + sizeBytes <= GROUP_SIZE_MAX;
  }
}

/** Whether a batch is so large that copying it would cost more than a record of its own. */
export function wantsOwnGroup(batch: WriteBatch): boolean {
  return batch.sizeBytes >= OWN_GROUP_MIN;
}
