// The close-up of a flush: seal, blocks, filter, file, manifest, log.

import type { LsmEvent } from '../../../src/protocol/events.ts';
import type { TreeState } from '../../../src/protocol/treeState.ts';
import type { Scene } from '../../model/frame.ts';
import { drawMarks } from '../drawing/drawMarks.ts';
import { isOfJob } from '../drawing/jobs.ts';
import { layoutFlush } from './flushLayout.ts';

const stepMillis = 400;
const keyMillis = 70;

export const flushScene: Scene = {
  name: 'flush',
  title: 'Flush',
  tells,
  durationMillis: (event) =>
    event.kind === 'table.filter'
      ? 2 * stepMillis + Math.min(event.insertions.length, 64) * keyMillis
      : event.kind === 'table.entry'
        ? 1.5 * stepMillis
        : stepMillis,
  draw: (root, frame, width, height) =>
    drawMarks(root, layoutFlush(frame, width, height), width, height),
};

function tells(event: LsmEvent, state: TreeState): boolean {
  switch (event.kind) {
    case 'memtable.seal':
    case 'wal.rotate':
    case 'wal.delete':
    case 'flush.begin':
    case 'flush.progress':
    case 'flush.end':
      return true;
    case 'table.entry':
    case 'table.block':
    case 'table.filter':
    case 'table.create':
    case 'manifest.edit':
      return isOfJob(event, state, 'flush');
    default:
      return false;
  }
}
