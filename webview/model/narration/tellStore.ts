// Sentences of everything that keeps the store together: log segments, manifest, recovery, stalls,
// snapshots, errors.

import type { LsmEvent, LsmEventBody } from '../../../src/protocol/events.ts';
import { counted, formatBytes, formatCount, formatMicros } from '../format.ts';
import { fileText } from '../keyText.ts';

type Body<K extends LsmEventBody['kind']> = Extract<LsmEventBody, { readonly kind: K }>;

/** The sentence for an event of the store as a whole; `undefined` for other events. */
export function tellStore(event: LsmEvent): string | undefined {
  return tellLog(event) ?? tellRecovery(event) ?? tellControl(event);
}

function tellLog(event: LsmEvent): string | undefined {
  switch (event.kind) {
    case 'wal.rotate':
      return walRotate(event);
    case 'wal.delete':
      return (
        `Log ${fileText(event.wal)} is ${event.recycled ? 'kept to be used again' : 'deleted'}: ` +
        'every entry in it is in a table now.'
      );
    case 'manifest.edit':
      return manifestEdit(event);
    case 'manifest.rotate':
      return (
        `The manifest begins anew as ${event.to} (${formatBytes(event.sizeBytes)}); ` +
        `${event.from} had grown long.`
      );
    default:
      return undefined;
  }
}

function tellRecovery(event: LsmEvent): string | undefined {
  switch (event.kind) {
    case 'recovery.begin':
      return (
        `Opening: ${event.manifest} names the tables, then ` +
        `${counted(event.walSegments.length, 'log segment')} are replayed.`
      );
    case 'recovery.wal':
      return recoveryWal(event);
    case 'recovery.end':
      return (
        `Open after ${formatMicros(event.durationMicros)}: ${counted(event.tables, 'table')}, ` +
        `${counted(event.walEntries, 'entry', 'entries')} from the log, ` +
        `last write #${formatCount(event.lastSequence)}.`
      );
    case 'store.options':
      return `The store runs with other options now: ${optionsText(event)}.`;
    case 'store.close':
      return 'The store is closed: its log is synced, its lock is free.';
    default:
      return undefined;
  }
}

function tellControl(event: LsmEvent): string | undefined {
  switch (event.kind) {
    case 'stall.begin':
      return (
        `Writes ${event.severity === 'stop' ? 'wait' : 'are slowed down'}: ` +
        `${limitText(event)}.`
      );
    case 'stall.end':
      return `Writes run freely again after ${formatMicros(event.durationMicros)}.`;
    case 'snapshot.create':
      return (
        `A snapshot at #${formatCount(event.sequence)}: its reader sees nothing newer, and no ` +
        'merge may drop what it sees.'
      );
    case 'snapshot.release':
      return `Snapshot #${formatCount(event.sequence)} is released: what only it saw may go.`;
    case 'error':
      return `${event.message}${
        event.file === '' ? '' : ` (${event.file}, offset ${formatCount(event.offset)})`
      }`;
    case 'summary':
      if (event.leftOut === 0) return 'Every figure is exact.';
      return (
        `${counted(event.leftOut, 'step')} went by too fast to be shown; every figure is ` +
        'exact all the same.'
      );
    default:
      return undefined;
  }
}

function walRotate(event: Body<'wal.rotate'>): string {
  const { from, to, recycled } = event;
  const where = recycled === 0 ? '' : ` in the file of the former log ${fileText(recycled)}`;
  return (
    `Log ${fileText(from)} is closed and log ${fileText(to)} begins${where}, with the new ` +
    'memtable.'
  );
}

function manifestEdit(event: Body<'manifest.edit'>): string {
  const parts: string[] = [];
  const added = event.added[0];
  if (added !== undefined) {
    const what =
      event.added.length === 1
        ? `add ${fileText(added.table.file)}`
        : `add ${formatCount(event.added.length)} tables`;
    parts.push(`${what} to L${added.level}`);
  }
  const removed = event.removed[0];
  if (removed !== undefined) {
    const moved = event.added.some(({ table }) => table.file === removed.file);
    if (moved) parts.push(`no longer in L${removed.level}`);
    else parts.push(`let go of ${counted(event.removed.length, 'input')}`);
  }
  if (event.flushedMemtable > 0) {
    parts.push(`logs before ${fileText(event.oldestWal)} are no longer needed`);
  }
  const lastWrite = `the last write so far is #${formatCount(event.lastSequence)}`;
  const text = parts.length === 0 ? lastWrite : parts.join('; ');
  const line = `One line in ${event.manifest}: ${text}`;
  // Another engine's manifest does not say how long its sync took.
  if (event.syncMicros === 0) return `${line}; from that instant it was so.`;
  return `${line}. Synced in ${formatMicros(event.syncMicros)}, and from this instant it is so.`;
}

function recoveryWal(event: Body<'recovery.wal'>): string {
  const log = fileText(event.wal);
  const entries = counted(event.entries, 'entry', 'entries');
  const read = `${counted(event.records, 'record')} with ${entries}`;
  if (event.verdict === 'whole') return `Log ${log} is whole: ${read} go back into the memtable.`;
  if (event.verdict === 'given-up') {
    return `Log ${log} is given up whole: ${event.reason}, and a hole in the history is worse.`;
  }
  const end = event.verdict === 'torn' ? 'ends in a torn record' : 'is damaged';
  return (
    `Log ${log} ${end} at offset ${formatCount(event.stopOffset)}: ${read} are good; ` +
    `${event.reason}.`
  );
}

function limitText(event: Body<'stall.begin'>): string {
  switch (event.limit) {
    case 'l0-tables':
      return (
        `L0 has ${counted(event.value, 'table')}, the limit is ` +
        `${formatCount(event.limitValue)}; a compaction must catch up`
      );
    case 'immutable-memtables':
      return (
        `${counted(event.value, 'sealed memtable')} wait for their flush, the limit is ` +
        `${formatCount(event.limitValue)}`
      );
    case 'pending-bytes':
      return (
        `${formatBytes(event.value)} wait to be compacted, the limit is ` +
        `${formatBytes(event.limitValue)}`
      );
  }
}

function optionsText({ engineVersion, options }: Body<'store.options'>): string {
  const count = counted(Object.keys(options).length, 'option');
  return engineVersion === '' ? count : `${count} of version ${engineVersion}`;
}
