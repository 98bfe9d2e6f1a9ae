// Table files: one that is finished but not yet in any level, and one that leaves the disk.

import type { TreeState } from '../treeState.ts';
import { updateCompaction } from './compaction.ts';
import type { EventOf } from './eventOf.ts';

/** The file is whole and durable; only a manifest edit puts it into a level. */
export function createTable(state: TreeState, event: EventOf<'table.create'>): TreeState {
  const { file } = event.table;
  return updateCompaction(state, event.job, (job) =>
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
