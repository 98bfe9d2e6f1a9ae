// Everything that happens, as plain data. Each event says what was true AFTER it, in absolute
// figures (`entries`, `sizeBytes`), never in differences: so events may be sampled, and the fold
// stays exact. Names follow RocksDB's EventListener and EVENT_LOG_v1 where those have a word.
// docs/events.md tells for each kind when it fires. The events of reads stand in readEvents.ts,
// those of transactions in transactionEvents.ts, of checkpoints in maintenanceEvents.ts, of range
// deletes in rangeDeleteEvents.ts, of flushes in flushEvents.ts, of compactions in
// compactionEvents.ts, of column families in familyEvents.ts.

import type { CompressionName } from '../base/compression/blockCodec.ts';
import type { CompactionEvent } from './compactionEvents.ts';
import type { FlushEvent } from './flushEvents.ts';
import type { MaintenanceEvent } from './maintenanceEvents.ts';
import type { ReadEvent } from './readEvents.ts';
import type { RangeDeleteEvent } from './rangeDeleteEvents.ts';
import type { FamilyEvent } from './familyEvents.ts';
import type { TransactionEvent } from './transactionEvents.ts';
import type { TransactionState, WalState } from './treeState.ts';

/** Running number of an event within its source, from 1; 0 means "none". */
export type EventNumber = number;
/** Ties together the events of one call by a user. */
export type OperationId = number;
/** Ties together the events of one flush or compaction. */
export type JobId = number;
/** Number in a file's name, unique in a store for ever. */
export type FileNumber = number;
/** Position of a write in the store's one history; below 2^53. */
export type SequenceNumber = number;

/** What an entry says about its key. */
export type EntryKind = 'put' | 'delete' | 'merge' | 'single-delete' | 'range-delete';

/** Figures of a table file, as its properties and the manifest hold them. */
export interface TableInfo {
  readonly file: FileNumber;
  readonly name: string;
  readonly sizeBytes: number;
  /**
   * The sorted run it belongs to: tables of one run in one level never overlap; within a level a
   * greater number is newer. A flush's run is its file number, a merge's the greatest of its
   * inputs; levels of the leveled strategy below 0 are one run, number 0.
   */
  readonly run: number;
  readonly entries: number;
  readonly tombstones: number;
  /** Kept aside: they are counted neither as entries nor as tombstones. */
  readonly rangeDeletes: number;
  /** Of all entries and of the spans of range deletes; both included. */
  readonly smallestKey: Uint8Array;
  readonly largestKey: Uint8Array;
  readonly smallestSequence: SequenceNumber;
  readonly largestSequence: SequenceNumber;
  /** Wall clock, microseconds since 1970. */
  readonly createdMicros: number;
  /** Wall clock of its newest write. */
  readonly largestTimestampMicros: number;
  /** Keys and values before prefix compression and block compression. */
  readonly rawKeyBytes: number;
  readonly rawValueBytes: number;
  readonly dataBlocks: number;
  readonly filterSizeBytes: number;
  readonly indexSizeBytes: number;
  /** Tried on each data block. */
  readonly compression: CompressionName;
  /** The job that made it: a flush or a compaction, with its inputs (lineage). */
  readonly madeBy: 'flush' | 'compaction' | 'ingest' | 'unknown';
  /** Another engine's table that was not read: of its figures only size and keys are known. */
  readonly uncounted?: boolean;
}

/** A table at its place. */
export interface PlacedTable {
  readonly level: number;
  readonly table: TableInfo;
}

/** One comparison of a search in a skip list: the node looked at and where the search went next. */
export interface SearchStep {
  /** Level of the tower, 0 at the bottom. */
  readonly level: number;
  /** The node's key; `null` when the list ended here. */
  readonly key: Uint8Array | null;
  readonly sequence: SequenceNumber;
  /** `right`: the node is smaller, go on along the level; `down`: not smaller (or end), descend. */
  readonly went: 'right' | 'down';
}

/** One halving of a binary search among the items `low` to `high`, both included. */
export interface HalvingStep {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  readonly key: Uint8Array;
  /** Sign of (sought key − middle key). */
  readonly comparison: number;
}

/** One probed bit of a filter. */
export interface FilterProbe {
  /** Position in the filter, in bits from its start. */
  readonly bit: number;
  readonly set: boolean;
}

/** A key's bits in a filter being built. */
export interface FilterInsertion {
  readonly key: Uint8Array;
  readonly bits: readonly number[];
}

/** One entry of a write, as the console shows it. */
export interface WriteEntry {
  /** Column family. */
  readonly family: number;
  readonly kind: EntryKind;
  readonly key: Uint8Array;
  readonly valueSizeBytes: number;
  /** At most the first 64 bytes. */
  readonly valuePreview: Uint8Array;
}

