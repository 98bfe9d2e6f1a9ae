// Gathers entries into batches of a size that a store likes, and writes them.

import { LsmError } from '../../base/errors.ts';
import type { Progress } from '../../protocol/messages.ts';
import type { ImportTarget, KeyAndValue } from '../storeTarget.ts';

/** Entries in one batch. */
const BATCH_ENTRIES_MAX = 1000;
/** Bytes of entries in one batch, at most. */
const BATCH_BYTES_MAX = 1024 * 1024;

/** How long work is watched and stopped. */
export interface WriterWatch {
  readonly signal?: { readonly aborted: boolean };
  /** Counts entries; the total is not known. */
  readonly onProgress?: (progress: Progress) => void;
}

/** Writes entries batch by batch; what was written before an error stays written. */
export class BatchWriter {
  /** Entries written so far. */
  written = 0;
  private readonly target: ImportTarget;
  private readonly watch: WriterWatch;
  private readonly batchBytesMax: number;
  private batch: KeyAndValue[] = [];
  private batchBytes = 0;

  constructor(target: ImportTarget, watch: WriterWatch) {
    this.target = target;
    this.watch = watch;
    this.batchBytesMax = Math.min(BATCH_BYTES_MAX, target.batchBytesMax);
  }

  /** Takes an entry; true when `flush` is to be awaited before the next. */
  add(key: Uint8Array, value: Uint8Array): boolean {
    this.batch.push([key, value]);
    this.batchBytes += key.length + value.length;
    return this.batch.length >= BATCH_ENTRIES_MAX || this.batchBytes >= this.batchBytesMax;
  }

  /**
   * Writes what has gathered.
   * @param sync makes it durable, and with it everything before.
   * @throws LsmError `CANCELLED`, or as the store does.
   */
  async flush(sync: boolean): Promise<void> {
    if (this.watch.signal?.aborted) {
      throw new LsmError('CANCELLED', `cancelled after ${this.written} entries`);
    }
    await this.target.putAll(this.batch, sync);
    this.written += this.batch.length;
    this.batch = [];
    this.batchBytes = 0;
    this.watch.onProgress?.({ done: this.written, total: 0, unit: 'entries', message: '' });
  }
}
