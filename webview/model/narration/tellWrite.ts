// Sentences of the write path: from the console through the log into the memtable.

import type {
  EntryKind,
  LsmEvent,
  LsmEventBody,
  SearchStep,
} from '../../../src/protocol/events.ts';
import { counted, formatBytes, formatCount, formatMicros } from '../format.ts';
import type { Frame } from '../frame.ts';
import { fileText, keyText, shortened } from '../keyText.ts';

type Body<K extends LsmEventBody['kind']> = Extract<LsmEventBody, { readonly kind: K }>;

/** The sentence for an event of the write path; `undefined` for other events. */
export function tellWrite(event: LsmEvent, frame: Frame): string | undefined {
  switch (event.kind) {
    case 'write.begin':
      return writeBegin(event);
    case 'write.group':
      return writeGroup(event);
    case 'wal.append':
      return walAppend(event);
    case 'wal.sync':
      return walSync(event, frame);
    case 'memtable.insert':
      return memtableInsert(event);
    case 'write.end':
      return writeEnd(event);
    default:
      return undefined;
  }
}

function writeBegin(event: Body<'write.begin'>): string {
  const first = event.entries[0];
  const wish = event.sync ? ', and it must survive a power failure' : '';
  if (event.entryCount !== 1 || first === undefined) {
    const entries = counted(event.entryCount, 'entry', 'entries');
    return `A batch of ${entries} arrives, ${formatBytes(event.sizeBytes)}: all or nothing${wish}.`;
  }
  const key = name(first.key);
  if (first.kind === 'delete') {
    return `${key} is to be deleted: a tombstone † will be written, nothing is removed yet${wish}.`;
  }
  if (first.kind === 'merge') {
    return (
      `${key} is to be merged with an operand of ${formatBytes(first.valueSizeBytes)}: it says ` +
      `what to do to the value, which nobody reads now${wish}.`
    );
  }
  return `${key} arrives with a value of ${formatBytes(first.valueSizeBytes)}${wish}.`;
}

function writeGroup(event: Body<'write.group'>): string {
  const writers = event.operations.length;
  const last = event.firstSequence + event.entries - 1;
  const numbers =
    event.entries === 1
      ? `sequence number #${formatCount(event.firstSequence)}`
      : `sequence numbers #${formatCount(event.firstSequence)} to #${formatCount(last)}`;
  if (writers <= 1) return `It gets ${numbers}: the order of all writes, for ever.`;
  return `${counted(writers, 'writer')} meet and share one log record; they get ${numbers}.`;
}

function walAppend(event: Body<'wal.append'>): string {
  const log = fileText(event.wal);
  const unsynced = event.walRecordsUnsynced;
  const risk =
    unsynced === null
      ? 'whether it is synced, no file tells'
      : unsynced > 0
        ? `not synced yet: ${counted(unsynced, 'record')} would be lost by a power failure`
        : 'durable at once';
  return (
    `Log ${log} grows by ${formatBytes(event.sizeBytes)} at offset ${formatCount(event.offset)}, ` +
    `before anything else changes; ${risk}.`
  );
}

function walSync(event: Body<'wal.sync'>, frame: Frame): string {
  const segment = frame.state.wal.segments.find((one) => one.file === event.wal);
  const saved = segment?.recordsUnsynced ?? 0;
  const what = saved > 0 ? counted(saved, 'record') : 'the log';
  const verb = saved > 1 ? 'are' : 'is';
  return (
    `Log ${fileText(event.wal)} is synced up to ${formatBytes(event.syncedBytes)} in ` +
    `${formatMicros(event.durationMicros)}: ${what} ${verb} now safe from a power failure.`
  );
}

/** What is inserted, when it is no value. */
const LEADS: Readonly<Partial<Record<EntryKind, string>>> = {
  delete: 'A tombstone †',
  'single-delete': 'A tombstone † for one put',
  merge: 'A merge operand',
};

function memtableInsert(event: Body<'memtable.insert'>): string {
  const compared = comparisons(event.path);
  const after = predecessor(event.path);
  const place = after === undefined ? 'at the front' : `after ${name(after)}`;
  const lead = LEADS[event.entryKind];
  const what = lead === undefined ? name(event.key) : `${lead} for ${name(event.key)}`;
  return (
    `${what} goes ${place} in memtable #${event.memtable}, found with ` +
    `${counted(compared, 'comparison')}; its tower is ${counted(event.height, 'level')} high.`
  );
}

function writeEnd(event: Body<'write.end'>): string {
  const time = formatMicros(event.durationMicros);
  if (event.durable) return `Acknowledged after ${time}: it will survive a power failure.`;
  return (
    `Acknowledged after ${time}: readers see it now, but until the log is synced a power failure ` +
    'would lose it.'
  );
}

/** A key as sentences name it. */
function name(key: Uint8Array): string {
  return shortened(keyText(key), 32);
}

/** Keys that the search looked at. */
function comparisons(path: readonly SearchStep[]): number {
  return path.reduce((count, step) => count + (step.key === null ? 0 : 1), 0);
}

/** The last key that the search passed: the new node's left neighbour. */
function predecessor(path: readonly SearchStep[]): Uint8Array | undefined {
  return path.findLast((step) => step.went === 'right' && step.key !== null)?.key ?? undefined;
}
