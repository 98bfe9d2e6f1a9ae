// One at a time: asynchronous work that must not overlap, in the order in which it was asked for.

/** A queue of one server. */
export class Mutex {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs `work` when all that came before has ended, however it ended. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work, work);
    this.last = result;
    return result;
  }
}
