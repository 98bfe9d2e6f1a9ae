// A flush: a sealed memtable, entry by entry in its order, becomes one table of level 0. Every
// version, every tombstone and every range delete goes over; dropping is the work of compactions.

import type { TableInfo } from '../../protocol/events.ts';
import type { TableWriter } from '../table/tableWriter.ts';
import { JobSink } from '../jobs/jobSink.ts';
import { beginTable, finishTable, paceOf, prepareCodecs } from '../jobs/jobContext.ts';
import type { JobContext, JobWorld } from '../jobs/jobContext.ts';
import type { FlushProgress, FlushWork } from '../jobs/jobWork.ts';
import { Arena } from '../memtable/arena.ts';
import { MemtableIterator } from '../memtable/memtableIterator.ts';
import { SkipList } from '../memtable/skipList.ts';

type OnProgress = (progress: FlushProgress) => void;

/**
 * Writes the table and makes it durable, its name included.
 * @throws LsmError `CANCELLED`, or what the disk threw; the file is then taken away.
 */
export async function runFlush(
  work: FlushWork,
  world: JobWorld,
  onProgress: OnProgress,
): Promise<TableInfo> {
  const { family, file, job, options, filterBitsPerKey, createdMicros, ingested } = work;
  const events = new JobSink(world.events, ({ fileEntries, fileSizeBytes }) =>
    onProgress({ entriesDone: fileEntries, bytesWritten: fileSizeBytes }),
  );
  const own = { job, options, filterBitsPerKey, createdMicros, ingested };
  const context = { ...world, ...own, events };
  const entries = new MemtableIterator(new SkipList(new Arena(work.memtable)));
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
  let paidBytes = 0;
  try {
    for (entries.first(); entries.valid; entries.next()) {
      const { entry } = entries;
      writer.add(entry);
      if (events.entry && events.gate !== null) await pace.gate();
      if (!pace.count(entry.keyLength + entry.valueLength)) continue;
      tellProgress(context, writer, onProgress);
      paidBytes = payFor(context, writer.sizeBytes, paidBytes);
      await pace.turn();
    }
    writer.setRangeTombstones(work.rangeTombstones);
    const table = await finishTable(context, writer);
    payFor(context, table.sizeBytes, paidBytes);
    await context.environment.vfs.syncDirectory(context.directory);
    await pace.gate();
    return table;
  } catch (thrown) {
    writer.abandon();
    throw thrown;
  }
}

/** What a flush writes is not there for compactions; answers what is on the account now. */
function payFor({ rate, environment }: JobContext, sizeBytes: number, paidBytes: number): number {
  if (rate.isLimited && sizeBytes > paidBytes) {
    rate.takeForFlush(sizeBytes - paidBytes, environment.clock.wallMicros());
  }
  return Math.max(sizeBytes, paidBytes);
}

function tellProgress(context: JobContext, writer: TableWriter, onProgress: OnProgress): void {
  const { entries: entriesDone, sizeBytes: bytesWritten } = writer;
  const { events, job } = context;
  onProgress({ entriesDone, bytesWritten });
  if (events.structural) events.emit({ kind: 'flush.progress', job, entriesDone, bytesWritten });
}
