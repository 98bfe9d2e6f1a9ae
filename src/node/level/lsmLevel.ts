// The entry `lsm-lens/level`: the engine as an abstract-level database, made as classic-level is:
// `new LsmLevel(location, options)`. abstract-level checks, encodes and defers; the methods with an
// underscore, which its types leave out, are what it calls once the database is open.
// docs/level.md is the guide.

import { resolve } from 'node:path';
import type { AbstractIterator, AbstractSnapshot, Transcoder } from 'abstract-level';
import type { StoreStats } from '../../protocol/storeStats.ts';
import { WriteBatch } from '../../engine/writeBatch.ts';
import { Lsm } from '../library/engine.ts';
import type { RepairReport } from '../library/engine.ts';
import { clearRange } from './clearRange.ts';
import type { EncodedClearOptions } from './clearRange.ts';
import { bytesOf, inFormat } from './encodedBytes.ts';
import type { Encoded, Format } from './encodedBytes.ts';
import { LevelChainedBatch } from './levelChainedBatch.ts';
import { inLevelTerms, LevelError, settleInLevelTerms, toLevelError } from './levelError.ts';
import { LevelIterator } from './levelIterator.ts';
import type { EncodedIteratorOptions } from './levelIterator.ts';
import { engineOptionsOf } from './levelOptions.ts';
import type { LevelDatabaseOptions, LevelKeyOptions } from './levelOptions.ts';
import { engineSnapshotOf, LevelSnapshot } from './levelSnapshot.ts';
import { DatabaseBase } from './typedBases.ts';
import type { SnapshotOptions } from './typedBases.ts';

export { LevelError } from './levelError.ts';
export type * from './levelOptions.ts';

/** What a read is given: the formats of key and value, and the snapshot it reads. */
interface EncodedReadOptions {
  readonly valueEncoding?: Format;
  readonly snapshot?: AbstractSnapshot;
}

interface EncodedWriteOptions {
  readonly sync?: boolean;
}

interface EncodedOperation {
  readonly type: 'put' | 'del';
  readonly key: Encoded;
  readonly value: Encoded;
}

const MANIFEST = {
  encodings: { buffer: true, utf8: true, view: true },
  has: true,
  getSync: true,
  createIfMissing: true,
  errorIfExists: true,
  explicitSnapshots: true,
  signals: { iterators: true },
  additionalMethods: { approximateSize: true, compactRange: true, flush: true, stats: true },
};

/**
 * A database in the directory `location`. It opens by itself; operations asked for earlier wait.
 * Faults are `LevelError` with a code of the Level ecosystem, the engine's own as their cause.
 */
export class LsmLevel<KeyDefault = string, ValueDefault = string> extends DatabaseBase<
  KeyDefault,
  ValueDefault
