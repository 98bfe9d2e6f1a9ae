// How many operations there were, by the engine's counters and by the events seen: the difference
// is what was left out.

import type { Counters, LsmEvent, LsmEventKind } from '../../protocol/events.ts';

/** The one event that each entry written, each get and each scan gives. */
const MARKS: ReadonlySet<LsmEventKind> = new Set<LsmEventKind>([
  'memtable.insert',
  'get.end',
  'scan.end',
]);

/** Whether the event stands for one operation. */
export function marksOperation(kind: LsmEventKind): boolean {
  return MARKS.has(kind);
}

/** Operations that these events stand for. */
export function operationsIn(events: readonly LsmEvent[]): number {
  let operations = 0;
  for (const event of events) if (MARKS.has(event.kind)) operations++;
  return operations;
}

/** Entries written, gets and scans since the store was opened. */
export function operationsSoFar({ puts, deletes, gets, scans }: Counters): number {
  return puts + deletes + gets + scans;
}
