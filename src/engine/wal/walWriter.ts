// The active segment of the write-ahead log: one record and one write call for each group of
// writes.

import type { Vfs } from '../../base/vfs.ts';
import { logFileName } from '../fileNames.ts';
import { LogWriter } from '../log/logWriter.ts';
import type { WriteBatch } from '../writeBatch.ts';
import { walIdentity } from './walFormat.ts';

/** Appends groups of writes to one log segment. */
export class WalWriter {
  /** The segment's file: sizes, what is synced, counts, the last record's checksum. */
  readonly log: LogWriter;

  private constructor(log: LogWriter) {
    this.log = log;
  }

  /**
   * Creates the segment `number`, durably empty.
   * @param recycled number of a segment that nothing needs any more, whose file it is to use.
   */
  static async create(
    vfs: Vfs,
    directory: string,
    number: number,
    recycled?: number,
  ): Promise<WalWriter> {
    const name = logFileName(number);
    const identity = walIdentity(number);
    const log =
      recycled === undefined
        ? await LogWriter.create(vfs, directory, name, identity)
        : await LogWriter.recycle(vfs, directory, logFileName(recycled), name, identity);
    return new WalWriter(log);
  }

  /** Number of the segment's file. */
  get number(): number {
    return this.log.identity.number;
  }

  /**
   * Logs a group of writes.
   * @param firstSequence of its first entry; the others count up from there.
   * @param timestampMicros wall clock, microseconds since 1970.
   * @returns the record's offset in the file.
   * @throws LsmError `IO` when writing fails, then `NOT_OPEN` ever after.
   */
  append(group: WriteBatch, firstSequence: number, timestampMicros: number): number {
    const record = group.sealPayload(firstSequence, timestampMicros);
    return this.log.append(record, group.recordEnd);
  }

  /** Makes everything appended so far durable; see `LogWriter.sync`. */
  sync(): Promise<void> {
    return this.log.sync();
  }

  /** Seals the segment durably and closes it. */
  end(): Promise<void> {
    return this.log.end();
  }

  /** Closes the file as it is. Idempotent. */
  close(): void {
    this.log.close();
  }
}