> {
  /** As it was given to the constructor. */
  readonly location: string;
  #store: Lsm | undefined;

  constructor(location: string, options?: LevelDatabaseOptions<KeyDefault, ValueDefault>) {
    if (typeof location !== 'string' || location === '') {
      throw new TypeError("The first argument 'location' must be a non-empty string");
    }
    super(MANIFEST, options);
    this.location = location;
  }

  /**
   * The engine's own interface to this database, for what abstract-level has no words for.
   * @throws LevelError `LEVEL_DATABASE_NOT_OPEN`.
   */
  get store(): Lsm {
    if (this.#store !== undefined && this.status === 'open') return this.#store;
    throw new LevelError('LEVEL_DATABASE_NOT_OPEN', 'Database is not open');
  }

  /** Resolves when everything written before is in tables. */
  async flush(): Promise<void> {
    if (this.status === 'opening') return this.deferAsync(() => this.flush());
    return settleInLevelTerms(this.store.flush());
  }

  /**
   * Rewrites everything from `start` to `end`, both included, without what is deleted or shadowed.
   */
  async compactRange<Key = KeyDefault>(
    start: Key,
    end: Key,
    options: LevelKeyOptions<Key> = {},
  ): Promise<void> {
    if (this.status === 'opening') {
      return this.deferAsync(() => this.compactRange(start, end, options));
    }
    const from = this.#keyBytes(start, options);
    const to = this.#keyBytes(end, options);
    return settleInLevelTerms(this.store.compactRange({ from, to }));
  }

  /** Bytes that the entries from `start` to `end`, which is not included, take in tables, about. */
  async approximateSize<Key = KeyDefault>(
    start: Key,
    end: Key,
    options: LevelKeyOptions<Key> = {},
  ): Promise<number> {
    if (this.status === 'opening') {
      return this.deferAsync(() => this.approximateSize(start, end, options));
    }
    const from = this.#keyBytes(start, options);
    const to = this.#keyBytes(end, options);
    return inLevelTerms(() => this.store.approximateSize({ from, to }).tableBytes);
  }

  /** The engine in figures; docs/metrics.md explains each. */
  stats(): StoreStats {
    return this.store.stats();
  }

  /** Deletes the database at `location`, and the directory when nothing else is in it. */
  static async destroy(location: string): Promise<void> {
    return settleInLevelTerms(Lsm.destroy(location));
  }

  /**
   * Builds a new database at `into` of what can be read of the damaged one at `location`, which is
   * not changed; says file by file what was lost.
   */
  static async repair(location: string, into: string): Promise<RepairReport> {
    return settleInLevelTerms(Lsm.repair(location, into));
  }

  async _open(options: object): Promise<void> {
    const store = await settleInLevelTerms(
      Lsm.open(resolve(this.location), engineOptionsOf(options)),
    );
    this.#store = store;
  }

  async _close(): Promise<void> {
    const store = this.#store;
    this.#store = undefined;
    if (store !== undefined) await settleInLevelTerms(store.close());
  }

  _getSync(key: Encoded, { snapshot, valueEncoding }: EncodedReadOptions): Encoded | undefined {
    const value = this.#read(key, snapshot);
    return value === undefined ? undefined : inFormat(value, valueEncoding);
  }

  async _get(key: Encoded, options: EncodedReadOptions): Promise<Encoded | undefined> {
    return this._getSync(key, options);
  }

  async _getMany(
    keys: readonly Encoded[],
    options: EncodedReadOptions,
  ): Promise<(Encoded | undefined)[]> {
    return keys.map((key) => this._getSync(key, options));
  }

  async _has(key: Encoded, { snapshot }: EncodedReadOptions): Promise<boolean> {
    return this.#read(key, snapshot) !== undefined;
  }

  async _hasMany(keys: readonly Encoded[], { snapshot }: EncodedReadOptions): Promise<boolean[]> {
    return keys.map((key) => this.#read(key, snapshot) !== undefined);
  }

  async _put(key: Encoded, value: Encoded, { sync }: EncodedWriteOptions): Promise<void> {
    await settleInLevelTerms(this.store.put(bytesOf(key), bytesOf(value), { sync }));
  }

  async _del(key: Encoded, { sync }: EncodedWriteOptions): Promise<void> {
    await settleInLevelTerms(this.store.delete(bytesOf(key), { sync }));
  }

  async _batch(
    operations: readonly EncodedOperation[],
    { sync }: EncodedWriteOptions,
  ): Promise<void> {
    const { store } = this;
    const batch = inLevelTerms(() => batchOf(operations));
    await settleInLevelTerms(store.write(batch, { sync }));
  }

  _chainedBatch(): LevelChainedBatch<this, KeyDefault, ValueDefault> {
    return new LevelChainedBatch(this, this.store);
  }

  async _clear(options: EncodedClearOptions): Promise<void> {
    await settleInLevelTerms(clearRange(this.store, options));
  }

  _iterator(options: EncodedIteratorOptions): AbstractIterator<this, KeyDefault, ValueDefault> {
    return new LevelIterator(this, this.store, options);
  }

  _snapshot(options: SnapshotOptions): LevelSnapshot {
    return new LevelSnapshot(this.store.snapshot(), options);
  }

  #read(key: Encoded, snapshot: AbstractSnapshot | undefined): Uint8Array | undefined {
    const { store } = this;
    try {
      return store.getSync(bytesOf(key), { snapshot: engineSnapshotOf(snapshot) });
    } catch (thrown) {
      throw toLevelError(thrown);
    }
  }

  #keyBytes<Key>(key: Key, { keyEncoding }: LevelKeyOptions<Key>): Uint8Array {
    const encoding = keyEncoding as Transcoder.MixedEncoding<Key, unknown, unknown>;
    return bytesOf(this.keyEncoding(encoding).encode(key));
  }
}

function batchOf(operations: readonly EncodedOperation[]): WriteBatch {
  const batch = new WriteBatch();
  for (const { type, key, value } of operations) {
    if (type === 'put') batch.put(bytesOf(key), bytesOf(value));
    else batch.delete(bytesOf(key));
  }
  return batch;
}
