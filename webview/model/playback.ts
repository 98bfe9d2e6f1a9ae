// The ONE clock of the page. It holds which events are being shown and how far through they are;
// all drawing follows from that. It knows no wall time: `tick` is told how much has passed.
//
//     following + live      newest events as they come; a long backlog is shown as flow
//     following + lockstep  every event in turn; `onShown` lets the engine take its next step
//     not following         history: playing or resting anywhere in the timeline
//
// What is shown is a span [from, to) of events: one event, or in flow several at once, drawn as one
// motion from the state before the first to the state after the last.

import type { LsmEvent } from '../../src/protocol/events.ts';
import { isSampled } from '../../src/protocol/eventClass.ts';
import type { PacingMode } from '../../src/protocol/messages.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';
import { closesStep } from './actors.ts';
import type { Timeline } from './timeline.ts';

/** What is being shown. `from === to` only before the first event. */
export interface Position {
  readonly from: number;
  readonly to: number;
  /** 0…1 through the span. */
  readonly progress: number;
}

/** What the mode switch shows. */
export type PlaybackMode = PacingMode | 'history';

/** More unseen events than this are shown as flow when following live. */
export const TOKENS_MAX = 64;
/**
 * Among more, so many that change the tree's shape are still shown each, with what only writes and
 * reads between them as flow: a flush is seen amid a thousand writes.
 */
export const SHAPES_MAX = 40;
/** Following live, a backlog is shown within about this time, by quickening. */
const DRAIN_MILLIS = 3000;
/** The same for one of flow and shapes: much happens, and the picture must not fall behind. */
const MIXED_DRAIN_MILLIS = 1000;
/** Never more spans than twenty a second: beyond, several events share one. */
const SPAN_MILLIS_MIN = 50;
/** How long a span of several events takes at 1×. */
const FLOW_MILLIS = 300;
/** Slowest and fastest playback. */
export const SPEEDS: readonly number[] = [0.25, 0.5, 1, 2, 4, 8, 16];

export interface PlaybackOptions {
  /** How long an event takes at 1×; 0 passes at once. */
  readonly durationMillis: (event: LsmEvent, before: TreeState) => number;
  /** Called when every event before this index has been shown for the first time. */
  readonly onShown: (index: number) => void;
}

export class Playback {
  private timeline: Timeline;
  private readonly options: PlaybackOptions;
  private span: Position;
  /** 1, or −1 while the last step is being taken back. */
  private direction: 1 | -1 = 1;
  /** While stepping: rest as soon as the current span is over. */
  private restAfterSpan = false;
  private shownUpTo: number;
  /** How long a backlog of flow and shapes would take at 1×; 0 while none is being shown. */
  private mixedMillis = 0;
  private following = true;
  playing = true;
  speed = 1;
  pacing: PacingMode = 'live';

  constructor(timeline: Timeline, options: PlaybackOptions) {
    this.timeline = timeline;
    this.options = options;
    this.shownUpTo = timeline.length;
    this.span = restingAt(timeline.length, timeline.first);
  }

  get position(): Position {
    return this.span;
  }

  get mode(): PlaybackMode {
    return this.following ? this.pacing : 'history';
  }

  /** Several events are being shown at once because they come, or are played, too fast. */
  get flowing(): boolean {
    const { from, to, progress } = this.span;
    const resting = progress >= 1 && (this.backlog === 0 || !this.playing);
    return to - from > 1 && !this.restAfterSpan && !resting && this.direction > 0;
  }

  /** Events received and not yet shown. */
  get backlog(): number {
    return this.timeline.length - this.span.to;
  }

  /** Events shown at least once: those before this index. */
  get shown(): number {
    return this.shownUpTo;
  }

  /** Whether `tick` would change anything. */
  get moving(): boolean {
    if (this.direction < 0 || this.restAfterSpan) return true;
    return this.playing && (this.span.progress < 1 || this.backlog > 0);
  }

  /** Starts over on another timeline, at its beginning (a trace) or following its end. */
  restart(timeline: Timeline, atBeginning: boolean): void {
    this.timeline = timeline;
    this.direction = 1;
    this.restAfterSpan = false;
    this.shownUpTo = atBeginning ? 0 : timeline.length;
    this.span = restingAt(this.shownUpTo, timeline.first);
    this.following = !atBeginning;
    this.playing = !atBeginning;
    this.mixedMillis = 0;
  }

