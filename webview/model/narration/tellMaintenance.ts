// Sentences of what is done to a store as a whole.

import type { LsmEvent } from '../../../src/protocol/events.ts';
import { counted, formatBytes, formatCount, formatMicros } from '../format.ts';
import { fileText } from '../keyText.ts';

/** The sentence for an event of maintenance; `undefined` for other events. */
export function tellMaintenance(event: LsmEvent): string | undefined {
  switch (event.kind) {
    case 'checkpoint.create':
      return (
        `A checkpoint at #${formatCount(event.sequence)} stands in ${event.directory}: ` +
        `${counted(event.tables, 'table')} shared, ${formatBytes(event.copiedBytes)} copied, in ` +
        `${formatMicros(event.durationMicros)}. It opens as a store of its own.`
      );
    case 'table.ingest':
      return (
        `${fileText(event.file)} comes from outside (${event.path}) and lies in L${event.level}: ` +
        `${counted(event.entries, 'entry', 'entries')}, all of them #` +
        `${formatCount(event.sequence)}, written without log or memtable.`
      );
    default:
      return undefined;
  }
}
