// The manners of a background job: it works in slices of a few milliseconds at most and lets the
// event loop turn in between; it stops between two slices when it is told to; and it takes no step
// before the viewer in Lockstep mode has seen the last one.

import { LsmError } from '../../base/errors.ts';
import type { Scheduler } from '../../base/scheduler.ts';
import type { EventSink } from '../../protocol/eventSink.ts';

/** Set by whoever wants a job to stop. */
export interface CancelSignal {
  readonly aborted: boolean;
}

/** Stops a job when either says so. */
export function eitherOf(left: CancelSignal, right: CancelSignal): CancelSignal {
  return {
    get aborted() {
      return left.aborted || right.aborted;
    },
  };
}

/** A job that sleeps looks this often whether it was told to stop. */
const NAP_MILLIS = 50;

/** A slice ends after so many entries or so many bytes of them. */
export interface SliceSize {
  readonly entries: number;
  readonly bytes: number;
}

/** On the store's own thread, where others wait for their turn. */
export const SHORT_SLICE: SliceSize = { entries: 256, bytes: 128 * 1024 };
/** In a job's own thread: how often it says how far it is. */
export const THREAD_SLICE: SliceSize = { entries: 4096, bytes: 2 * 1024 * 1024 };

/** Counts a job's work and gives way in time. */
export class JobPace {
  private readonly scheduler: Scheduler;
  private readonly events: EventSink;
  private readonly cancel: CancelSignal;
  private readonly slice: SliceSize;
  private entries = 0;
  private bytes = 0;

  constructor(scheduler: Scheduler, events: EventSink, cancel: CancelSignal, slice: SliceSize) {
    this.scheduler = scheduler;
    this.events = events;
    this.cancel = cancel;
    this.slice = slice;
  }

  /** Counts one entry; true when the slice is over and `turn` is to be awaited. */
  count(sizeBytes: number): boolean {
    this.entries++;
    this.bytes += sizeBytes;
    return this.entries >= this.slice.entries || this.bytes >= this.slice.bytes;
  }

  /**
   * Lets others have the event loop.
   * @throws LsmError `CANCELLED` when the job was told to stop.
   */
  async turn(): Promise<void> {
    this.entries = 0;
    this.bytes = 0;
    await this.scheduler.turn();
    this.check();
  }

  /**
   * Does nothing for a while.
   * @throws LsmError `CANCELLED` when the job was told to stop.
   */
  async sleep(micros: number): Promise<void> {
    for (let left = Math.round(micros / 1000); left > 0; left -= NAP_MILLIS) {
      await this.scheduler.sleep(Math.min(left, NAP_MILLIS));
      this.check();
    }
  }

  /** Waits for the viewer when there is one to wait for. */
  async gate(): Promise<void> {
    await this.events.gate?.();
    this.check();
  }

  /** @throws LsmError `CANCELLED` when the job was told to stop. */
  check(): void {
    if (this.cancel.aborted) throw new LsmError('CANCELLED', 'the job was cancelled');
  }
}
