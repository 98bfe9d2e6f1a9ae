// A table from outside, brought into the store's directory under a number of its own and checked
// there, byte for byte: what is checked is what will be read. Until an edit names it, the next open
// would take it away as a leftover.

import { LsmError } from '../../base/errors.ts';
import type { FileNumber, TableInfo } from '../../protocol/events.ts';
import { BlockCache } from '../cache/blockCache.ts';
import type { EngineState } from '../engineState.ts';
import { EventOutlet } from '../eventOutlet.ts';
import { tableFileName } from '../fileNames.ts';
import { copyContent, linkOrCopy, removeQuietly } from '../jobs/copyFile.ts';
import { newCounters } from '../metrics/counters.ts';
import type { ReadContext } from '../table/readContext.ts';
import { tableInfoOf } from '../table/tableInfo.ts';
import { TableReader } from '../table/tableReader.ts';
import { verifyTable } from '../table/verifyTable.ts';
import { EXTERNAL_FILE } from './tableBuilder.ts';

/**
 * - `copy`: the file stays the caller's own.
 * - `link`: it gets a second name in the store and must never be changed; copied where the disk
 *   cannot link.
 * - `move`: as `link`, and the first name goes when the table is in the store for good.
 */
export type IngestManner = 'copy' | 'link' | 'move';

/** A table that is in the directory, and in no version yet. */
export interface ExternalTable {
  /** Where it came from. */
  readonly path: string;
  /** Its own figures; sequence numbers 0. */
  readonly table: TableInfo;
}

/** Bytes checked between two turns of the event loop. */
const SLICE_BYTES = 256 * 1024;

/**
 * Brings in one table and checks it.
 * @throws LsmError `CORRUPTION` where it is damaged, `INVALID_ARGUMENT` when `TableBuilder` did not
 * write it, `IO`; nothing is left of it then.
 */
export async function bringIn(
  state: EngineState,
  path: string,
  file: FileNumber,
  manner: IngestManner,
): Promise<ExternalTable> {
  const { environment, directory } = state;
  const { vfs } = environment;
  const name = tableFileName(file);
  const placed = vfs.join(directory, name);
  await place(state, path, placed, manner);
  try {
    const table = await examine(state, path, placed, file);
    await makeDurable(state, placed);
    return { path, table };
  } catch (thrown) {
    removeQuietly(vfs, placed);
    throw thrown;
  }
}

async function place(
  { environment }: EngineState,
  from: string,
  to: string,
  manner: IngestManner,
): Promise<void> {
  if (manner !== 'copy') {
    await linkOrCopy(environment, from, to);
    return;
  }
  const source = environment.vfs.open(from, 'read');
  try {
    await copyContent(environment, source, to, source.sizeBytes());
  } finally {
    source.close();
  }
}

/** Whoever wrote the file may not have synced it. */
async function makeDurable({ environment: { vfs } }: EngineState, path: string): Promise<void> {
  const file = vfs.open(path, 'write');
  try {
    await file.sync();
  } finally {
    file.close();
  }
}

/** Errors name the caller's own path. */
async function examine(
  { environment }: EngineState,
  path: string,
  placed: string,
  file: FileNumber,
): Promise<TableInfo> {
  const { vfs, codecs, clock, scheduler } = environment;
  const sink = new EventOutlet(undefined);
  const cache: ReadContext['cache'] = new BlockCache(0, sink);
  const context = { cache, codecs, counters: newCounters(), clock, sink };
  const reader = TableReader.open(vfs.open(placed, 'read'), path, undefined, context);
  const table = tableInfoOf(reader, file, 0);
  reader.close();
  requireExternal(reader, path);
  await codecs.prepare([table.compression]);
  const steps = verifyTable(vfs.open(placed, 'read'), path, undefined, context);
  let step = steps.next();
  for (let bytes = 0; step.done !== true; step = steps.next()) {
    bytes += step.value;
    if (bytes < SLICE_BYTES) continue;
    bytes = 0;
    await scheduler.turn();
  }
  const problem = step.value[0];
  if (problem === undefined) return table;
  const { message, offset } = problem;
  throw new LsmError('CORRUPTION', message, { file: path, offset });
}

/** Entries with sequence numbers of their own would lie about when they were written here. */
function requireExternal({ properties }: TableReader, path: string): void {
  const { file, largestSequence, madeBy } = properties;
  if (file === EXTERNAL_FILE && largestSequence === 0 && madeBy === 'ingest') return;
  throw new LsmError(
    'INVALID_ARGUMENT',
    `${path} is a store's own table; only tables written by TableBuilder can be ingested`,
    { file: path },
  );
}
