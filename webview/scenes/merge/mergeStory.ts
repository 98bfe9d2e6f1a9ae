// What the frame knows about a compaction: why it was picked, its lanes, the decisions so far, its
// output. Everything comes from the job's events and its state.

import { NOTHING_MERGED } from '../../../src/protocol/fold/compaction.ts';
import type { CompactionInput, LsmEvent, LsmEventBody } from '../../../src/protocol/events.ts';
import type { MergeHead, MergeTotals } from '../../../src/protocol/events.ts';
import type { CompactionJobState } from '../../../src/protocol/treeState.ts';
import type { Frame } from '../../model/frame.ts';
import { jobIn } from '../drawing/jobs.ts';

type Body<K> = Extract<LsmEventBody, { readonly kind: K }>;
export type CompactionPick = Body<'compaction.pick'>;
export type CompactionBegin = Body<'compaction.begin'>;
export type MergeEntry = Body<'compaction.entry'>;

/** One input of the merge. */
export interface Lane {
  readonly lane: number;
  readonly level: number;
  readonly file: number;
  /** Its smallest waiting entry, `null` when the lane is empty. */
  readonly head: MergeHead | null;
}

export interface MergeStory {
  readonly pick: CompactionPick | undefined;
  readonly begin: CompactionBegin | undefined;
  readonly inputs: readonly CompactionInput[];
  readonly outputLevel: number;
  /** The entry that is decided now, or the last one while its output is written. */
  readonly entry: MergeEntry | undefined;
  /** The decision before that: its lane takes in a new head. */
  readonly before: MergeEntry | undefined;
  readonly lanes: readonly Lane[];
  /** Kept entries of the table being written, oldest first, the one decided now left out. */
  readonly kept: readonly MergeEntry[];
  /** How many entries have gone into each merge operand so far, by its sequence number. */
  readonly goneInto: ReadonlyMap<number, number>;
  /** Dropped entries, latest last, the one decided now and those gone into others left out. */
  readonly dropped: readonly MergeEntry[];
  readonly totals: MergeTotals;
  /** What the totals were before the entry that is decided now. */
  readonly totalsBefore: MergeTotals;
  /** Entries of all inputs. */
  readonly entriesAll: number;
}

/** Reads the story of the job that the shown event belongs to. */
export function mergeStory(frame: Frame): MergeStory {
  const { event, recent } = frame;
  const events: readonly LsmEvent[] = event === null ? recent : [...recent, event];
  const entries = events.filter((each) => each.kind === 'compaction.entry');
  const entry = entries.at(-1);
  const earlier = entries.slice(0, -1);
  const job = jobIn(frame);
  const compaction = job?.kind === 'compaction' ? job : undefined;
  const pick = events.find((each) => each.kind === 'compaction.pick');
  const begin = events.find((each) => each.kind === 'compaction.begin');
  const kept = earlier.filter((each) => each.output > 0 && each.output === latestOutput(entries));
  return {
    ...{ pick, begin, entry, before: earlier.at(-1) },
    inputs: begin?.inputs ?? pick?.inputs ?? compaction?.inputs ?? [],
    outputLevel: begin?.outputLevel ?? pick?.outputLevel ?? compaction?.outputLevel ?? 0,
    lanes: lanesOf(entries),
    kept,
    goneInto: goneInto(earlier),
    dropped: earlier.filter((each) => each.output === 0 && each.decision.because !== 'merged'),
    totals: totalsOf(event, entry, compaction),
    totalsBefore: earlier.at(-1)?.totals ?? NOTHING_MERGED,
    entriesAll: begin?.entries ?? compaction?.entries ?? 0,
  };
}

function goneInto(entries: readonly MergeEntry[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { decision } of entries) {
    if (decision.because !== 'merged') continue;
    counts.set(decision.into, (counts.get(decision.into) ?? 0) + 1);
  }
  return counts;
}

function latestOutput(entries: readonly MergeEntry[]): number {
  return entries.findLast(({ output }) => output > 0)?.output ?? 0;
}

function totalsOf(
  event: LsmEvent | null,
  entry: MergeEntry | undefined,
  job: CompactionJobState | undefined,
): MergeTotals {
  if (event?.kind === 'compaction.end' || event?.kind === 'compaction.progress')
    return event.totals;
  return entry?.totals ?? job?.totals ?? NOTHING_MERGED;
}

/** The lanes as the latest decision saw them; an empty lane keeps the file it last came from. */
function lanesOf(entries: readonly MergeEntry[]): readonly Lane[] {
  const latest = entries.at(-1);
  if (latest === undefined) return [];
  return latest.heads.map((head, lane) => {
    const source = head ?? lastOf(entries, lane);
    return { lane, head, level: source?.level ?? 0, file: source?.file ?? 0 };
  });
}

function lastOf(
  entries: readonly MergeEntry[],
  lane: number,
): { readonly level: number; readonly file: number } | undefined {
  return entries.findLast((entry) => entry.lane === lane);
}
