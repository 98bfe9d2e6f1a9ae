// How many bytes a second compactions may write, whichever threads they run in: one account in
// shared memory.
//
//   word 0   wall clock, microseconds, up to which everything written is paid for
//   word 1   bytes a second; 0: no limit
//
// A compaction puts what it has written on the account and sleeps until that is paid for. So the
// rate holds for all together, and each gets its turn in the order in which they wrote. A flush
// puts its bytes there too, but does not sleep: writers wait for it. Compactions then sleep longer,
// though flushes alone never make them sleep more than FLUSHES_AHEAD_MICROS, or they might end up
// not moving at all.

const WORD_PAID_UNTIL = 0;
const WORD_RATE = 1;

const FLUSHES_AHEAD_MICROS = 1_000_000;
/**
 * Nobody sleeps longer than for so many shares like its own: more compactions than these there are
 * not, so a longer debt only says that the wall clock was put back.
 */
const SHARES_AHEAD = 64;

/** The account of one store. */
export class RateBudget {
  /** For another thread's `RateBudget`. */
  readonly buffer: SharedArrayBuffer;
  private readonly words: BigInt64Array;

  private constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.words = new BigInt64Array(buffer);
  }

  /** A new one. */
  static of(bytesPerSecond: number): RateBudget {
    const budget = new RateBudget(new SharedArrayBuffer(16));
    budget.words[WORD_RATE] = BigInt(bytesPerSecond);
    return budget;
  }

  /** One that was made in another thread. */
  static shared(buffer: SharedArrayBuffer): RateBudget {
    return new RateBudget(buffer);
  }

  /** Whether there is a limit. */
  get isLimited(): boolean {
    return this.words[WORD_RATE] !== 0n;
  }

  /**
   * A compaction has written so much.
   * @returns microseconds that it is to sleep.
   */
  takeForCompaction(sizeBytes: number, nowMicros: number): number {
    const price = this.priceOf(sizeBytes);
    return (
      this.book((paidUntil) => {
        const start = Math.min(Math.max(paidUntil, nowMicros), nowMicros + SHARES_AHEAD * price);
        return start + price;
      }) - nowMicros
    );
  }

  /** A flush has written so much. */
  takeForFlush(sizeBytes: number, nowMicros: number): void {
    const price = this.priceOf(sizeBytes);
    this.book((paidUntil) => {
      const wanted = Math.max(paidUntil, nowMicros) + price;
      return Math.min(wanted, Math.max(paidUntil, nowMicros + FLUSHES_AHEAD_MICROS));
    });
  }

  /** Microseconds that so many bytes take at the rate. */
  private priceOf(sizeBytes: number): number {
    return Math.ceil((sizeBytes * 1e6) / Number(this.words[WORD_RATE]));
  }

  private book(next: (paidUntil: number) => number): number {
    for (;;) {
      const before = Atomics.load(this.words, WORD_PAID_UNTIL);
      const after = next(Number(before));
      const seen = Atomics.compareExchange(this.words, WORD_PAID_UNTIL, before, BigInt(after));
      if (seen === before) return after;
    }
  }
}
