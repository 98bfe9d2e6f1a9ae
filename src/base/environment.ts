// Everything of the outside world that the engine may touch, in one bundle.

import type { Clock } from './clock.ts';
import type { BlockCodecs } from './compression/blockCodecs.ts';
import type { Scheduler } from './scheduler.ts';
import type { Threads } from './threads.ts';
import type { Vfs } from './vfs.ts';

/** The engine's world: given the same one and the same calls, a run repeats event for event. */
export interface Environment {
  readonly vfs: Vfs;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly codecs: BlockCodecs;
  /** For flushes and merges; `undefined` where there are none: they then run in slices. */
  readonly threads?: Threads | undefined;
  /** Seeds tower heights and every other choice the engine leaves to chance. */
  readonly seed: number;
}
