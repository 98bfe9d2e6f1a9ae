// The frame for a position in the timeline: the one place where playback and timeline meet drawing.

import type { LsmEvent, LsmEventKind } from '../../src/protocol/events.ts';
import { recentOf } from './actors.ts';
import { flowRates } from './flow.ts';
import type { FlowRates, Frame } from './frame.ts';
import type { Position } from './playback.ts';
import type { Timeline } from './timeline.ts';

/** In flow the newest of the most telling events speaks for all: later in this list tells more. */
const TELLING: readonly LsmEventKind[] = [
  'compaction.progress',
  'flush.progress',
  'write.end',
  'get.end',
  'scan.end',
  'flush.begin',
  'compaction.begin',
  'stall.end',
  'memtable.seal',
  'manifest.edit',
  'stall.begin',
  'error',
];
/** Rates are taken over this many events before the position where no summaries are. */
const RATE_EVENTS = 512;
/** How far back two summaries are looked for. */
const SUMMARIES_WITHIN = 6000;

/** Makes frames. While only the progress changes, everything else keeps its identity. */
export class Framer {
  private last: Frame | undefined;
  private lastKey = '';
  private lastTimeline: Timeline | undefined;

  /** The timeline knows more about its states than before: the next frame is made anew. */
  forget(): void {
    this.last = undefined;
  }

  /** What is to be drawn. */
  frameAt(timeline: Timeline, position: Position, flowing: boolean, reducedMotion: boolean): Frame {
    const { from, to, progress } = position;
    const key = `${from} ${to} ${flowing}`;
    if (this.last === undefined || key !== this.lastKey || timeline !== this.lastTimeline) {
      this.lastKey = key;
      this.lastTimeline = timeline;
      this.last = frameOf(timeline, from, to, flowing);
    }
    return { ...this.last, progress, reducedMotion };
  }
}

function frameOf(timeline: Timeline, from: number, to: number, flowing: boolean): Frame {
  const next = timeline.stateBefore(to);
  const index = tellingIndex(timeline, from, to);
  return {
    state: timeline.stateBefore(from),
    next,
    event: index < 0 ? null : (timeline.eventAt(index) ?? null),
    progress: 1,
    recent: index < 0 || flowing ? [] : recentOf(timeline, index),
    flow: flowing ? flowBefore(timeline, to) : null,
    reducedMotion: false,
  };
}

/** Rates from one summary to the next: in between a sampled stream's figures stand still. */
function flowBefore(timeline: Timeline, to: number): FlowRates {
  const oldest = Math.max(timeline.first, to - SUMMARIES_WITHIN);
  const ends: number[] = [];
  for (let at = to - 1; at >= oldest && ends.length < 2; at--) {
    if (timeline.eventAt(at)?.kind === 'summary') ends.push(at + 1);
  }
  const [later, earlier] = ends;
  if (later === undefined || earlier === undefined) {
    const from = Math.max(timeline.first, to - RATE_EVENTS);
    return flowRates(timeline.stateBefore(from), timeline.stateBefore(to));
  }
  return flowRates(timeline.stateBefore(earlier), timeline.stateBefore(later));
}

/**
 * Index of the event in [from, to) that speaks for the span, or −1. Where only bookkeeping would
 * speak, the last event before it still does.
 */
export function tellingIndex(timeline: Timeline, from: number, to: number): number {
  let best = to - 1;
  if (best < from) return -1;
  while (best > timeline.first && isBookkeeping(timeline.eventAt(best))) best -= 1;
  let bestRank = rank(timeline.eventAt(best));
  for (let index = best - 1; index >= Math.max(from, timeline.first); index--) {
    const candidate = rank(timeline.eventAt(index));
    if (candidate > bestRank) {
      best = index;
      bestRank = candidate;
    }
  }
  return best;
}

function isBookkeeping(event: LsmEvent | undefined): boolean {
  return event?.kind === 'summary' && event.leftOut === 0;
}

function rank(event: LsmEvent | undefined): number {
  return event === undefined ? -2 : TELLING.indexOf(event.kind);
}
