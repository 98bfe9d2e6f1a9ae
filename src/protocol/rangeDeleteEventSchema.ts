// What the events of range deletes may look like; a part of eventSchema.ts.

import { key } from './eventShapes.ts';
import type { EventSchemas } from './eventSchema.ts';
import type { RangeDeleteEvent } from './rangeDeleteEvents.ts';
import { count, record } from './schema.ts';

/** The kinds of rangeDeleteEvents.ts. */
export const rangeDeleteEventSchemas: EventSchemas<RangeDeleteEvent['kind']> = {
  'memtable.rangeDelete': record({
    family: count,
    memtable: count,
    operation: count,
    from: key,
    to: key,
    sequence: count,
    rangeDeletes: count,
    sizeBytes: count,
  }),
  'table.cover': record({ operation: count, level: count, file: count, coveredBy: count }),
};
