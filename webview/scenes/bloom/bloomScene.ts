// The close-up of asking a table for a key: filter bit by bit, index, block, answer.

import type { LsmEvent } from '../../../src/protocol/events.ts';
import type { Scene } from '../../model/frame.ts';
import { drawMarks } from '../drawing/drawMarks.ts';
import { layoutBloom } from './bloomLayout.ts';

const stepMillis = 350;
const probeMillis = 200;
const halvingMillis = 160;

export const bloomScene: Scene = {
  name: 'bloom',
  title: 'Filter check',
  tells: (event) =>
    event.kind === 'filter.check' ||
    event.kind === 'index.seek' ||
    event.kind === 'block.search' ||
    (event.kind === 'block.read' && event.operation > 0),
  durationMillis,
  draw: (root, frame, width, height) =>
    drawMarks(root, layoutBloom(frame, width, height), width, height),
};

function durationMillis(event: LsmEvent): number {
  if (event.kind === 'filter.check') return 2 * stepMillis + event.probes.length * probeMillis;
  if (event.kind === 'index.seek' || event.kind === 'block.search') {
    return stepMillis + event.steps.length * halvingMillis;
  }
  return stepMillis;
}
