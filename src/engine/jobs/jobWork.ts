// What a job is to do, what it says on its way and what comes of it: plain data and shared memory,
// so that it can go to another thread.

import type {
  FileNumber,
  JobId,
  MergeTotals,
  SequenceNumber,
  TableInfo,
} from '../../protocol/events.ts';
import type { Problem } from '../../protocol/treeState.ts';
import type { RunBelow } from '../compaction/dropRules.ts';
import type { Lane } from '../compaction/mergeEvents.ts';
import type { IngestedTable } from '../ingest/ingestedTable.ts';
import type { ResolvedOptions } from '../options.ts';
import type { RangeTombstone } from '../rangeDelete/rangeTombstone.ts';

interface AnyWork {
  readonly job: JobId;
  readonly family: number;
  /** Of the family. */
  readonly options: ResolvedOptions;
  /** Bits of filter for each key; `undefined` for what the options say. */
  readonly filterBitsPerKey: number | undefined;
  /** Stands in the tables it makes as the time they were made. */
  readonly createdMicros: number;
  /** Those of the family when the job began. */
  readonly ingested: readonly IngestedTable[];
}

/** What to flush, and into which file. */
export interface FlushWork extends AnyWork {
  readonly kind: 'flush';
  readonly file: FileNumber;
  /** The arena of a sealed memtable. */
  readonly memtable: SharedArrayBuffer;
  /** Those of the memtable, which do not lie in its arena. */
  readonly rangeTombstones: readonly RangeTombstone[];
}

/** How far a flush is: told between slices, and with each block that viewers are told of. */
export interface FlushProgress {
  readonly entriesDone: number;
  readonly bytesWritten: number;
}

/** What to merge, and into what. */
export interface MergeWork extends AnyWork {
  readonly kind: 'merge';
  readonly lanes: readonly Lane[];
  readonly outputLevel: number;
  readonly outputRun: number;
  /** Runs that may hold older versions than the inputs. */
  readonly below: readonly RunBelow[];
  /** Alive now, ascending. */
  readonly snapshots: readonly SequenceNumber[];
  /** Of a `CancelFlag` that stops this one merge; `undefined` when nobody may. */
  readonly cancel: SharedArrayBuffer | undefined;
}

/**
 * How far a merge is: told whenever what viewers know changes, between slices and with each entry
 * they are told of.
 */
export interface MergeProgress {
  readonly totals: MergeTotals;
  /** The outputs that viewers know: finished, or with a block. */
  readonly outputs: readonly FileNumber[];
}

/** What a merge made. */
export interface MergeResult {
  readonly outputs: readonly TableInfo[];
  readonly totals: MergeTotals;
  /** What went wrong without stopping it: merge operators that made no value. */
  readonly problems: readonly Problem[];
}

/** Any job. */
export type JobWork = FlushWork | MergeWork;
