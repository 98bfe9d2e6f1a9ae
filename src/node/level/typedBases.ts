// abstract-level's classes to extend, typed as its documentation has them: its own types leave out
// what a snapshot's constructor takes, and an implementation's options of writes. The classes are
// the package's, as they are.

import { AbstractChainedBatch, AbstractLevel, AbstractSnapshot } from 'abstract-level';
import type { AbstractBatchOperation } from 'abstract-level';
import type {
  LevelBatchOptions,
  LevelChainedBatchWriteOptions,
  LevelDatabaseOptions,
  LevelDelOptions,
  LevelOpenOptions,
  LevelPutOptions,
} from './levelOptions.ts';

/** The public methods of a database that take more options here. */
export interface TypedDatabase<KeyDefault, ValueDefault> extends AbstractLevel<
  string | Buffer | Uint8Array,
  KeyDefault,
  ValueDefault
> {
  open(options?: LevelOpenOptions): Promise<void>;
  put<Key = KeyDefault, Value = ValueDefault>(
    key: Key,
    value: Value,
    options?: LevelPutOptions<Key, Value>,
  ): Promise<void>;
  del<Key = KeyDefault>(key: Key, options?: LevelDelOptions<Key>): Promise<void>;
  batch(): TypedChainedBatch<this, KeyDefault, ValueDefault>;
  batch<Key = KeyDefault, Value = ValueDefault>(
    operations: AbstractBatchOperation<this, Key, Value>[],
    options?: LevelBatchOptions<Key, Value>,
  ): Promise<void>;
}

/** A chained batch whose `write` takes more options. */
export interface TypedChainedBatch<Database, Key, Value> extends AbstractChainedBatch<
  Database,
  Key,
  Value
> {
  write(options?: LevelChainedBatchWriteOptions): Promise<void>;
}

/** What a snapshot is made with: the database that closes it. */
export interface SnapshotOptions {
  readonly owner: object;
}

export const DatabaseBase: new <Key, Value>(
  manifest: object,
  options?: LevelDatabaseOptions<Key, Value>,
) => TypedDatabase<Key, Value> = AbstractLevel;

export const ChainedBatchBase: new <Database, Key, Value>(
  database: Database,
) => TypedChainedBatch<Database, Key, Value> = AbstractChainedBatch;

export const SnapshotBase: new (options: SnapshotOptions) => AbstractSnapshot = AbstractSnapshot;
