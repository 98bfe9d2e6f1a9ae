// A compaction as a job: its inputs, what the merge has done so far and the tables it has begun.

import type { JobId, MergeTotals } from '../events.ts';
import type { CompactionJobState, TreeState } from '../treeState.ts';
import type { EventOf } from './eventOf.ts';
import { endJob } from './flush.ts';

/** A merge that has not begun. */
export const NOTHING_MERGED: MergeTotals = {
  entriesIn: 0,
  entriesOut: 0,
  shadowed: 0,
  tombstonesDropped: 0,
  rangeDeleted: 0,
  annihilated: 0,
  expired: 0,
  merged: 0,
  rangeDeletesIn: 0,
  rangeDeletesOut: 0,
  bytesRead: 0,
  bytesWritten: 0,
  waitedMicros: 0,
};

export function beginCompaction(state: TreeState, event: EventOf<'compaction.begin'>): TreeState {
  const job: CompactionJobState = {
    kind: 'compaction',
    job: event.job,
    family: event.family,
    inputs: event.inputs,
    outputLevel: event.outputLevel,
    entries: event.entries,
    sizeBytes: event.sizeBytes,
    totals: NOTHING_MERGED,
    outputs: [],
    beganAt: event.number,
  };
  return { ...state, jobs: [...state.jobs, job] };
}

export function mergeEntry(state: TreeState, event: EventOf<'compaction.entry'>): TreeState {
  return updateCompaction(state, event.job, (job) => ({ ...job, totals: event.totals }));
}

export function mergeProgress(state: TreeState, event: EventOf<'compaction.progress'>): TreeState {
  const { totals, outputs } = event;
  return updateCompaction(state, event.job, (job) => ({ ...job, totals, outputs }));
}

export function endCompaction(state: TreeState, event: EventOf<'compaction.end'>): TreeState {
  return endJob(state, event.job);
}

/**
 * The state with one compaction changed; other jobs, and one that is not there, stay as they are.
 */
export function updateCompaction(
  state: TreeState,
  id: JobId,
  change: (job: CompactionJobState) => CompactionJobState,
): TreeState {
  const index = state.jobs.findIndex((job) => job.kind === 'compaction' && job.job === id);
  if (index === -1) return state;
  const job = state.jobs[index] as CompactionJobState;
  return { ...state, jobs: state.jobs.with(index, change(job)) };
}
