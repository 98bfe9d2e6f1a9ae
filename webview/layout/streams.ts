// Flow: when steps come too fast to be followed, tokens turn into streams whose width is the rate.

import type { FlowRates } from '../model/frame.ts';
import type { LineMark, Picture } from './marks.ts';
import { EMPTY_PICTURE } from './marks.ts';
import type { StageRegions } from './stageRegions.ts';

const WIDTHS_MAX = 6;

/** The streams: writes through the log into memory, reads down through the levels. */
export function streamsLayout(flow: FlowRates | null, regions: StageRegions): Picture {
  if (flow === null) return EMPTY_PICTURE;
  const { wal, memtable, levels } = regions;
  const middle = memtable.x + memtable.width / 2;
  const bottom = levels.at(-1)?.tables;
  const lines: LineMark[] = [];
  const writes = flow.perSecond['write.end'] ?? 0;
  if (writes >= 1) {
    lines.push({
      key: 'stream-writes',
      points: [
        [middle, 0],
        [middle, wal.y],
        [middle, memtable.y + 2],
      ],
      look: `stream writing width-${widthOf(writes)}`,
    });
  }
  const reads = (flow.perSecond['get.end'] ?? 0) + (flow.perSecond['scan.end'] ?? 0);
  if (reads >= 1 && bottom !== undefined) {
    const x = regions.axis.x - 5;
    lines.push({
      key: 'stream-reads',
      points: [
        [x, memtable.y + memtable.height],
        [x, bottom.y + bottom.height],
      ],
      look: `stream reading width-${widthOf(reads)}`,
    });
  }
  return lines.length === 0 ? EMPTY_PICTURE : { ...EMPTY_PICTURE, lines };
}

/** One to six: each step is about five times the rate of the one before. */
function widthOf(rate: number): number {
  return Math.max(1, Math.min(WIDTHS_MAX, Math.round(Math.log(rate) / Math.log(5))));
}
