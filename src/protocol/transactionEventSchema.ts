// What the events of transactions may look like; a part of eventSchema.ts.

import { key, preview, writeEntry } from './eventShapes.ts';
import type { EventSchemas } from './eventSchema.ts';
import { boolean, choice, count, nullable, number, record } from './schema.ts';
import type { Schema } from './schema.ts';
import type { CheckedKeys, ConflictAccess, TransactionEvent } from './transactionEvents.ts';

const access: Schema<ConflictAccess> = choice('write', 'range-delete', 'update', 'read', 'range');

const range: Schema<CheckedKeys> = record<CheckedKeys>({
  family: count,
  from: nullable(key),
  to: nullable(key),
  toIncluded: boolean,
});

/** The kinds of transactionEvents.ts. */
export const transactionEventSchemas: EventSchemas<TransactionEvent['kind']> = {
  'transaction.begin': record({
    transaction: count,
    isolation: choice('snapshot', 'serializable'),
    sequence: count,
  }),
  'transaction.write': record({
    transaction: count,
    entry: writeEntry,
    entries: count,
    sizeBytes: count,
  }),
  'transaction.read': record({
    transaction: count,
    family: count,
    key,
    purpose: choice('read', 'update'),
    own: boolean,
    found: boolean,
    valueSizeBytes: count,
    valuePreview: preview,
    checked: boolean,
    keysRead: count,
  }),
  'transaction.walk': record({ transaction: count, range, checked: boolean, rangesRead: count }),
  'transaction.savepoint': record({ transaction: count, savepoints: count }),
  'transaction.restore': record({
    transaction: count,
    savepoints: count,
    entries: count,
    sizeBytes: count,
  }),
  'transaction.check': record({ transaction: count, access, range, newestSequence: count }),
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
    access,
    newestSequence: count,
    snapshotSequence: count,
  }),
  'transaction.rollback': record({
    transaction: count,
    entries: count,
    reason: choice('asked', 'failed'),
  }),
};
