// Real tables for tests, written on a disk in memory by the engine's own writer.

import type { BlockCodecs } from '../../../src/base/compression/blockCodecs.ts';
import { SteppingClock } from '../../../src/base/clock.ts';
import { MemoryVfs } from '../../../src/base/memoryVfs.ts';
import type { Vfs } from '../../../src/base/vfs.ts';
import { BlockCache } from '../../../src/engine/cache/blockCache.ts';
import { tableFileName } from '../../../src/engine/fileNames.ts';
import { Entry } from '../../../src/engine/iterator/entry.ts';
import { newCounters } from '../../../src/engine/metrics/counters.ts';
import type { ReadContext } from '../../../src/engine/table/readContext.ts';
import { TableReader } from '../../../src/engine/table/tableReader.ts';
import { TableWriter } from '../../../src/engine/table/tableWriter.ts';
import type { TableWriterOptions } from '../../../src/engine/table/tableWriter.ts';
import { nodeCodecs } from '../../../src/node/nodeCodecs.ts';
import { silentSink } from '../../../src/protocol/eventSink.ts';
import type { EventSink } from '../../../src/protocol/eventSink.ts';
import type { LsmEventBody, TableInfo } from '../../../src/protocol/events.ts';
import { fillEntry } from '../modelEntries.ts';
import type { ModelEntry } from '../modelEntries.ts';

export const DIRECTORY = '/store';

/** Every codec, ready. */
export const codecs: BlockCodecs = nodeCodecs();
await codecs.prepare(['zstd']);

/** An empty disk with the store's directory. */
export function newDisk(): MemoryVfs {
  const vfs = new MemoryVfs();
  vfs.makeDirectory(DIRECTORY);
  return vfs;
}

/** What every writer in these tests has, unless a test says otherwise. */
export function writerOptions(
  vfs: Vfs,
  file: number,
  rest: Partial<TableWriterOptions> = {},
): TableWriterOptions {
  const name = tableFileName(file);
  return {
    vfs,
    path: vfs.join(DIRECTORY, name),
    file,
    name,
    family: 0,
    run: file,
    madeBy: 'flush',
    inputs: [],
    createdMicros: 1_700_000_000_000_000,
    ingested: [],
    blockSize: 256,
    blockRestartInterval: 4,
    indexPartitionSize: 1 << 20,
    bloomBitsPerKey: 10,
    filterBitsPerKey: rest.bloomBitsPerKey ?? 10,
    prefixExtractor: null,
    compression: 'none',
    codecs,
    job: 7,
    sink: silentSink(),
    clock: new SteppingClock(),
    ...rest,
  };
}

/** Writes the entries, which are in order, into a table. */
export async function writeTable(
  vfs: Vfs,
  file: number,
  entries: readonly ModelEntry[],
  rest: Partial<TableWriterOptions> = {},
): Promise<TableInfo> {
  const writer = new TableWriter(writerOptions(vfs, file, rest));
  const entry = new Entry();
  for (const model of entries) {
    fillEntry(entry, model);
    writer.add(entry);
  }
  const { table } = await writer.finish();
  return table;
}

/** A reading context of its own. */
export function newContext(cacheBytes = 1 << 20, sink: EventSink = silentSink()): ReadContext {
  return {
    cache: new BlockCache(cacheBytes, sink),
    counters: newCounters(),
    clock: new SteppingClock(),
    codecs,
    sink,
  };
}

/** Opens a table on the disk. */
export function openTable(
  vfs: Vfs,
  table: TableInfo,
  context: ReadContext = newContext(),
): TableReader {
  const handle = vfs.open(vfs.join(DIRECTORY, table.name), 'read');
  return TableReader.open(handle, table.name, table, context);
}

/** A sink that keeps what it is told; everything is on. */
export function recordingSink(): EventSink & { readonly events: LsmEventBody[] } {
  const events: LsmEventBody[] = [];
  return {
    structural: true,
    write: true,
    read: true,
    entry: true,
    gate: null,
    events,
    emit: (body) => events.push(body),
  };
}
