// What workloads and imports need of a store, and our engine behind it. The command line puts its
// own kind of open store behind the same interfaces.

import type { Lsm } from '../engine/db.ts';
import type { ColumnFamily } from '../engine/family/columnFamily.ts';
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
  private readonly family: ColumnFamily | undefined;

  /** @param family left out: the default one. */
  constructor(store: Lsm, family?: ColumnFamily) {
    this.store = store;
    this.family = family;
  }

  get batchBytesMax(): number {
    return Math.floor(this.store.options.memtableSize / BATCHES_PER_MEMTABLE_MIN);
  }

  put(key: Uint8Array, value: Uint8Array): Promise<void> {
    return this.store.put(key, value, { family: this.family });
  }

  delete(key: Uint8Array): Promise<void> {
    return this.store.delete(key, { family: this.family });
  }

  get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.store.get(key, { family: this.family });
  }

  valueOf(key: Uint8Array): Uint8Array | undefined {
    return this.store.getSync(key, { family: this.family });
  }

  scan(from: Uint8Array, to: Uint8Array | undefined, limit: number): Iterable<KeyAndValue> {
    const range = { from, limit, family: this.family };
    return this.store.entries(to === undefined ? range : { ...range, to });
  }

  async putAll(entries: readonly KeyAndValue[], sync: boolean): Promise<void> {
    const batch = new WriteBatch();
    for (const [key, value] of entries) batch.put(key, value, this.family);
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

/** Where the entries of a family go, which is made when it is missing. */
export async function familyTarget(store: Lsm, name: string): Promise<EngineTarget> {
  return new EngineTarget(store, store.family(name) ?? (await store.createFamily(name)));
}
