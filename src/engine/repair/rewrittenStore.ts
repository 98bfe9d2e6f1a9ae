// The new store: everything that was saved, merged into one sorted run of each column family, with
// every version and every tombstone under its own sequence number. Merging drops nothing here: what
// a later compaction may drop, it will.
//
// CURRENT comes last, as always: a repair that is cut short leaves no store.

import { compareBytes } from '../../base/bytes.ts';
import type { FileNumber, SequenceNumber, TableInfo } from '../../protocol/events.ts';
import type { Entry } from '../iterator/entry.ts';
import type { EntryIterator } from '../iterator/entryIterator.ts';
import { MergingIterator } from '../iterator/mergingIterator.ts';
import { beginTable, finishTable } from '../jobs/jobContext.ts';
import type { TableContext } from '../jobs/jobContext.ts';
import { JobPace, SHORT_SLICE } from '../jobs/jobPace.ts';
import type { CancelSignal } from '../jobs/jobPace.ts';
import { ManifestLog } from '../manifest/manifestLog.ts';
import { afterEdit } from '../manifest/storeRecord.ts';
import type { StoreRecord } from '../manifest/storeRecord.ts';
import { EMPTY_EDIT } from '../manifest/versionEdit.ts';
import type { AddedTable } from '../manifest/versionEdit.ts';
import {
  compareTombstones,
  partBefore,
  partFrom,
  successorOf,
} from '../rangeDelete/rangeTombstone.ts';
import type { RangeTombstone } from '../rangeDelete/rangeTombstone.ts';
import type { TableWriter } from '../table/tableWriter.ts';

/** How tables of the new store are written, and who may stop it. */
export interface RepairContext extends TableContext {
  readonly cancel: CancelSignal;
}

/** What was saved of one column family. */
export interface SavedFamily {
  readonly family: number;
  /** Of equal entries the earlier source's is taken. */
  readonly sources: readonly EntryIterator[];
  /** In any order; one may stand there twice. */
  readonly rangeTombstones: readonly RangeTombstone[];
}

/** What became of it. */
export interface RewrittenStore {
  readonly tables: number;
  readonly entries: number;
  readonly lastSequence: SequenceNumber;
}

/**
 * Writes the new store into the context's directory.
 * @param empty a store with the same families and no tables.
 * @param firstFile the first number that is free.
 * @throws LsmError `IO`, `CANCELLED`.
 */
export async function writeStore(
  context: RepairContext,
  saved: readonly SavedFamily[],
  empty: StoreRecord,
  firstFile: FileNumber,
): Promise<RewrittenStore> {
  const { vfs } = context.environment;
  const level = context.options.maxLevels - 1;
  const added: AddedTable[] = [];
  let nextFile = firstFile;
  for (const { family, sources, rangeTombstones } of saved) {
    const place = { family, level, newFile: () => nextFile++ };
    const merge = new FamilyMerge(context, place, rangeTombstones);
    const tables = await merge.run(new MergingIterator(sources));
    added.push(...tables.map((table) => ({ family, level, table })));
  }
  await vfs.syncDirectory(context.directory);
  const lastSequence = greatest([
    empty.lastSequence,
    ...added.map(({ table }) => table.largestSequence),
  ]);
  const record = afterEdit(empty, { ...EMPTY_EDIT, added, nextFile: nextFile + 1, lastSequence });
  (await ManifestLog.create(vfs, context.directory, nextFile, record)).close();
  const entries = added.reduce((sum, { table }) => sum + table.entries, 0);
  return { tables: added.length, entries, lastSequence };
}

function greatest(sequences: readonly SequenceNumber[]): SequenceNumber {
  return sequences.reduce((most, sequence) => Math.max(most, sequence), 0);
}

/** Where a family's tables go. */
interface FamilyPlace {
  readonly family: number;
  readonly level: number;
  readonly newFile: () => FileNumber;
}

/** Each range delete once: a log and a table may both hold it. */
function withoutTwins(tombstones: readonly RangeTombstone[]): RangeTombstone[] {
  const sorted = tombstones.toSorted(compareTombstones);
  return sorted.filter((one, index) => {
    const before = sorted[index - 1];
    return (
      before === undefined ||
      compareTombstones(before, one) !== 0 ||
      compareBytes(before.to, one.to) !== 0
    );
  });
}

/** Merges one family into tables of the usual size that never share a key. */
class FamilyMerge {
  private readonly context: RepairContext;
  private readonly place: FamilyPlace;
  /** Those that no output has yet, or parts of them. */
  private rangeTombstones: readonly RangeTombstone[];
  private readonly pace: JobPace;
  private readonly tables: TableInfo[] = [];
  private writer: TableWriter | undefined;
  private lastKey: Uint8Array | undefined;
  private lastSequence = 0;

  constructor(
    context: RepairContext,
    place: FamilyPlace,
    rangeTombstones: readonly RangeTombstone[],
  ) {
    this.context = context;
    this.place = place;
    this.rangeTombstones = withoutTwins(rangeTombstones);
    const { environment, events, cancel } = context;
    this.pace = new JobPace(environment.scheduler, events, cancel, SHORT_SLICE);
  }

  async run(merged: EntryIterator): Promise<TableInfo[]> {
    try {
      for (merged.first(); merged.valid; merged.next()) {
        const { entry } = merged;
        await this.take(entry);
        if (this.pace.count(entry.keyLength + entry.valueLength)) await this.pace.turn();
      }
      if (this.rangeTombstones.length > 0) this.writer ??= this.begin();
      await this.finish(this.rangeTombstones);
      return this.tables;
    } catch (thrown) {
      this.writer?.abandon();
      throw thrown;
    }
  }

  private async take(entry: Entry): Promise<void> {
    const key = entry.copyKey();
    const isSameKey = this.lastKey !== undefined && compareBytes(this.lastKey, key) === 0;
    // A log and a table, or a merge and its inputs, hold the same entry.
    if (isSameKey && entry.sequence === this.lastSequence) return;
    const isFull = (this.writer?.sizeBytes ?? 0) >= this.context.options.targetTableSize;
    if (isFull && !isSameKey) await this.finish(this.cutBehind(this.lastKey!));
    this.writer ??= this.begin();
    this.writer.add(entry);
    this.lastKey = key;
    this.lastSequence = entry.sequence;
  }

  private begin(): TableWriter {
    const { context } = this;
    const { family, level, newFile } = this.place;
    const place = { file: newFile(), run: 0, level, family };
    return beginTable(context, { ...place, madeBy: 'unknown', inputs: [] });
  }

  /** Takes what range deletes cover up to `key`; the rest is for later outputs. */
  private cutBehind(key: Uint8Array): RangeTombstone[] {
    const end = successorOf(key);
    const taken = this.rangeTombstones.flatMap((one) => partBefore(one, end) ?? []);
    this.rangeTombstones = this.rangeTombstones.flatMap((one) => partFrom(one, end) ?? []);
    return taken;
  }

  private async finish(rangeTombstones: readonly RangeTombstone[]): Promise<void> {
    if (this.writer === undefined) return;
    this.writer.setRangeTombstones(rangeTombstones);
    this.tables.push(await finishTable(this.context, this.writer));
    this.writer = undefined;
  }
}
