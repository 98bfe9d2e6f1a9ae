// What is drawn at one instant. Drawing is a function of this value alone: no view and no scene
// owns time, so pausing, stepping back and scrubbing into the middle of a motion need no code of
// theirs.

import type { LsmEvent, LsmEventKind } from '../../src/protocol/events.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';

/** Events per second by kind, when they come too fast to be shown one by one. */
export interface FlowRates {
  readonly perSecond: Readonly<Partial<Record<LsmEventKind, number>>>;
  /** Of all kinds together. */
  readonly totalPerSecond: number;
  /** Payload bytes per second that writers bring in. */
  readonly writeBytesPerSecond: number;
}

/** What is drawn at one instant. */
export interface Frame {
  /** After every event before `event`. */
  readonly state: TreeState;
  /** After `event`. */
  readonly next: TreeState;
  /** The event being shown; `null` before the first one. */
  readonly event: LsmEvent | null;
  /** 0…1 through it. */
  readonly progress: number;
  /** Events of the same operation or job before this one, oldest first (at most `RECENT_MAX`). */
  readonly recent: readonly LsmEvent[];
  /** `null` while events are shown one by one. */
  readonly flow: FlowRates | null;
  /** Fade instead of travelling. */
  readonly reducedMotion: boolean;
}

/** Most events that `Frame.recent` holds. */
export const RECENT_MAX = 400;

/** A close-up that opens from the stage. */
export interface Scene {
  readonly name: SceneName;
  readonly title: string;
  /**
   * Whether this scene tells this event; `state` is the tree before it (whose job writes this
   * table?).
   */
  tells(event: LsmEvent, state: TreeState): boolean;
  /** How long the event takes at 1×, milliseconds (250–400; 0 = instant). */
  durationMillis(event: LsmEvent): number;
  /**
   * Draws into `root`, which the shell sized to width × height CSS pixels. Idempotent: any frame in
   * any order, also backwards.
   */
  draw(root: SVGSVGElement, frame: Frame, width: number, height: number): void;
}

export type SceneName = 'write-path' | 'flush' | 'bloom' | 'merge' | 'read-path' | 'transaction';
