// Reading a store that another process may be changing. A reader takes no lock, so a table or a log
// that it was about to read may be merged into another and deleted. That is no damage: the names in
// the directory are others then, and the reading begins again on the store as it is by now.

import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { LsmError } from '../base/errors.ts';

/** Beginnings before giving up on a store that never rests. */
const ATTEMPTS_MAX = 20;
/** Wait before the second attempt; each further one waits this much longer. */
const WAIT_MILLIS = 10;

/**
 * Does some reading, again from its beginning while another process changes the store under it.
 * @param read must bear to be called again.
 * @param isSound false: what was read is damaged or incomplete, as if it had thrown.
 * @throws LsmError as `read` does; `LOCKED` when the store never rested.
 */
export async function readWhileMoving<T>(
  directory: string,
  read: () => Promise<T>,
  isSound: (result: T) => boolean,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const namesBefore = namesIn(directory);
    const outcome = await outcomeOf(read);
    const isDone = outcome.kind === 'read' ? isSound(outcome.result) : !isOfFiles(outcome.thrown);
    if (isDone || namesIn(directory) === namesBefore) {
      if (outcome.kind === 'read') return outcome.result;
      throw outcome.thrown;
    }
    if (attempt === ATTEMPTS_MAX) throw neverRested(directory);
    await sleep(attempt * WAIT_MILLIS);
  }
}

type Outcome<T> =
  | { readonly kind: 'read'; readonly result: T }
  | { readonly kind: 'failed'; readonly thrown: Error };

async function outcomeOf<T>(read: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { kind: 'read', result: await read() };
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown;
    return { kind: 'failed', thrown };
  }
}

/** Whether a fault may come from files that were replaced. */
function isOfFiles(thrown: Error): boolean {
  return thrown instanceof LsmError && (thrown.code === 'CORRUPTION' || thrown.code === 'IO');
}

/** Every name in the directory; locks come and go without meaning anything. */
function namesIn(directory: string): string {
  try {
    return readdirSync(directory)
      .filter((name) => !name.startsWith('LOCK'))
      .join('/');
  } catch {
    // What is wrong with the directory is for the reader to say.
    return '';
  }
}

function neverRested(directory: string): LsmError {
  return new LsmError(
    'LOCKED',
    `${directory} is being changed by another process faster than it can be read; try again later`,
    { file: directory },
  );
}