/** Why a level did or did not become the next compaction. */
export interface CompactionCandidate {
  readonly level: number;
  /** What would be merged or dropped, such as `all runs`; empty for the level itself. */
  readonly subject: string;
  /** Compacts at 1 and above. */
  readonly score: number;
  /**
   * What the score measures: `files` or `runs` against a trigger, `bytes` against a target,
   * `percent` of newer data against the oldest run, `seconds` of age against a time to live.
   */
  readonly measure: 'files' | 'bytes' | 'runs' | 'percent' | 'seconds' | 'manual';
  readonly value: number;
  readonly limit: number;
  readonly chosen: boolean;
  /** `highest-score`, `score-below-1`, `lower-score`, `inputs-busy`, `manual`, … */
  readonly why: string;
}

/** The rule that brought a compaction about. */
export type CompactionReason =
  | 'level-score'
  | 'size-ratio'
  | 'size-amplification'
  | 'run-count'
  | 'window-closed'
  | 'expired'
  | 'size-limit'
  | 'manual';

/** The tables one level gives to a compaction. */
export interface CompactionInput {
  readonly level: number;
  readonly files: readonly FileNumber[];
}

/**
 * What a merge has done so far;
 * entriesIn = entriesOut + shadowed + tombstonesDropped + rangeDeleted + annihilated + expired +
 * merged.
 */
export interface MergeTotals {
  readonly entriesIn: number;
  readonly entriesOut: number;
  readonly shadowed: number;
  readonly tombstonesDropped: number;
  /** Entries dropped because a range delete hides them. */
  readonly rangeDeleted: number;
  /** Single deletes and the puts that went with them. */
  readonly annihilated: number;
  readonly expired: number;
  /** Merge operands, and puts below them, that went into another entry. */
  readonly merged: number;
  /** Range deletes of the inputs, and of the outputs finished so far. */
  readonly rangeDeletesIn: number;
  readonly rangeDeletesOut: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Time that `compactionRateLimit` made it sleep. */
  readonly waitedMicros: number;
}

/** Why a memtable was sealed; `wal-full`: it alone kept the log's oldest segment. */
export type SealReason = 'full' | 'manual' | 'close' | 'large-value' | 'recovery' | 'wal-full';

/** Figures of a family's active memtable. */
export interface MemtableGauges {
  readonly family: number;
  readonly memtable: number;
  readonly entries: number;
  readonly tombstones: number;
  readonly rangeDeletes: number;
  readonly sizeBytes: number;
}

/** Every figure of the state that per-operation events move; makes sampled streams exact. */
export interface Gauges {
  readonly lastSequence: SequenceNumber;
  /** The whole log: a closed segment may become durable after the next one has begun. */
  readonly wal: WalState;
  /** The active one of each column family. */
  readonly memtables: readonly MemtableGauges[];
  readonly cache: { readonly sizeBytes: number; readonly blocks: number };
  /** Those that have not ended, oldest first. */
  readonly transactions: readonly TransactionState[];
  readonly counters: Counters;
}

/** Totals since the store was opened. */
export interface Counters {
  readonly puts: number;
  readonly deletes: number;
  readonly rangeDeletes: number;
  readonly merges: number;
  readonly gets: number;
  readonly getsFound: number;
  readonly scans: number;
  readonly userBytesWritten: number;
  readonly walBytesWritten: number;
  readonly walSyncs: number;
  readonly flushes: number;
  readonly flushBytesWritten: number;
  readonly compactions: number;
  readonly compactionBytesRead: number;
  readonly compactionBytesWritten: number;
  /** Time that compactions slept for `compactionRateLimit`. */
  readonly compactionWaitMicros: number;
  readonly blockReads: number;
  readonly blockBytesRead: number;
  readonly cacheHits: number;
  readonly cacheMisses: number;
  readonly filterChecks: number;
  /** The filter said "absent": a block read saved. */
  readonly filterNegatives: number;
  /** The filter said "maybe" and the key was not there. */
  readonly filterFalsePositives: number;
  /** Time that writers were held back, and of it what each limit cost. */
  readonly stallMicros: number;
  readonly stallMemtablesMicros: number;
  readonly stallL0Micros: number;
  readonly stallPendingBytesMicros: number;
}

/** What happened, without the stamp of number and time. */
export type LsmEventBody =
  | StoreEvent
  | WalEvent
  | WriteEvent
  | MemtableEvent
  | TableEvent
  | FlushEvent
  | CompactionEvent
  | ManifestEvent
  | ReadEvent
  | TransactionEvent
  | MaintenanceEvent
  | RangeDeleteEvent
  | FamilyEvent
  | ControlEvent;

/** An event as sources give it out. */
export type LsmEvent = LsmEventBody & {
  readonly number: EventNumber;
  /** Wall clock, microseconds since 1970; 0 when the source does not know. */
  readonly timeMicros: number;
};

