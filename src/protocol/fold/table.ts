// Table files: one that grows block by block, one that is finished but not yet in any level, and
// one that leaves the disk.

import type { FileNumber, JobId } from '../events.ts';
import type { TreeState } from '../treeState.ts';
import { updateCompaction } from './compaction.ts';
import type { EventOf } from './eventOf.ts';
import { flushProgress } from './flush.ts';

/** A block more: the flush has come as far as this, or the merge has begun this output. */
export function growTable(state: TreeState, event: EventOf<'table.block'>): TreeState {
  const { job, file, fileEntries, fileSizeBytes } = event;
  const flush = state.jobs.find((running) => running.kind === 'flush' && running.job === job);
  if (flush?.kind !== 'flush') return addOutput(state, job, file);
  if (fileEntries < flush.entriesDone) return state;
  const entriesDone = fileEntries;
  return flushProgress(state, { job, entriesDone, bytesWritten: fileSizeBytes });
}

/** The file is whole and durable; only a manifest edit puts it into a level. */
export function createTable(state: TreeState, event: EventOf<'table.create'>): TreeState {
  return addOutput(state, event.job, event.table.file);
}

function addOutput(state: TreeState, id: JobId, file: FileNumber): TreeState {
  return updateCompaction(state, id, (job) =>
    job.outputs.includes(file) ? job : { ...job, outputs: [...job.outputs, file] },
  );
}

export function deleteTable(state: TreeState, event: EventOf<'table.delete'>): TreeState {
  const families = state.families.map((family) => {
    const ghosts = family.ghosts.filter((table) => table.file !== event.file);
    return ghosts.length === family.ghosts.length ? family : { ...family, ghosts };
  });
  return { ...state, families };
}
