// What a place says about a read, in words: its answer and its cost.

import { counted, formatBytes, formatCount, formatMicros } from '../../model/format.ts';
import { sequenceText } from '../drawing/figures.ts';
import type { Tone } from '../drawing/mark.ts';
import type { GetEnd, Place } from './places.ts';

export interface Answer {
  readonly words: string;
  readonly tone: Tone;
  /** Ends the search: a version or a tombstone. */
  readonly final: boolean;
  readonly cost: string;
}

/** The answer of a place so far. */
export function answerOf(place: Place): Answer {
  if (place.stage === 'ahead') return plain('not asked yet', '');
  if (place.stage === 'spared') return plain('not asked: the answer is above', '');
  if (place.lookup !== undefined) return memtableAnswer(place.lookup);
  if (place.skipped) return plain('its range does not hold the key', 'nothing read');
  if (place.check?.verdict === 'absent') {
    const { probes, probesMax } = place.check;
    const words = `filter: definitely not (probe ${probes.length} of ${probesMax})`;
    return { ...plain(words, 'block read saved'), tone: 'good' };
  }
  return tableAnswer(place);
}

function plain(words: string, cost: string): Answer {
  return { words, cost, tone: 'dim', final: false };
}

function memtableAnswer(lookup: NonNullable<Place['lookup']>): Answer {
  const comparisons = lookup.path.filter(({ key }) => key !== null).length;
  const cost = comparisons === 0 ? '' : counted(comparisons, 'comparison');
  return { ...verdict(lookup, ''), cost };
}

function tableAnswer(place: Place): Answer {
  const { check, seek, read, search } = place;
  const cost = read === undefined ? '' : readCost(read);
  const asked = check === undefined ? '' : 'filter: maybe';
  if (search !== undefined) {
    const lead = search.falsePositive ? 'the filter lied' : `block ${formatCount(search.block)}`;
    const answer = verdict(search, lead);
    return search.falsePositive ? { ...answer, cost, tone: 'bad' } : { ...answer, cost };
  }
  const block = read?.block ?? seek?.block ?? -1;
  const way = seek === undefined ? '' : block < 0 ? ', no block' : `, block ${formatCount(block)}`;
  return { words: `${asked}${way}`, tone: 'reading', final: false, cost };
}

function readCost({ cacheHit, sizeBytes, durationMicros }: NonNullable<Place['read']>): string {
  const size = formatBytes(sizeBytes);
  return cacheHit ? `${size} from cache` : `${size} from disk, ${formatMicros(durationMicros)}`;
}

interface Result {
  readonly result: 'found' | 'tombstone' | 'operand' | 'absent';
  readonly sequence: number;
  readonly passedOver: number;
}

function verdict({ result, sequence, passedOver }: Result, lead: string): Omit<Answer, 'cost'> {
  const before = lead === '' ? '' : `${lead}: `;
  const passed = passedOver === 0 ? '' : `, ${formatCount(passedOver)} newer passed over`;
  if (result === 'found') {
    return {
      words: `${before}found ${sequenceText(sequence)}${passed}`,
      tone: 'good',
      final: true,
    };
  }
  if (result === 'operand') {
    const words = `${before}an operand ${sequenceText(sequence)}${passed}; on to what is older`;
    return { words, tone: 'writing', final: false };
  }
  if (result === 'tombstone') {
    const words = `${before}† deleted by ${sequenceText(sequence)}${passed}`;
    return { words, tone: 'tombstone', final: true };
  }
  return { words: `${before}not there${passed}`, tone: 'dim', final: false };
}

/** What the whole read cost so far, the longest part first to go when there is little room. */
export function sumOf(places: readonly Place[], end: GetEnd | undefined): readonly string[] {
  const asked = places.filter(({ stage }) => stage === 'past' || stage === 'now');
  const comparisons = asked.reduce(
    (sum, { lookup }) => sum + (lookup?.path.filter(({ key }) => key !== null).length ?? 0),
    0,
  );
  const filters = asked.filter(({ check }) => check !== undefined);
  const saved = filters.filter(({ check }) => check?.verdict === 'absent').length;
  const reads = asked.flatMap(({ read }) => (read === undefined ? [] : [read]));
  const bytes = reads.reduce((sum, read) => sum + (read.cacheHit ? 0 : read.sizeBytes), 0);
  const parts = [
    ...(comparisons === 0 ? [] : [counted(comparisons, 'comparison')]),
    `${counted(filters.length, 'filter')}${saved > 0 ? ` (${saved} saved a read)` : ''}`,
    `${counted(reads.length, 'block')}${bytes > 0 ? ` (${formatBytes(bytes)} from disk)` : ''}`,
  ];
  return end === undefined ? parts : [formatMicros(end.durationMicros), ...parts];
}
