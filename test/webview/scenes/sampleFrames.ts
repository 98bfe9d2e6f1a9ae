// Frames out of a story: the page's own timeline folds the events and finds what belongs together.

import { emptyState } from '../../../src/protocol/emptyState.ts';
import type { LsmEvent } from '../../../src/protocol/events.ts';
import type { TreeState } from '../../../src/protocol/treeState.ts';
import { recentOf } from '../../../webview/model/actors.ts';
import type { Frame } from '../../../webview/model/frame.ts';
import { Timeline } from '../../../webview/model/timeline.ts';

/** A store's beginning and what happened to it. */
export interface Story {
  readonly initial: TreeState;
  readonly events: readonly LsmEvent[];
}

const timelines = new WeakMap<Story, Timeline>();

/** The frame at `progress` through the event at `index`. */
export function frameAtIndex(story: Story, index: number, progress: number): Frame {
  let timeline = timelines.get(story);
  if (timeline === undefined) {
    timeline = new Timeline(story.initial);
    timeline.append(story.events);
    timelines.set(story, timeline);
  }
  return {
    state: timeline.stateBefore(index),
    next: timeline.stateBefore(index + 1),
    event: timeline.eventAt(index) ?? null,
    progress,
    recent: recentOf(timeline, index),
    flow: null,
    reducedMotion: false,
  };
}

/** The frame in the `nth` event of a kind, counted from 0; negative counts from the end. */
export function frameOf(
  story: Story,
  kind: LsmEvent['kind'],
  nth: number,
  progress: number,
): Frame | undefined {
  const indexes = [...story.events.keys()].filter((at) => story.events[at]!.kind === kind);
  const index = indexes.at(nth);
  return index === undefined ? undefined : frameAtIndex(story, index, progress);
}

/** A frame of a store in which nothing has happened. */
export function restingFrame(): Frame {
  const state = emptyState();
  return {
    ...{ state, next: state, event: null, progress: 0, recent: [] },
    ...{ flow: null, reducedMotion: false },
  };
}
