// Which of many short operations are timed: reading the clock twice takes about half a microsecond,
// a quarter of what a read from memory takes. Every seventeenth is; a prime, so that no rhythm of a
// workload hits the same kind of operation each time.

const EVERY = 17;

/** Chooses for one kind of operation. */
export class Sampler {
  private left = 1;

  /** Whether the operation that begins now is to be timed. */
  chooses(): boolean {
    if (--this.left > 0) return false;
    this.left = EVERY;
    return true;
  }
}
