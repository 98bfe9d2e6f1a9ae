// Time behind an interface, so that a run with a fixed clock repeats event for event.

/** A source of time. Neither reading is ever used to order writes: sequence numbers do that. */
export interface Clock {
  /** Wall clock: microseconds since 1970-01-01 UTC, an integer below 2^53. It may jump. */
  wallMicros(): number;
  /** Monotonic microseconds since an arbitrary moment; for durations. */
  monotonicMicros(): number;
}

/**
 * A clock for tests and recorded lessons: starts at a given moment and advances by a fixed step.
 */
export class SteppingClock implements Clock {
  private micros: number;
  private readonly stepMicros: number;

  constructor(startMicros = 1_700_000_000_000_000, stepMicros = 1) {
    this.micros = startMicros;
    this.stepMicros = stepMicros;
  }

  wallMicros(): number {
    this.micros += this.stepMicros;
    return this.micros;
  }

  monotonicMicros(): number {
    return this.wallMicros();
  }
}
