// What one viewer has still to get. At most two batches are under way to it; while it does not
// answer, only what changes the tree's shape is kept for it, with the newest summary, so a slow
// viewer gets fewer samples and still folds to the same state. One that stays away too long gets a
// new `hello` instead of all it missed.

import { encode } from '../../protocol/codec.ts';
import { isSampled } from '../../protocol/eventClass.ts';
import type { EventNumber, LsmEvent } from '../../protocol/events.ts';
import type { EventTaker } from './eventTaker.ts';
import { operationsIn } from './operationCount.ts';

/** Batches sent and not yet acknowledged. */
const BATCHES_UNDER_WAY_MAX = 2;
/** Events kept for a viewer that does not answer. */
const BACKLOG_EVENTS_MAX = 20_000;

/** A viewer, as the feed sees it. */
export class ViewerQueue implements EventTaker {
  /** The last event it said it has shown. */
  shownNumber: EventNumber = 0;
  private readonly send: (bytes: Uint8Array<ArrayBuffer>) => void;
  private readonly hello: () => Uint8Array<ArrayBuffer>;
  private backlog: LsmEvent[] = [];
  private backlogLeftOut = 0;
  private hasLostTrack = false;
  private batchesSent = 0;
  private batchesAcknowledged = 0;

  /** @param hello encodes a message with the state of this moment. */
  constructor(
    send: (bytes: Uint8Array<ArrayBuffer>) => void,
    hello: () => Uint8Array<ArrayBuffer>,
  ) {
    this.send = send;
    this.hello = hello;
    send(hello());
  }

  get isReady(): boolean {
    return this.batchesSent - this.batchesAcknowledged < BATCHES_UNDER_WAY_MAX;
  }

  take(events: readonly LsmEvent[], leftOut: number, everything: boolean): void {
    if (!this.isReady && !everything) {
      this.keep(events, leftOut);
    } else if (this.hasLostTrack) {
      this.catchUp();
    } else {
      const [kept, keptLeftOut] = [this.backlog, this.backlogLeftOut];
      this.forgetBacklog();
      this.sendBatch(kept.length === 0 ? events : [...kept, ...events], keptLeftOut + leftOut);
    }
  }

  /** The viewer has taken in a batch and shown events up to a number. */
  acknowledge(batch: number, eventNumber: EventNumber): void {
    const acknowledged = Math.min(batch, this.batchesSent);
    this.batchesAcknowledged = Math.max(this.batchesAcknowledged, acknowledged);
    this.shownNumber = Math.max(this.shownNumber, eventNumber);
  }

  /** Before lockstep: a viewer that lost track begins again from the state of this moment. */
  catchUp(): void {
    if (!this.hasLostTrack) return;
    this.hasLostTrack = false;
    this.send(this.hello());
  }

  private sendBatch(events: readonly LsmEvent[], leftOut: number): void {
    if (events.length === 0) return;
    this.send(encode({ kind: 'batch', events, leftOut, batch: ++this.batchesSent }));
  }

  private keep(events: readonly LsmEvent[], leftOut: number): void {
    if (this.hasLostTrack) return;
    this.backlogLeftOut += leftOut + operationsIn(events);
    for (const event of events) {
      if (isSampled(event.kind)) continue;
      if (event.kind === 'summary') this.replaceSummary(event);
      else this.backlog.push(event);
    }
    if (this.backlog.length <= BACKLOG_EVENTS_MAX) return;
    this.forgetBacklog();
    this.hasLostTrack = true;
  }

  /** A newer summary says all that an older one did. */
  private replaceSummary(summary: LsmEvent): void {
    const older = this.backlog.findLastIndex((event) => event.kind === 'summary');
    if (older !== -1) this.backlog.splice(older, 1);
    this.backlog.push(summary);
  }

  private forgetBacklog(): void {
    this.backlog = [];
    this.backlogLeftOut = 0;
  }
}
