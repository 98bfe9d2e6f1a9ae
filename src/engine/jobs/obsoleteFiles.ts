// Taking away files that nothing needs any more: tables that no version in use holds, log segments
// whose entries are all in tables; of the latter some may be kept to be used again. Always after
// the edit that made them needless is durable.

import { LsmError } from '../../base/errors.ts';
import type { FileNumber } from '../../protocol/events.ts';
import type { EngineState } from '../engineState.ts';
import { logFileName } from '../fileNames.ts';

/** Deletes the tables that left the version and that no reader pins. */
export function deleteUnneededTables(state: EngineState): void {
  const { versions, tables, events } = state;
  for (const table of versions.takeUnneeded()) {
    tables.drop(table.file);
    deleteFile(state, table.name);
    if (events.structural) events.emit({ kind: 'table.delete', file: table.file });
  }
}

/** Lets the log segments below the oldest that is still needed go. */
export function deleteUnneededLogs(state: EngineState): void {
  const { versions, wal, events } = state;
  for (const segment of wal.takeBelow(versions.logs[0] ?? 0)) {
    const recycled = recycleOrDelete(state, segment);
    if (events.structural) events.emit({ kind: 'wal.delete', wal: segment, recycled });
  }
}

/** Whether the file of a log segment that nothing needs was kept; otherwise it was deleted. */
export function recycleOrDelete(state: EngineState, segment: FileNumber): boolean {
  const { vfs } = state.environment;
  const name = logFileName(segment);
  const stat = vfs.stat(vfs.join(state.directory, name));
  // One that was missing when the store was opened.
  if (stat === undefined) return false;
  // Larger than the segment was, when the file has been used again before.
  if (state.spareLogs.offer(segment, stat.sizeBytes)) return true;
  deleteFile(state, name);
  return false;
}

/** A file that cannot be deleted only wastes space; the next open tries again. */
export function deleteFile(state: EngineState, name: string): void {
  const { vfs } = state.environment;
  try {
    vfs.remove(vfs.join(state.directory, name));
  } catch (thrown) {
    if (!(thrown instanceof LsmError)) throw thrown;
    state.report({ code: thrown.code, message: thrown.message, file: name, offset: -1 });
  }
}
