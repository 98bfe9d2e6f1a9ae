// Sentences of range deletes: where one is kept, and that it ends a search.

import type { LsmEvent } from '../../../src/protocol/events.ts';
import { counted, formatCount } from '../format.ts';
import { fileText, keyText, shortened } from '../keyText.ts';

/** The sentence for an event of range deletes; `undefined` for other events. */
export function tellRangeDelete(event: LsmEvent): string | undefined {
  switch (event.kind) {
    case 'memtable.rangeDelete':
      return (
        `A range delete † from ${name(event.from)} to before ${name(event.to)} is kept aside in ` +
        `memtable #${event.memtable}, which has ${counted(event.rangeDeletes, 'range delete')} ` +
        `now: it hides what is older than #${formatCount(event.sequence)} there.`
      );
    case 'table.cover':
      return (
        `L${event.level} ${fileText(event.file)}: its range delete ` +
        `#${formatCount(event.coveredBy)} covers the key, so only a newer version in this very ` +
        'table could still be seen; no deeper place is asked.'
      );
    default:
      return undefined;
  }
}

function name(key: Uint8Array): string {
  return shortened(keyText(key), 32);
}
