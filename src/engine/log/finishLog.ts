// After recovery: brings a log that a crash left without its end into the state of an ended one.

import type { Vfs } from '../../base/vfs.ts';
import { encodeLogHeader, LOG_HEADER_SIZE } from './logFormat.ts';
import type { LogIdentity } from './logFormat.ts';
import { LogWriter } from './logWriter.ts';

/**
 * Cuts a log at `stopOffset` (of its `torn` or `whole` outcome), syncs what stays and ends it. To
 * be done before a newer log takes a record: what was recovered may be in the system's cache alone,
 * and only the newest log may lack its end. A crash in the middle leaves a torn log again.
 */
export async function finishLog(
  vfs: Vfs,
  directory: string,
  name: string,
  identity: LogIdentity,
  stopOffset: number,
): Promise<void> {
  const file = vfs.open(vfs.join(directory, name), 'write');
  try {
    file.truncate(stopOffset);
    if (stopOffset < LOG_HEADER_SIZE) {
      file.write(encodeLogHeader(identity), 0, LOG_HEADER_SIZE, 0);
    }
    await file.sync();
    await vfs.syncDirectory(directory);
    const sizeBytes = Math.max(stopOffset, LOG_HEADER_SIZE);
    await new LogWriter(file, name, identity, sizeBytes).end();
  } finally {
    file.close();
  }
}

/** Makes a log that is whole durable as it is. */
export async function syncLog(vfs: Vfs, directory: string, name: string): Promise<void> {
  const file = vfs.open(vfs.join(directory, name), 'write');
  try {
    await file.sync();
  } finally {
    file.close();
  }
}
