// One log of a RocksDB store, read on as it grows: its records, uncompressed, taken apart.

import { LsmError } from '../../base/errors.ts';
import { loadUint32 } from '../../base/byteReader.ts';
import type { VfsFile } from '../../base/vfs.ts';
import type { WalSegmentState } from '../../protocol/treeState.ts';
import type { ProblemList } from '../problems.ts';
import { RecordLogReader } from '../recordLog/recordLogReader.ts';
import type { LogRecord } from '../recordLog/recordLogReader.ts';
import type { UncompressBytes } from '../storeReader.ts';
import type { LogDialect } from './dialect.ts';
import { TYPE_SET_COMPRESSION, TYPES_TIMESTAMP_SIZE } from './walForm.ts';
import type { LoggedBatch } from './writeBatch.ts';

const COMPRESSION_NONE = 0;
const COMPRESSION_ZSTD = 7;

/** A batch and where it stands. */
export interface PlacedBatch extends LoggedBatch {
  readonly offset: number;
  /** Where the log's records end after it. */
  readonly endOffset: number;
  /** Up to where the log was synced before it, by its own word; `null` when it says nothing. */
  readonly syncedOffset: number | null;
}

/** Reads one log. */
export class Wal {
  readonly number: number;
  readonly name: string;
  records = 0;
  private readonly file: VfsFile;
  private readonly log: RecordLogReader;
  private readonly problems: ProblemList;
  private readonly uncompress: UncompressBytes;
  private readonly dialect: LogDialect;
  private compression = COMPRESSION_NONE;
  private hasFailed = false;

  constructor(
    number: number,
    name: string,
    file: VfsFile,
    problems: ProblemList,
    uncompress: UncompressBytes,
    dialect: LogDialect,
  ) {
    this.dialect = dialect;
    this.number = number;
    this.name = name;
    this.file = file;
    this.problems = problems;
    this.uncompress = uncompress;
    this.log = new RecordLogReader(file, name, problems, dialect.formOf(number));
  }

  /** Whether something was met behind which RocksDB would read no further. */
  get isDamaged(): boolean {
    return this.hasFailed || this.log.endedAtDamage;
  }

  /** A later log was begun: what may have been a write under way is damage. */
  end(): void {
    this.log.endAtSuspect();
  }

  /** The next whole batch; `undefined` when there is none yet, or none after damage. */
  next(): PlacedBatch | undefined {
    while (!this.isDamaged) {
      const record = this.log.next();
      if (record === undefined) return undefined;
      try {
        if (this.takesSetting(record)) continue;
        const bytes = this.contentOf(record);
        this.records++;
        const batch = this.dialect.decodeBatch(bytes, this.name, record.offset);
        const syncedOffset = this.log.syncedOffset ?? null;
        return { ...batch, offset: record.offset, endOffset: this.log.offset, syncedOffset };
      } catch (thrown) {
        this.hasFailed = true;
        this.problems.addThrown(thrown, this.name);
      }
    }
    return undefined;
  }

  /** Lists that it ends inside of a record, if it does. */
  reportTorn(): void {
    // Behind damage whole records may follow that are not read.
    if (!this.isDamaged) this.log.reportTorn();
  }

  /** What of it would survive a power failure is told by few logs, and then only of a part. */
  describe(): WalSegmentState {
    const { number: file, records } = this;
    const sizeBytes = this.file.sizeBytes();
    const unknown = records === 0 ? 0 : null;
    const syncedBytes = this.log.syncedOffset ?? unknown;
    return { file, sizeBytes, syncedBytes, records, recordsUnsynced: unknown };
  }

  /** Idempotent. */
  close(): void {
    this.file.close();
  }

  /** A record about the log itself: no batch. */
  private takesSetting({ type, bytes, offset }: LogRecord): boolean {
    if (!this.dialect.hasSettings) return false;
    if (TYPES_TIMESTAMP_SIZE.includes(type)) return true;
    if (type !== TYPE_SET_COMPRESSION) return false;
    const compression = bytes.length < 4 ? -1 : loadUint32(bytes, 0);
    if (compression !== COMPRESSION_NONE && compression !== COMPRESSION_ZSTD) {
      const message = `${this.name}: logs of compression ${compression} are not known here`;
      throw new LsmError('NOT_SUPPORTED', message, { file: this.name, offset });
    }
    this.compression = compression;
    return true;
  }

  private contentOf({ bytes, offset }: LogRecord): Uint8Array {
    if (this.compression === COMPRESSION_NONE) return bytes;
    try {
      return this.uncompress('zstd', bytes);
    } catch (thrown) {
      if (!(thrown instanceof LsmError)) throw thrown;
      const message = `${this.name} at byte ${offset}: ${thrown.message}`;
      throw new LsmError(thrown.code, message, { file: this.name, offset, cause: thrown });
    }
  }
}
