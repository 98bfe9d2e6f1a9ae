// Which flush or compaction an event belongs to.

import type { LsmEvent } from '../../../src/protocol/events.ts';
import type { JobState, TreeState } from '../../../src/protocol/treeState.ts';
import type { Frame } from '../../model/frame.ts';

/** The running job of the shown event. */
export function jobIn({ event, state, next }: Frame): JobState | undefined {
  const job = event !== null && 'job' in event ? event.job : 0;
  return [...state.jobs, ...next.jobs].find((each) => each.job === job);
}

/** Whether the event is part of a running job of that kind. */
export function isOfJob(event: LsmEvent, state: TreeState, kind: JobState['kind']): boolean {
  const job = 'job' in event ? event.job : 0;
  return job > 0 && state.jobs.some((each) => each.job === job && each.kind === kind);
}
