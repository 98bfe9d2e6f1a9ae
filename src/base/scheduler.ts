// How the engine lets others have the event loop, and how it waits. Tests put a seeded one here.

/** A timer that can be cancelled. */
export interface Timer {
  /** Idempotent; after it the callback is never called. */
  cancel(): void;
}

/** Turns and timers of the event loop the engine runs on. */
export interface Scheduler {
  /** Resolves after pending input and output had their turn (`setImmediate` on Node). */
  turn(): Promise<void>;
  /** Resolves after `delayMillis`; keeps the process alive meanwhile, as work under way does. */
  sleep(delayMillis: number): Promise<void>;
  /** Calls back once after `delayMillis`; the timer does not keep a process alive by itself. */
  after(delayMillis: number, callback: () => void): Timer;
}
