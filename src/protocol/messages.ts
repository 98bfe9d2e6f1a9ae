// What travels between a session (in the extension host, or behind the local page's WebSocket) and
// a viewer (the page). Every message is one MessagePack-encoded Uint8Array of its own (codec.ts):
// VS Code's channel passes bytes as they are, but turns a Node Buffer into a plain object, drags
// along the whole buffer under a subarray, and loses a bigint without an error.

import type { EventNumber, FileNumber, LsmEvent } from './events.ts';
import type { StoreStats } from './storeStats.ts';
import type { IsolationLevel, TransactionId } from './transactionEvents.ts';
import type { TreeState } from './treeState.ts';

/** How the session hands out events. */
export type PacingMode =
  /** One batch a frame; per-operation events sampled within a byte budget. Slows nothing down. */
  | 'live'
  /** Every event; the engine takes its next step only after the viewer has shown the last. */
  | 'lockstep';

/** Session → viewer. */
export type ToViewer =
  | { readonly kind: 'opening'; readonly opening: Opening }
  | { readonly kind: 'hello'; readonly hello: Hello }
  | {
      readonly kind: 'batch';
      readonly events: readonly LsmEvent[];
      /** Entries written, gets and scans since the last batch of which no event was sent. */
      readonly leftOut: number;
      /** Answer with `ack` of this number: no more than two batches are under way at a time. */
      readonly batch: number;
    }
  | { readonly kind: 'reply'; readonly id: number; readonly reply: Reply }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly kind: 'status'; readonly status: SessionStatus };

/** Told before `hello` of what takes its time to open; the request `stop` ends it. */
export interface Opening {
  readonly directory: string;
  readonly progress: Progress;
  /** Empty, or one sentence about why it will not be shown: it was stopped, or cannot be opened. */
  readonly failed: string;
}

/**
 * Where a viewer's fold begins: its first message, and again when it stayed away so long that the
 * events for it were given up.
 */
export interface Hello {
  readonly protocolVersion: number;
  readonly state: TreeState;
  readonly status: SessionStatus;
  /** A trace is being shown instead of a store: its events follow at once, nothing runs. */
  readonly trace: TraceInfo | null;
  /**
   * Events up to this number, which follow at once, lie in the past: the viewer shows what they led
   * to, and lets them be scrubbed. Absent when everything that follows happens from now on.
   */
  readonly pastUpTo?: EventNumber;
}

export interface TraceInfo {
  readonly title: string;
  readonly events: number;
  /** Empty, or why the file's end could not be read. */
  readonly cutShort: string;
}

/** What the session is doing besides events. */
export interface SessionStatus {
  readonly mode: PacingMode;
  readonly recording: boolean;
  /** The workload or import that is running, or empty. */
  readonly running: string;
  /** Empty, or why nothing can be written: read-only open, a fault, a closed store. */
  readonly readOnlyBecause: string;
}

/** Progress of a long request. */
export interface Progress {
  readonly done: number;
  /** 0 when not known. */
  readonly total: number;
  readonly unit: 'entries' | 'bytes' | 'lines' | 'tables' | 'edits';
  readonly message: string;
}

/** Viewer → session. */
export type FromViewer =
  | { readonly kind: 'request'; readonly id: number; readonly request: Request }
  | { readonly kind: 'cancel'; readonly id: number }
  /**
   * The viewer has taken in `batch` and shown all events up to `eventNumber`. In lockstep it may
   * send one for each event that it has shown: each lets the engine go on as far as that event.
   */
  | { readonly kind: 'ack'; readonly batch: number; readonly eventNumber: EventNumber };

/** The column family that is meant, by its name; the default one when left out. */
interface InFamily {
  readonly family?: string;
}

/** The answer to a scan. */
export interface EntriesReply {
  readonly kind: 'entries';
  readonly entries: readonly (readonly [Uint8Array, Uint8Array])[];
  /** More entries lie beyond the limit. */
  readonly more: boolean;
  /** Pebble's values for ranges of keys that reach into what was scanned; some, if many. */
  readonly rangeKeys?: readonly RangeKeyShown[];
}

/** A value for a range of keys, under a suffix; `to` is not in it. */
export interface RangeKeyShown {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly suffix: Uint8Array;
  readonly value: Uint8Array;
}

/** Keys and values are bytes; the console encodes what was typed as UTF-8. */
export type Request =
  | (InFamily & {
      readonly kind: 'put';
      readonly key: Uint8Array;
      readonly value: Uint8Array;
      readonly sync: boolean;
    })
  | (InFamily & { readonly kind: 'delete'; readonly key: Uint8Array; readonly sync: boolean })
  | (InFamily & {
      readonly kind: 'merge';
      readonly key: Uint8Array;
      readonly operand: Uint8Array;
      readonly sync: boolean;
    })
  | (InFamily & { readonly kind: 'get'; readonly key: Uint8Array })
  | (InFamily & {
      readonly kind: 'scan';
      readonly from: Uint8Array | null;
      readonly to: Uint8Array | null;
      readonly prefix: Uint8Array | null;
      readonly reverse: boolean;
      readonly limit: number;
    })
  | { readonly kind: 'flush' }
  | { readonly kind: 'compact'; readonly from: Uint8Array | null; readonly to: Uint8Array | null }
  | { readonly kind: 'stats' }
  /** The engine's own account of its state, to hold against the fold. */
  | { readonly kind: 'state' }
  | { readonly kind: 'table'; readonly file: FileNumber }
  | { readonly kind: 'set-mode'; readonly mode: PacingMode }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'release-snapshot'; readonly sequence: number }
  /** Begins a transaction, which lives until it ends or its viewer goes away. */
  | { readonly kind: 'begin'; readonly isolation: IsolationLevel }
  | { readonly kind: 'within'; readonly transaction: TransactionId; readonly step: TransactionStep }
  | { readonly kind: 'workload'; readonly workload: WorkloadOptions }
  /** Content of a chosen file, handed over in pieces; the last has `last: true`. */
  | {
      readonly kind: 'import';
      readonly upload: number;
      readonly format: ImportFormat;
      readonly keyField: string;
      readonly piece: Uint8Array;
      readonly last: boolean;
    }
  /** Copies what is alive into a new store of ours, in a directory that is missing or empty. */
  | { readonly kind: 'copy'; readonly into: string }
  /** Shows a copy that this session has made: its number, for a viewer names no path to open. */
  | { readonly kind: 'open-copy'; readonly copy: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'record'; readonly on: boolean }
  /** The recording so far, as the bytes of an `.lsmtrace` file. */
  | { readonly kind: 'trace' };

