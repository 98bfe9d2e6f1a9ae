// The options of a database: abstract-level's, and the engine's under their own names.

import type {
  AbstractBatchOptions,
  AbstractChainedBatchWriteOptions,
  AbstractDatabaseOptions,
  AbstractDelOptions,
  AbstractOpenOptions,
  AbstractPutOptions,
  Transcoder,
} from 'abstract-level';
import { DEFAULT_OPTIONS } from '../../engine/options.ts';
import type { LsmOptions } from '../../engine/options.ts';

/** How the database is opened; docs/options.md explains each of the engine's. */
export interface LevelOpenOptions
  extends AbstractOpenOptions, Omit<LsmOptions, 'createIfMissing' | 'errorIfExists'> {}

/** What the constructor takes: encodings, and what `open` takes. */
export interface LevelDatabaseOptions<Key, Value>
  extends AbstractDatabaseOptions<Key, Value>, Omit<LevelOpenOptions, 'passive'> {}

/** Whether a write must survive a power failure before it is acknowledged. */
interface SyncOption {
  readonly sync?: boolean | undefined;
}

export interface LevelPutOptions<Key, Value> extends AbstractPutOptions<Key, Value>, SyncOption {}
export interface LevelDelOptions<Key> extends AbstractDelOptions<Key>, SyncOption {}
export interface LevelBatchOptions<Key, Value>
  extends AbstractBatchOptions<Key, Value>, SyncOption {}
export interface LevelChainedBatchWriteOptions
  extends AbstractChainedBatchWriteOptions, SyncOption {}

/** How the keys of a call are encoded, when not as the database's own are. */
export interface LevelKeyOptions<Key> {
  readonly keyEncoding?: string | Transcoder.PartialEncoder<Key> | undefined;
}

/** Those of the engine among what `_open` is given; encodings and the like are left out. */
export function engineOptionsOf(given: object): LsmOptions {
  const known = Object.entries(given).filter(
    ([name]) => name === 'events' || name in DEFAULT_OPTIONS,
  );
  return Object.fromEntries(known);
}
