// Sentences of a read: each place says what it answered and what that cost.

import type { LsmEvent, LsmEventBody } from '../../../src/protocol/events.ts';
import { counted, formatBytes, formatCount, formatMicros, formatShare } from '../format.ts';
import type { Frame } from '../frame.ts';
import { fileText, keyText, shortened, valueText } from '../keyText.ts';
import { findTable } from '../selection.ts';

type Body<K extends LsmEventBody['kind']> = Extract<LsmEventBody, { readonly kind: K }>;

/** The sentence for an event of a get or a scan; `undefined` for other events. */
export function tellRead(event: LsmEvent, frame: Frame): string | undefined {
  switch (event.kind) {
    case 'get.begin':
      return getBegin(event);
    case 'memtable.lookup':
      return memtableLookup(event);
    case 'table.skip':
      return tableSkip(event, frame);
    case 'filter.check':
      return filterCheck(event);
    case 'index.seek':
      return indexSeek(event);
    case 'block.read':
      return blockRead(event);
    case 'block.search':
      return blockSearch(event);
    case 'get.operand':
      return operand(event);
    case 'get.merge':
      return merge(event);
    case 'get.end':
      return getEnd(event);
    default:
      return tellScan(event);
  }
}

function tellScan(event: LsmEvent): string | undefined {
  switch (event.kind) {
    case 'scan.begin': {
      const from = event.from === null ? 'the first key' : name(event.from);
      const to = event.to === null ? 'the last' : name(event.to);
      const way = event.reverse ? ', backwards' : '';
      return (
        `A scan from ${from} to ${to}${way} merges ${counted(event.sources, 'source')} and sees ` +
        `nothing above #${formatCount(event.sequence)}.`
      );
    }
    case 'scan.end': {
      const skipped = event.versionsSkipped + event.tombstonesSkipped;
      const passing =
        skipped === 0
          ? ''
          : `, passing over ${counted(event.versionsSkipped, 'older version')} and ` +
            counted(event.tombstonesSkipped, 'tombstone');
      return (
        `The scan gave ${counted(event.entries, 'entry', 'entries')} from ` +
        `${counted(event.blocksRead, 'block')} in ${formatMicros(event.durationMicros)}${passing}.`
      );
    }
    case 'cache.evict':
      return (
        `The block cache is full: the block at ${formatCount(event.offset)} of ` +
        `${fileText(event.file)}, not wanted again so far, makes room ` +
        `(${formatBytes(event.sizeBytes)}).`
      );
    default:
      return undefined;
  }
}

function getBegin(event: Body<'get.begin'>): string {
  const limit = event.snapshot ? 'a snapshot: nothing above' : 'everything up to';
  return (
    `Looking for ${name(event.key)}, newest place first; it sees ${limit} ` +
    `#${formatCount(event.sequence)}.`
  );
}

const MEMTABLE_ANSWERS = {
  found: 'found',
  tombstone: 'a tombstone † says it was deleted',
  operand: 'found a merge operand, which alone is no value',
};

function memtableLookup(event: Body<'memtable.lookup'>): string {
  const where = event.immutable ? 'Sealed memtable' : 'Memtable';
  const compared = event.path.filter((step) => step.key !== null).length;
  // Another engine's memtable was never searched: its log was.
  const effort = compared === 0 ? '' : `, after ${counted(compared, 'comparison')}`;
  const passed =
    event.passedOver === 0 ? '' : `, passing over ${counted(event.passedOver, 'newer version')}`;
  if (event.result === 'absent') {
    return `${where} #${event.memtable}: not there${effort}${passed}; on to what is older.`;
  }
  const what = MEMTABLE_ANSWERS[event.result];
  return (
    `${where} #${event.memtable}: ${what}, #${formatCount(event.sequence)}` + `${effort}${passed}.`
  );
}

function tableSkip(event: Body<'table.skip'>, frame: Frame): string {
  if (event.reason === 'prefix-filter') {
    return `${place(event)} is skipped: its filter says that no key in it has this prefix.`;
  }
  const keys = range(event.file, frame);
  return `${place(event)} is skipped: the key lies outside its range${keys}.`;
}

function filterCheck(event: Body<'filter.check'>): string {
  const unset = event.probes.find((probe) => !probe.set);
  const count = event.probes.length;
  if (event.probesMax === 0) return unprobedFilter(event);
  if (event.filterKind !== undefined) return parityCheck(event, FILTER_WORDS[event.filterKind]);
  if (event.verdict === 'absent' && unset !== undefined) {
    return (
      `${place(event)}: probe ${count} of ${event.probesMax} finds bit ` +
      `0x${unset.bit.toString(16)} unset, so the key is definitely not here: one block read saved.`
    );
  }
  return (
    `${place(event)}: all ${count} bits are set, so the key may be here ` +
    `(wrong ${formatShare(event.predictedFalsePositiveRate)} of the time), and it is searched.`
  );
}

const FILTER_WORDS = { ribbon: 'ribbon', fuse: 'fuse filter' } as const;

function unprobedFilter(event: Body<'filter.check'>): string {
  return event.verdict === 'absent'
    ? `${place(event)}: its filter is empty, so the key is definitely not here.`
    : `${place(event)}: its filter cannot say whether the key is here, and it is searched.`;
}

