// What an LSM tree looks like at one moment: the value that the fold makes and the page draws.
// Immutable: the fold shares what did not change, so a keyframe costs one reference.

import type {
  Counters,
  EntryKind,
  EventNumber,
  FileNumber,
  JobId,
  LevelTarget,
  CompactionInput,
  MergeTotals,
  SequenceNumber,
  TableInfo,
} from './events.ts';
import type { IsolationLevel, TransactionId } from './transactionEvents.ts';

/** A store, whoever wrote it, at one moment. */
export interface TreeState {
  readonly store: StoreInfo;
  /** The last event folded in. */
  readonly eventNumber: EventNumber;
  readonly timeMicros: number;
  readonly lastSequence: SequenceNumber;
  readonly wal: WalState;
  /** Column families; an engine without them has one, number 0. */
  readonly families: readonly FamilyState[];
  readonly cache: CacheState;
  /** Flushes and compactions under way, oldest first. */
  readonly jobs: readonly JobState[];
  /** Sequence numbers that live snapshots read at, ascending; a number may stand twice. */
  readonly snapshots: readonly SequenceNumber[];
  /** Transactions that have not ended, oldest first. */
  readonly transactions: readonly TransactionState[];
  readonly manifest: ManifestState;
  readonly counters: Counters;
  readonly problems: readonly Problem[];
}

/** What the store is; does not change while it is open. */
export interface StoreInfo {
  readonly directory: string;
  /** `lsm-lens`, later also `leveldb`, `rocksdb`, `pebble`, `badger`, `cassandra`. */
  readonly engine: string;
  readonly engineVersion: string;
  readonly comparator: string;
  readonly readOnly: boolean;
  readonly strategy: string;
  /** Options in force, as the engine names them. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

/** The write-ahead log: closed segments still needed, and the active one. */
export interface WalState {
  readonly segments: readonly WalSegmentState[];
  readonly active: FileNumber;
}

export interface WalSegmentState {
  readonly file: FileNumber;
  readonly sizeBytes: number;
  /**
   * Everything before this offset survives a power failure. `null` where nobody can know: most
   * engines' files do not tell what was synced. Pebble's tell of a part of it: more may be.
   */
  readonly syncedBytes: number | null;
  readonly records: number;
  /** Records that a power failure would lose; `null` where nobody can know. */
  readonly recordsUnsynced: number | null;
}

export interface FamilyState {
  readonly family: number;
  readonly name: string;
  readonly memtable: MemtableState;
  /** Oldest first. */
  readonly immutables: readonly MemtableState[];
  readonly levels: readonly LevelState[];
  /** Tables that left the version but are still on disk. */
  readonly ghosts: readonly TableInfo[];
  /** Why its writers wait or are slowed down. */
  readonly stall: StallState | null;
}

export interface MemtableState {
  readonly memtable: number;
  readonly entries: number;
  readonly tombstones: number;
  /** Kept aside: they are counted neither as entries nor as tombstones. */
  readonly rangeDeletes: number;
  readonly sizeBytes: number;
  readonly capacityBytes: number;
  /**
   * Nodes known to the viewer, in key order: all of them, or a sample when `nodes.length <
   * entries`.
   */
  readonly nodes: readonly MemtableNode[];
}

export interface MemtableNode {
  readonly key: Uint8Array;
  readonly sequence: SequenceNumber;
  readonly entryKind: EntryKind;
  readonly valueSizeBytes: number;
  readonly height: number;
}

export interface LevelState {
  readonly level: number;
  /** Newest run first; within a run ascending by key. */
  readonly tables: readonly TableInfo[];
  readonly sizeBytes: number;
  readonly target: LevelTarget;
}

export interface CacheState {
  readonly sizeBytes: number;
  readonly capacityBytes: number;
  readonly blocks: number;
}

export type JobState = FlushJobState | CompactionJobState;

export interface FlushJobState {
  readonly kind: 'flush';
  readonly job: JobId;
  readonly family: number;
  readonly memtable: number;
  readonly file: FileNumber;
  readonly entries: number;
  readonly entriesDone: number;
  readonly bytesWritten: number;
  readonly beganAt: EventNumber;
}

export interface CompactionJobState {
  readonly kind: 'compaction';
  readonly job: JobId;
  readonly family: number;
  readonly inputs: readonly CompactionInput[];
  readonly outputLevel: number;
  readonly entries: number;
  readonly sizeBytes: number;
  readonly totals: MergeTotals;
  readonly outputs: readonly FileNumber[];
  readonly beganAt: EventNumber;
}

/** A transaction that has not ended. */
export interface TransactionState {
  readonly transaction: TransactionId;
  readonly isolation: IsolationLevel;
  /** What it reads at. */
  readonly sequence: SequenceNumber;
  /** Entries that its commit would write now, and the bytes of their keys and values. */
  readonly entries: number;
  readonly sizeBytes: number;
  /** Keys and ranges that its commit will check because they were read. */
  readonly keysRead: number;
  readonly rangesRead: number;
  /** Savepoints that stand. */
  readonly savepoints: number;
}

export interface StallState {
  readonly severity: 'slowdown' | 'stop';
  readonly limit: 'l0-tables' | 'immutable-memtables' | 'pending-bytes';
  readonly value: number;
  readonly limitValue: number;
  readonly since: EventNumber;
}

export interface ManifestState {
  readonly name: string;
  readonly sizeBytes: number;
  /** Records in the file; the snapshot that a file begins with is one. */
  readonly edits: number;
}

/** Something wrong with the store's bytes or with a job. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  /** File name in the store, or empty. */
  readonly file: string;
  /** Byte offset in the file, or -1. */
  readonly offset: number;
}
