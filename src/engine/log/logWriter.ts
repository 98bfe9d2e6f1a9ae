// Appends records to a log: one write call a record, checksummed in the caller's own buffer.
//
// A failed write or sync is final. What then stands in the file is not known, and asking the system
// to sync again would report success for pages that it has dropped; so every later call fails too.

import { assert } from '../../base/assert.ts';
import { LsmError } from '../../base/errors.ts';
import type { Vfs, VfsFile } from '../../base/vfs.ts';
import {
  encodeLogHeader,
  LOG_HEADER_SIZE,
  LOG_PAYLOAD_SIZE_MAX,
  LOG_RECORD_HEADER_SIZE,
  RECORD_END,
  RECORD_WHOLE,
  sealRecord,
} from './logFormat.ts';
import type { LogIdentity } from './logFormat.ts';

/** The end of a log file, as one thread writes it. */
export class LogWriter {
  readonly name: string;
  readonly identity: LogIdentity;
  /** Bytes written, the file header included: where the next record begins. */
  sizeBytes: number;
  /** Everything before this offset is durable. */
  syncedBytes: number;
  /** Records appended here. */
  records = 0;
  /** Checksum of the last record. */
  lastChecksum = 0;
  /** What the last record says was synced before it. */
  lastSyncedOffset = 0;
  private readonly file: VfsFile;
  private recordsSynced = 0;
  private failure: LsmError | undefined;
  private syncing: Promise<void> | undefined;

  /** Goes on at `sizeBytes` in an open file, of which everything before that is durable. */
  constructor(file: VfsFile, name: string, identity: LogIdentity, sizeBytes: number) {
    this.file = file;
    this.name = name;
    this.identity = identity;
    this.sizeBytes = sizeBytes;
    this.syncedBytes = sizeBytes;
  }

  /**
   * Creates a log, with its header and its name durable: only then can no record be lost by the
   * loss of the file.
   */
  static async create(
    vfs: Vfs,
    directory: string,
    name: string,
    identity: LogIdentity,
  ): Promise<LogWriter> {
    const { number } = identity;
    assert(
      Number.isInteger(number) && number > 0 && number <= 0xffffffff,
      'log number has 32 bits',
    );
    const file = vfs.open(vfs.join(directory, name), 'create');
    try {
      file.write(encodeLogHeader(identity), 0, LOG_HEADER_SIZE, 0);
      await file.sync();
      await vfs.syncDirectory(directory);
    } catch (error) {
      file.close();
      throw error;
    }
    return new LogWriter(file, name, identity, LOG_HEADER_SIZE);
  }

  /**
   * Makes a log of the file of one that nothing needs any more: its bytes are overwritten as the
   * log grows, and until then are no records of this log, since they carry another number. The
   * header is durable before the file has its new name, so a file of that name is never headed by
   * another log's.
   */
  static async recycle(
    vfs: Vfs,
    directory: string,
    oldName: string,
    name: string,
    identity: LogIdentity,
  ): Promise<LogWriter> {
    const oldPath = vfs.join(directory, oldName);
    const path = vfs.join(directory, name);
    const old = vfs.open(oldPath, 'write');
    try {
      old.write(encodeLogHeader(identity, true), 0, LOG_HEADER_SIZE, 0);
      await old.sync();
    } finally {
      old.close();
    }
    vfs.rename(oldPath, path);
    await vfs.syncDirectory(directory);
    return new LogWriter(vfs.open(path, 'write'), name, identity, LOG_HEADER_SIZE);
  }

  /** Records that a power failure now might take. */
  get recordsUnsynced(): number {
    return this.records - this.recordsSynced;
  }

  /**
   * Appends one record with a single write call.
   * @param record `LOG_RECORD_HEADER_SIZE` bytes of room, then the payload up to `end`. The room is
   * filled in here.
   * @returns the record's offset in the file.
   * @throws LsmError `IO` when writing fails, then `NOT_OPEN` ever after.
   */
  append(record: Uint8Array, end: number): number {
    assert(end <= record.length, 'the record lies within its buffer');
    assert(end - LOG_RECORD_HEADER_SIZE <= LOG_PAYLOAD_SIZE_MAX, 'a payload has its bound');
    return this.write(record, end, RECORD_WHOLE);
  }

  /**
   * Makes everything appended before the call durable. Calls made meanwhile share one further sync.
   * @throws LsmError `IO` when syncing fails, then `NOT_OPEN` ever after.
   */
  async sync(): Promise<void> {
    const wanted = this.sizeBytes;
    while (this.syncedBytes < wanted) {
      this.checkUsable();
      this.syncing ??= this.syncOnce();
      await this.syncing;
    }
    this.checkUsable();
  }

  /**
   * Ends the log for good: syncs it, marks its end durably and closes the file. From then on a
   * missing tail is damage and no longer a crash's doing.
   */
  async end(): Promise<void> {
    await this.sync();
    this.write(new Uint8Array(LOG_RECORD_HEADER_SIZE), LOG_RECORD_HEADER_SIZE, RECORD_END);
    await this.sync();
    this.close();
  }

  /** Closes the file as it is. Idempotent. */
  close(): void {
    this.failure ??= new LsmError('NOT_OPEN', `${this.name} is closed`, { file: this.name });
    this.file.close();
  }

  private write(record: Uint8Array, end: number, type: number): number {
    this.checkUsable();
    const offset = this.sizeBytes;
    const { number } = this.identity;
    this.lastSyncedOffset = this.syncedBytes;
    this.lastChecksum = sealRecord(record, end, type, number, offset, this.syncedBytes);
    try {
      this.file.write(record, 0, end, offset);
    } catch (error) {
      this.fail(error);
      throw error;
    }
    this.sizeBytes = offset + end;
    this.records++;
    return offset;
  }

  private async syncOnce(): Promise<void> {
    const { sizeBytes, records } = this;
    try {
      await this.file.sync();
      this.syncedBytes = sizeBytes;
      this.recordsSynced = records;
    } catch (error) {
      this.fail(error);
      throw error;
    } finally {
      this.syncing = undefined;
    }
  }

  private checkUsable(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  private fail(cause: unknown): void {
    const why = cause instanceof Error ? cause.message : String(cause);
    this.failure = new LsmError(
      'NOT_OPEN',
      `${this.name} failed and takes no more records (${why}); close the store and open it again`,
      { file: this.name, cause },
    );
  }
}
