// Everything the page knows, without a screen: the timeline with its chronicle, the clock, what is
// selected, what the session said. It hears the session and acknowledges what has come and been
// shown.

import { emptyState } from '../../src/protocol/emptyState.ts';
import type { Hello, PacingMode, SessionStatus, TraceInfo } from '../../src/protocol/messages.ts';
import type { Told } from '../transport/sessionClient.ts';
import { MEMTABLE_NODES_MAX } from '../../src/protocol/fold/memtable.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';
import { Chronicle } from './chronicle.ts';
import type { CloseUp } from './closeUps.ts';
import { closeUpsFor } from './closeUps.ts';
import { eventDuration } from './durations.ts';
import type { Frame, Scene } from './frame.ts';
import { Framer, tellingIndex } from './frameAt.ts';
import { withOwnKeys } from './ownKeys.ts';
import { Playback } from './playback.ts';
import type { PlaybackMode } from './playback.ts';
import type { Target } from './selection.ts';
import { Timeline } from './timeline.ts';

/** Acknowledges a batch, and events up to a number. */
export type Acknowledge = (batch: number, eventNumber: number) => void;

/** The name under which our own engine tells of itself. */
export const OWN_ENGINE = 'lsm-lens';
const HISTORY_ONLY: ReadonlySet<PlaybackMode> = new Set(['history']);
const WITHOUT_LOCKSTEP: ReadonlySet<PlaybackMode> = new Set(['live', 'history']);
const ALL_MODES: ReadonlySet<PlaybackMode> = new Set(['live', 'lockstep', 'history']);

const NO_STATUS: SessionStatus = {
  mode: 'live',
  recording: false,
  running: '',
  readOnlyBecause: '',
};

export class Lens {
  timeline: Timeline;
  chronicle: Chronicle;
  readonly playback: Playback;
  status: SessionStatus = NO_STATUS;
  trace: TraceInfo | null = null;
  selection: Target = { kind: 'store' };
  /** Number of the column family that the stage shows. */
  family = 0;
  /** Grows with every batch: what depends on the whole timeline is drawn anew when it changes. */
  version = 0;
  private readonly scenes: readonly Scene[];
  private readonly acknowledge: Acknowledge;
  private readonly framer = new Framer();
  private lastBatch = 0;
  /** Events up to this number are not played as they come; 0 when all are. */
  private pastUpTo = 0;
  private accountAskedAt = -1;

  constructor(scenes: readonly Scene[], acknowledge: Acknowledge) {
    this.scenes = scenes;
    this.acknowledge = acknowledge;
    this.timeline = new Timeline(emptyState());
    this.chronicle = new Chronicle();
    this.playback = new Playback(this.timeline, {
      durationMillis: eventDuration(scenes),
      onShown: (index) => this.noteShown(index),
    });
  }

  /** Takes in what the session told. */
  hear(told: Told): void {
    switch (told.kind) {
      case 'opening':
        return;
      case 'hello':
        return this.begin(told.hello);
      case 'status':
        this.status = told.status;
        this.playback.pacing = told.status.mode;
        return;
      case 'batch':
        this.timeline.append(told.events.map(withOwnKeys), (index, event, after) =>
          this.chronicle.note(index, event, after),
        );
        this.timeline.leftOut += told.leftOut;
        this.chronicle.trim(this.timeline.first);
        this.version += 1;
        this.lastBatch = told.batch;
        this.passOverPast();
        return this.acknowledgeBatch(told.batch);
    }
  }

  /**
   * Whether the session should be asked for its own account: all is shown and quiet, and the fold
   * knows fewer nodes of the memtable than it could, because events were left out.
   */
  get wantsAccount(): boolean {
    const { timeline, playback } = this;
    const { eventNumber, families } = timeline.head;
    if (this.trace !== null || playback.backlog > 0 || playback.moving) return false;
    if (this.accountAskedAt === eventNumber) return false;
    const sparse = families.some(({ memtable }) => {
      return memtable.nodes.length < Math.min(memtable.entries, MEMTABLE_NODES_MAX);
    });
    if (sparse) this.accountAskedAt = eventNumber;
    return sparse;
  }

  /** The session's own account of the newest state, asked for because of `wantsAccount`. */
  hearAccount(account: TreeState): void {
    if (this.timeline.refresh(account)) this.framer.forget();
  }

  /** What is to be drawn now. */
  frame(reducedMotion: boolean): Frame {
    const { playback, timeline } = this;
    return this.framer.frameAt(timeline, playback.position, playback.flowing, reducedMotion);
  }

  /** The close-ups for a frame made by `frame`. */
  closeUps(frame: Frame): readonly CloseUp[] {
    const { from, to } = this.playback.position;
    const index = tellingIndex(this.timeline, from, to);
    return closeUpsFor(this.scenes, frame, this.timeline, index);
  }

  /** Event place (index plus progress) that is being shown. */
  get place(): number {
    const { from, to, progress } = this.playback.position;
    return from + (to - from) * progress;
  }

  /** What lies in the past is not played: the page stands at its end, and it can be scrubbed. */
  private passOverPast(): void {
    if (this.pastUpTo === 0) return;
    if (this.timeline.head.eventNumber >= this.pastUpTo) {
      this.pastUpTo = 0;
      this.chronicle.endPast();
    }
    this.playback.follow(this.playback.pacing);
  }

  private begin(hello: Hello): void {
    this.timeline = new Timeline(hello.state);
    this.chronicle = new Chronicle();
    this.chronicle.begin(hello.state);
    this.status = hello.status;
    this.pastUpTo = hello.pastUpTo ?? 0;
    this.trace = hello.trace;
    this.version += 1;
    this.playback.pacing = hello.status.mode;
    this.playback.ended = hello.trace !== null;
    this.playback.restart(this.timeline, hello.trace !== null);
  }

  private acknowledgeBatch(batch: number): void {
    if (this.status.mode === 'lockstep') this.acknowledge(batch, this.shownNumber());
    else this.acknowledge(batch, this.timeline.head.eventNumber);
  }

  private noteShown(index: number): void {
    if (this.status.mode !== 'lockstep' || this.trace !== null) return;
    const number = this.timeline.eventAt(index - 1)?.number;
    if (number !== undefined) this.acknowledge(this.lastBatch, number);
  }

  /** Number of the last event that has been shown, ever. */
  private shownNumber(): number {
    const shown = this.playback.shown;
    return shown > this.timeline.first
      ? (this.timeline.eventAt(shown - 1)?.number ?? 0)
      : this.timeline.stateBefore(this.timeline.first).eventNumber;
  }

  /**
   * A recording is over: there is nothing to follow. Another engine runs elsewhere, if at all: it
   * cannot be made to wait.
   */
  get possibleModes(): ReadonlySet<PlaybackMode> {
    if (this.trace !== null) return HISTORY_ONLY;
    return this.timeline.head.store.engine === OWN_ENGINE ? ALL_MODES : WITHOUT_LOCKSTEP;
  }

  /** Which pace the session was asked for. */
  get pacing(): PacingMode {
    return this.status.mode;
  }
}