/** What an open transaction does next. */
export type TransactionStep =
  | (InFamily & { readonly kind: 'put'; readonly key: Uint8Array; readonly value: Uint8Array })
  | (InFamily & { readonly kind: 'merge'; readonly key: Uint8Array; readonly operand: Uint8Array })
  | (InFamily & { readonly kind: 'delete'; readonly key: Uint8Array })
  | (InFamily & { readonly kind: 'single-delete'; readonly key: Uint8Array })
  | (InFamily & {
      readonly kind: 'delete-range';
      readonly from: Uint8Array;
      readonly to: Uint8Array;
    })
  | (InFamily & { readonly kind: 'get'; readonly key: Uint8Array; readonly forUpdate: boolean })
  | Extract<Request, { readonly kind: 'scan' }>
  | { readonly kind: 'savepoint' }
  /** Goes back to the newest savepoint. */
  | { readonly kind: 'restore' }
  | { readonly kind: 'rollback' }
  | { readonly kind: 'commit'; readonly sync: boolean };

export type ImportFormat = 'csv' | 'tsv' | 'jsonl';

/** A generated stream of operations. */
export interface WorkloadOptions {
  readonly name: WorkloadName;
  /** Operations to run. */
  readonly operations: number;
  /** Records the key space holds. */
  readonly records: number;
  readonly valueSizeBytes: number;
  readonly seed: number;
  /** 0 = as fast as it goes. */
  readonly operationsPerSecond: number;
}

/** Every generator of operations there is; src/session/workloads/ has one file for each family. */
export const WORKLOAD_NAMES = [
  'users',
  'sequential',
  'uniform',
  'zipfian',
  'delete-heavy',
  'ycsb-a',
  'ycsb-b',
  'ycsb-c',
  'ycsb-d',
  'ycsb-e',
  'ycsb-f',
] as const;

export type WorkloadName = (typeof WORKLOAD_NAMES)[number];

/** Answer to one request. */
export type Reply =
  | { readonly kind: 'done' }
  | { readonly kind: 'value'; readonly value: Uint8Array | null }
  | EntriesReply
  | { readonly kind: 'stats'; readonly stats: StoreStats }
  | { readonly kind: 'state'; readonly state: TreeState }
  | { readonly kind: 'table'; readonly table: TableDetails }
  | { readonly kind: 'snapshot'; readonly sequence: number }
  | {
      readonly kind: 'transaction';
      readonly transaction: TransactionId;
      readonly isolation: IsolationLevel;
    }
  | { readonly kind: 'workload'; readonly operations: number; readonly durationMicros: number }
  | { readonly kind: 'import'; readonly report: ImportReport }
  /** Every entry was read back; digests are those of source and copy, in the source's order. */
  | {
      readonly kind: 'copied';
      /** What `open-copy` calls it. */
      readonly copy: number;
      /** The copy's absolute path. */
      readonly into: string;
      /** Of all column families. */
      readonly entries: number;
      /** The default one first. */
      readonly families: readonly {
        readonly name: string;
        readonly entriesLive: number;
        readonly entriesSha256: string;
      }[];
    }
  /** `address`: where the store is shown, from the page's own on; empty: the host shows it. */
  | { readonly kind: 'opened'; readonly address: string }
  | { readonly kind: 'trace'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'error';
      /** An `LsmErrorCode`, or `INTERNAL`. */
      readonly code: string;
      readonly message: string;
      readonly file: string;
      readonly offset: number;
    };

export interface ImportReport {
  readonly imported: number;
  readonly skipped: number;
  /** The first 100 malformed lines; `line` counts from 1. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

/** The inspector's view of one table. */
export interface TableDetails {
  readonly file: FileNumber;
  /** Everything the properties block says. */
  readonly properties: Readonly<Record<string, string | number>>;
  readonly blocks: readonly BlockDetails[];
}

export interface BlockDetails {
  readonly blockKind: 'data' | 'filter' | 'index' | 'range-tombstones' | 'properties' | 'footer';
  readonly offset: number;
  readonly sizeBytes: number;
  readonly rawSizeBytes: number;
  readonly entries: number;
  /** First key of a data block, empty for others. */
  readonly firstKey: Uint8Array;
}

/** Raised whenever a message's meaning changes. */
export const PROTOCOL_VERSION = 1;
