// The levels: a row each, with its score against its limit on the left, its tables over the key
// axis, and what they come to on the right.

import type { FileNumber, LevelTarget, TableInfo } from '../../src/protocol/events.ts';
import type { LevelState } from '../../src/protocol/treeState.ts';
import { counted, formatBytes, formatCount, formatRatio } from '../model/format.ts';
import { fileText, keyText, shortened } from '../model/keyText.ts';
import { placeName, unitOf } from '../model/levelNames.ts';
import type { TimeWindow } from '../model/timeWindows.ts';
import type { Picture, Region } from './marks.ts';
import { PictureBuilder } from './marks.ts';
import type { LevelRegion } from './stageRegions.ts';
import { LEVEL_FIGURES_WIDTH, LEVEL_LABEL_WIDTH, MARGIN } from './stageRegions.ts';
import type { TableBox } from './tableBoxes.ts';
import type { TableFill } from './tableColour.ts';
import type { TextMeasure } from './textMeasure.ts';
import { firstFitting } from './textMeasure.ts';

const SCORE_BAR_X = 28;
const SCORE_BAR_WIDTH = 48;
/** The bar ends at this score; the mark at 1 says when a level is due. */
const SCORE_MAX = 1.5;
const FIGURES_GAP = 14;
const LABEL_HEIGHT_MIN = 11;
/** Between a window's bracket and the axis. */
const WINDOW_BRACKET_GAP = 5;
/** Tables whose names are written: beyond, boxes are too narrow anyway. */
const NAMED_MAX = 200;

/** The window of time of each table, by file. */
export type WindowsByFile = ReadonlyMap<FileNumber, TimeWindow>;

/**
 * One level.
 * @param boxes its tables, as `tableBoxes` placed them
 * @param windows empty where tables are not divided by time
 * @param awaited a table is being written into this level
 */
export function levelLayout(
  level: LevelState,
  boxes: readonly TableBox[],
  region: LevelRegion,
  fill: TableFill,
  windows: WindowsByFile,
  awaited: boolean,
  measure: TextMeasure,
): Picture {
  const picture = new PictureBuilder();
  const naming: Naming = { target: level.target, windows };
  placeScore(picture, level.target, region.tables, measure);
  placeFigures(picture, level, boxes, windows, region.tables, measure);
  const bottom = region.tables.y + region.tables.height + 2.5;
  picture.line({
    key: `level-line-${level.level}`,
    points: [
      [region.tables.x, bottom],
      [region.tables.x + region.tables.width, bottom],
    ],
    look: 'grid',
  });
  if (boxes.length === 0 && !awaited) placeEmpty(picture, level.level, region.tables, measure);
  for (const box of boxes) placeTable(picture, naming, box, fill, measure);
  placeWindows(picture, level.level, boxes, windows, region.tables);
  if (boxes.length <= NAMED_MAX) {
    for (const box of boxes) placeLabel(picture, naming, box, measure);
  }
  return picture;
}

/** What a table's name depends on besides itself. */
interface Naming {
  readonly target: LevelTarget;
  readonly windows: WindowsByFile;
}

/** A bracket at the left of the runs of each window, and a line where the next one begins. */
function placeWindows(
  picture: PictureBuilder,
  level: number,
  boxes: readonly TableBox[],
  windows: WindowsByFile,
  tables: Region,
): void {
  const spans = new Map<TimeWindow, { top: number; bottom: number }>();
  for (const { tables: inBox, y, height } of boxes) {
    const window = windows.get(inBox[0]?.file ?? 0);
    if (window === undefined) continue;
    const span = spans.get(window) ?? { top: y, bottom: y + height };
    spans.set(window, {
      top: Math.min(span.top, y),
      bottom: Math.max(span.bottom, y + height),
    });
  }
  for (const [{ number }, { top, bottom }] of spans) {
    const x = tables.x - WINDOW_BRACKET_GAP;
    picture.line({
      key: `window-${level}-${number}`,
      points: [
        [x + 3, top],
        [x, top],
        [x, bottom],
        [x + 3, bottom],
      ],
      look: 'window',
    });
  }
}

