// Sentences of column families that come and go.

import type { LsmEvent } from '../../../src/protocol/events.ts';
import { shortened } from '../keyText.ts';

/** The sentence for an event of a column family; `undefined` for other events. */
export function tellFamily(event: LsmEvent): string | undefined {
  switch (event.kind) {
    case 'family.create':
      return (
        `Column family ${shortened(event.name, 32)} is made: a key space with ` +
        'memtable and levels of its own. It shares the log, so one write can change several ' +
        'families.'
      );
    case 'family.drop':
      return (
        `Column family ${shortened(event.name, 32)} is dropped with all it holds: one edit ` +
        'of the manifest, then its files go.'
      );
    default:
      return undefined;
  }
}
