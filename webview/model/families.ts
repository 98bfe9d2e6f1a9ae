// Column families on the page: which one the stage shows, and which one an event acts in.

import type { FamilyState, JobState, StallState, TreeState } from '../../src/protocol/treeState.ts';
import type { Frame } from './frame.ts';

/** The family numbered `wanted`, or the first where there is none: dropped, or not yet made. */
export function familyShown(state: TreeState, wanted: number): FamilyState | undefined {
  return state.families.find(({ family }) => family === wanted) ?? state.families[0];
}

/**
 * The family that the shown event acts in, by itself or through its job, as it is after the event;
 * `undefined` when the event concerns the store as a whole.
 */
export function actingFamily({ event, state, next }: Frame): FamilyState | undefined {
  if (event === null) return undefined;
  const job = 'job' in event ? event.job : 0;
  const number =
    'family' in event
      ? event.family
      : [...state.jobs, ...next.jobs].find((each) => each.job === job)?.family;
  return next.families.find(({ family }) => family === number);
}

/** The jobs at work on a family. */
export function jobsOf(jobs: readonly JobState[], family: number): readonly JobState[] {
  const own = jobs.filter((job) => job.family === family);
  // The same list while nothing is left out, so that what depends on it is not laid out anew.
  return own.length === jobs.length ? jobs : own;
}

/** A family whose writers are held back. */
export interface HeldBack {
  /** Empty where there is only one family. */
  readonly name: string;
  readonly stall: StallState;
}

/** All families whose writers are held back. */
export function heldBack({ families }: TreeState): readonly HeldBack[] {
  return families.flatMap(({ name, stall }) =>
    stall === null ? [] : [{ name: families.length === 1 ? '' : name, stall }],
  );
}
