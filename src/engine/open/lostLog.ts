// After a recovery that had to do without something the log held durably (`walRecovery`): what was
// read becomes tables before the store takes a write, and the whole of the old log goes.
//
// Until the edit that retires the old log is durable it lies there as it was found, and another
// recovery finds the same. Nothing new is in the log by then, so nothing can come to stand behind
// the damage: there would be a hole, or the next recovery would give it up.

import type { EngineState } from '../engineState.ts';
import { Flusher } from '../flush/flusher.ts';
import { deleteUnneededLogs } from '../jobs/obsoleteFiles.ts';

/**
 * Flushes all that recovery read, and lets the damaged log go. To be called when a new segment is
 * active, before it takes a record.
 * @throws LsmError when a table or the manifest cannot be written.
 */
export async function leaveLostLog(state: EngineState): Promise<void> {
  const { versions, families, lastSequence } = state;
  for (const { memtables } of families.list) {
    if (!memtables.active.isEmpty) memtables.seal('recovery', memtables.prepare(0));
  }
  const flusher = new Flusher(state, () => undefined);
  flusher.kick();
  await flusher.settle();
  if (state.failure !== undefined) {
    await state.runner.close();
    throw state.failure;
  }
  const oldestLog = state.wal.active.number;
  await versions.apply({ oldestLog }, { job: 0, flushedMemtable: 0, lastSequence });
  deleteUnneededLogs(state);
}
