// Sentences of a compaction: why this one, what the merge decides about each entry, what it gained.

import type { MergeDecision } from '../../../src/protocol/compactionEvents.ts';
import type {
  CompactionCandidate,
  CompactionInput,
  LsmEvent,
  LsmEventBody,
  MergeTotals,
} from '../../../src/protocol/events.ts';
import { counted, formatBytes, formatCount, formatMicros, formatRatio } from '../format.ts';
import { fileText, keyText, shortened } from '../keyText.ts';

type Body<K extends LsmEventBody['kind']> = Extract<LsmEventBody, { readonly kind: K }>;

/** The sentence for an event of a compaction; `undefined` for other events. */
export function tellCompaction(event: LsmEvent): string | undefined {
  switch (event.kind) {
    case 'compaction.pick':
      return compactionPick(event);
    case 'compaction.begin':
      if (event.manner === 'move') {
        return (
          `Nothing in L${event.outputLevel} overlaps, so the table only changes its level: no ` +
          'byte is rewritten.'
        );
      }
      if (event.manner === 'drop') {
        return (
          `${inputsText(event.inputs)} leave the store as they are, with ` +
          `${counted(event.entries, 'entry', 'entries')}, ${formatBytes(event.sizeBytes)}: no ` +
          'byte is read or written.'
        );
      }
      return (
        `${inputsText(event.inputs)} are merged into L${event.outputLevel}: ` +
        // Another engine's history does not tell the entries.
        `${event.entries === 0 ? '' : `${counted(event.entries, 'entry', 'entries')}, `}` +
        `${formatBytes(event.sizeBytes)}.`
      );
    case 'compaction.entry':
      return compactionEntry(event);
    case 'compaction.progress':
      return (
        `${totalsText(event.totals)}; ${formatBytes(event.totals.bytesWritten)} written so far` +
        `${heldBackText(event.totals)}.`
      );
    case 'compaction.end':
      return compactionEnd(event);
    default:
      return undefined;
  }
}

function compactionPick(event: Body<'compaction.pick'>): string {
  const chosen = event.candidates.find((candidate) => candidate.chosen);
  const reason = chosen === undefined ? 'someone asked for it' : reasonText(chosen);
  const loser = event.candidates.find(
    (candidate) => !candidate.chosen && candidate.subject === '' && candidate.score > 0,
  );
  const others =
    loser === undefined ? '' : ` L${loser.level} has to wait at ${formatRatio(loser.score)}.`;
  if (event.reason === 'expired' || event.reason === 'size-limit') {
    return `${inputsText(event.inputs)} will be dropped: ${reason}.`;
  }
  return `${inputsText(event.inputs)} will go into L${event.outputLevel}: ${reason}.${others}`;
}

function reasonText(candidate: CompactionCandidate): string {
  const level = `L${candidate.level}`;
  // Another engine's log gives its score and its own word for it.
  if (candidate.limit === 0 && candidate.measure !== 'manual') {
    const score = candidate.score > 0 ? `${level} scores ${formatRatio(candidate.score)}, ` : '';
    return `${score}its engine says ${candidate.why}`;
  }
  switch (candidate.measure) {
    case 'files':
      return (
        `${level} has ${counted(candidate.value, 'table')} where ` +
        `${formatCount(candidate.limit)} start a compaction`
      );
    case 'bytes':
      return (
        `${level} holds ${formatBytes(candidate.value)} of ${formatBytes(candidate.limit)}, ` +
        `${formatRatio(candidate.score)} × its target`
      );
    case 'runs':
      return candidate.subject === ''
        ? `${counted(candidate.value, 'run')} wait in ${level}, ` +
            `${formatCount(candidate.limit)} are enough`
        : `${candidate.subject}: ${counted(candidate.value, 'run')}, ` +
            `${formatCount(candidate.limit)} are enough`;
    case 'percent':
      return (
        `what was written later is ${formatCount(candidate.value)} % of the oldest run, ` +
        `${formatCount(candidate.limit)} % are enough to merge all`
      );
    case 'seconds':
      return (
        `the newest entry of the ${candidate.subject} is ${formatCount(candidate.value)} s old, ` +
        `${formatCount(candidate.limit)} s are its time to live`
      );
    case 'manual':
      return 'someone asked for it';
  }
}

