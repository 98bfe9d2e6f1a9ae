// The write-ahead log as a strip of records: solid up to the durable line, hatched beyond it;
// outlined where nobody can know how far it is durable. A log of many records is drawn with several
// to a cell, and says so.

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
  const lost = recordsAtRisk(wal, active);
  placeWarning(picture, lost, region.x + region.width, baseline, warningWidth, measure);
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
  const { recordsUnsynced } = segment;
  const durable = recordsUnsynced === null ? undefined : segment.records - recordsUnsynced;
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
      look: durable === undefined ? 'wal-unknown' : last > durable ? 'wal-unsynced' : 'wal-durable',
      hatched: durable !== undefined && last > durable,
    });
  }
  const label =
    durable === undefined || segment.records === 0
      ? { x: cells.x, width: 0 }
      : placeBoundary(picture, cells.x + (durable / each) * CELL_PITCH - 1, cells, region, measure);
  if (each > 1) placeScale(picture, each, cells, label, region, measure);
}

/** The durable line with its name. Returns where the name stands. */
function placeBoundary(
  picture: PictureBuilder,
  boundary: number,
  cells: Region,
  region: Region,
  measure: TextMeasure,
): { readonly x: number; readonly width: number } {
  picture.line({
    key: 'wal-boundary',
    points: [
      [boundary, cells.y - 4],
      [boundary, cells.y + cells.height + 5],
    ],
    look: 'durable-line',
  });
  const text = 'durable up to here';
  const width = measure(text, 'small');
  const x = Math.max(cells.x, Math.min(boundary - width / 2, cells.x + cells.width - width));
  picture.text({
    key: 'wal-boundary-name',
    x,
    y: region.y - 1,
    text,
    style: 'small',
    look: 'dim',
    width,
  });
  return { x, width };
}

/**
 * Says how many records a cell stands for, right of the strip's top, clear of the durable label.
 */
function placeScale(
  picture: PictureBuilder,
  each: number,
  cells: Region,
  label: { readonly x: number; readonly width: number },
  region: Region,
  measure: TextMeasure,
): void {
  const text = `1 cell = ${counted(each, 'record')}`;
  const width = measure(text, 'small');
  const right = cells.x + cells.width - width;
  const x = label.width === 0 || label.x + label.width + 16 <= right ? right : cells.x;
  if (x === cells.x && cells.x + width + 16 > label.x) return;
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

/** Records that a power failure would lose; `null` where of any segment nobody can know. */
function recordsAtRisk({ segments }: WalState, active: WalSegmentState): number | null {
  const known = segments.every(({ recordsUnsynced }) => recordsUnsynced !== null);
  return known ? active.recordsUnsynced : null;
}

function placeWarning(
  picture: PictureBuilder,
  lost: number | null,
  right: number,
  baseline: number,
  width: number,
  measure: TextMeasure,
): void {
  const text = firstFitting(warnings(lost), 'body', width, measure);
  picture.text({
    key: 'wal-warning',
    x: right,
    y: baseline,
    text,
    style: 'body',
    look: lost === null || lost === 0 ? 'dim' : 'warning',
    anchor: 'end',
    width: measure(text, 'body'),
  });
}

/** What a power failure would cost, the longest wording first. */
function warnings(lost: number | null): readonly string[] {
  if (lost === null) {
    return ['no file tells what is synced', 'synced or not: unknown', 'sync unknown'];
  }
  return lost === 0
    ? ['a power failure would lose nothing', 'nothing would be lost', 'all durable']
    : [
        `${counted(lost, 'record')} would be lost by a power failure`,
        `${counted(lost, 'record')} not yet durable`,
        `${counted(lost, 'record')} at risk`,
      ];
}

/** The smallest step of the 1-2-5 series with which `records` fit into `capacity` cells. */
function recordsPerCell(records: number, capacity: number): number {
  for (let power = 1; ; power *= 10) {
    for (const step of CELL_STEPS) {
      if (Math.ceil(records / (step * power)) <= capacity) return step * power;
    }
  }
}
