// A flush: a sealed memtable, entry by entry in its order, becomes one table of level 0. Every
// version and every tombstone goes over; dropping is the work of compactions.

import type { FileNumber, TableInfo } from '../../protocol/events.ts';
import type { TableWriter } from '../table/tableWriter.ts';
import { JobSink } from '../jobs/jobSink.ts';
import { beginTable, finishTable, paceOf, prepareCodecs } from '../jobs/jobContext.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import type { EntryIterator } from '../iterator/entryIterator.ts';

/** What to flush, and into which file. */
export interface FlushInput {
  readonly entries: EntryIterator;
  readonly family: number;
  readonly file: FileNumber;
  /** Told between slices, and with each block that viewers are told of. */
  readonly onProgress: (entriesDone: number, bytesWritten: number) => void;
}

/**
 * Writes the table and makes it durable, its name included.
 * @throws LsmError `CANCELLED`, or what the disk threw; the file is then taken away.
 */
export async function runFlush(input: FlushInput, given: JobContext): Promise<TableInfo> {
  const { entries, family, file, onProgress } = input;
  const events = new JobSink(given.events, ({ fileEntries, fileSizeBytes }) =>
    onProgress(fileEntries, fileSizeBytes),
  );
  const context = { ...given, events };
  const pace = paceOf(context);
  await prepareCodecs(context, 0, []);
  // The file's number tells its age: a later flush has a greater one.
  const writer = beginTable(context, {
    file,
    run: file,
    level: 0,
    family,
    madeBy: 'flush',
    inputs: [],
  });
  try {
    for (entries.first(); entries.valid; entries.next()) {
      const { entry } = entries;
      writer.add(entry);
      if (events.entry && events.gate !== null) await pace.gate();
      if (!pace.count(entry.keyLength + entry.valueLength)) continue;
      tellProgress(input, context, writer);
      await pace.turn();
    }
    const table = await finishTable(context, writer);
    await context.environment.vfs.syncDirectory(context.directory);
    await pace.gate();
    return table;
  } catch (thrown) {
    writer.abandon();
    throw thrown;
  }
}

function tellProgress(input: FlushInput, context: JobContext, writer: TableWriter): void {
  const { entries: entriesDone, sizeBytes: bytesWritten } = writer;
  const { events, job } = context;
  input.onProgress(entriesDone, bytesWritten);
  if (events.structural) events.emit({ kind: 'flush.progress', job, entriesDone, bytesWritten });
}
