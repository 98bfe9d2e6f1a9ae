// How one asynchronous part waits for what another brings about.

/** Something that keeps happening; whoever waits is told of the next time. */
export class Signal {
  private waiting: (() => void)[] = [];

  /** Resolves at the next `wake`. Whoever waits for a condition tests it again afterwards. */
  wait(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Tells all who wait now. */
  wake(): void {
    const waiting = this.waiting;
    if (waiting.length === 0) return;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
