// Copies everything that is alive in one store into another, whoever wrote the first, and then
// reads back every entry: a copy to experiment on is worth only what it is true to.

import { equalBytes } from '../../base/bytes.ts';
import { LsmError } from '../../base/errors.ts';
import type { Scheduler } from '../../base/scheduler.ts';
import type { LiveEntry } from '../catalogue.ts';
import type { ImportTarget } from '../storeTarget.ts';
import { BatchWriter } from './batchWriter.ts';
import type { WriterWatch } from './batchWriter.ts';

/** Entries read back between two turns of the event loop. */
const CHECKS_PER_TURN = 512;

/** Where a copy goes to, and how it is read back. */
export interface CopyTarget extends ImportTarget {
  /** The newest value of a key, at once. */
  valueOf(key: Uint8Array): Uint8Array | undefined;
}

/**
 * Copies and checks.
 * @param entries gives the live entries of the source, each time it is called.
 * @returns how many there were.
 * @throws LsmError `CORRUPTION` when an entry does not read back, `CANCELLED`, or as either store.
 */
export async function copyEntries(
  entries: () => Iterable<LiveEntry>,
  target: CopyTarget,
  scheduler: Scheduler,
  watch: WriterWatch,
): Promise<number> {
  const writer = new BatchWriter(target, watch);
  for (const [key, value] of entries()) {
    // What the source gives is valid until its next step only.
    if (!writer.add(key.slice(), value.slice())) continue;
    await writer.flush(false);
    await scheduler.turn();
  }
  await writer.flush(true);
  let checked = 0;
  for (const [key, value] of entries()) {
    const copied = target.valueOf(key);
    if (copied === undefined || !equalBytes(copied, value)) {
      throw new LsmError('CORRUPTION', `entry ${checked} of the copy is not what was copied`);
    }
    if (++checked % CHECKS_PER_TURN === 0) await scheduler.turn();
  }
  return checked;
}
