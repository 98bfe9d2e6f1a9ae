// What it comes to: the sentence below the picture, by how far the transaction has come.

import { counted } from '../../model/format.ts';
import { keyText, shortened } from '../../model/keyText.ts';
import { changeOf, uncheckedChanges } from '../../model/transactionPast.ts';
import type { OwnCheck, StoreWrite, TransactionPast } from '../../model/transactionPast.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { sequenceText } from '../drawing/figures.ts';
import type { Tone } from '../drawing/mark.ts';
import { span } from '../drawing/motion.ts';
import type { Grid } from './grid.ts';

interface Verdict {
  readonly words: string;
  /** Why; below the first line, where there is room. */
  readonly why: string;
  readonly tone: Tone;
}

/** Writes the sentence. */
export function drawVerdict(canvas: Canvas, past: TransactionPast, grid: Grid): void {
  const { sketch, small, size, compact, frame, progress } = canvas;
  const { words, why, tone } = verdictOf(past);
  const waits = frame.event?.kind === 'transaction.check' || past.ending !== undefined;
  const opacity = waits ? span(progress, 0.5, 0.75) : 1;
  const { x, width } = grid.area;
  const look = { tone, opacity, widthMax: width, strong: past.ending !== undefined };
  sketch.text('verdict', x, grid.verdictY, words, { ...look, size: compact ? small : size + 1 });
  if (compact) return;
  const below = grid.verdictY + size * 1.7;
  sketch.text('why', x, below, why, { size: small, tone: 'dim', opacity, widthMax: width });
}

function verdictOf(past: TransactionPast): Verdict {
  const { ending } = past;
  const check = past.checks.at(-1);
  switch (ending?.kind) {
    case 'transaction.commit':
      return committed(past, ending.entries, ending.firstSequence);
    case 'transaction.conflict': {
      const by = past.others.find(({ sequence }) => sequence === ending.newestSequence)?.by;
      const who = by === undefined ? '' : ` of transaction ${by}`;
      return {
        words:
          `conflict at ${name(ending.key)}: changed by ` +
          `${sequenceText(ending.newestSequence)}${who}`,
        why: 'The first to commit wins. Nothing of this one was written: begin a new one.',
        tone: 'bad',
      };
    }
    case 'transaction.rollback':
      return {
        words: `rolled back: ${counted(ending.entries, 'write')} forgotten`,
        why: 'The store never saw them: they were in no log and in no memtable.',
        tone: 'text',
      };
    default:
      return check === undefined ? open(past) : checking(check);
  }
}

function committed(past: TransactionPast, entries: number, firstSequence: number): Verdict {
  if (entries === 0) {
    const words = 'ended: it has only read, so there was nothing to check';
    return { words, why: 'What it saw was the store at one moment, whole.', tone: 'good' };
  }
  const [first] = uncheckedChanges(past);
  const last = firstSequence + entries - 1;
  const range = `${sequenceText(firstSequence)}${entries > 1 ? ` to ${sequenceText(last)}` : ''}`;
  if (first === undefined) {
    return {
      words: `committed as ${range}: nothing it relies on had changed`,
      why: 'Its writes became one record in the log and entries of the memtable, visible at once.',
      tone: 'good',
    };
  }
  return {
    words:
      `committed as ${range}, though ${name(first.key)} had changed: ` +
      'write skew, if it mattered',
    why:
      'Snapshot isolation looks only at what a transaction writes; serializable would have ' +
      'found it.',
    tone: 'bad',
  };
}

function checking({ access, range, newestSequence }: OwnCheck): Verdict {
  const isRange = access === 'range' || access === 'range-delete';
  const what = isRange ? 'the range' : name(range.from ?? new Uint8Array(0));
  const used = { write: 'written', 'range-delete': 'deleted', update: 'read for update' } as const;
  const how = access === 'read' ? 'read' : access === 'range' ? 'walked over' : used[access];
  return newestSequence === 0
    ? { words: `${what}, ${how}: unchanged`, why: CHECK_WHY, tone: 'good' }
    : {
        words: `${what}, ${how}: changed by ${sequenceText(newestSequence)}`,
        why: CHECK_WHY,
        tone: 'bad',
      };
}

const CHECK_WHY = 'Validation: has anybody written above the line in this column?';

function open(past: TransactionPast): Verdict {
  const { isolation, reads, writes } = past;
  const hit = firstHit(past);
  if (hit !== undefined) {
    return {
      words: `${name(hit.key)} has changed since: its commit will find a conflict`,
      why: 'Nobody waits for anybody: it may go on, and is told at its commit.',
      tone: 'bad',
    };
  }
  const [unseen] = uncheckedChanges(past);
  if (unseen !== undefined) {
    return {
      words: `${name(unseen.key)} has changed since, and its commit will not look`,
      why: 'Snapshot isolation checks what is written and what was read for update, nothing else.',
      tone: 'unsynced',
    };
  }
  const checked = reads.filter((read) => read.checked).length;
  const ranges = past.walks.filter((walk) => walk.checked).length;
  const parts = [
    ...(writes.length === 0 ? [] : [`${counted(writes.length, 'write')}`]),
    ...(checked === 0 ? [] : [counted(checked, 'key read', 'keys read')]),
    ...(ranges === 0 ? [] : [counted(ranges, 'range')]),
  ];
  const what =
    parts.length === 0 ? 'nothing to check yet' : `its commit checks ${parts.join(', ')}`;
  const why =
    isolation === 'serializable'
      ? 'Serializable: what it has read must be unchanged, too.'
      : 'Snapshot isolation: only what it writes, or has read for update, must be unchanged.';
  return { words: what, why, tone: 'text' };
}

/** The first change that the commit would find. */
function firstHit(past: TransactionPast): StoreWrite | undefined {
  const keys = [
    ...past.writes.filter(({ entry }) => entry.kind !== 'range-delete').map(({ entry }) => entry),
    ...past.reads.filter((read) => read.checked),
  ];
  for (const { family, key } of keys) {
    const change = changeOf(past, family, key);
    if (change !== undefined) return change;
  }
  return undefined;
}

function name(key: Uint8Array): string {
  return shortened(keyText(key), 28);
}
