// The write-ahead log as a strip of records: solid up to the durable line, hatched beyond it. A log
// of many records is drawn with several to a cell, and says so.

import { counted, formatBytes } from '../model/format.ts';
import { fileText } from '../model/keyText.ts';
import type { WalSegmentState, WalState } from '../../src/protocol/treeState.ts';
import type { Picture, Region } from './marks.ts';
import { PictureBuilder } from './marks.ts';
import type { TextMeasure } from './textMeasure.ts';
import { firstFitting } from './textMeasure.ts';

const CELL_WIDTH = 7;
const CELL_PITCH = 9;
const CELL_HEIGHT = 16;
/** Closed segments drawn one by one; older ones are counted. */
const CHIPS_MAX = 3;
const CHIP_GAP = 4;
/** Records a cell may stand for: a 1-2-5 series. */
const CELL_STEPS = [1, 2, 5] as const;

/** The strip and what stands beside it. */
export function walLayout(wal: WalState, region: Region, measure: TextMeasure): Picture {
  const picture = new PictureBuilder();
  const baseline = region.y + 18;
  const active = wal.segments.find((segment) => segment.file === wal.active);
  const name = `WAL ${active === undefined ? '' : fileText(active.file)}`;
  const nameWidth = measure(name, 'body');
  picture.text({
    key: 'wal-name',
    x: region.x,
    y: baseline,
    text: name,
    style: 'body',
    look: 'strong',
    width: nameWidth,
  });
  const chipsEnd = placeChips(picture, wal, region.x + nameWidth + 12, baseline, measure);
  if (active === undefined) return picture;
  const warningWidth = Math.min(region.width * 0.38, 330);
  const cells = {
    x: chipsEnd,
    y: baseline - CELL_HEIGHT + 3,
    width: region.x + region.width - warningWidth - 12 - chipsEnd,
    height: CELL_HEIGHT,
  };
  placeCells(picture, active, cells, region, measure);
  placeWarning(picture, active, region.x + region.width, baseline, warningWidth, measure);
  return picture;
}

/** Closed segments that still hold entries of sealed memtables. Returns where the cells begin. */
function placeChips(
  picture: PictureBuilder,
  wal: WalState,
  start: number,
  baseline: number,
  measure: TextMeasure,
): number {
  const closed = wal.segments.filter((segment) => segment.file !== wal.active);
  const shown = closed.slice(-CHIPS_MAX);
  let x = start;
  if (closed.length > shown.length) {
    const text = `+${closed.length - shown.length}`;
    const width = measure(text, 'small');
    picture.text({ key: 'wal-more', x, y: baseline, text, style: 'small', look: 'dim', width });
    x += width + CHIP_GAP;
  }
  for (const segment of shown) {
    const text = fileText(segment.file);
    const width = measure(text, 'key-small') + 10;
    picture.box({
      key: `wal-segment-${segment.file}`,
      x,
      y: baseline - CELL_HEIGHT + 3,
      width,
      height: CELL_HEIGHT,
      look: 'wal-closed',
      target: { kind: 'wal' },
      label:
        `Closed log ${text}: ${counted(segment.records, 'record')}, ` +
        `${formatBytes(segment.sizeBytes)}`,
    });
    picture.text({
      key: `wal-segment-name-${segment.file}`,
      x: x + 5,
      y: baseline - 1,
      text,
      style: 'key-small',
      look: 'dim',
      width: width - 10,
    });
    x += width + CHIP_GAP;
  }
  return closed.length === 0 ? start : x + 4;
}

function placeCells(
  picture: PictureBuilder,
  segment: WalSegmentState,
  cells: Region,
  region: Region,
  measure: TextMeasure,
): void {
  const capacity = Math.max(4, Math.floor(cells.width / CELL_PITCH));
  const each = recordsPerCell(segment.records, capacity);
  const durable = segment.records - segment.recordsUnsynced;
  const count = Math.ceil(segment.records / each);
  picture.line({
    key: 'wal-track',
    points: [
      [cells.x, cells.y + cells.height + 2],
      [cells.x + capacity * CELL_PITCH, cells.y + cells.height + 2],
    ],
    look: 'grid',
  });
  for (let cell = 0; cell < count; cell++) {
    const last = Math.min(segment.records, (cell + 1) * each);
    picture.box({
      key: `wal-cell-${segment.file}-${cell}`,
      x: cells.x + cell * CELL_PITCH,
      y: cells.y,
      width: CELL_WIDTH,
      height: cells.height,
      look: last <= durable ? 'wal-durable' : 'wal-unsynced',
      hatched: last > durable,
    });
  }
  const boundary = cells.x + (durable / each) * CELL_PITCH - 1;
  if (segment.records > 0) {
    picture.line({
      key: 'wal-boundary',
      points: [
        [boundary, cells.y - 4],
        [boundary, cells.y + cells.height + 5],
      ],
      look: 'durable-line',
    });
  }
  const label = 'durable up to here';
  const width = measure(label, 'small');
  const labelX = Math.max(cells.x, Math.min(boundary - width / 2, cells.x + cells.width - width));
  if (segment.records > 0) {
    picture.text({
      key: 'wal-boundary-name',
      x: labelX,
      y: region.y - 1,
      text: label,
      style: 'small',
      look: 'dim',
      width,
    });
  }
  if (each > 1) placeScale(picture, each, cells, labelX, width, region, measure);
}

/**
 * Says how many records a cell stands for, right of the strip's top, clear of the durable label.
 */
function placeScale(
  picture: PictureBuilder,
  each: number,
  cells: Region,
  labelX: number,
  labelWidth: number,
  region: Region,
  measure: TextMeasure,
): void {
  const text = `1 cell = ${counted(each, 'record')}`;
  const width = measure(text, 'small');
  const right = cells.x + cells.width - width;
  const x = labelX + labelWidth + 16 <= right ? right : cells.x;
  if (x === cells.x && cells.x + width + 16 > labelX) return;
  picture.text({
    key: 'wal-scale',
    x,
    y: region.y - 1,
    text,
    style: 'small',
    look: 'dim',
    width,
  });
}

function placeWarning(
  picture: PictureBuilder,
  segment: WalSegmentState,
  right: number,
  baseline: number,
  width: number,
  measure: TextMeasure,
): void {
  const lost = segment.recordsUnsynced;
  const texts =
    lost === 0
      ? ['a power failure would lose nothing', 'nothing would be lost', 'all durable']
      : [
          `${counted(lost, 'record')} would be lost by a power failure`,
          `${counted(lost, 'record')} not yet durable`,
          `${counted(lost, 'record')} at risk`,
        ];
  const text = firstFitting(texts, 'body', width, measure);
  picture.text({
    key: 'wal-warning',
    x: right,
    y: baseline,
    text,
    style: 'body',
    look: lost === 0 ? 'dim' : 'warning',
    anchor: 'end',
    width: measure(text, 'body'),
  });
}

/** The smallest step of the 1-2-5 series with which `records` fit into `capacity` cells. */
function recordsPerCell(records: number, capacity: number): number {
  for (let power = 1; ; power *= 10) {
    for (const step of CELL_STEPS) {
      if (Math.ceil(records / (step * power)) <= capacity) return step * power;
    }
  }
}
