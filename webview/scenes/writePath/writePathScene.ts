// The close-up of a write: console, group, log record, sync, skip list, acknowledgement.

import type { LsmEvent } from '../../../src/protocol/events.ts';
import type { Scene } from '../../model/frame.ts';
import { drawMarks } from '../drawing/drawMarks.ts';
import { layoutWritePath } from './writePathLayout.ts';

const stepMillis = 350;
/** An insertion shows every comparison of its search and every level of its tower. */
const comparisonMillis = 140;
const towerMillis = 420;

export const writePathScene: Scene = {
  name: 'write-path',
  title: 'Write path',
  tells: ({ kind }) =>
    kind === 'write.begin' ||
    kind === 'write.group' ||
    kind === 'wal.append' ||
    kind === 'wal.sync' ||
    kind === 'memtable.insert' ||
    kind === 'write.end',
  durationMillis,
  draw: (root, frame, width, height) =>
    drawMarks(root, layoutWritePath(frame, width, height), width, height),
};

function durationMillis(event: LsmEvent): number {
  if (event.kind === 'memtable.insert') {
    return towerMillis + Math.min(event.path.length, 16) * comparisonMillis;
  }
  return event.kind === 'wal.append' ? 2 * stepMillis : stepMillis;
}
