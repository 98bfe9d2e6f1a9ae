// Copies everything that is alive in one store into another, whoever wrote the first, and then
// reads back every entry: a copy to experiment on is worth only what it is true to. Both passes go
// in the source's order, which may be another than the copy's, so their digests can be compared.

import { LsmError } from '../../base/errors.ts';
import type { Scheduler } from '../../base/scheduler.ts';
import type { LiveEntry } from '../catalogue.ts';
import { EntryDigest } from '../entryDigest.ts';
import type { EntriesDigest } from '../entryDigest.ts';
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
 * @returns how many there were, and the digest of both.
 * @throws LsmError `CORRUPTION` when the copy reads back as something else, `CANCELLED`, or as
 * either store.
 */
export async function copyEntries(
  entries: () => Iterable<LiveEntry>,
  target: CopyTarget,
  scheduler: Scheduler,
  watch: WriterWatch,
): Promise<EntriesDigest> {
  const writer = new BatchWriter(target, watch);
  const source = new EntryDigest();
  for (const [key, value] of entries()) {
    source.add(key, value);
    // What the source gives is valid until its next step only.
    if (!writer.add(key.slice(), value.slice())) continue;
    await writer.flush(false);
    await scheduler.turn();
  }
  await writer.flush(true);
  const expected = source.result();
  const found = await readBack(entries(), target, scheduler, expected.entriesLive, watch);
  if (found.entriesSha256 === expected.entriesSha256) return expected;
  const message =
    `the copy holds ${found.entriesLive} entries of digest ${found.entriesSha256}, the source ` +
    `${expected.entriesLive} of ${expected.entriesSha256}`;
  throw new LsmError('CORRUPTION', message);
}

async function readBack(
  entries: Iterable<LiveEntry>,
  target: CopyTarget,
  scheduler: Scheduler,
  total: number,
  { signal, onProgress }: WriterWatch,
): Promise<EntriesDigest> {
  const copy = new EntryDigest();
  let checked = 0;
  for (const [key] of entries) {
    const copied = target.valueOf(key);
    if (copied !== undefined) copy.add(key, copied);
    if (++checked % CHECKS_PER_TURN !== 0) continue;
    onProgress?.({ done: checked, total, unit: 'entries', message: 'verifying' });
    if (signal?.aborted) throw new LsmError('CANCELLED', 'cancelled while verifying the copy');
    await scheduler.turn();
  }
  return copy.result();
}
