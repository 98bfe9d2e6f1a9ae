// After recovery: brings a log that a crash left without its end into the state of an ended one,
// and makes sure that what was read of it is on the disk.
//
// What was read may have come from the system's cache, and a sync alone need not bring it to the
// disk: where an earlier sync failed, the system has taken its pages for clean ("fsyncgate",
// https://wiki.postgresql.org/wiki/Fsync_Errors). So what is not known to have been synced is
// written once more.

import { loadUint32 } from '../../base/byteReader.ts';
import { corruption } from '../../base/errors.ts';
import type { Vfs, VfsFile } from '../../base/vfs.ts';
import { FileWindow } from './fileWindow.ts';
import {
  encodeLogHeader,
  LOG_HEADER_SIZE,
  LOG_RECORD_HEADER_SIZE,
  RECORD_LENGTH,
} from './logFormat.ts';
import type { LogIdentity } from './logFormat.ts';
import type { LogOutcome } from './logReader.ts';
import { LogWriter } from './logWriter.ts';
import { faultAt } from './recordCheck.ts';

/** Where a log that was read ends, and up to where it was known to be durable. */
export type LogEnd = Pick<LogOutcome, 'stopOffset' | 'syncedOffset' | 'ended'>;

/**
 * Cuts a log where it ends (of its `torn` or `whole` outcome), makes what stays durable and ends
 * it. To be done before a newer log takes a record: only the newest log may lack its end. A crash
 * in the middle leaves a torn log again.
 */
export async function finishLog(
  vfs: Vfs,
  directory: string,
  name: string,
  identity: LogIdentity,
  end: LogEnd,
): Promise<void> {
  const file = vfs.open(vfs.join(directory, name), 'write');
  try {
    if (end.ended) {
      await settleLog(file, name, identity.number, end);
      return;
    }
    const { stopOffset } = end;
    file.truncate(stopOffset);
    if (stopOffset < LOG_HEADER_SIZE) {
      file.write(encodeLogHeader(identity), 0, LOG_HEADER_SIZE, 0);
    }
    await settleLog(file, name, identity.number, end);
    await vfs.syncDirectory(directory);
    const sizeBytes = Math.max(stopOffset, LOG_HEADER_SIZE);
    await new LogWriter(file, name, identity, sizeBytes).end();
  } finally {
    file.close();
  }
}

/**
 * Makes all of a log durable that was read. What is written again is checked again.
 * @throws LsmError `CORRUPTION` when it is not what it was, `IO`.
 */
export async function settleLog(
  file: VfsFile,
  name: string,
  number: number,
  { syncedOffset, stopOffset }: LogEnd,
): Promise<void> {
  const window = new FileWindow(file);
  for (let offset = Math.max(syncedOffset, LOG_HEADER_SIZE); offset < stopOffset;) {
    const header = window.load(offset, LOG_RECORD_HEADER_SIZE);
    const length = loadUint32(window.bytes, header + RECORD_LENGTH);
    const sizeBytes = LOG_RECORD_HEADER_SIZE + length;
    if (offset + sizeBytes > stopOffset) throw corruption('a record has changed', name, offset);
    const index = window.load(offset, sizeBytes);
    const fault = faultAt(window, offset, number);
    if (fault !== undefined) throw corruption(fault, name, offset);
    file.write(window.bytes, index, sizeBytes, offset);
    offset += sizeBytes;
  }
  await file.sync();
}
