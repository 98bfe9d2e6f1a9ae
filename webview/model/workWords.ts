// Work that takes its time in words: how far it is, and one sentence about how it ended. Pure.

import type { Progress, Reply } from '../../src/protocol/messages.ts';
import { counted, formatBytes, formatCount } from './format.ts';

/** `verifying default: 1 200 of 2 000 entries`; `reading MANIFEST-000004: 3.1 MiB of 12 MiB`. */
export function progressText({ done, total, unit, message }: Progress): string {
  const amount = (count: number): string =>
    unit === 'bytes' ? formatBytes(count) : formatCount(count);
  const of = total > 0 ? ` of ${amount(total)}` : '';
  const far = `${amount(done)}${of}${unit === 'bytes' ? '' : ` ${unit}`}`;
  return message === '' ? far : `${message}: ${far}`;
}

/** How a copy into a directory ended. */
export function copyEnded(reply: Reply, into: string): string {
  if (isCancelled(reply)) return `Copying was stopped: none of its entries are left in ${into}.`;
  if (reply.kind !== 'copied') return failure(reply);
  return `${counted(reply.entries, 'entry', 'entries')} copied, each read back as it was.`;
}

/** How the counting of a directory's tables ended. `last`: how far it was. */
export function countEnded(reply: Reply, last: Progress | undefined): string {
  if (isCancelled(reply)) {
    if (last === undefined) return 'Counting was stopped before the first table.';
    const far = `${formatCount(last.done)} of ${formatCount(last.total)} tables`;
    return `Counting was stopped after ${far}: the others stay uncounted.`;
  }
  if (reply.kind !== 'stats') return failure(reply);
  const { tables, tableEntries, tombstones } = reply.stats;
  const entries = counted(tableEntries, 'entry', 'entries');
  return `${counted(tables, 'table')} counted: ${entries}, ${formatCount(tombstones)} tombstones.`;
}

/** How an import of a file ended; what is wrong with its lines follows below. */
export function importEnded(reply: Reply, wasStopped: boolean): string {
  if (reply.kind !== 'import') return failure(reply);
  const { imported, skipped } = reply.report;
  const entries = counted(imported, 'entry', 'entries');
  const what = `${entries} imported, ${counted(skipped, 'line')} skipped`;
  return wasStopped ? `The import was stopped: ${what}, and they stay.` : `${what}.`;
}

function isCancelled(reply: Reply): boolean {
  return reply.kind === 'error' && reply.code === 'CANCELLED';
}

function failure(reply: Reply): string {
  return reply.kind === 'error' ? reply.message : 'Done.';
}
