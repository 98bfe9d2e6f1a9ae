// What a reader may ask for.

import type { OperationId } from '../protocol/events.ts';
import type { ColumnFamily } from './family/columnFamily.ts';
import type { Snapshot } from './snapshotList.ts';

/** How one key is read. */
export interface ReadOptions {
  /** The default column family when left out. */
  readonly family?: ColumnFamily | undefined;
  /** Read what this snapshot saw. */
  readonly snapshot?: Snapshot | undefined;
  /** Ties the events to the caller's operation; given by `nextOperation`. */
  readonly operation?: OperationId | undefined;
}

/** Which entries to walk over, and how. */
export interface RangeOptions {
  /** The default column family when left out. */
  readonly family?: ColumnFamily | undefined;
  /** Smallest key, included. */
  readonly from?: Uint8Array | undefined;
  /** Where to end, not included. */
  readonly to?: Uint8Array | undefined;
  /** Only keys that begin with these bytes. */
  readonly prefix?: Uint8Array | undefined;
  /** From the greatest key down. */
  readonly reverse?: boolean | undefined;
  /** Entries at most. */
  readonly limit?: number | undefined;
  /** `false`: blocks are not kept in the cache, for walks over much that is not read again. */
  readonly fillCache?: boolean | undefined;
  /** Read what this snapshot saw. */
  readonly snapshot?: Snapshot | undefined;
  /** Ties the events to the caller's operation; given by `nextOperation`. */
  readonly operation?: OperationId | undefined;
}
