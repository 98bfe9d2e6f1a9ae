// Keeps the number of open file descriptors within a bound, however many tables a store has: files
// that are only read give theirs back when others need it, and open again when they are read next.
//
// Which one gives way is found as a clock's hand goes round ("second chance"): a file used since
// the hand last passed is spared once.

import { closeSync } from 'node:fs';

/** A file that can do without its descriptor for a while. */
export interface Pooled {
  /** The open descriptor, or -1. */
  descriptor: number;
  /** Set by every use, cleared by the passing hand. */
  recentlyUsed: boolean;
}

/** A bounded set of open descriptors. */
export class DescriptorPool {
  private readonly openMax: number;
  private readonly members: Pooled[] = [];
  private hand = 0;

  /** @param openMax descriptors kept open at once, at least 1. */
  constructor(openMax: number) {
    this.openMax = openMax;
  }

  /** Open descriptors. */
  get openCount(): number {
    return this.members.length;
  }

  /** Takes in a file just opened; another may lose its descriptor. */
  add(file: Pooled): void {
    while (this.members.length >= this.openMax) this.closeOne();
    file.recentlyUsed = true;
    this.members.push(file);
  }

  /** Closes a file's descriptor, if it has one. */
  remove(file: Pooled): void {
    if (file.descriptor < 0) return;
    const index = this.members.indexOf(file);
    this.members[index] = this.members.at(-1)!;
    this.members.pop();
    close(file);
  }

  /** Closes a descriptor that was not used lately; false when there is none to close. */
  closeOne(): boolean {
    while (this.members.length > 0) {
      if (this.hand >= this.members.length) this.hand = 0;
      const file = this.members[this.hand]!;
      if (!file.recentlyUsed) {
        this.remove(file);
        return true;
      }
      file.recentlyUsed = false;
      this.hand++;
    }
    return false;
  }
}

function close(file: Pooled): void {
  const { descriptor } = file;
  file.descriptor = -1;
  closeSync(descriptor);
}
