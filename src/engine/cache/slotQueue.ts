// Queues of slots, linked through two arrays that all queues of an owner share: a slot stands in
// one queue at most.

import { NO_SLOT } from './slotTable.ts';

/** The neighbours of each slot in its queue. */
export class SlotLinks {
  before: Int32Array = new Int32Array(0);
  after: Int32Array = new Int32Array(0);

  /** Makes room for so many slots. */
  grow(capacity: number): void {
    const { before, after } = this;
    this.before = new Int32Array(capacity);
    this.before.set(before);
    this.after = new Int32Array(capacity);
    this.after.set(after);
  }
}

/** First in, first out; any slot can leave. */
export class SlotQueue {
  /** Slots in it. */
  count = 0;
  /** Bytes of what its slots hold. */
  sizeBytes = 0;
  /** The slot that came first; NO_SLOT when it is empty. */
  oldest: number = NO_SLOT;
  private newest: number = NO_SLOT;
  private readonly links: SlotLinks;

  constructor(links: SlotLinks) {
    this.links = links;
  }

  push(slot: number, sizeBytes: number): void {
    const { before, after } = this.links;
    before[slot] = this.newest;
    after[slot] = NO_SLOT;
    if (this.newest === NO_SLOT) this.oldest = slot;
    else after[this.newest] = slot;
    this.newest = slot;
    this.count++;
    this.sizeBytes += sizeBytes;
  }

  /** Takes out a slot that is in this queue. */
  remove(slot: number, sizeBytes: number): void {
    const before = this.links.before[slot]!;
    const after = this.links.after[slot]!;
    if (before === NO_SLOT) this.oldest = after;
    else this.links.after[before] = after;
    if (after === NO_SLOT) this.newest = before;
    else this.links.before[after] = before;
    this.count--;
    this.sizeBytes -= sizeBytes;
  }
}
