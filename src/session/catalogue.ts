// A store without a viewer, as the command line sees it: one interface for reading, one more for
// writing. Nothing in it belongs to our engine alone (no options, no memtable sizes), so that
// readers of other engines' directories can stand behind the same `Catalogue`.

import type { CheckpointReport } from '../engine/checkpoint/checkpoint.ts';
import type { ManualOptions } from '../engine/compaction/manualCompaction.ts';
import type { RepairedFile, RepairReport } from '../engine/repair/repairReport.ts';
import type { ImportFormat, ImportReport, Progress } from '../protocol/messages.ts';
import type { StoreStats } from '../protocol/storeStats.ts';
import type { Problem } from '../protocol/treeState.ts';
import type { LiveRangeKey } from '../readers/storeReader.ts';
import type { CopiedStore } from './importing/copyFamilies.ts';
import type { StepListener } from './readSteps.ts';

/** Which entries of a store, in which direction. Bounds are keys as bytes. */
export interface EntryRange {
  /** First key, inclusive. */
  readonly from?: Uint8Array;
  /** Where to end, exclusive. */
  readonly to?: Uint8Array;
  readonly prefix?: Uint8Array;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** A live key with its value. Both are valid until the next step of the iteration. */
export type LiveEntry = readonly [key: Uint8Array, value: Uint8Array];

/** A table file of any engine. */
export interface InspectedFile {
  readonly name: string;
  /** In Pebble: the number of a table that is cut out of the file, which may be several tables'. */
  readonly table?: number;
  readonly level: number;
  /** In Pebble's level 0: which of its runs, 0 the oldest. */
  readonly sublevel?: number;
  readonly sizeBytes: number;
  readonly smallestKeyHex: string;
  readonly largestKeyHex: string;
  /** Every version and every tombstone counts, those of ranges too. */
  readonly entries: number;
  readonly deletions: number;
}

/** A value for a whole range of keys, under a suffix: Pebble's. */
export interface InspectedRangeKey {
  readonly fromHex: string;
  /** Not in the range. */
  readonly toHex: string;
  readonly suffixHex: string;
  readonly valueHex: string;
  readonly sequence: number;
}

/** The shape of one column family. */
export interface FamilyInspection {
  readonly name: string;
  /** Tables in each level, by the level's number. */
  readonly levels: Readonly<Record<string, number>>;
  /** Level by level; within a level newest run first, then by key. */
  readonly files: readonly InspectedFile[];
  /** Entries that so far only the write-ahead log holds. */
  readonly walEntriesUnflushed: number;
}

/** The shape of a store, as `inspect --json` prints it: its default family, and all of them. */
export interface Inspection extends Omit<FamilyInspection, 'name'> {
  /** `lsm-lens`, or another engine's name. */
  readonly engine: string;
  readonly engineVersion: string;
  readonly comparator: string;
  /** The default one first. */
  readonly columnFamilies: readonly FamilyInspection[];
  readonly lastSequence: number;
  /** Those that are alive, in order; left out where there are none. */
  readonly rangeKeys?: readonly InspectedRangeKey[];
  readonly problems: readonly Problem[];
}

/** The outcome of reading every byte of a store, as `verify --json` prints it. */
export interface Verification {
  readonly ok: boolean;
  readonly bytesChecked: number;
  readonly problems: readonly Problem[];
}

/** What a checkpoint holds, as `checkpoint --json` prints it. */
export type CheckpointSummary = CheckpointReport;

/** What became of one file in a repair. */
export type RepairedFileSummary = RepairedFile;

/** The outcome of a repair, as `repair --json` prints it. */
export type RepairSummary = RepairReport;

/** How long work is watched and stopped. */
export interface Watch {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: { readonly aborted: boolean };
}

/** What of a store is compacted, how far, and how that is watched and stopped. */
export interface CompactionChoice
  extends Watch, Pick<ManualOptions, 'targetLevel' | 'bottommostLevel'> {
  /** All column families when left out. */
  readonly columnFamily?: string | undefined;
  /** Smallest and greatest key, both included; open where left out. */
  readonly from?: Uint8Array | undefined;
  readonly to?: Uint8Array | undefined;
}

/** The entries of one column family. */
export interface KeySpace {
  /** False under a comparator that is not known: entries are all versions, table by table. */
  readonly hasOrder: boolean;
  /**
   * The newest live value, or `undefined`.
   * @param onStep is told every step of the read, from `get.begin` to `get.end`.
   */
  get(key: Uint8Array, onStep?: StepListener): Uint8Array | undefined;
  /** Live entries in the store's own order; ending the loop early releases what it holds. */
  entries(range?: EntryRange): Iterable<LiveEntry>;
}

/** Writes are durable when their promise resolves with `sync`. */
export interface EditableKeySpace extends KeySpace {
  put(key: Uint8Array, value: Uint8Array, sync: boolean): Promise<void>;
  delete(key: Uint8Array, sync: boolean): Promise<void>;
  /** @throws LsmError `NOT_SUPPORTED` when the family has no merge operator. */
  merge(key: Uint8Array, operand: Uint8Array, sync: boolean): Promise<void>;
}

/** An open store to read from; by itself its default column family. */
export interface Catalogue extends KeySpace {
  /** What was found wrong so far, while entries were read: those are left out. */
  problems(): readonly Problem[];
  /** Names of the column families, the default one first. */
  readonly columnFamilies: readonly string[];
  /** @throws LsmError `INVALID_ARGUMENT` when there is no column family of this name. */
  columnFamily(name: string): KeySpace;
  /** The name of its default family's order of keys. */
  readonly comparator: string;
  /** Values for ranges of keys that are alive and reach into a range, in order; Pebble's. */
  rangeKeys(range?: EntryRange): readonly LiveRangeKey[];
  /**
   * Tells of a key whether those values hide it from a read as of a version.
   * @throws LsmError `NOT_SUPPORTED` where there can be none, or the order is not known;
   * `INVALID_ARGUMENT` when `asOf` is no version.
   */
  rangeKeyMask(asOf: Uint8Array): (key: Uint8Array) => boolean;
  /** Of another engine's directory every table is counted. @throws LsmError `CANCELLED` */
  inspect(watch?: Watch): Inspection | Promise<Inspection>;
  /** As `inspect`. */
  stats(watch?: Watch): StoreStats | Promise<StoreStats>;
  /** Idempotent. */
  close(): Promise<void>;
}

/** An open store to write to as well. */
export interface EditableCatalogue extends Catalogue, EditableKeySpace {
  columnFamily(name: string): EditableKeySpace;
  stats(): StoreStats;
  /** The column family of this name, which is made when it is missing. */
  ensureColumnFamily(name: string): Promise<EditableKeySpace>;
  /** All of them or none. */
  putAll(entries: readonly LiveEntry[], sync: boolean): Promise<void>;
  /** Reads a whole file of records; malformed ones are counted, not fatal. */
  import(
    pieces: AsyncIterable<Uint8Array>,
    format: ImportFormat,
    keyField: string,
    watch?: Watch,
  ): Promise<ImportReport>;
  /**
   * Takes in everything that is alive in another store, family by family, and reads every entry
   * back.
   * @returns how many entries there were, and the digest of each family in the source's order.
   */
  copyFrom(source: Catalogue, watch?: Watch): Promise<CopiedStore>;
  flush(): Promise<void>;
  /** Makes a second store in a directory that is missing or empty. */
  checkpoint(directory: string): Promise<CheckpointSummary>;
  /**
   * Merges down what is chosen, or everything, until nothing is left to merge.
   * @throws LsmError `CANCELLED`; `INVALID_ARGUMENT` for a family or level that there is not.
   */
  compact(choice?: CompactionChoice): Promise<void>;
  /** Until no flush or compaction is due or running. */
  waitForIdle(): Promise<void>;
}