/** The discriminant of every event. */
export type LsmEventKind = LsmEventBody['kind'];

/** A field that every event may have. */
export interface Tied {
  /** The event that brought this one about. */
  readonly cause?: EventNumber;
}

export type StoreEvent =
  | (Tied & {
      readonly kind: 'recovery.begin';
      readonly manifest: string;
      readonly walSegments: readonly FileNumber[];
    })
  | (Tied & {
      readonly kind: 'recovery.wal';
      readonly wal: FileNumber;
      readonly records: number;
      readonly entries: number;
      readonly sizeBytes: number;
      /** `torn`: ends inside an unsynced record, the rest was never acknowledged as durable. */
      readonly verdict: 'whole' | 'torn' | 'damaged' | 'given-up';
      /** First byte that was not replayed. */
      readonly stopOffset: number;
      readonly reason: string;
    })
  | (Tied & {
      readonly kind: 'recovery.end';
      readonly tables: number;
      readonly walEntries: number;
      readonly lastSequence: SequenceNumber;
      readonly durationMicros: number;
    })
  | (Tied & {
      /** Another engine's store was opened again, or its options were changed while it ran. */
      readonly kind: 'store.options';
      readonly engineVersion: string;
      readonly strategy: string;
      /** All that are in force from now on, as the engine names them. */
      readonly options: Readonly<Record<string, string | number | boolean>>;
    })
  | (Tied & { readonly kind: 'store.close' });

export type WalEvent =
  | (Tied & {
      readonly kind: 'wal.append';
      readonly wal: FileNumber;
      readonly group: number;
      readonly offset: number;
      readonly sizeBytes: number;
      readonly checksum: number;
      /**
       * The record's own claim: everything before this offset was known to be durable. `null` when
       * it claims nothing.
       */
      readonly syncedOffset: number | null;
      readonly firstSequence: SequenceNumber;
      readonly entries: number;
      readonly walSizeBytes: number;
      readonly walRecords: number;
      /** `null` where nobody can know: it was seen in another process's log. */
      readonly walRecordsUnsynced: number | null;
    })
  | (Tied & {
      readonly kind: 'wal.sync';
      readonly wal: FileNumber;
      readonly group: number;
      readonly syncedBytes: number;
      /** Records appended while the sync was under way: not covered by it. */
      readonly walRecordsUnsynced: number;
      readonly durationMicros: number;
    })
  | (Tied & {
      /**
       * `from` was synced and ended; `to`, durable with its header, takes the writes from now on.
       */
      readonly kind: 'wal.rotate';
      readonly from: FileNumber;
      readonly to: FileNumber;
      /** The former segment whose file `to` uses again, or 0. */
      readonly recycled: FileNumber;
      readonly fromSizeBytes: number;
      readonly toSizeBytes: number;
    })
  | (Tied & {
      /** Nothing needs the segment: its file was deleted, or is kept to be used again. */
      readonly kind: 'wal.delete';
      readonly wal: FileNumber;
      readonly recycled: boolean;
    });

export type WriteEvent =
  | (Tied & {
      readonly kind: 'write.begin';
      readonly operation: OperationId;
      readonly entryCount: number;
      /** At most the first 16 entries. */
      readonly entries: readonly WriteEntry[];
      readonly sizeBytes: number;
      readonly sync: boolean;
    })
  | (Tied & {
      readonly kind: 'write.group';
      readonly group: number;
      readonly operations: readonly OperationId[];
      readonly entries: number;
      readonly sizeBytes: number;
      readonly firstSequence: SequenceNumber;
      readonly sync: boolean;
    })
  | (Tied & {
      readonly kind: 'write.end';
      readonly operation: OperationId;
      readonly group: number;
      readonly firstSequence: SequenceNumber;
      readonly lastSequence: SequenceNumber;
      readonly durable: boolean;
      readonly durationMicros: number;
    });

export type MemtableEvent =
  | (Tied & {
      readonly kind: 'memtable.insert';
      readonly family: number;
      readonly memtable: number;
      readonly operation: OperationId;
      readonly entryKind: EntryKind;
      readonly key: Uint8Array;
      readonly sequence: SequenceNumber;
      readonly valueSizeBytes: number;
      readonly valuePreview: Uint8Array;
      /** Levels of the new node's tower, at least 1. */
      readonly height: number;
      readonly path: readonly SearchStep[];
      readonly entries: number;
      readonly tombstones: number;
      readonly sizeBytes: number;
    })
  | (Tied & {
      readonly kind: 'memtable.seal';
      readonly family: number;
      readonly memtable: number;
      readonly entries: number;
      readonly tombstones: number;
      readonly rangeDeletes: number;
      readonly sizeBytes: number;
      readonly reason: SealReason;
      readonly next: { readonly memtable: number; readonly capacityBytes: number };
      /** Log segments that hold the sealed entries. */
      readonly walSegments: readonly FileNumber[];
    });

