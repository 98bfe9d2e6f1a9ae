// The close-up of a get through all the places that may hold its key, and of a scan across them.

import type { LsmEvent } from '../../../src/protocol/events.ts';
import type { Scene } from '../../model/frame.ts';
import { drawMarks } from '../drawing/drawMarks.ts';
import { layoutReadPath } from './readPathLayout.ts';

const stepMillis = 400;
const operandMillis = 600;
const mergeMillis = 1400;

export const readPathScene: Scene = {
  name: 'read-path',
  title: 'Read path',
  tells,
  durationMillis,
  draw: (root, frame, width, height) =>
    drawMarks(root, layoutReadPath(frame, width, height), width, height),
};

function durationMillis({ kind }: LsmEvent): number {
  if (kind === 'get.merge') return mergeMillis;
  return kind === 'get.operand' ? operandMillis : stepMillis;
}

function tells(event: LsmEvent): boolean {
  switch (event.kind) {
    case 'get.begin':
    case 'memtable.lookup':
    case 'table.skip':
    case 'filter.check':
    case 'index.seek':
    case 'block.search':
    case 'get.operand':
    case 'get.merge':
    case 'get.end':
    case 'scan.begin':
    case 'scan.end':
      return true;
    case 'block.read':
      return event.operation > 0;
    default:
      return false;
  }
}
