// Which close-ups are shown: those that tell the current event, else the last that told one. Reads
// take two: the path of the key on the left, the filter beside it.

import type { LsmEvent } from '../../src/protocol/events.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';
import { activityOf, recentOf } from './actors.ts';
import type { Frame, Scene } from './frame.ts';
import type { Timeline } from './timeline.ts';

/** A close-up with the frame it draws. */
export interface CloseUp {
  readonly scene: Scene;
  readonly frame: Frame;
}

/** How far back the last told event is looked for. */
const LOOK_BACK_MAX = 600;
/** The pair that is shown together. */
const READ_PAIR: readonly Scene['name'][] = ['read-path', 'bloom'];

/** The close-ups for a frame, leftmost first; none when nothing was told lately. */
export function closeUpsFor(
  scenes: readonly Scene[],
  frame: Frame,
  timeline: Timeline,
  index: number,
): readonly CloseUp[] {
  const told = toldFrame(scenes, frame, timeline, index);
  if (told === undefined || told.event === null) return [];
  const { event } = told;
  const telling = scenes.filter((scene) => scene.tells(event, told.state));
  if (activityOf(event) !== 'read') return pair(telling.slice(0, 1), told);
  return pair(
    READ_PAIR.flatMap((name) => scenes.filter((scene) => scene.name === name)),
    told,
  );
}

function pair(scenes: readonly Scene[], frame: Frame): readonly CloseUp[] {
  return scenes.map((scene) => ({ scene, frame }));
}

/** The frame itself when a scene tells its event; else the end of the last event that one told. */
function toldFrame(
  scenes: readonly Scene[],
  frame: Frame,
  timeline: Timeline,
  index: number,
): Frame | undefined {
  if (frame.event !== null && isTold(scenes, frame.event, frame.state)) return frame;
  const oldest = Math.max(timeline.first, index - LOOK_BACK_MAX);
  for (let at = Math.min(index, timeline.length - 1); at >= oldest; at--) {
    const event = timeline.eventAt(at);
    if (event === undefined) continue;
    const state = timeline.stateBefore(at);
    if (!isTold(scenes, event, state)) continue;
    return {
      state,
      next: timeline.stateBefore(at + 1),
      event,
      progress: 1,
      recent: recentOf(timeline, at),
      flow: frame.flow,
      reducedMotion: frame.reducedMotion,
    };
  }
  return undefined;
}

function isTold(scenes: readonly Scene[], event: LsmEvent, state: TreeState): boolean {
  return scenes.some((scene) => scene.tells(event, state));
}
