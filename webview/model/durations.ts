// How long each event is shown at 1×. A close-up that tells the event knows best; the rest follows
// its weight: what changes the tree's shape is worth a look, what only counts passes at once.

import type { LsmEvent, LsmEventKind } from '../../src/protocol/events.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';
import type { Scene } from './frame.ts';

const STEP_MILLIS = 300;

const MILLIS: Readonly<Partial<Record<LsmEventKind, number>>> = {
  summary: 0,
  'flush.progress': 60,
  'compaction.progress': 60,
  'cache.evict': 120,
  'table.skip': 220,
  'memtable.seal': 500,
  'manifest.edit': 700,
};

/** Milliseconds at 1×, given the close-ups. */
export function eventDuration(
  scenes: readonly Scene[],
): (event: LsmEvent, before: TreeState) => number {
  return (event, before) => {
    const scene = scenes.find((candidate) => candidate.tells(event, before));
    const own = MILLIS[event.kind] ?? STEP_MILLIS;
    return scene === undefined
      ? own
      : Math.max(scene.durationMillis(event), MILLIS[event.kind] ?? 0);
  };
}
