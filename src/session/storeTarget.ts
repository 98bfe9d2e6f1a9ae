// What workloads and imports need of a store, and our engine behind it. The command line puts its
// own kind of open store behind the same interfaces.

import type { Lsm } from '../engine/db.ts';
import { WriteBatch } from '../engine/writeBatch.ts';

/** A key with its value. */
export type KeyAndValue = readonly [key: Uint8Array, value: Uint8Array];

/** Where an import writes to. */
export interface ImportTarget {
  /** Batches beyond this would swell its memtables. */
  readonly batchBytesMax: number;
  /** All of them or none; durable when it resolves with `sync`. */
  putAll(entries: readonly KeyAndValue[], sync: boolean): Promise<void>;
}

/** What a workload works on. */
export interface WorkloadTarget {
  put(key: Uint8Array, value: Uint8Array): Promise<void>;
  delete(key: Uint8Array): Promise<void>;
  get(key: Uint8Array): Promise<Uint8Array | undefined>;
  /** Live entries from `from` on, before `to` when there is one, at most `limit`. */
  scan(from: Uint8Array, to: Uint8Array | undefined, limit: number): Iterable<KeyAndValue>;
  /** A line of figures about the store as it is now. */
  summary(): string;
}

/** A memtable is sealed when a batch has filled it: so much finer than it is a batch. */
const BATCHES_PER_MEMTABLE_MIN = 8;

/** Our engine. Writes go to the log and are not synced one by one. */
export class EngineTarget implements ImportTarget, WorkloadTarget {
  private readonly store: Lsm;

  constructor(store: Lsm) {
    this.store = store;
  }

  get batchBytesMax(): number {
    return Math.floor(this.store.options.memtableSize / BATCHES_PER_MEMTABLE_MIN);
  }

  put(key: Uint8Array, value: Uint8Array): Promise<void> {
    return this.store.put(key, value);
  }

  delete(key: Uint8Array): Promise<void> {
    return this.store.delete(key);
  }

  get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.store.get(key);
  }

  valueOf(key: Uint8Array): Uint8Array | undefined {
    return this.store.getSync(key);
  }

  scan(from: Uint8Array, to: Uint8Array | undefined, limit: number): Iterable<KeyAndValue> {
    return this.store.entries({ from, limit, ...(to === undefined ? {} : { to }) });
  }

  async putAll(entries: readonly KeyAndValue[], sync: boolean): Promise<void> {
    const batch = new WriteBatch();
    for (const [key, value] of entries) batch.put(key, value);
    await this.store.write(batch, { sync });
  }

  summary(): string {
    const { memtableSizeBytes, tables, tableEntries, diskUsageBytes } = this.store.stats();
    const megabytes = (diskUsageBytes / (1024 * 1024)).toFixed(2);
    return (
      `memtable ${memtableSizeBytes} bytes, ${tables} tables, ` +
      `${tableEntries} entries in tables, ${megabytes} MiB on disk`
    );
  }
}
