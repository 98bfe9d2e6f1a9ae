// What the events of maintenanceEvents.ts may look like; a part of eventSchema.ts.

import { words } from './eventShapes.ts';
import type { EventSchemas } from './eventSchema.ts';
import type { MaintenanceEvent } from './maintenanceEvents.ts';
import { choice, count, number, record } from './schema.ts';

/** The kinds of maintenanceEvents.ts. */
export const maintenanceEventSchemas: EventSchemas<MaintenanceEvent['kind']> = {
  'checkpoint.create': record({
    directory: words,
    sequence: count,
    tables: count,
    copiedBytes: count,
    durationMicros: number,
  }),
  'table.ingest': record({
    family: count,
    path: words,
    file: count,
    level: count,
    sequence: count,
    entries: count,
    manner: choice('copy', 'link', 'move'),
  }),
};
