// What passes between a job thread and the simulated disk, which lives in the tests' own thread.
//
// The two never run at the same time: the job thread runs while the other one waits for it, until
// it asks something of the disk or has nothing to do. So where it stands at each moment, and with
// it a whole run, depends on the seed alone, and any number of the store's own calls may come
// between two calls of a job.

/** The one shared word. */
export const STOPPED = 0;
export const RUNNING = 1;

/** A call of the disk, or of one of the files that the thread has open. */
export interface ThreadCall {
  /** The file, or `undefined` for the disk. */
  readonly file: number | undefined;
  readonly method: string;
  readonly parameters: readonly unknown[];
}

/** A call that failed. */
export interface CallFault {
  readonly message: string;
  readonly path: string | undefined;
  readonly systemCode: string | undefined;
}

/** What came of a call; `fault` when it failed. */
export interface CallAnswer {
  readonly value: unknown;
  readonly fault: CallFault | undefined;
}

/** To the job thread: each lets it run until it stops again. */
export type ToThread =
  | { readonly kind: 'message'; readonly message: unknown }
  | { readonly kind: 'answer'; readonly answer: CallAnswer }
  /** A sync that was begun has ended. */
  | { readonly kind: 'synced'; readonly sync: number; readonly answer: CallAnswer };

/** From the job thread. */
export type FromThread =
  | { readonly kind: 'message'; readonly message: unknown }
  /** It waits for the answer. That of a sync is its number. */
  | { readonly kind: 'call'; readonly call: ThreadCall };