/** Name, bar against the limit, and score: `L1 ▮▮▮▯ 0.92`. */
function placeScore(
  picture: PictureBuilder,
  target: LevelTarget,
  tables: Region,
  measure: TextMeasure,
): void {
  const level = target.level;
  const middle = tables.y + tables.height / 2;
  const x = MARGIN + SCORE_BAR_X;
  const name = `L${level}`;
  picture.text({
    key: `level-name-${level}`,
    x: MARGIN,
    y: middle + 4,
    text: name,
    style: 'title',
    look: 'strong',
    width: measure(name, 'title'),
  });
  const share = Math.min(1, target.score / SCORE_MAX);
  picture.box({
    key: `score-track-${level}`,
    x,
    y: middle - 3,
    width: SCORE_BAR_WIDTH,
    height: 6,
    look: 'gauge-track',
    target: { kind: 'level', level },
    label: `Level ${level}: score ${formatRatio(target.score)}, a compaction is due at 1`,
  });
  picture.box({
    key: `score-fill-${level}`,
    x,
    y: middle - 3,
    width: share * SCORE_BAR_WIDTH,
    height: 6,
    look: target.score >= 1 ? 'score-fill due' : 'score-fill',
  });
  const mark = x + SCORE_BAR_WIDTH / SCORE_MAX;
  picture.line({
    key: `score-mark-${level}`,
    points: [
      [mark, middle - 6],
      [mark, middle + 6],
    ],
    look: 'score-mark',
  });
  const text = firstFitting(
    // Cut, not rounded: 0.998 is not due yet and must not read as 1.
    [(Math.floor(target.score * 100) / 100).toFixed(2), formatRatio(target.score)],
    'small',
    LEVEL_LABEL_WIDTH - SCORE_BAR_X - SCORE_BAR_WIDTH - 12,
    measure,
  );
  picture.text({
    key: `score-${level}`,
    x: x + SCORE_BAR_WIDTH + 6,
    y: middle + 4,
    text,
    style: 'small',
    look: target.score >= 1 ? 'due' : 'dim',
    width: measure(text, 'small'),
  });
}

/**
 * Tables and bytes; the limit below when there is room; that neighbours were merged, when they
 * were.
 */
function placeFigures(
  picture: PictureBuilder,
  level: LevelState,
  boxes: readonly TableBox[],
  windows: WindowsByFile,
  tables: Region,
  measure: TextMeasure,
): void {
  const x = tables.x + tables.width + FIGURES_GAP;
  const width = LEVEL_FIGURES_WIDTH - FIGURES_GAP;
  const size = formatBytes(level.sizeBytes);
  const count = counted(level.tables.length, 'table');
  const short = formatCount(level.tables.length);
  const first = firstFitting(
    [`${count} · ${size}`, `${short} · ${size}`, size],
    'small',
    width,
    measure,
  );
  const second = firstFitting(secondLine(level, boxes, windows), 'small', width, measure);
  const twoLines = second !== '' && tables.height >= 26;
  const middle = tables.y + tables.height / 2;
  picture.text({
    key: `level-figures-${level.level}`,
    x,
    y: middle + (twoLines ? -3 : 4),
    text: level.tables.length === 0 ? '' : first,
    style: 'small',
    look: '',
    width: measure(first, 'small'),
  });
  if (!twoLines || level.tables.length === 0) return;
  picture.text({
    key: `level-limit-${level.level}`,
    x,
    y: middle + 11,
    text: second,
    style: 'small',
    look: 'dim',
    width: measure(second, 'small'),
  });
}

function secondLine(
  level: LevelState,
  boxes: readonly TableBox[],
  windows: WindowsByFile,
): readonly string[] {
  const merged = boxes.filter((box) => box.tables.length > 1);
  if (merged.length > 0) {
    const most = merged.reduce((largest, box) => Math.max(largest, box.tables.length), 0);
    return [`1 box = up to ${most} tables`, `1 box ≤ ${most} tables`, `≤ ${most} a box`];
  }
  const { measure, limit } = level.target;
  const inWindows = new Set(level.tables.map(({ file }) => windows.get(file)));
  if (limit <= 0) return windows.size === 0 ? [] : [counted(inWindows.size, 'window')];
  if (measure === 'bytes') return [`limit ${formatBytes(limit)}`];
  return [`limit ${counted(limit, unitOf(level.target))}`];
}