  /** Lets time pass. Returns whether the position changed. */
  tick(elapsedMillis: number): boolean {
    const before = this.span;
    if (this.direction < 0) this.moveBack(elapsedMillis);
    else if (this.playing || this.restAfterSpan) this.moveOn(elapsedMillis);
    this.noteShown();
    return this.span !== before;
  }

  play(): void {
    if (this.backlog === 0 && this.span.progress >= 1 && !this.following) {
      // Playing at the end means following it; a trace, which has no more to come, begins again.
      if (this.ended) this.seek(this.timeline.first);
      else this.following = true;
    }
    this.direction = 1;
    this.restAfterSpan = false;
    this.playing = true;
  }

  pause(): void {
    this.playing = false;
    this.restAfterSpan = false;
    this.direction = 1;
    if (this.pacing === 'live') this.following = false;
  }

  /** A trace is shown: nothing will be appended. */
  ended = false;

  /** To the newest event, and on with whatever comes. */
  follow(pacing: PacingMode): void {
    this.pacing = pacing;
    this.following = true;
    this.playing = true;
    this.mixedMillis = 0;
    this.direction = 1;
    this.restAfterSpan = false;
    this.span = restingAt(this.timeline.length, this.timeline.first);
    this.noteShown();
  }

  /** Into history, where it is. */
  detach(): void {
    this.following = false;
    this.playing = false;
  }

  /**
   * To a place in the timeline: event index plus progress through that event. A whole number is the
   * moment after the event before it.
   */
  seek(place: number): void {
    this.detach();
    this.direction = 1;
    this.restAfterSpan = false;
    const { first, length } = this.timeline;
    const bounded = Math.min(Math.max(place, first), length);
    const from = Math.floor(bounded);
    this.span =
      bounded === from
        ? restingAt(bounded, first)
        : { from, to: from + 1, progress: bounded - from };
    this.noteShown();
  }

  /** Shows the next event, then rests. While one is still moving it is completed first. */
  stepForward(): void {
    this.stepTo((from) => from + 1);
  }

  /** Shows everything up to the end of the next step (an operation, a table, a manifest edit). */
  stepOver(): void {
    this.stepTo((from) => this.stepEndAfter(from));
  }

  /** Takes the last event back. */
  stepBack(): void {
    this.backTo((to) => to - 1);
  }

  /** Takes everything back to the end of the step before. */
  stepOverBack(): void {
    this.backTo((to) => this.stepEndBefore(to - 1));
  }

  private stepTo(end: (from: number) => number): void {
    const { length } = this.timeline;
    if (this.pacing === 'live') this.following = false;
    this.playing = false;
    this.direction = 1;
    const from = this.span.to;
    if (this.span.progress < 1 && this.span.to > this.span.from) this.restAtEnd();
    if (from >= length) {
      if (this.pacing === 'lockstep' && !this.ended) this.following = true;
      return;
    }
    this.span = { from, to: Math.min(length, end(from)), progress: 0 };
    this.restAfterSpan = true;
  }

  private backTo(target: (to: number) => number): void {
    const { first } = this.timeline;
    const landed = this.direction < 0 ? this.span.from : this.span.to;
    this.detach();
    this.restAfterSpan = false;
    if (landed <= first) {
      this.span = restingAt(first, first);
      this.direction = 1;
      return;
    }
    this.span = { from: Math.max(first, target(landed)), to: landed, progress: 1 };
    this.direction = -1;
  }

  private stepEndAfter(from: number): number {
    const { length } = this.timeline;
    for (let at = from; at < length; at++) {
      const event = this.timeline.eventAt(at);
      if (event !== undefined && closesStep(event)) return at + 1;
    }
    return length;
  }

  private stepEndBefore(index: number): number {
    const { first } = this.timeline;
    for (let at = index - 1; at >= first; at--) {
      const event = this.timeline.eventAt(at);
      if (event !== undefined && closesStep(event)) return at + 1;
    }
    return first;
  }

  private moveOn(elapsedMillis: number): void {
    let left = elapsedMillis;
    while (left > 0) {
      const { from, to, progress } = this.span;
      if (progress < 1) {
        const duration = this.spanMillis(from, to);
        const needed = (1 - progress) * duration;
        if (needed > left) {
          this.span = { from, to, progress: progress + left / duration };
          return;
        }
        left -= needed;
        this.restAtEnd();
      }
      if (this.restAfterSpan) {
        this.restAfterSpan = false;
        return;
      }
      if (!this.takeNextSpan()) return;
    }
  }

