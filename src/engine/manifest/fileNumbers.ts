// The store's counter of file numbers, in shared memory: jobs in other threads take numbers for
// their tables without asking.

import type { FileNumber } from '../../protocol/events.ts';

/** Hands out each number once. */
export class FileNumbers {
  /** For another thread's `FileNumbers`. */
  readonly buffer: SharedArrayBuffer;
  private readonly word: BigUint64Array;

  /** @param buffer of the counter in another thread; left out for a new one. */
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.buffer = buffer;
    this.word = new BigUint64Array(buffer);
  }

  /** A counter of its own. */
  static startingAt(next: FileNumber): FileNumbers {
    const numbers = new FileNumbers();
    numbers.word[0] = BigInt(next);
    return numbers;
  }

  /** Greater than every number handed out. */
  get next(): FileNumber {
    return Number(Atomics.load(this.word, 0));
  }

  /** A number that no file has or had. */
  take(): FileNumber {
    return Number(Atomics.add(this.word, 0, 1n));
  }
}
