// The tables that compactions at work read: outlined in purple, and part of the disk's own picture,
// so that an outline goes when its table goes.

import type { FileNumber } from '../../src/protocol/events.ts';
import type { JobState } from '../../src/protocol/treeState.ts';
import type { BoxMark, Picture } from './marks.ts';
import { EMPTY_PICTURE } from './marks.ts';
import type { TableBox } from './tableBoxes.ts';

/** Tables outlined one by one, in all compactions together. */
const INPUTS_MAX = 400;

/** Outlines around the inputs of every compaction. */
export function mergeInputsLayout(
  jobs: readonly JobState[],
  boxOf: (file: FileNumber) => TableBox | undefined,
): Picture {
  const boxes: BoxMark[] = [];
  for (const job of jobs) {
    if (job.kind !== 'compaction') continue;
    for (const file of job.inputs.flatMap((input) => input.files)) {
      const box = boxOf(file);
      // A merged box may stand for several inputs: one outline is enough.
      if (box === undefined || box.tables[0]?.file !== file) continue;
      if (boxes.length >= INPUTS_MAX) break;
      const { x, y, width, height } = box;
      boxes.push({ key: `merging-${file}`, x, y, width, height, look: 'outline merging' });
    }
  }
  return boxes.length === 0 ? EMPTY_PICTURE : { ...EMPTY_PICTURE, boxes };
}
