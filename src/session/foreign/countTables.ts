// Every figure of a foreign store's tables. Of thousands it takes seconds: it gives way in between,
// tells how far it is, and can be stopped.

import { LsmError } from '../../base/errors.ts';
import type { Scheduler } from '../../base/scheduler.ts';
import type { StoreReader } from '../../readers/storeReader.ts';
import type { Watch } from '../catalogue.ts';

/** Tables counted between two turns of the event loop. */
const TABLES_PER_TURN = 8;

/**
 * Counts them all; what is wrong with them is among the reader's problems then.
 * @returns how many there are.
 * @throws LsmError `CANCELLED`.
 */
export async function countTables(
  reader: StoreReader,
  scheduler: Scheduler,
  { signal, onProgress }: Watch,
): Promise<number> {
  const total = reader
    .describe()
    .families.flatMap(({ levels }) => levels.map(({ tables }) => tables.length))
    .reduce((sum, tables) => sum + tables, 0);
  let done = 0;
  for (const _ of reader.countedTables()) {
    if (++done % TABLES_PER_TURN !== 0) continue;
    onProgress?.({ done, total, unit: 'tables', message: 'counting' });
    await scheduler.turn();
    if (signal?.aborted === true)
      throw new LsmError('CANCELLED', 'cancelled while counting tables');
  }
  return done;
}