function placeEmpty(
  picture: PictureBuilder,
  level: number,
  tables: Region,
  measure: TextMeasure,
): void {
  const text = level === 0 ? 'empty: a flush puts its table here' : 'empty';
  picture.text({
    key: `level-empty-${level}`,
    x: tables.x + 8,
    y: tables.y + tables.height / 2 + 4,
    text,
    style: 'small',
    look: 'dim',
    width: measure(text, 'small'),
  });
}

function placeTable(
  picture: PictureBuilder,
  naming: Naming,
  box: TableBox,
  fill: TableFill,
  measure: TextMeasure,
): void {
  const { target } = naming;
  const [table] = box.tables;
  if (table === undefined) return;
  const colour = fill(table);
  picture.box({
    key: tableKey(box),
    x: box.x,
    y: box.y,
    width: box.width,
    height: box.height,
    look: `table level-${Math.min(target.level, 6)}`,
    ...(colour === undefined ? {} : { fill: colour }),
    target: { kind: 'table', file: table.file },
    label: box.tables.length === 1 ? tableLabel(naming, table) : mergedLabel(target.level, box),
  });
  const dead = table.tombstones > 0 && table.tombstones * 2 >= table.entries;
  if (dead && box.width >= 90 && box.height >= LABEL_HEIGHT_MIN) {
    picture.text({
      key: `table-dagger-${table.file}`,
      x: box.x + box.width - 8,
      y: box.y + box.height / 2 + 4,
      text: '†',
      style: 'small',
      look: 'on-level',
      anchor: 'end',
      width: measure('†', 'small'),
      rides: tableKey(box),
    });
  }
}

/** Identity of a box: the table's own, so that it can be followed from level to level. */
export function tableKey(box: TableBox): string {
  const file = box.tables[0]?.file ?? 0;
  return box.tables.length === 1 ? `table-${file}` : `tables-from-${file}`;
}

function placeLabel(
  picture: PictureBuilder,
  naming: Naming,
  box: TableBox,
  measure: TextMeasure,
): void {
  const [table] = box.tables;
  if (table === undefined || box.height < LABEL_HEIGHT_MIN) return;
  const texts =
    box.tables.length === 1
      ? [...longNames(naming, table), fileText(table.file), String(table.file)]
      : [`${box.tables.length} tables`, String(box.tables.length)];
  const text = firstFitting(texts, 'key-small', box.width - 10, measure);
  picture.text({
    key: `table-name-${tableKey(box)}`,
    x: box.x + 6,
    y: box.y + box.height / 2 + 4,
    text,
    style: 'key-small',
    look: 'on-level',
    width: measure(text, 'key-small'),
    rides: tableKey(box),
  });
}

/** With its window or its sublevel, where there are any. */
function longNames({ target, windows }: Naming, table: TableInfo): readonly string[] {
  const window = windows.get(table.file);
  if (window !== undefined) {
    const file = fileText(table.file);
    return [...window.names.map((name) => `${file} · ${name}`), ...window.names];
  }
  if (target.measure !== 'sublevels') return [];
  return [`${placeName(target, table)} · ${fileText(table.file)}`];
}

/** A table in words. */
function tableLabel({ target, windows }: Naming, table: TableInfo): string {
  const keys = `${shortKey(table.smallestKey)} to ${shortKey(table.largestKey)}`;
  const isDivided = target.measure === 'sublevels';
  const place = isDivided ? `sublevel ${placeName(target, table)}` : `level ${target.level}`;
  const dead = table.tombstones > 0 ? `, ${counted(table.tombstones, 'tombstone')}` : '';
  const window = windows.get(table.file);
  const when = window === undefined ? '' : `, window ${window.names[0]}`;
  return (
    `Table ${fileText(table.file)} in ${place}${when}: keys ${keys}, ` +
    `${counted(table.entries, 'entry', 'entries')}${dead}, ${formatBytes(table.sizeBytes)}`
  );
}

function mergedLabel(level: number, box: TableBox): string {
  const first = box.tables[0];
  const last = box.tables.at(-1);
  const keys =
    first === undefined || last === undefined
      ? ''
      : `, keys ${shortKey(first.smallestKey)} to ${shortKey(last.largestKey)}`;
  return `${box.tables.length} thin tables of level ${level} drawn as one${keys}`;
}

function shortKey(key: Uint8Array): string {
  return shortened(keyText(key), 24);
}
