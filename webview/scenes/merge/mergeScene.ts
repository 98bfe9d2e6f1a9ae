// The close-up of a compaction: pick, merge, tables, swap.

import type { LsmEvent } from '../../../src/protocol/events.ts';
import type { TreeState } from '../../../src/protocol/treeState.ts';
import type { Scene } from '../../model/frame.ts';
import { drawMarks } from '../drawing/drawMarks.ts';
import { isOfJob } from '../drawing/jobs.ts';
import { layoutMerge } from './mergeLayout.ts';

const stepMillis = 400;

export const mergeScene: Scene = {
  name: 'merge',
  title: 'Compaction',
  tells,
  durationMillis,
  draw: (root, frame, width, height) =>
    drawMarks(root, layoutMerge(frame, width, height), width, height),
};

function tells(event: LsmEvent, state: TreeState): boolean {
  switch (event.kind) {
    case 'compaction.pick':
    case 'compaction.begin':
    case 'compaction.entry':
    case 'compaction.progress':
    case 'compaction.end':
    case 'table.delete':
      return true;
    case 'table.entry':
    case 'table.block':
    case 'table.filter':
    case 'table.create':
    case 'manifest.edit':
      return isOfJob(event, state, 'compaction');
    default:
      return false;
  }
}

function durationMillis(event: LsmEvent): number {
  switch (event.kind) {
    case 'compaction.pick':
      return 4 * stepMillis;
    case 'compaction.begin':
    case 'manifest.edit':
    case 'table.filter':
      return 2 * stepMillis;
    case 'compaction.entry':
      return 1.75 * stepMillis;
    case 'table.entry':
      // The merge has just shown this entry on its way out.
      return stepMillis / 4;
    default:
      return stepMillis;
  }
}