/** A table growing: the same events whether a flush or a compaction writes it. */
export type TableEvent =
  | (Tied & {
      readonly kind: 'table.entry';
      readonly job: JobId;
      readonly file: FileNumber;
      readonly block: number;
      readonly entryKind: EntryKind;
      readonly key: Uint8Array;
      readonly sequence: SequenceNumber;
      readonly valueSizeBytes: number;
      /** Leading bytes not stored because the previous key has them too; 0 at a restart point. */
      readonly sharedBytes: number;
      readonly restart: boolean;
      /** The 64-bit filter hash as two unsigned 32-bit words. */
      readonly filterHash: readonly [number, number];
    })
  | (Tied & {
      readonly kind: 'table.block';
      readonly job: JobId;
      readonly file: FileNumber;
      readonly blockKind:
        | 'data'
        | 'filter'
        | 'index'
        | 'range-tombstones'
        | 'properties'
        | 'footer';
      /** Running number among the blocks of its kind. */
      readonly block: number;
      readonly offset: number;
      readonly sizeBytes: number;
      /** Before compression. */
      readonly rawSizeBytes: number;
      /** `none` also where compression would have saved too little. */
      readonly compression: CompressionName;
      readonly entries: number;
      readonly restarts: number;
      readonly checksum: number;
      readonly fileSizeBytes: number;
      readonly fileEntries: number;
    })
  | (Tied & {
      readonly kind: 'table.filter';
      readonly job: JobId;
      readonly file: FileNumber;
      readonly keys: number;
      readonly bitCount: number;
      readonly probes: number;
      readonly bitsSet: number;
      readonly predictedFalsePositiveRate: number;
      /** The filter's first bytes, at most 4096. */
      readonly bits: Uint8Array;
      /** The bits of the first keys, at most 64. */
      readonly insertions: readonly FilterInsertion[];
    })
  | (Tied & {
      readonly kind: 'table.create';
      readonly job: JobId;
      readonly table: TableInfo;
      readonly syncMicros: number;
    })
  | (Tied & { readonly kind: 'table.delete'; readonly file: FileNumber });

/** The entry waiting at the front of a merge lane. */
export interface MergeHead {
  readonly key: Uint8Array;
  readonly sequence: SequenceNumber;
  readonly file: FileNumber;
  readonly level: number;
}

export type ManifestEvent =
  | (Tied & {
      readonly kind: 'manifest.edit';
      readonly family: number;
      readonly job: JobId;
      readonly manifest: string;
      readonly sizeBytes: number;
      readonly added: readonly PlacedTable[];
      readonly removed: readonly { readonly level: number; readonly file: FileNumber }[];
      /** The newest memtable whose entries tables hold by now, as they do all older ones'; or 0. */
      readonly flushedMemtable: number;
      /** Log segments below this number are no longer needed. */
      readonly oldestWal: FileNumber;
      readonly nextFile: FileNumber;
      readonly lastSequence: SequenceNumber;
      readonly syncMicros: number;
      /** Every level's score and target after the edit, index = level. */
      readonly levels: readonly LevelTarget[];
    })
  | (Tied & {
      readonly kind: 'manifest.rotate';
      readonly from: string;
      readonly to: string;
      readonly sizeBytes: number;
    });

/** How full a level is against its limit. */
export interface LevelTarget {
  readonly level: number;
  readonly score: number;
  /** What the limit is of; `sublevels`: the level's runs are Pebble's sublevels, 0 the oldest. */
  readonly measure: 'files' | 'bytes' | 'runs' | 'sublevels';
  readonly limit: number;
}

export type ControlEvent =
  | (Tied & {
      /** Writes to one column family wait, or are slowed down. */
      readonly kind: 'stall.begin';
      readonly family: number;
      readonly severity: 'slowdown' | 'stop';
      readonly limit: 'l0-tables' | 'immutable-memtables' | 'pending-bytes';
      readonly value: number;
      readonly limitValue: number;
    })
  | (Tied & {
      readonly kind: 'stall.end';
      readonly family: number;
      readonly durationMicros: number;
    })
  | (Tied & { readonly kind: 'snapshot.create'; readonly sequence: SequenceNumber })
  | (Tied & { readonly kind: 'snapshot.release'; readonly sequence: SequenceNumber })
  | (Tied & {
      readonly kind: 'error';
      readonly code: string;
      readonly message: string;
      readonly file: string;
      readonly offset: number;
    })
  | (Tied & {
      /** Written by the session: the figures that per-operation events move, as they are now. */
      readonly kind: 'summary';
      readonly gauges: Gauges;
      /** Entries written, gets and scans since the last summary of which no event was sent. */
      readonly leftOut: number;
    });
