// A flag in shared memory that stops jobs, whichever thread they run in.

import type { CancelSignal } from './jobPace.ts';

/** Once set, it stays set. */
export class CancelFlag implements CancelSignal {
  /** For another thread's `CancelFlag`. */
  readonly buffer: SharedArrayBuffer;
  private readonly word: Int32Array;

  /** @param buffer of a flag in another thread; left out for a new one. */
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(4)) {
    this.buffer = buffer;
    this.word = new Int32Array(buffer);
  }

  get aborted(): boolean {
    return Atomics.load(this.word, 0) === 1;
  }

  abort(): void {
    Atomics.store(this.word, 0, 1);
  }
}
