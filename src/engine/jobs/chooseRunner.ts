// Where a store's jobs run: in threads where there are any and the options want them.

import type { EngineState } from '../engineState.ts';
import { SHORT_SLICE } from './jobPace.ts';
import { SliceRunner } from './jobRunner.ts';
import type { JobRunner } from './jobRunner.ts';
import { ThreadRunner } from './threads/threadRunner.ts';

/** The runner of a store that is being opened. */
export function chooseRunner(
  state: Pick<
    EngineState,
    | 'directory'
    | 'environment'
    | 'options'
    | 'events'
    | 'cancel'
    | 'tables'
    | 'cache'
    | 'counters'
    | 'versions'
  >,
): JobRunner {
  const { directory, environment, options, events, cancel, tables, versions } = state;
  const newFileNumber = (): number => versions.newFileNumber();
  const world = { directory, environment, events, cancel, tables, newFileNumber };
  const slices = new SliceRunner({ ...world, slice: SHORT_SLICE });
  const { threads } = environment;
  if (threads === undefined || options.workers === 0 || options.readOnly) return slices;
  const { cache, counters } = state;
  const { fileNumbers } = versions;
  const store = { directory, threads, events, cancel, fileNumbers, counters, cache };
  return new ThreadRunner(store, options.workers, slices);
}
