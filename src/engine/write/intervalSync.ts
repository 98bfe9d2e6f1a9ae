// Syncs of the log on a timer (`walSync: 'interval'`), beside the writers and not in their way.
//
// The first record that nobody asked to sync sets the timer; when it fires, all that was appended
// so far is synced, and the next such record sets it again. So each record is covered by a sync
// that begins at most one interval after it, and a store at rest has no timer.

import { toLsmError } from '../../base/errors.ts';
import type { Timer } from '../../base/scheduler.ts';
import type { EngineState } from '../engineState.ts';
import { syncActive } from './rotation.ts';

/** The timed syncs of one store. */
export class IntervalSync {
  private readonly state: EngineState;
  private timer: Timer | undefined;
  private working: Promise<void> | undefined;
  private stopped = false;

  constructor(state: EngineState) {
    this.state = state;
  }

  /** To be told of each record that is left in the system's cache. */
  noteAppend(): void {
    if (this.timer !== undefined || this.stopped) return;
    const { options, environment } = this.state;
    if (options.walSync !== 'interval') return;
    this.timer = environment.scheduler.after(options.walSyncIntervalMs, () => {
      this.timer = undefined;
      // A disk slower than the interval: its sync is waited for, and another one follows.
      this.working = Promise.all([this.working, this.sync()]).then(() => undefined);
    });
  }

  /** Stops the timer and waits for a sync under way. */
  async settle(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    await this.working;
  }

  /** Never rejects: a failed sync stops the store, and so tells every writer. */
  private async sync(): Promise<void> {
    const { state } = this;
    if (state.failure !== undefined || state.wal.isEnding) return;
    try {
      await syncActive(state, 0);
      await state.events.gate?.();
    } catch (thrown) {
      state.fail(toLsmError(thrown));
    }
  }
}
