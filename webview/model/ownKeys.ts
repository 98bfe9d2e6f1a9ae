// Keys as decoded are views of the message they came in, and a state holds them for as long as the
// table or the entry lives: each would keep its whole message in memory. So those keys are copied.

import type { LsmEvent, TableInfo } from '../../src/protocol/events.ts';

/** The event with keys of its own where a state will hold them for long. */
export function withOwnKeys(event: LsmEvent): LsmEvent {
  switch (event.kind) {
    case 'memtable.insert':
      return { ...event, key: event.key.slice() };
    case 'table.create':
      return { ...event, table: ownTable(event.table) };
    case 'manifest.edit': {
      const added = event.added.map(({ level, table }) => ({ level, table: ownTable(table) }));
      return { ...event, added };
    }
    default:
      return event;
  }
}

function ownTable(table: TableInfo): TableInfo {
  const { smallestKey, largestKey } = table;
  return { ...table, smallestKey: smallestKey.slice(), largestKey: largestKey.slice() };
}