function compactionEntry(event: Body<'compaction.entry'>): string {
  const mark = event.entryKind === 'delete' ? ' †' : '';
  const entry = `${shortened(keyText(event.key), 32)}${mark} #${formatCount(event.sequence)}`;
  const from = `L${event.level} ${fileText(event.file)}`;
  return `${entry} from ${from}: ${decisionText(event.decision)}.`;
}

/** A merge's decision with the rule behind it. */
export function decisionText(decision: MergeDecision): string {
  switch (decision.because) {
    case 'newest-version':
      return 'kept, the newest version of its key';
    case 'snapshot-needs-it':
      return `kept, the snapshot at #${formatCount(decision.snapshot)} still sees it`;
    case 'tombstone-may-hide-older':
      return `kept, L${decision.level} may hold older versions that it must hide`;
    case 'tombstone-hides-kept':
      return `kept, it hides #${formatCount(decision.kept)}, which a snapshot still sees`;
    case 'shadowed':
      return `dropped, shadowed by #${formatCount(decision.by)} and no snapshot needs it`;
    case 'tombstone-nothing-older-below':
      return 'dropped, nothing older lies below for it to hide';
    case 'older-delete-hides':
      return `dropped, the older delete #${formatCount(decision.by)} hides all that it does`;
    case 'range-deleted':
      return `dropped, the range delete #${formatCount(decision.by)} covers it`;
    case 'expired':
      return 'dropped, it has expired and nothing older needs it';
    case 'single-delete-annihilated':
      return `dropped together with #${formatCount(decision.with)}: a single delete and its put`;
    case 'operand-awaits-base':
      return `kept, a merge operand: what it is merged onto may lie in L${decision.level}`;
    case 'merge-failed':
      return 'kept as it is, the merge operator made no value of it';
    case 'operands-merged':
      return (
        `${counted(decision.operands, 'operand')} become one value of ` +
        `${formatBytes(decision.valueSizeBytes)}`
      );
    case 'operands-combined':
      return (
        `${counted(decision.operands, 'operand')} become one of ` +
        `${formatBytes(decision.valueSizeBytes)}; what that is merged onto is older`
      );
    case 'merged':
      return `gone into #${formatCount(decision.into)}`;
  }
}

function compactionEnd(event: Body<'compaction.end'>): string {
  if (event.outcome !== 'done') {
    return (
      `The compaction ${event.outcome === 'failed' ? 'failed' : 'was cancelled'}: its inputs ` +
      'stay, nothing is lost.'
    );
  }
  // Another engine's manifest does not tell how long it took and what it found.
  if (event.durationMicros === 0) {
    return `The compaction is over: ${counted(event.outputs.length, 'table')} came of it.`;
  }
  return (
    `Merged in ${formatMicros(event.durationMicros)}: ${totalsText(event.totals)}; ` +
    `${formatBytes(event.totals.bytesRead)} read, ${formatBytes(event.totals.bytesWritten)} ` +
    `written${heldBackText(event.totals)}.`
  );
}

/** How long the limit on the rate of compactions made a merge wait; nothing when it did not. */
function heldBackText({ waitedMicros }: MergeTotals): string {
  return waitedMicros === 0 ? '' : `, held back ${formatMicros(waitedMicros)} by the rate limit`;
}

/** What became of the entries so far. */
export function totalsText(totals: MergeTotals): string {
  return (
    `kept ${formatCount(totals.entriesOut)} · shadowed ${formatCount(totals.shadowed)} · ` +
    `† dropped ${formatCount(totals.tombstonesDropped)}` +
    (totals.rangeDeleted === 0 ? '' : ` · range-deleted ${formatCount(totals.rangeDeleted)}`) +
    (totals.annihilated === 0 ? '' : ` · annihilated ${formatCount(totals.annihilated)}`) +
    (totals.expired === 0 ? '' : ` · expired ${formatCount(totals.expired)}`) +
    (totals.merged === 0 ? '' : ` · merged ${formatCount(totals.merged)}`)
  );
}

/** `3 tables of L0 and 1 of L1`. */
export function inputsText(inputs: readonly CompactionInput[]): string {
  const parts = inputs
    .filter((input) => input.files.length > 0)
    .map((input, at) =>
      at === 0
        ? `${counted(input.files.length, 'table')} of L${input.level}`
        : `${formatCount(input.files.length)} of L${input.level}`,
    );
  return parts.length === 0 ? 'No tables' : parts.join(' and ');
}
