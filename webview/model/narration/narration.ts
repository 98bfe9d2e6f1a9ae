// What happens, as one plain sentence a step, with the real keys, files, sequence numbers, bytes
// and microseconds, and why. It is what makes the picture teach; screen readers hear it too. Pure.

import type { LsmEvent, LsmEventBody } from '../../../src/protocol/events.ts';
import { keyText, shortened } from '../keyText.ts';
import type { Frame } from '../frame.ts';
import { counted, formatBytes, formatShortCount } from '../format.ts';
import { tellCompaction } from './tellCompaction.ts';
import { tellFlush } from './tellFlush.ts';
import { tellMaintenance } from './tellMaintenance.ts';
import { tellRangeDelete } from './tellRangeDelete.ts';
import { tellRead } from './tellRead.ts';
import { tellStore } from './tellStore.ts';
import { tellFamily } from './tellFamily.ts';
import { tellTransaction } from './tellTransaction.ts';
import { tellWrite } from './tellWrite.ts';

/** The narration line: who acts, and what is happening. */
export interface Narration {
  /** Such as `get user:0500` or `compaction #31`; may be empty. */
  readonly subject: string;
  readonly sentence: string;
}

/** The narration of what a frame shows. */
export function narrate(frame: Frame): Narration {
  const flow = frame.flow === null ? '' : flowSentence(frame);
  if (flow !== '') return { subject: 'flow', sentence: flow };
  if (frame.event === null) return { subject: '', sentence: quietSentence(frame) };
  return {
    subject: subjectOf(frame.event, frame.recent),
    sentence: tellEvent(frame.event, frame),
  };
}

/** One sentence for one event. */
export function tellEvent(event: LsmEvent, frame: Frame): string {
  const sentence =
    tellWrite(event, frame) ??
    tellRead(event, frame) ??
    tellFlush(event, frame) ??
    tellCompaction(event) ??
    tellTransaction(event, frame) ??
    tellMaintenance(event) ??
    tellRangeDelete(event) ??
    tellFamily(event) ??
    tellStore(event);
  return sentence ?? '';
}

/** Who acts: the operation as it would be typed, or the job. */
export function subjectOf(event: LsmEvent, recent: readonly LsmEvent[]): string {
  for (const candidate of [event, ...recent]) {
    const subject = operationText(candidate);
    if (subject !== '') return subject;
  }
  return jobText(event, recent);
}

function operationText(event: LsmEventBody): string {
  switch (event.kind) {
    case 'get.begin':
      return `get ${shortened(keyText(event.key), 28)}`;
    case 'scan.begin':
      return `scan ${event.from === null ? 'from the start' : shortened(keyText(event.from), 28)}`;
    case 'write.begin': {
      const first = event.entries[0];
      if (event.entryCount > 1) return `batch of ${formatShortCount(event.entryCount)}`;
      if (first === undefined) return 'write';
      const verb = first.kind === 'delete' ? 'del' : first.kind;
      return `${verb} ${shortened(keyText(first.key), 28)}`;
    }
    default:
      return 'transaction' in event ? `transaction ${event.transaction}` : '';
  }
}

function jobText(event: LsmEvent, recent: readonly LsmEvent[]): string {
  if (!('job' in event) || event.job === 0) return '';
  const flush = [event, ...recent].some((candidate) => candidate.kind.startsWith('flush.'));
  const compaction = [event, ...recent].some((one) => one.kind.startsWith('compaction.'));
  if (flush) return `flush #${event.job}`;
  return compaction ? `compaction #${event.job}` : `job #${event.job}`;
}

/** Empty where no rate is known: the most telling event speaks then. */
function flowSentence(frame: Frame): string {
  const rates = frame.flow?.perSecond ?? {};
  const parts = [
    ratePart(rates['write.end'], 'writes'),
    ratePart(rates['get.end'], 'gets'),
    ratePart(rates['scan.end'], 'scans'),
    ratePart(rates['filter.check'], 'filter checks'),
    ratePart(rates['block.read'], 'block reads'),
  ].filter((part) => part !== '');
  const bytes = frame.flow?.writeBytesPerSecond ?? 0;
  if (bytes >= 1) parts.push(`${formatBytes(bytes)} written a second`);
  const jobs = frame.next.jobs.length;
  if (jobs > 0) parts.push(`${counted(jobs, 'job')} at work`);
  if (parts.length === 0) return '';
  return `Too fast to show each step: ${parts.join(' · ')}. Pause to look closer.`;
}

function ratePart(rate: number | undefined, what: string): string {
  return rate === undefined || rate < 0.5 ? '' : `${formatShortCount(rate)} ${what}/s`;
}

function quietSentence(frame: Frame): string {
  const { state } = frame;
  const tables = state.families.reduce(
    (sum, family) => sum + family.levels.reduce((count, level) => count + level.tables.length, 0),
    0,
  );
  const held = tables === 0 ? 'no table yet' : counted(tables, 'table');
  if (state.store.readOnly) return `Open for reading, with ${held}. Nothing can be written here.`;
  return `Ready, with ${held}. Put a key to see where it goes: put user:1 Ada`;
}
