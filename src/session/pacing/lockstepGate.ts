// Lockstep: the engine waits at a gate after each step until every viewer that holds it has shown
// that step. A viewer that goes away, or a change to live, opens the gate; so nobody waits for
// ever.

import type { EventNumber } from '../../protocol/events.ts';
import type { ViewerId } from '../threadMessages.ts';

interface Waiter {
  readonly number: EventNumber;
  readonly open: () => void;
}

/** Who holds the engine, how far each has shown, and who waits. */
export class LockstepGate {
  /** The last event each holder has shown. */
  private readonly shown = new Map<ViewerId, EventNumber>();
  private waiters: Waiter[] = [];

  /** Whether anyone asked for lockstep. */
  get isHeld(): boolean {
    return this.shown.size > 0;
  }

  /** From now on the engine takes no step that `viewer` has not shown. */
  hold(viewer: ViewerId, shownNumber: EventNumber): void {
    this.shown.set(viewer, shownNumber);
    this.openPassed();
  }

  /** `viewer` has shown everything up to an event. */
  ack(viewer: ViewerId, number: EventNumber): void {
    const before = this.shown.get(viewer);
    if (before === undefined || number <= before) return;
    this.shown.set(viewer, number);
    this.openPassed();
  }

  /** `viewer` holds nothing any more. */
  release(viewer: ViewerId): void {
    if (this.shown.delete(viewer)) this.openPassed();
  }

  /** Nobody holds anything any more. */
  releaseAll(): void {
    this.shown.clear();
    this.openPassed();
  }

  /** Resolves once every holder has shown the event. */
  waitFor(number: EventNumber): Promise<void> {
    if (number <= this.shownByAll()) return Promise.resolve();
    return new Promise((open) => this.waiters.push({ number, open }));
  }

  private shownByAll(): EventNumber {
    return Math.min(Number.POSITIVE_INFINITY, ...this.shown.values());
  }

  private openPassed(): void {
    const passed = this.shownByAll();
    const open = this.waiters.filter((waiter) => waiter.number <= passed);
    this.waiters = this.waiters.filter((waiter) => waiter.number > passed);
    for (const waiter of open) waiter.open();
  }
}
