// The wire between the page and its session: whole messages as bytes, both ways.

/** One connection to a session. */
export interface Transport {
  send(bytes: Uint8Array): void;
  /** Sets who hears the session's messages; those that came before are handed over first. */
  onMessage(listener: (bytes: Uint8Array) => void): void;
  /** Sets who hears that the connection is gone for good. */
  onLost(listener: () => void): void;
}

/** Holds messages back until somebody listens. */
export class Inbox {
  private waiting: Uint8Array[] = [];
  private listener: ((bytes: Uint8Array) => void) | undefined;

  take(bytes: Uint8Array): void {
    if (this.listener === undefined) this.waiting.push(bytes);
    else this.listener(bytes);
  }

  listen(listener: (bytes: Uint8Array) => void): void {
    this.listener = listener;
    const waiting = this.waiting;
    this.waiting = [];
    for (const bytes of waiting) listener(bytes);
  }
}
