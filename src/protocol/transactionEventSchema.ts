// What the events of transactions may look like; a part of eventSchema.ts.

import { key } from './eventShapes.ts';
import type { EventSchemas } from './eventSchema.ts';
import { choice, count, number, record } from './schema.ts';
import type { TransactionEvent } from './transactionEvents.ts';

/** The kinds of transactionEvents.ts. */
export const transactionEventSchemas: EventSchemas<TransactionEvent['kind']> = {
  'transaction.begin': record({
    transaction: count,
    isolation: choice('snapshot', 'serializable'),
    sequence: count,
  }),
  'transaction.commit': record({
    transaction: count,
    entries: count,
    sizeBytes: count,
    keysRead: count,
    rangesRead: count,
    firstSequence: count,
    durationMicros: number,
  }),
  'transaction.conflict': record({
    transaction: count,
    family: count,
    key,
    access: choice('write', 'range-delete', 'update', 'read', 'range'),
    newestSequence: count,
    snapshotSequence: count,
  }),
  'transaction.rollback': record({
    transaction: count,
    entries: count,
    reason: choice('asked', 'failed'),
  }),
};
