// What a flush or a compaction gets to work with. Nothing of the open store itself: the same
// function runs in another thread.

import type { Environment } from '../../base/environment.ts';
import type { FileNumber, JobId, TableInfo } from '../../protocol/events.ts';
import type { EventSink } from '../../protocol/eventSink.ts';
import type { MergeOperators } from '../merge/mergeOperators.ts';
import type { TableCache } from '../cache/tableCache.ts';
import { tableFileName } from '../fileNames.ts';
import type { IngestedTable } from '../ingest/ingestedTable.ts';
import { JobPace } from './jobPace.ts';
import type { CancelSignal, SliceSize } from './jobPace.ts';
import { compressionOfLevel } from '../options.ts';
import type { ResolvedOptions } from '../options.ts';
import type { RateBudget } from './rateBudget.ts';
import { TableWriter } from '../table/tableWriter.ts';

/** What all jobs of a store get to work with, in the thread they run in. */
export interface JobWorld {
  readonly directory: string;
  readonly environment: Environment;
  readonly events: EventSink;
  readonly cancel: CancelSignal;
  readonly rate: RateBudget;
  readonly tables: TableCache;
  readonly mergeOperators: MergeOperators;
  readonly newFileNumber: () => FileNumber;
  readonly slice: SliceSize;
}

/** One job's world. */
export interface JobContext extends JobWorld {
  readonly job: JobId;
  readonly options: ResolvedOptions;
  readonly filterBitsPerKey: number | undefined;
  readonly createdMicros: number;
  readonly ingested: readonly IngestedTable[];
}

/** What writing a table takes, be it in a job or outside of any store. */
export type TableContext = Pick<
  JobContext,
  'job' | 'directory' | 'environment' | 'options' | 'events' | 'createdMicros'
> &
  Partial<Pick<JobContext, 'filterBitsPerKey' | 'ingested'>>;

/** Which table a job begins to write. */
export interface NewTable {
  readonly file: FileNumber;
  readonly run: number;
  /** The level it will be in. */
  readonly level: number;
  readonly family: number;
  /** Where it is written, when that is not the store's directory. */
  readonly path?: string;
  readonly madeBy: TableInfo['madeBy'];
  /** Tables it is merged from. */
  readonly inputs: readonly FileNumber[];
}

/** The manners of this job. */
export function paceOf(context: JobContext): JobPace {
  const { environment, events, cancel, slice } = context;
  return new JobPace(environment.scheduler, events, cancel, slice);
}

/**
 * Loads what it takes to read these tables and to write one into `level`: in this thread nobody
 * else may have done so.
 */
export function prepareCodecs(
  context: Pick<TableContext, 'environment' | 'options'>,
  level: number,
  inputs: readonly TableInfo[],
): Promise<void> {
  const { environment, options } = context;
  const read = inputs.map(({ compression }) => compression);
  return environment.codecs.prepare([compressionOfLevel(options, level), ...read]);
}

/** Begins a table file. */
export function beginTable(context: TableContext, table: NewTable): TableWriter {
  const { environment, directory, options, events, job, createdMicros } = context;
  const filterBitsPerKey = context.filterBitsPerKey ?? options.bloomBitsPerKey;
  const { level, path, ...known } = table;
  const name = tableFileName(table.file);
  return new TableWriter({
    ...known,
    vfs: environment.vfs,
    path: path ?? environment.vfs.join(directory, name),
    name,
    createdMicros,
    ingested: context.ingested ?? [],
    blockSize: options.blockSize,
    blockRestartInterval: options.blockRestartInterval,
    indexPartitionSize: options.indexPartitionSize,
    bloomBitsPerKey: options.bloomBitsPerKey,
    filterBitsPerKey,
    prefixExtractor: options.prefixExtractor,
    compression: compressionOfLevel(options, level),
    codecs: environment.codecs,
    job,
    sink: events,
    clock: environment.clock,
  });
}

/**
 * Makes a table's file durable and tells of it. Its name in the directory is not durable yet: the
 * job syncs the directory once, when all its tables are there.
 */
export async function finishTable(context: TableContext, writer: TableWriter): Promise<TableInfo> {
  const { table, syncMicros } = await writer.finish();
  const { events, job } = context;
  if (events.structural) events.emit({ kind: 'table.create', job, table, syncMicros });
  return table;
}
