// An event loop for tests and simulations: timers fire when told to, and turns are granted one at a
// time, in order or (with a random source) in an order that repeats for its seed.

import type { Random } from './random.ts';
import type { Scheduler, Timer } from './scheduler.ts';

/** A scheduler without a real clock. */
export class ManualScheduler implements Scheduler {
  private readonly random: Random | null;
  private readonly waiting: (() => void)[] = [];
  private readonly timers = new Map<number, { readonly due: number; readonly call: () => void }>();
  private nowMillis = 0;
  private timersMade = 0;

  /** @param random picks which of several waiting turns comes next; without it the oldest does. */
  constructor(random: Random | null = null) {
    this.random = random;
  }

  /** Timers that have not fired or been cancelled. */
  get pendingTimers(): number {
    return this.timers.size;
  }

  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      // One microtask for each waiting turn, so that others may join before it is granted.
      void Promise.resolve().then(() => this.grantOne());
    });
  }

  sleep(delayMillis: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMillis, resolve);
    });
  }

  after(delayMillis: number, callback: () => void): Timer {
    const id = ++this.timersMade;
    this.timers.set(id, { due: this.nowMillis + delayMillis, call: callback });
    return { cancel: () => void this.timers.delete(id) };
  }

  /** Lets time pass: timers that come due fire in order, also those set by others meanwhile. */
  advance(millis: number): void {
    const until = this.nowMillis + millis;
    for (;;) {
      const next = this.nextDue(until);
      if (next === undefined) break;
      const timer = this.timers.get(next)!;
      this.timers.delete(next);
      this.nowMillis = timer.due;
      timer.call();
    }
    this.nowMillis = until;
  }

  private nextDue(until: number): number | undefined {
    let best: number | undefined;
    let bestDue = until;
    for (const [id, timer] of this.timers) {
      if (timer.due < bestDue || (timer.due === bestDue && best === undefined)) {
        best = id;
        bestDue = timer.due;
      }
    }
    return best;
  }

  private grantOne(): void {
    const index = this.random === null ? 0 : this.random.nextBelow(this.waiting.length);
    this.waiting.splice(index, 1)[0]!();
  }
}
