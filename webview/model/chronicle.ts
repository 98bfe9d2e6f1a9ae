// What the timeline's tracks show: when each flush, compaction and stall began and ended, the
// moments worth jumping to, and figures sampled along the way. Built as events arrive; never folded
// again.

import type { LsmEvent } from '../../src/protocol/events.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';
import { ratiosOf } from './ratios.ts';
import type { Ratios } from './ratios.ts';

/** Something that lasted, in event indexes; `end` is `null` while it goes on. */
export interface Span {
  readonly kind: 'flush' | 'compaction' | 'stall';
  /** Job number; 0 for a stall. */
  readonly job: number;
  /** Level that the compaction writes to; −1 for others. */
  readonly outputLevel: number;
  readonly begin: number;
  readonly end: number | null;
}

/** A moment worth jumping to. */
export interface Marker {
  readonly index: number;
  readonly kind: 'flush' | 'compaction' | 'stall' | 'error' | 'recovery';
  readonly label: string;
}

/** Figures at one moment. */
export interface Sample {
  readonly index: number;
  readonly timeMicros: number;
  /** Entries ever written: the last sequence number, exact at every event. */
  readonly writes: number;
  readonly ratios: Ratios;
  /** What lies between the sample before and this one was not all told: no rate is known. */
  readonly afterGap?: boolean;
}

/** Events between two samples; grows as the samples are thinned out. */
const SAMPLE_EVENTS = 16;
const SAMPLES_MAX = 4096;
/** A sample that is due waits so many events for a summary. */
const SUMMARY_WAIT_EVENTS = 400;
const SPANS_MAX = 20_000;

export class Chronicle {
  private spanList: Span[] = [];
  private markerList: Marker[] = [];
  private sampleList: Sample[] = [];
  private readonly open = new Map<string, number>();
  private sampleEvery = SAMPLE_EVENTS;
  private nextSampleAt = 0;
  private isGap = false;

  get spans(): readonly Span[] {
    return this.spanList;
  }

  get markers(): readonly Marker[] {
    return this.markerList;
  }

  get samples(): readonly Sample[] {
    return this.sampleList;
  }

  /** Notes the moment before the first event. */
  begin(state: TreeState): void {
    this.sample(0, state);
  }

  /**
   * The past is over. Of what the logs hold it told nothing, so the figures jump with the first
   * event of the present.
   */
  endPast(): void {
    this.isGap = true;
  }

  /** Takes note of an event; `after` is the state after it. */
  note(index: number, event: LsmEvent, after: TreeState): void {
    this.noteSpan(index, event);
    const label = markerLabel(event);
    if (label !== undefined) this.markerList.push({ index, kind: markerKind(event), label });
    if (this.isSampled(index + 1, event)) this.sample(index + 1, after);
  }

  /**
   * Best where a summary has just set every figure: between two of them a sampled stream's figures
   * stand still, and rates would come out as spikes.
   */
  private isSampled(index: number, event: LsmEvent): boolean {
    if (index < this.nextSampleAt) return false;
    return event.kind === 'summary' || index >= this.nextSampleAt + SUMMARY_WAIT_EVENTS;
  }

  /** Forgets what ended before `first`. */
  trim(first: number): void {
    if (this.spanList.length > SPANS_MAX || (this.spanList[0]?.end ?? first) < first) {
      const kept = this.spanList.filter((span) => span.end === null || span.end >= first);
      this.reindex(kept.slice(-SPANS_MAX));
    }
    this.markerList = trimmed(this.markerList, first);
    this.sampleList = trimmed(this.sampleList, first);
  }

  private noteSpan(index: number, event: LsmEvent): void {
    switch (event.kind) {
      case 'flush.begin':
        return this.openSpan(`job ${event.job}`, 'flush', event.job, -1, index);
      case 'compaction.begin':
        return this.openSpan(`job ${event.job}`, 'compaction', event.job, event.outputLevel, index);
      case 'stall.begin':
        return this.openSpan(`stall ${event.family}`, 'stall', 0, -1, index);
      case 'flush.end':
      case 'compaction.end':
        return this.closeSpan(`job ${event.job}`, index);
      case 'stall.end':
        return this.closeSpan(`stall ${event.family}`, index);
      default:
    }
  }

  private openSpan(
    name: string,
    kind: Span['kind'],
    job: number,
    outputLevel: number,
    begin: number,
  ): void {
    this.closeSpan(name, begin);
    this.open.set(name, this.spanList.length);
    this.spanList.push({ kind, job, outputLevel, begin, end: null });
  }

  private closeSpan(name: string, end: number): void {
    const at = this.open.get(name);
    const span = at === undefined ? undefined : this.spanList[at];
    if (at === undefined || span === undefined) return;
    this.spanList[at] = { ...span, end };
    this.open.delete(name);
  }

  private reindex(kept: Span[]): void {
    const names = new Map([...this.open].map(([name, at]) => [this.spanList[at], name]));
    this.spanList = kept;
    this.open.clear();
    kept.forEach((span, at) => {
      const name = names.get(span);
      if (name !== undefined) this.open.set(name, at);
    });
  }

  private sample(index: number, state: TreeState): void {
    this.sampleList.push({
      index,
      timeMicros: state.timeMicros,
      writes: state.lastSequence,
      ratios: ratiosOf(state),
      ...(this.isGap ? { afterGap: true } : {}),
    });
    this.isGap = false;
    if (this.sampleList.length > SAMPLES_MAX) {
      this.sampleList = this.sampleList.filter((_, at) => at % 2 === 0);
      this.sampleEvery *= 2;
    }
    this.nextSampleAt = index + this.sampleEvery;
  }
}

function trimmed<T extends { readonly index: number }>(list: T[], first: number): T[] {
  if ((list[0]?.index ?? first) >= first) return list;
  return list.filter((item) => item.index >= first);
}

function markerKind(event: LsmEvent): Marker['kind'] {
  switch (event.kind) {
    case 'compaction.begin':
      return 'compaction';
    case 'stall.begin':
      return 'stall';
    case 'recovery.end':
      return 'recovery';
    case 'error':
      return 'error';
    default:
      return 'flush';
  }
}

function markerLabel(event: LsmEvent): string | undefined {
  switch (event.kind) {
    case 'memtable.seal':
      return `memtable #${event.memtable} ${event.reason === 'full' ? 'full' : 'sealed'}`;
    case 'compaction.begin':
      return `compaction #${event.job} into L${event.outputLevel}`;
    case 'stall.begin':
      return `writes ${event.severity === 'stop' ? 'stopped' : 'slowed down'}`;
    case 'recovery.end':
      return 'recovered';
    case 'error':
      return event.message;
    default:
      return undefined;
  }
}
