// A flush as a job: which memtable it empties into which file, and how far it is.

import type { JobId } from '../events.ts';
import type { FlushJobState, TreeState } from '../treeState.ts';
import type { EventOf } from './eventOf.ts';

export function beginFlush(state: TreeState, event: EventOf<'flush.begin'>): TreeState {
  const job: FlushJobState = {
    kind: 'flush',
    job: event.job,
    family: event.family,
    memtable: event.memtable,
    file: event.file,
    entries: event.entries,
    entriesDone: 0,
    bytesWritten: 0,
    beganAt: event.number,
  };
  return { ...state, jobs: [...state.jobs, job] };
}

export function flushProgress(
  state: TreeState,
  event: Pick<EventOf<'flush.progress'>, 'job' | 'entriesDone' | 'bytesWritten'>,
): TreeState {
  const index = state.jobs.findIndex((job) => job.kind === 'flush' && job.job === event.job);
  if (index === -1) return state;
  const job = state.jobs[index] as FlushJobState;
  const { entriesDone, bytesWritten } = event;
  return { ...state, jobs: state.jobs.with(index, { ...job, entriesDone, bytesWritten }) };
}

export function endFlush(state: TreeState, event: EventOf<'flush.end'>): TreeState {
  return endJob(state, event.job);
}

/** The state without this job. */
export function endJob(state: TreeState, job: JobId): TreeState {
  return { ...state, jobs: state.jobs.filter((running) => running.job !== job) };
}
