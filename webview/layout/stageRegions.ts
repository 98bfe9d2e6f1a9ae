// The stage's grid: which part stands where, for any size. All coordinates are whole CSS pixels.
//
//     MEMORY
//     WAL …… ▮▮▮▮▮▯▯▯                       n records would be lost by a power failure
//     ┌ memtable ─────────────┐ ┌ immutable ┐ ┌ block cache ┐
//     └───────────────────────┘ └───────────┘ └─────────────┘
//     ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄
//     DISK        │ key axis                                  │
//     L0  score   │ rows of tables                            │ tables · bytes
//                 │ band: compactions into the level below    │
//     L1  score   │                                           │
//     manifest    │ ghosts                                    │

import type { Region } from './marks.ts';

/** A level's place: its tables, and the band below it where compactions out of it are drawn. */
export interface LevelRegion {
  readonly level: number;
  readonly tables: Region;
  readonly band: Region;
}

export interface StageRegions {
  readonly width: number;
  readonly height: number;
  /** Headings and WAL row. */
  readonly wal: Region;
  readonly memtable: Region;
  readonly immutables: Region;
  readonly cache: Region;
  /** The line between memory and disk. */
  readonly shoreY: number;
  /** The line of axis labels; its x and width are the key axis itself. */
  readonly axis: Region;
  readonly levels: readonly LevelRegion[];
  /** Manifest and ghosts. */
  readonly foot: Region;
}

/** Space at the stage's edges, and between parts. */
export const MARGIN = 16;
const GAP = 12;
const HEADING_HEIGHT = 22;
const WAL_HEIGHT = 36;
const AXIS_HEIGHT = 22;
const FOOT_HEIGHT = 20;
/** Level name, score bar and score, left of the axis. */
export const LEVEL_LABEL_WIDTH = 118;
/** Tables and bytes, right of the axis. */
export const LEVEL_FIGURES_WIDTH = 128;
const CARD_HEIGHT_MIN = 92;
const CARD_HEIGHT_MAX = 250;
const LEVELS_FEW = 3;
const LEVEL_HEIGHT_MIN = 14;
const LEVEL_HEIGHT_MAX = 34;
const BAND_HEIGHT_MIN = 18;
const BAND_HEIGHT_CROWDED = 8;
const BAND_HEIGHT_MAX = 40;

/** Height below which a stage with so many levels is not squeezed: the page then scrolls it. */
export function stageHeightMin(levelCount: number): number {
  const memory = HEADING_HEIGHT + 4 + WAL_HEIGHT + CARD_HEIGHT_MIN + GAP;
  const levels = levelCount * (LEVEL_HEIGHT_MIN + BAND_HEIGHT_MIN) + LEVEL_HEIGHT_MIN;
  return memory + 4 + AXIS_HEIGHT + levels + FOOT_HEIGHT + 2;
}

/**
 * The grid for a stage of this size.
 * @param levelCount levels to show, at least 1; level 0 gets more room, for its overlapping tables
 */
export function stageRegions(
  width: number,
  wantedHeight: number,
  levelCount: number,
): StageRegions {
  const height = Math.max(wantedHeight, stageHeightMin(levelCount));
  const inner = width - 2 * MARGIN;
  // Memory shrinks as levels come: a deep tree needs its room on disk.
  const share = levelCount <= LEVELS_FEW ? 0.42 : 0.34;
  const spare = height - stageHeightMin(levelCount);
  const cardHeight = bounded(
    Math.round((height - 120) * share),
    CARD_HEIGHT_MIN,
    Math.min(CARD_HEIGHT_MAX, CARD_HEIGHT_MIN + spare),
  );
  const walTop = HEADING_HEIGHT + 4;
  const cardsTop = walTop + WAL_HEIGHT;
  const sideWidth = bounded(Math.round(inner * 0.17), 132, 230);
  const memtableWidth = inner - 2 * (sideWidth + GAP);
  const shoreY = cardsTop + cardHeight + GAP;
  const axisTop = shoreY + 4;
  const axisX = MARGIN + LEVEL_LABEL_WIDTH;
  const axisWidth = Math.max(120, inner - LEVEL_LABEL_WIDTH - LEVEL_FIGURES_WIDTH);
  const levelsTop = axisTop + AXIS_HEIGHT;
  const footTop = height - FOOT_HEIGHT - 2;
  const card = (x: number, cardWidth: number): Region => ({
    x,
    y: cardsTop,
    width: cardWidth,
    height: cardHeight,
  });
  return {
    width,
    height,
    wal: { x: MARGIN, y: walTop, width: inner, height: WAL_HEIGHT },
    memtable: card(MARGIN, memtableWidth),
    immutables: card(MARGIN + memtableWidth + GAP, sideWidth),
    cache: card(MARGIN + memtableWidth + 2 * GAP + sideWidth, sideWidth),
    shoreY,
    axis: { x: axisX, y: axisTop, width: axisWidth, height: AXIS_HEIGHT },
    levels: levelRegions(axisX, axisWidth, levelsTop, footTop - levelsTop, levelCount),
    foot: { x: MARGIN, y: footTop, width: inner, height: FOOT_HEIGHT },
  };
}

/**
 * Level 0 gets two and a half times a level's height; the rest is shared among levels and bands.
 */
function levelRegions(
  x: number,
  width: number,
  top: number,
  height: number,
  count: number,
): readonly LevelRegion[] {
  const shares = count + 1.5;
  // A deep tree on a low stage: rather narrow bands than levels that run into the foot.
  const bandHeightMin = bounded(
    Math.floor(height / count) - LEVEL_HEIGHT_MIN,
    BAND_HEIGHT_CROWDED,
    BAND_HEIGHT_MIN,
  );
  const bandHeight = bounded(Math.round((height / shares) * 0.42), bandHeightMin, BAND_HEIGHT_MAX);
  const room = Math.max(0, height - bandHeight * count);
  const levelHeight = bounded(Math.floor(room / shares), LEVEL_HEIGHT_MIN, LEVEL_HEIGHT_MAX);
  const firstHeight = bounded(room - levelHeight * (count - 1), LEVEL_HEIGHT_MIN, 140);
  const regions: LevelRegion[] = [];
  let y = top;
  for (let level = 0; level < count; level++) {
    const tablesHeight = level === 0 ? firstHeight : levelHeight;
    regions.push({
      level,
      tables: { x, y, width, height: tablesHeight },
      band: { x, y: y + tablesHeight, width, height: bandHeight },
    });
    y += tablesHeight + bandHeight;
  }
  return regions;
}

function bounded(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
