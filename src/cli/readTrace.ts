// The steps of a get as lines for people: one place after another, newest first, with what each
// answered and what that cost.
//
//   get user:0042 as of sequence 1 204
//   memtable 9           not there
//   L0 table 12          passed over: the key lies outside its range
//   L0 table 7  index    block 3 of 12, after 4 comparisons
//               filter   probe 2 of 7 finds bit 815 unset: certainly not here
//   L1 table 5  index    block 0 of 4, after 2 comparisons
//               filter   all 7 bits are set: maybe here, wrong 0.82 % of the time
//               block 0  3.9 KiB at byte 0 from disk in 31 µs
//                        holds it as #77, after 5 entries
//   found in L1 table 5 as #77, 100 B; 2 tables asked, 1 spared by its filter, 1 block in 96 µs

import type { LsmEventBody } from '../protocol/events.ts';
import { keyText } from '../protocol/keyText.ts';
import { formatBytes, formatCount, plural } from './format.ts';

type Body<Kind extends LsmEventBody['kind']> = Extract<LsmEventBody, { readonly kind: Kind }>;

/** A line: where it happened, in which part of that, and what. */
type Row = readonly [place: string, part: string, what: string];

const KEY_CHARACTERS_MAX = 60;
const HOLDS = {
  found: 'holds it',
  operand: 'holds a merge operand',
  tombstone: 'holds a tombstone',
};
const MEMTABLE_NAMES = { memtable: 'the memtable', immutable: 'a sealed memtable', none: '' };

/** All steps of one get, a line each. */
export function describeReadSteps(steps: readonly LsmEventBody[]): string {
  const [first, ...others] = steps;
  const last = others.at(-1);
  const rows = others.map(rowOf).filter((row) => row !== undefined);
  const placeWidth = Math.max(0, ...rows.map(([place]) => place.length));
  const partWidth = Math.max(0, ...rows.map(([, part]) => part.length));
  let above = '';
  const lines = rows.map(([place, part, what]) => {
    const shown = place === above ? '' : place;
    above = place;
    return `${shown.padEnd(placeWidth)}  ${part.padEnd(partWidth)}  ${what}`;
  });
  const head = first?.kind === 'get.begin' ? [beginLine(first)] : [];
  const end = last?.kind === 'get.end' ? [endLine(last)] : [];
  return `${[...head, ...lines, ...end].join('\n')}\n`;
}

function beginLine({ key, sequence }: Body<'get.begin'>): string {
  return `get ${keyText(key, KEY_CHARACTERS_MAX)} as of sequence ${formatCount(sequence)}`;
}

function rowOf(step: LsmEventBody): Row | undefined {
  switch (step.kind) {
    case 'memtable.lookup':
      return [
        `${step.immutable ? 'sealed memtable' : 'memtable'} ${step.memtable}`,
        '',
        answer(step.result, step.sequence, ''),
      ];
    case 'table.skip':
      return [tableName(step), '', `passed over: ${skipReason(step)}`];
    case 'index.seek':
      return [tableName(step), 'index', indexAnswer(step)];
    case 'filter.check':
      return [tableName(step), 'filter', filterAnswer(step)];
    case 'block.read':
      return ['', `block ${step.block}`, blockSource(step)];
    case 'block.search':
      return ['', '', answer(step.result, step.sequence, searchEffort(step))];
    case 'get.operand':
      return ['', '', operandText(step)];
    case 'get.merge':
      return ['', 'merge', mergeText(step)];
    default:
      return undefined;
  }
}

function operandText({ operands, sequence, operandSizeBytes }: Body<'get.operand'>): string {
  const size = formatBytes(operandSizeBytes);
  return `operand ${formatCount(operands)}: #${formatCount(sequence)}, ${size}`;
}

function mergeText(step: Body<'get.merge'>): string {
  const onto = step.baseSequence === 0 ? 'no value' : `#${formatCount(step.baseSequence)}`;
  const made =
    step.outcome === 'merged' ? formatBytes(step.valueSizeBytes) : 'nothing: the operator failed';
  const operands = plural(step.operands, 'operand');
  return `${operands} onto ${onto} by "${step.operator}" make ${made}`;
}

function tableName({ level, file }: { readonly level: number; readonly file: number }): string {
  return `L${level} table ${file}`;
}

function answer(
  result: Body<'memtable.lookup'>['result'],
  sequence: number,
  effort: string,
): string {
  if (result === 'absent') return `not there${effort}`;
  return `${HOLDS[result]} as #${formatCount(sequence)}${effort}`;
}

function skipReason({ reason }: Body<'table.skip'>): string {
  return reason === 'key-range'
    ? 'the key lies outside its range'
    : 'its filter has no key of this prefix';
}

function indexAnswer({ block, blocks, steps }: Body<'index.seek'>): string {
  if (block < 0) return `none of its ${plural(blocks, 'block')} can hold the key`;
  return `block ${block} of ${formatCount(blocks)}, after ${plural(steps.length, 'comparison')}`;
}

function filterAnswer(step: Body<'filter.check'>): string {
  const { probes, probesMax, verdict, predictedFalsePositiveRate } = step;
  if (verdict === 'maybe') {
    const share = (predictedFalsePositiveRate * 100).toFixed(2);
    return `all ${plural(probes.length, 'bit')} are set: maybe here, wrong ${share} % of the time`;
  }
  const unset = probes.at(-1);
  if (unset === undefined) return 'empty: certainly not here';
  return `probe ${probes.length} of ${probesMax} finds bit ${unset.bit} unset: certainly not here`;
}

function blockSource(step: Body<'block.read'>): string {
  const size = `${formatBytes(step.sizeBytes)} at byte ${formatCount(step.offset)}`;
  if (step.cacheHit) return `${size}, in the cache`;
  const raw = step.rawSizeBytes > step.sizeBytes ? `, ${formatBytes(step.rawSizeBytes)} raw` : '';
  return `${size}${raw}, from disk in ${formatCount(step.durationMicros)} µs`;
}

function searchEffort({ steps, entriesDecoded, falsePositive }: Body<'block.search'>): string {
  const halvings = steps.length === 0 ? '' : `${plural(steps.length, 'restart point')} and `;
  const effort = `, after ${halvings}${plural(entriesDecoded, 'entry', 'entries')}`;
  return falsePositive ? `${effort}: the filter was wrong` : effort;
}

function endLine(step: Body<'get.end'>): string {
  const blocks = step.blocksRead + step.blocksFromCache;
  const cached = step.blocksFromCache === 0 ? '' : ` (${step.blocksFromCache} in the cache)`;
  const effort =
    `${plural(step.tablesConsidered, 'table')} asked, ${step.filterNegatives} spared by filters, ` +
    `${plural(blocks, 'block')} read${cached}, ${formatCount(step.durationMicros)} µs`;
  return `${outcome(step)}; ${effort}`;
}

function outcome(step: Body<'get.end'>): string {
  const where = step.source === 'table' ? tableName(step) : MEMTABLE_NAMES[step.source];
  const version = `#${formatCount(step.sequence)}`;
  switch (step.result) {
    case 'found':
      return `found in ${where} as ${version}, ${formatBytes(step.valueSizeBytes)}`;
    case 'expired':
      return `expired: ${version} in ${where} was written too long ago`;
    case 'tombstone':
      return step.coveredBy > 0 && step.coveredBy === step.sequence
        ? `deleted by the range delete ${version} in ${where}`
        : `deleted: ${version} in ${where} is a tombstone`;
    case 'failed':
      return `${plural(step.operands, 'merge operand')}, which make no value`;
    case 'absent':
      return 'not in the store: every place was asked';
  }
}
