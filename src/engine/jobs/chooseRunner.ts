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
    | 'rate'
    | 'tables'
    | 'cache'
    | 'counters'
    | 'versions'
    | 'families'
  >,
): JobRunner {
  const { directory, environment, options, events, cancel, rate, tables, versions } = state;
  const newFileNumber = (): number => versions.newFileNumber();
  const { mergeOperators } = state.families;
  const shared = { directory, environment, events, cancel, rate, tables };
  const world = { ...shared, mergeOperators, newFileNumber };
  const slices = new SliceRunner({ ...world, slice: SHORT_SLICE });
  const { threads } = environment;
  if (threads === undefined || options.workers === 0 || options.readOnly) return slices;
  const { cache, counters } = state;
  const { fileNumbers } = versions;
  const store = {
    directory,
    threads,
    events,
    cancel,
    rate,
    fileNumbers,
    counters,
    cache,
    mergeOperators,
  };
  return new ThreadRunner(store, options.workers, slices);
}
