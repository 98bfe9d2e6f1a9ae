// Writing many entries quickly.

import type { EditableCatalogue, LiveEntry } from '../../session/catalogue.ts';

/** Writes all entries, so many in a batch. */
export async function fillBatches(
  store: EditableCatalogue,
  entries: Iterable<LiveEntry>,
  batchEntries: number,
): Promise<void> {
  let batch: LiveEntry[] = [];
  for (const entry of entries) {
    batch.push(entry);
    if (batch.length < batchEntries) continue;
    await store.putAll(batch, false);
    batch = [];
  }
  if (batch.length > 0) await store.putAll(batch, false);
}
