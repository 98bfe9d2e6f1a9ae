// Whoever gets the events of a session: a viewer, the recorder.

import type { LsmEvent } from '../../protocol/events.ts';

/** Takes what happened in one frame. */
export interface EventTaker {
  /** Whether it could send sampled events now; while nobody could, the engine builds none. */
  readonly isReady: boolean;
  /**
   * @param leftOut operations since the last frame of which there is no event.
   * @param everything lockstep: nothing may be left out.
   */
  take(events: readonly LsmEvent[], leftOut: number, everything: boolean): void;
}