  private moveBack(elapsedMillis: number): void {
    const { from, to, progress } = this.span;
    const left = progress - elapsedMillis / this.spanMillis(from, to);
    if (left > 0) this.span = { from, to, progress: left };
    else {
      this.span = restingAt(from, this.timeline.first);
      this.direction = 1;
    }
  }

  private restAtEnd(): void {
    this.span = { from: this.span.from, to: this.span.to, progress: 1 };
  }

  /** Begins the next span; false when there is none. */
  private takeNextSpan(): boolean {
    const from = this.span.to;
    const { length } = this.timeline;
    if (from >= length) {
      this.mixedMillis = 0;
      if (!this.following) this.arriveAtEnd();
      return false;
    }
    const to = this.isRushed(from) ? this.rushedEnd(from) : this.spanEnd(from);
    this.span = { from, to, progress: 0 };
    return true;
  }

  /** Once a backlog is shown as flow and shapes, it is to its end. */
  private isRushed(from: number): boolean {
    if (!this.following || this.pacing !== 'live') return false;
    return this.timeline.length - from > TOKENS_MAX || this.mixedMillis > 0;
  }

  /** Of a long backlog: up to the next event that changes the shape, or that event. */
  private rushedEnd(from: number): number {
    const { length } = this.timeline;
    const shapes: number[] = [];
    for (let at = from; at < length && shapes.length <= SHAPES_MAX; at++) {
      if (this.changesShape(at)) shapes.push(at);
    }
    if (shapes.length > SHAPES_MAX) {
      this.mixedMillis = 0;
      return length;
    }
    // At one pace to its end: a slowing one would never catch up with what comes meanwhile.
    this.mixedMillis = Math.max(this.mixedMillis, this.mixedMillisOf(shapes, from));
    const [first = length] = shapes;
    return first > from ? first : this.spanEnd(from);
  }

  private mixedMillisOf(shapes: readonly number[], from: number): number {
    let millis = FLOW_MILLIS;
    let previous = from - 1;
    for (const at of shapes) {
      millis += this.eventMillis(at) + (at > previous + 1 ? FLOW_MILLIS : 0);
      previous = at;
    }
    return millis;
  }

  private changesShape(index: number): boolean {
    const kind = this.timeline.eventAt(index)?.kind;
    return kind !== undefined && kind !== 'summary' && !isSampled(kind);
  }

  /** History has caught up: on with following, unless nothing will ever come. */
  private arriveAtEnd(): void {
    if (this.ended) this.playing = false;
    else this.following = true;
  }

  /** One event, or as many as keep spans at twenty a second at this speed. */
  private spanEnd(from: number): number {
    const { length } = this.timeline;
    if (this.eventMillis(from) === 0) return from + 1;
    let to = from;
    let millis = 0;
    while (to < length && millis < SPAN_MILLIS_MIN) {
      millis += this.eventMillis(to) / this.rate;
      to += 1;
    }
    return to;
  }

  private eventMillis(index: number): number {
    const event = this.timeline.eventAt(index);
    if (event === undefined) return 0;
    return this.options.durationMillis(event, this.timeline.stateBefore(index));
  }

  /** Speed, quickened while a backlog waits in live mode. */
  private get rate(): number {
    if (!this.following || this.pacing !== 'live') return this.speed;
    if (this.mixedMillis > 0) return Math.max(this.speed, this.mixedMillis / MIXED_DRAIN_MILLIS);
    return Math.max(this.speed, ((this.backlog + 1) * FLOW_MILLIS) / DRAIN_MILLIS);
  }

  private spanMillis(from: number, to: number): number {
    if (to - from === 1) return Math.max(1, this.eventMillis(from) / this.rate);
    const speed = this.mixedMillis > 0 ? this.rate : this.speed;
    return Math.max(SPAN_MILLIS_MIN, FLOW_MILLIS / speed);
  }

  private noteShown(): void {
    const shown = this.span.progress >= 1 ? this.span.to : this.span.from;
    if (shown <= this.shownUpTo) return;
    this.shownUpTo = shown;
    this.options.onShown(shown);
  }
}

/** At rest after the events before `index`. */
function restingAt(index: number, first: number): Position {
  return { from: Math.max(first, index - 1), to: Math.max(first, index), progress: 1 };
}
