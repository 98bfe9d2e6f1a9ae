// The manifest as a file: a log (log/logFormat.ts) whose records are version edits. The first
// record of each manifest says everything that was so when it began; each later one, one change.
//
//   new manifest:  file header and its name durable → whole edit appended and synced → CURRENT
//   each edit:     appended → synced; only then may anybody act on it

import { LsmError, corruption } from '../../base/errors.ts';
import type { Vfs } from '../../base/vfs.ts';
import type { FileNumber } from '../../protocol/events.ts';
import type { ManifestState } from '../../protocol/treeState.ts';
import { manifestFileName } from '../fileNames.ts';
import { COMPARATOR_NAME } from '../internalKey.ts';
import { LOG_FOR_MANIFEST, LOG_RECORD_HEADER_SIZE } from '../log/logFormat.ts';
import type { LogIdentity } from '../log/logFormat.ts';
import { settleLog } from '../log/finishLog.ts';
import { LogReader } from '../log/logReader.ts';
import type { LogOutcome } from '../log/logReader.ts';
import { LogWriter } from '../log/logWriter.ts';
import { writeCurrent } from './currentFile.ts';
import { afterEdit, emptyRecord, wholeEdit } from './storeRecord.ts';
import type { StoreRecord } from './storeRecord.ts';
import { EditMismatch } from './version.ts';
import { decodeEdit, encodeEdit } from './versionEdit.ts';
import type { VersionEdit } from './versionEdit.ts';

function identityOf(number: FileNumber): LogIdentity {
  return { purpose: LOG_FOR_MANIFEST, number };
}

/** The manifest that counts, open for further edits. */
export class ManifestLog {
  readonly number: FileNumber;
  /** Bytes of the whole edit it began with. */
  readonly firstSizeBytes: number;
  /** Edits in it, the first one included. */
  edits: number;
  private readonly log: LogWriter;

  private constructor(log: LogWriter, number: FileNumber, edits: number, firstSizeBytes: number) {
    this.log = log;
    this.number = number;
    this.edits = edits;
    this.firstSizeBytes = firstSizeBytes;
  }

  /** Begins a manifest with everything in `record`, and makes it the one that counts. */
  static async create(
    vfs: Vfs,
    directory: string,
    number: FileNumber,
    record: StoreRecord,
  ): Promise<ManifestLog> {
    const name = manifestFileName(number);
    const log = await LogWriter.create(vfs, directory, name, identityOf(number));
    try {
      await appendEdit(log, wholeEdit(record));
      await writeCurrent(vfs, directory, number);
    } catch (thrown) {
      log.close();
      throw thrown;
    }
    return new ManifestLog(log, number, 1, log.sizeBytes);
  }

  /** Goes on with a manifest that was read to its whole end. */
  static async reopen(
    vfs: Vfs,
    directory: string,
    recovered: RecoveredManifest,
  ): Promise<ManifestLog> {
    const { number, edits, firstSizeBytes, outcome } = recovered;
    const name = manifestFileName(number);
    const file = vfs.open(vfs.join(directory, name), 'write');
    try {
      // What was read may be in the system's cache alone; from now on it is acted upon.
      await settleLog(file, name, number, outcome);
    } catch (thrown) {
      file.close();
      throw thrown;
    }
    const log = new LogWriter(file, name, identityOf(number), outcome.stopOffset);
    return new ManifestLog(log, number, edits, firstSizeBytes);
  }

  get name(): string {
    return this.log.name;
  }

  get sizeBytes(): number {
    return this.log.sizeBytes;
  }

  /** Name, size and number of edits as of now. */
  state(): ManifestState {
    const { name, sizeBytes, edits } = this;
    return { name, sizeBytes, edits };
  }

  /** Makes one more edit durable. */
  async append(edit: VersionEdit): Promise<void> {
    await appendEdit(this.log, edit);
    this.edits++;
  }

  close(): void {
    this.log.close();
  }
}

async function appendEdit(log: LogWriter, edit: VersionEdit): Promise<void> {
  const payload = encodeEdit(edit);
  const record = new Uint8Array(LOG_RECORD_HEADER_SIZE + payload.length);
  record.set(payload, LOG_RECORD_HEADER_SIZE);
  log.append(record, record.length);
  await log.sync();
}

/** What a manifest says, and how its file ends. */
export interface RecoveredManifest {
  readonly number: FileNumber;
  readonly record: StoreRecord;
  readonly edits: number;
  readonly firstSizeBytes: number;
  readonly sizeBytes: number;
  readonly outcome: LogOutcome;
}

/**
 * Reads a manifest to its end.
 * @param onEdit is shown each edit, with the store after it and the edit's offset in the file.
 * @throws LsmError `CORRUPTION` when it is missing, damaged or contradicts itself; `NOT_SUPPORTED`
 * when a newer version or another order of keys made it.
 */
export function readManifest(
  vfs: Vfs,
  directory: string,
  number: FileNumber,
  onEdit?: (edit: VersionEdit, after: StoreRecord, offset: number) => void,
): RecoveredManifest {
  const name = manifestFileName(number);
  const path = vfs.join(directory, name);
  if (vfs.stat(path) === undefined) {
    throw corruption('CURRENT names it, but it is missing; restore it from a backup', name, 0);
  }
  const file = vfs.open(path, 'read');
  try {
    const log = new LogReader(file, name, identityOf(number), true);
    let record = emptyRecord();
    let firstSizeBytes = 0;
    while (log.next()) {
      const start = log.offset + LOG_RECORD_HEADER_SIZE;
      const payload = log.bytes.subarray(log.payloadStart, log.payloadEnd);
      const edit = decodeEdit(payload, name, start);
      record = fitting(record, edit, name, log.offset);
      if (log.records === 1) firstSizeBytes = log.offset + log.sizeBytes;
      onEdit?.(edit, record, log.offset);
    }
    if (log.damage !== undefined) throw log.damage;
    // CURRENT named it only after its first record was durable.
    if (log.records === 0) {
      throw corruption(`no edit can be read: ${log.outcome.reason}`, name, log.outcome.stopOffset);
    }
    const { records: edits, fileSizeBytes: sizeBytes, outcome } = log;
    return { number, record, edits, firstSizeBytes, sizeBytes, outcome };
  } finally {
    file.close();
  }
}

function fitting(
  record: StoreRecord,
  edit: VersionEdit,
  name: string,
  offset: number,
): StoreRecord {
  if (edit.comparator !== undefined && edit.comparator !== COMPARATOR_NAME) {
    throw new LsmError(
      'NOT_SUPPORTED',
      `${name}: the store orders its keys by "${edit.comparator}", this version by ` +
        `"${COMPARATOR_NAME}"`,
      { file: name, offset },
    );
  }
  try {
    return afterEdit(record, edit);
  } catch (thrown) {
    if (thrown instanceof EditMismatch) throw corruption(thrown.message, name, offset);
    throw thrown;
  }
}
