// What the frame knows about a table being written, by a flush or by a merge: the block that is
// open, the blocks that are closed, the filter, the sync.

import type { FileNumber, JobId, LsmEvent, LsmEventBody } from '../../../src/protocol/events.ts';

type Body<K> = Extract<LsmEventBody, { readonly kind: K }>;
export type TableEntry = Body<'table.entry'>;
export type TableBlock = Body<'table.block'>;
export type TableFilter = Body<'table.filter'>;
export type TableCreate = Body<'table.create'>;

export interface TableStory {
  readonly file: FileNumber;
  /** Entries of the open block, oldest first, the shown one included. */
  readonly open: readonly TableEntry[];
  /** Closed blocks that are known, in file order, the shown one included. */
  readonly closed: readonly TableBlock[];
  /** Data blocks in the file; more than are known when the beginning is out of sight. */
  readonly dataBlocks: number;
  readonly entries: number;
  readonly sizeBytes: number;
  readonly filter: TableFilter | undefined;
  readonly created: TableCreate | undefined;
}

/** Reads the story of one table of a job; `file` 0 takes the latest. */
export function tableStory(
  events: readonly LsmEvent[],
  job: JobId,
  file: FileNumber = 0,
): TableStory {
  const ofJob = events.filter((event) => 'job' in event && event.job === job);
  const table = file > 0 ? file : latestFile(ofJob);
  const own = ofJob.filter((event) => fileOf(event) === table);
  const closed = own.filter((event) => event.kind === 'table.block');
  const lastData = own.findLastIndex(
    (event) => event.kind === 'table.block' && event.blockKind === 'data',
  );
  const closing = own.length - 1 === lastData;
  const from = closing ? previousData(own, lastData) : lastData;
  const open = own.slice(from + 1).filter((event) => event.kind === 'table.entry');
  const newest = closed.at(-1);
  const data = closed.findLast(({ blockKind }) => blockKind === 'data');
  return {
    file: table,
    open,
    closed,
    dataBlocks: data === undefined ? 0 : data.block + 1,
    entries: (data?.fileEntries ?? 0) + (closing ? 0 : open.length),
    sizeBytes: newest?.fileSizeBytes ?? 0,
    filter: own.findLast((event) => event.kind === 'table.filter'),
    created: own.findLast((event) => event.kind === 'table.create'),
  };
}

/** While a block closes, its entries are still seen: they lie behind the data block before it. */
function previousData(own: readonly LsmEvent[], before: number): number {
  return own
    .slice(0, before)
    .findLastIndex((event) => event.kind === 'table.block' && event.blockKind === 'data');
}

function latestFile(events: readonly LsmEvent[]): FileNumber {
  for (const event of events.toReversed()) {
    const file = fileOf(event);
    if (file > 0) return file;
  }
  return 0;
}

function fileOf(event: LsmEvent): FileNumber {
  if (event.kind === 'table.create') return event.table.file;
  if (event.kind === 'table.entry' || event.kind === 'table.block') return event.file;
  return event.kind === 'table.filter' ? event.file : 0;
}
