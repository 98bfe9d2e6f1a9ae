// What only the logs hold, replayed into memory as LevelDB would at its next start (db/db_impl.cc,
// RecoverLogFile). In LevelDB each log belongs to one memtable, so that is how they are kept: the
// newest log is the memtable, older ones are memtables whose flush is not done.

import type { VfsFile } from '../../base/vfs.ts';
import type { WalSegmentState } from '../../protocol/treeState.ts';
import { entryKindOf } from '../internalKey.ts';
import { sortEntries } from '../listCursor.ts';
import type { CompareKeys } from '../keyOrder.ts';
import type { ProblemList } from '../problems.ts';
import type { ReadingProgress } from '../readingProgress.ts';
import { RecordLogReader } from '../recordLog/recordLogReader.ts';
import { decodeWriteBatch } from './writeBatch.ts';
import type { LoggedEntry } from './writeBatch.ts';

/** LevelDB's default, `write_buffer_size`; what a store was opened with it does not write down. */
export const WRITE_BUFFER_BYTES: number = 4 * 1024 * 1024;

/** A record of a log, taken apart. */
export interface LoggedBatch {
  /** Where the record begins, and where the log's records end after it. */
  readonly offset: number;
  readonly endOffset: number;
  readonly entries: readonly LoggedEntry[];
}

/** One log and what it holds. */
export class LogSegment {
  readonly number: number;
  /** In the store's order, for one key the newest first; as written while no order is known. */
  readonly entries: LoggedEntry[] = [];
  records = 0;
  tombstones = 0;
  /** Of keys and values. */
  contentBytes = 0;
  lastSequence = 0;
  private readonly name: string;
  private readonly file: VfsFile;
  private readonly log: RecordLogReader;
  private readonly compare: CompareKeys | undefined;
  private readonly problems: ProblemList;

  constructor(
    number: number,
    name: string,
    file: VfsFile,
    compare: CompareKeys | undefined,
    problems: ProblemList,
  ) {
    this.number = number;
    this.name = name;
    this.file = file;
    this.compare = compare;
    this.problems = problems;
    this.log = new RecordLogReader(file, name, problems);
  }

  /** Takes in what was written since the last time. */
  readOn(progress?: ReadingProgress): LoggedBatch[] {
    const batches: LoggedBatch[] = [];
    for (let record = this.log.next(); record !== undefined; record = this.log.next()) {
      const { bytes, offset } = record;
      const { entries } = decodeWriteBatch(bytes, this.name, offset, this.problems);
      this.records++;
      progress?.tell(this.name, this.log.offset);
      for (const entry of entries) this.take(entry);
      batches.push({ offset, endOffset: this.log.offset, entries });
    }
    if (batches.length > 0 && this.compare !== undefined) sortEntries(this.entries, this.compare);
    return batches;
  }

  /** Lists that it ends inside of a record, if it does. */
  reportTorn(): void {
    this.log.reportTorn();
  }

  /** What of it would survive a power failure LevelDB writes down nowhere. */
  describe(): WalSegmentState {
    const sizeBytes = this.file.sizeBytes();
    const { number: file, records } = this;
    const unknown = records === 0 ? 0 : null;
    return { file, sizeBytes, syncedBytes: unknown, records, recordsUnsynced: unknown };
  }

  /** Idempotent. */
  close(): void {
    this.file.close();
  }

  private take(entry: LoggedEntry): void {
    const { key, value, code, sequence } = entry;
    this.entries.push(entry);
    if (entryKindOf(code) === 'delete') this.tombstones++;
    this.contentBytes += key.length + value.length;
    this.lastSequence = Math.max(this.lastSequence, sequence);
  }
}