function parityCheck(event: Body<'filter.check'>, filter: string): string {
  const count = event.probes.length;
  if (event.verdict === 'absent') {
    return (
      `${place(event)}: column ${count} of ${event.probesMax} of its ${filter} has another ` +
      `parity than the key asks, so the key is definitely not here: one block read saved.`
    );
  }
  return (
    `${place(event)}: all ${count} columns of its ${filter} have the parity that the key asks, ` +
    `so the key may be here (wrong ${formatShare(event.predictedFalsePositiveRate)} of the time)` +
    `, and it is searched.`
  );
}

function indexSeek(event: Body<'index.seek'>): string {
  if (event.block < 0) {
    return `${place(event)}: its index knows no block that could hold the key.`;
  }
  const steps = event.steps.length;
  const way = steps === 0 ? '' : `, after ${counted(steps, 'halving')} of its index`;
  const block = `block ${event.block} of ${formatCount(event.blocks)}`;
  return `${place(event)}: ${block} is the one to look in${way}.`;
}

function blockRead(event: Body<'block.read'>): string {
  const block = `Block ${event.block} of ${fileText(event.file)}`;
  if (event.cacheHit) return `${block} is in the cache: no disk read.`;
  return (
    `${block} comes from disk: ${formatBytes(event.sizeBytes)} at offset ` +
    `${formatCount(event.offset)} in ${formatMicros(event.durationMicros)}, checksum good.`
  );
}

function blockSearch(event: Body<'block.search'>): string {
  const halvings = event.steps.length;
  const effort =
    (halvings === 0 ? '' : `${counted(halvings, 'halving')} of the restart points and `) +
    `${counted(event.entriesDecoded, 'entry', 'entries')} decoded`;
  const where = `Block ${event.block} of ${fileText(event.file)}`;
  if (event.result === 'found') {
    return `${where} holds it as #${formatCount(event.sequence)}: ${effort}.`;
  }
  if (event.result === 'operand') {
    return `${where} holds a merge operand #${formatCount(event.sequence)}: ${effort}.`;
  }
  if (event.result === 'tombstone') {
    return `${where} holds a tombstone † #${formatCount(event.sequence)}: deleted; ${effort}.`;
  }
  if (event.falsePositive) {
    return `${where} does not hold it: the filter lied, a block read for nothing; ${effort}.`;
  }
  return `${where} does not hold it: ${effort}.`;
}

function operand(event: Body<'get.operand'>): string {
  const what = shortened(valueText(event.operandPreview, event.operandSizeBytes), 24);
  const count = event.operands === 1 ? 'the newest operand' : `operand ${event.operands}`;
  return (
    `${what} #${formatCount(event.sequence)} ${source(event)} is ${count}: it says what to do to ` +
    'the value, so what is older is needed, too.'
  );
}

function merge(event: Body<'get.merge'>): string {
  const operands = counted(event.operands, 'operand');
  const base = event.baseSequence === 0 ? 'no value' : `#${formatCount(event.baseSequence)}`;
  if (event.outcome === 'failed') {
    return `${operands} onto ${base}: the operator “${event.operator}” made no value of them.`;
  }
  const value = shortened(valueText(event.valuePreview, event.valueSizeBytes), 24);
  return (
    `${operands} onto ${base}, oldest first, by “${event.operator}”: ${value} ` +
    `(${formatMicros(event.durationMicros)}).`
  );
}

function getEnd(event: Body<'get.end'>): string {
  const blocks = event.blocksRead + event.blocksFromCache;
  const looked =
    blocks === 0
      ? 'no block was needed'
      : `${counted(blocks, 'block')} looked at ` +
        `(${formatCount(event.blocksFromCache)} from the cache)`;
  const ruledOut =
    event.filterNegatives === 0
      ? ''
      : `, ${counted(event.filterNegatives, 'table')} ruled out by filters`;
  const cost = `${formatMicros(event.durationMicros)}, ${looked}${ruledOut}`;
  if (event.result === 'failed') {
    return `No value: its ${counted(event.operands, 'merge operand')} make none. ${cost}.`;
  }
  if (event.result === 'absent') return `Not in the store: every place was asked. ${cost}.`;
  if (event.coveredBy > 0 && event.coveredBy === event.sequence) {
    return `Deleted: the range delete #${formatCount(event.coveredBy)} covers it. ${cost}.`;
  }
  if (event.result === 'expired') {
    return `Expired: #${formatCount(event.sequence)} was written too long ago. ${cost}.`;
  }
  if (event.result === 'tombstone') {
    return (
      `Deleted: the newest version, #${formatCount(event.sequence)}, is a tombstone †. ` +
      `${cost}.`
    );
  }
  const value = shortened(valueText(event.valuePreview, event.valueSizeBytes), 24);
  if (event.operands > 0) {
    return (
      `Found ${value}, merged of ${counted(event.operands, 'operand')}; the newest is ` +
      `#${formatCount(event.sequence)} ${source(event)}. ${cost}.`
    );
  }
  return `Found ${value} as #${formatCount(event.sequence)} ${source(event)}. ${cost}.`;
}

function source(event: Body<'get.end'> | Body<'get.operand'>): string {
  if (event.source === 'table') return `in L${event.level} ${fileText(event.file)}`;
  return event.source === 'immutable' ? 'in a sealed memtable' : 'in the memtable';
}

function place(event: { readonly level: number; readonly file: number }): string {
  return `L${event.level} ${fileText(event.file)}`;
}

/** ` a … b`, or nothing when the table is not known. */
function range(file: number, frame: Frame): string {
  const table = findTable(frame.state, file)?.table;
  return table === undefined ? '' : ` ${name(table.smallestKey)} … ${name(table.largestKey)}`;
}

function name(key: Uint8Array): string {
  return shortened(keyText(key), 32);
}
