// Who wants to know which keys a walk has passed.

import type { Entry } from '../iterator/entry.ts';

/** Told after each step of one iterator; reads entries at once and keeps none. */
export interface WalkObserver {
  /**
   * The walk was placed anew.
   * @param from the key that was sought; `undefined` for the range's own beginning.
   * @param at where it stands; `undefined` when it came to the range's end.
   * @param reverse whether it sought from `from` towards smaller keys.
   */
  placed(from: Uint8Array | undefined, at: Entry | undefined, reverse: boolean): void;
  /** It moved by one; `at` is `undefined` when it came to the range's end on that side. */
  moved(at: Entry | undefined, towardsGreater: boolean): void;
}
