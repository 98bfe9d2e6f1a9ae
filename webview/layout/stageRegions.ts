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
/** Level name, score bar and score, left of the axis. */
export const LEVEL_LABEL_WIDTH = 118;
/** Tables and bytes, right of the axis. */
export const LEVEL_FIGURES_WIDTH = 128;
const CARD_HEIGHT_MIN = 92;
const CARD_HEIGHT_MAX = 250;
const LEVELS_FEW = 3;
const LEVEL_HEIGHT_MAX = 34;
const BAND_HEIGHT_CROWDED = 8;
const BAND_HEIGHT_MAX = 40;

/** What a low stage squeezes. Heights in pixels. */
interface Measures {
  /** Above the log's row. */
  readonly heading: number;
  readonly wal: number;
  /** Below the cards, to the shore. */
  readonly gap: number;
  readonly axis: number;
  /** Of a level and of a band, at least. */
  readonly level: number;
  readonly band: number;
  /** Of the manifest's line with what lies below it. */
  readonly foot: number;
}

const ROOMY: Measures = {
  heading: 26,
  wal: 36,
  gap: GAP,
  axis: 22,
  level: 14,
  band: 18,
  foot: 22,
};
const TIGHT: Measures = { heading: 22, wal: 31, gap: 8, axis: 18, level: 12, band: 10, foot: 18 };
const SHORE_GAP = 4;

function heightOf(measures: Measures, levelCount: number): number {
  const { heading, wal, gap, axis, level, band, foot } = measures;
  const memory = heading + wal + CARD_HEIGHT_MIN + gap + SHORE_GAP;
  return memory + axis + levelCount * (level + band) + level + foot;
}

/** As roomy as the height allows; below the tight ones the page scrolls the stage. */
function measuresFor(height: number, levelCount: number): Measures {
  const least = heightOf(TIGHT, levelCount);
  const most = heightOf(ROOMY, levelCount);
  const share = bounded((height - least) / (most - least), 0, 1);
  const between = (part: keyof Measures): number =>
    Math.floor(TIGHT[part] + share * (ROOMY[part] - TIGHT[part]));
  return {
    heading: between('heading'),
    wal: between('wal'),
    gap: between('gap'),
    axis: between('axis'),
    level: between('level'),
    band: between('band'),
    foot: between('foot'),
  };
}

/**
 * The grid for a stage of this size.
 * @param levelCount levels to show, at least 1; those of many runs get more room
 * @param highLevels how many levels, from 0 on, hold runs above one another
 */
export function stageRegions(
  width: number,
  wantedHeight: number,
  levelCount: number,
  highLevels = 1,
): StageRegions {
  const height = Math.max(wantedHeight, heightOf(TIGHT, levelCount));
  const measures = measuresFor(height, levelCount);
  const inner = width - 2 * MARGIN;
  // Memory shrinks as levels come: a deep tree needs its room on disk.
  const share = levelCount <= LEVELS_FEW ? 0.42 : 0.34;
  const spare = height - heightOf(measures, levelCount);
  const cardHeight = bounded(
    Math.round((height - 120) * share),
    CARD_HEIGHT_MIN,
    Math.min(CARD_HEIGHT_MAX, CARD_HEIGHT_MIN + spare),
  );
  const walTop = measures.heading;
  const cardsTop = walTop + measures.wal;
  const sideWidth = bounded(Math.round(inner * 0.17), 132, 230);
  const memtableWidth = inner - 2 * (sideWidth + GAP);
  const shoreY = cardsTop + cardHeight + measures.gap;
  const axisTop = shoreY + SHORE_GAP;
  const axisX = MARGIN + LEVEL_LABEL_WIDTH;
  const axisWidth = Math.max(120, inner - LEVEL_LABEL_WIDTH - LEVEL_FIGURES_WIDTH);
  const levelsTop = axisTop + measures.axis;
  const footTop = height - measures.foot;
  const levels = { x: axisX, y: levelsTop, width: axisWidth, height: footTop - levelsTop };
  const card = (x: number, cardWidth: number): Region => ({
    x,
    y: cardsTop,
    width: cardWidth,
    height: cardHeight,
  });
  return {
    width,
    height,
    wal: { x: MARGIN, y: walTop, width: inner, height: measures.wal },
    memtable: card(MARGIN, memtableWidth),
    immutables: card(MARGIN + memtableWidth + GAP, sideWidth),
    cache: card(MARGIN + memtableWidth + 2 * GAP + sideWidth, sideWidth),
    shoreY,
    axis: { x: axisX, y: axisTop, width: axisWidth, height: measures.axis },
    levels: levelRegions(levels, levelCount, highLevels, measures),
    foot: { x: MARGIN, y: footTop, width: inner, height: measures.foot - 2 },
  };
}

/**
 * A level of many runs gets two and a half times a level's height; the rest is shared among levels
 * and bands.
 */
function levelRegions(
  { x, y: top, width, height }: Region,
  count: number,
  highLevels: number,
  least: Measures,
): readonly LevelRegion[] {
  const shares = count + 1.5 * highLevels;
  // A deep tree on a low stage: rather narrow bands than levels that run into the foot.
  const bandHeightMin = bounded(
    Math.floor(height / count) - least.level,
    BAND_HEIGHT_CROWDED,
    least.band,
  );
  const bandHeight = bounded(Math.round((height / shares) * 0.42), bandHeightMin, BAND_HEIGHT_MAX);
  const room = Math.max(0, height - bandHeight * count);
  const levelHeight = bounded(Math.floor(room / shares), least.level, LEVEL_HEIGHT_MAX);
  const forHigh = Math.floor((room - levelHeight * (count - highLevels)) / highLevels);
  const highHeight = bounded(forHigh, least.level, 140);
  const regions: LevelRegion[] = [];
  let y = top;
  for (let level = 0; level < count; level++) {
    const tablesHeight = level < highLevels ? highHeight : levelHeight;
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
