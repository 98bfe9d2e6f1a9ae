// What the events of column families may look like; a part of eventSchema.ts.

import type { EventSchemas } from './eventSchema.ts';
import { levelTarget, words } from './eventShapes.ts';
import type { FamilyEvent } from './familyEvents.ts';
import { count, list, record } from './schema.ts';

/** The kinds of familyEvents.ts. */
export const familyEventSchemas: EventSchemas<FamilyEvent['kind']> = {
  'family.create': record({
    family: count,
    name: words,
    memtable: record({ memtable: count, capacityBytes: count }),
    levels: list(levelTarget, 1000),
  }),
  'family.drop': record({ family: count, name: words }),
};
