// Sentences of a flush, and of a table growing, whoever writes it.

import type { LsmEvent, LsmEventBody } from '../../../src/protocol/events.ts';
import { counted, formatBytes, formatCount, formatMicros, formatShare } from '../format.ts';
import type { Frame } from '../frame.ts';
import { fileText, keyText, shortened } from '../keyText.ts';

type Body<K extends LsmEventBody['kind']> = Extract<LsmEventBody, { readonly kind: K }>;

const WHY: Readonly<Record<Body<'flush.begin'>['reason'], string>> = {
  full: 'it is full',
  manual: 'a flush was asked for',
  close: 'the store is closing',
  'large-value': 'a value larger than it needs room of its own',
  recovery: 'recovery filled it',
  'wal-full': 'its oldest entries kept the log from getting shorter',
};

/** The sentence for an event of a flush or of a growing table; `undefined` for other events. */
export function tellFlush(event: LsmEvent, frame: Frame): string | undefined {
  switch (event.kind) {
    case 'memtable.seal':
      return (
        `Memtable #${event.memtable} is sealed with ` +
        `${counted(event.entries, 'entry', 'entries')} ` +
        `(${formatBytes(event.sizeBytes)}) because ${WHY[event.reason]}; ` +
        `#${event.next.memtable} takes the writes from now on.`
      );
    case 'flush.begin':
      // Another engine's past: which memtable it was, nobody has written down.
      if (event.memtable === 0) return `A full memtable becomes table ${fileText(event.file)}.`;
      return (
        `Memtable #${event.memtable} is written to table ${fileText(event.file)}: ` +
        `${counted(event.entries, 'entry', 'entries')} in key order; writing goes on meanwhile.`
      );
    case 'flush.progress':
      return flushProgress(event, frame);
    case 'flush.end':
      return flushEnd(event);
    default:
      return tellTable(event);
  }
}

function tellTable(event: LsmEvent): string | undefined {
  switch (event.kind) {
    case 'table.entry':
      return tableEntry(event);
    case 'table.block':
      return tableBlock(event);
    case 'table.filter':
      return (
        `The filter of ${fileText(event.file)} is ready: ${counted(event.keys, 'key')} set ` +
        `${formatCount(event.bitsSet)} of ${formatCount(event.bitCount)} bits, ` +
        `${event.probes} a key; it will be wrong ` +
        `${formatShare(event.predictedFalsePositiveRate)} of the time.`
      );
    case 'table.create':
      return tableCreate(event);
    case 'table.delete':
      return `Table ${fileText(event.file)} is deleted from disk: no reader needs it any more.`;
    default:
      return undefined;
  }
}

function flushProgress(event: Body<'flush.progress'>, frame: Frame): string {
  const job = frame.state.jobs.find((one) => one.kind === 'flush' && one.job === event.job);
  const total = job?.entries ?? 0;
  const share = total > 0 ? ` (${formatShare(event.entriesDone / total)})` : '';
  return (
    `${counted(event.entriesDone, 'entry', 'entries')} written${share}, ` +
    `${formatBytes(event.bytesWritten)} so far.`
  );
}

function flushEnd(event: Body<'flush.end'>): string {
  if (event.outcome !== 'done') {
    return (
      `The flush ${event.outcome === 'failed' ? 'failed' : 'was cancelled'}: the log still ` +
      'holds every entry.'
    );
  }
  const wrote = `wrote ${formatBytes(event.bytesWritten)} to ${fileText(event.file)}`;
  // Another engine's manifest does not say how long it took.
  if (event.durationMicros === 0) return `The flush ${wrote}.`;
  return `The flush took ${formatMicros(event.durationMicros)} and ${wrote}.`;
}

function tableCreate({ table, syncMicros }: Body<'table.create'>): string {
  const size = formatBytes(table.sizeBytes);
  const name = `Table ${fileText(table.file)}`;
  if (table.uncounted === true) return `${name} is whole: ${size}. The tree does not know it yet.`;
  return (
    `${name} is whole and synced in ${formatMicros(syncMicros)}: ` +
    `${counted(table.entries, 'entry', 'entries')}, ${size}. The tree does not know it yet.`
  );
}

function tableEntry(event: Body<'table.entry'>): string {
  const key = shortened(keyText(event.key), 32);
  const mark = event.entryKind === 'delete' ? ' † ' : ' ';
  const storage =
    event.restart || event.sharedBytes === 0
      ? 'its key is written in full: a search can start here'
      : `${counted(event.sharedBytes, 'byte')} of its key are shared with the key before and ` +
        'not stored';
  return (
    `${key}${mark}#${formatCount(event.sequence)} goes into block ${event.block} of ` +
    `${fileText(event.file)}; ${storage}.`
  );
}

function tableBlock(event: Body<'table.block'>): string {
  const file = fileText(event.file);
  const size = formatBytes(event.sizeBytes);
  switch (event.blockKind) {
    case 'data':
      return (
        `Block ${event.block} of ${file} closes with ` +
        `${counted(event.entries, 'entry', 'entries')}: ${shrunk(event)}, sealed by a checksum.`
      );
    case 'filter':
      return `The filter of ${file} is written, ${size}: it will save block reads for absent keys.`;
    case 'index':
      return `The index of ${file} is written, ${size}: it leads from a key to its block.`;
    case 'range-tombstones':
      return (
        `${counted(event.entries, 'range delete')} of ${file} are written, ${size}: readers ask ` +
        'them before the entries.'
      );
    case 'properties':
      return `The properties of ${file} are written, ${size}: counts, key range and sequences.`;
    case 'footer':
      return (
        `The footer ends ${file} at ${formatBytes(event.fileSizeBytes)}: ` +
        'it says where all the rest is.'
      );
  }
}

function shrunk({ rawSizeBytes, sizeBytes, compression }: Body<'table.block'>): string {
  if (compression === 'none') return formatBytes(sizeBytes);
  return `${formatBytes(rawSizeBytes)} become ${formatBytes(sizeBytes)} by ${compression}`;
}
