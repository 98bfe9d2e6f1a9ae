// The whole stage for a frame: the regions' pictures before and after the event, blended, with
// outlines, tokens and streams on top. Remembers what did not change.

import type { TableInfo } from '../../src/protocol/events.ts';
import type {
  FamilyState,
  JobState,
  LevelState,
  MemtableState,
  TreeState,
} from '../../src/protocol/treeState.ts';
import type { Frame } from '../model/frame.ts';
import type { Activity } from '../model/actors.ts';
import { activityOf } from '../model/actors.ts';
import { familyShown, jobsOf } from '../model/families.ts';
import { timeWindows, windowSeconds } from '../model/timeWindows.ts';
import { axisLayout, footLayout, headingsLayout } from './axisLayout.ts';
import { blended } from './blend.ts';
import { cacheLayout } from './cacheLayout.ts';
import { immutablesLayout } from './immutablesLayout.ts';
import { flushesOf, jobsLayout } from './jobsLayout.ts';
import type { KeyAxis } from './keyAxis.ts';
import { keyAxis } from './keyAxis.ts';
import { levelLayout } from './levelsLayout.ts';
import type { Picture } from './marks.ts';
import { EMPTY_PICTURE, PictureBuilder } from './marks.ts';
import { mergeInputsLayout } from './mergeInputs.ts';
import type { SkipList } from './memtableLayout.ts';
import { memtableContent, memtableLayout, skipList } from './memtableLayout.ts';
import type { OutlineGround } from './outlines.ts';
import { outlinesLayout } from './outlines.ts';
import { remembered } from './remembered.ts';
import { shownLevels } from './shownLevels.ts';
import type { StageRegions } from './stageRegions.ts';
import { stageRegions } from './stageRegions.ts';
import { streamsLayout } from './streams.ts';
import type { TableBox } from './tableBoxes.ts';
import { tableBoxes } from './tableBoxes.ts';
import type { TableColouring } from './tableColour.ts';
import { tableFill } from './tableColour.ts';
import type { TextMeasure } from './textMeasure.ts';
import { tokenLayout } from './token.ts';
import { walLayout } from './walLayout.ts';

/** Parts of the stage, in drawing order. */
export type LayerName = 'memory' | 'disk' | 'streams' | 'outlines' | 'token';

export interface StagePicture {
  readonly regions: StageRegions;
  readonly layers: ReadonlyMap<LayerName, Picture>;
  /** Layers that do not act in the event. */
  readonly dimmed: ReadonlySet<LayerName>;
}

export interface StageOptions {
  readonly width: number;
  readonly height: number;
  readonly colouring: TableColouring;
  /** Number of the column family whose memtables and levels are shown. */
  readonly family: number;
}

/** Everything laid out for one state. */
interface LaidOut {
  readonly regions: StageRegions;
  readonly memory: Picture;
  readonly disk: Picture;
  readonly list: SkipList;
  readonly boxOf: (file: number) => TableBox | undefined;
}

/** Until this share of an insertion the search goes on; then the node appears. */
const SEARCH_SHARE = 0.6;

/**
 * Lays out frames for one stage. Keeps what it laid out last; its results depend on inputs alone.
 */
export class StageLayouter {
  private readonly measure: TextMeasure;
  private readonly regionsFor = remembered(stageRegions, 8);
  private readonly axisFor = remembered(axisOf, 8);
  private readonly walFor = remembered(walLayout);
  private readonly memtableFor = remembered(memtableLayout);
  private readonly skipListFor = remembered(skipListIn, 8);
  private readonly immutablesFor = remembered(immutablesLayout);
  private readonly cacheFor = remembered(cacheLayout);
  private readonly boxesFor = remembered(tableBoxes, 64);
  private readonly levelFor = remembered(levelLayout, 64);
  private readonly windowsFor = remembered(timeWindows, 8);
  private readonly fillFor = remembered(tableFill);
  private readonly axisMarksFor = remembered(axisLayout);
  private readonly footFor = remembered(footLayout);
  private readonly headingsFor = remembered(headingsLayout);
  private readonly jobsFor = remembered(
    (jobs: readonly JobState[], family: FamilyState, axis: KeyAxis, regions: StageRegions) => {
      // No job, no marks: the picture keeps its identity while other things change.
      if (jobs.length === 0) return EMPTY_PICTURE;
      return jobsLayout(jobs, { family, axis, regions, measure: this.measure });
    },
  );
  private readonly jobsOfFamily = remembered(jobsOf);
  private readonly joinedFor = remembered(joined, 8);
  private readonly stateFor = remembered((state: TreeState, options: StageOptions) =>
    this.layOut(state, options),
  );

  constructor(measure: TextMeasure) {
    this.measure = measure;
  }

  /** The stage for a frame. `options` must keep its identity while it does not change. */
  picture(frame: Frame, options: StageOptions): StagePicture {
    const before = this.stateFor(frame.state, options);
    const after = this.stateFor(frame.next, options);
    const travel = !frame.reducedMotion;
    const t = blendProgress(frame);
    const ground: OutlineGround = {
      regions: after.regions,
      list: t > 0 ? after.list : before.list,
      boxOf: (file) => after.boxOf(file) ?? before.boxOf(file),
      measure: this.measure,
    };
    const layers = new Map<LayerName, Picture>([
      ['memory', blended(before.memory, after.memory, t, travel)],
      ['disk', blended(before.disk, after.disk, t, travel)],
      ['streams', streamsLayout(frame.flow, after.regions)],
      ['outlines', outlinesLayout(frame, ground)],
      ['token', tokenLayout(frame, walEnd(after), ground)],
    ]);
    return { regions: after.regions, layers, dimmed: dimmedLayers(frame) };
  }

  private layOut(state: TreeState, options: StageOptions): LaidOut {
    const { measure } = this;
    const family = familyShown(state, options.family);
    const jobs = this.jobsOfFamily(state.jobs, family?.family ?? 0);
    // Only the default family's options are told.
    const seconds = (family?.family ?? 0) === 0 ? windowSeconds(state.store) : 0;
    const windows = this.windowsFor(family?.levels ?? NO_LEVELS, seconds);
    const levels = shownLevels(family, seconds > 0);
    const high = seconds > 0 ? levels.length : 1;
    const regions = this.regionsFor(options.width, options.height, levels.length, high);
    const memtable = family?.memtable ?? NO_MEMTABLE;
    const memory = this.joinedFor(
      this.walFor(state.wal, regions.wal, measure),
      this.memtableFor(memtable, regions.memtable, measure),
      this.immutablesFor(family?.immutables ?? NO_MEMTABLES, jobs, regions.immutables, measure),
      this.cacheFor(state.cache, regions.cache, measure),
      this.headingsFor(regions, measure),
    );
    const axis = this.axisFor(family?.levels ?? NO_LEVELS, family?.immutables ?? NO_MEMTABLES);
    const fill = this.fillFor(options.colouring, family?.levels ?? NO_LEVELS);
    const flushing = flushesOf(jobs, family).length;
    const boxes: (readonly TableBox[])[] = [];
    const rows = levels.map((level, at) => {
      const region = regions.levels[at] ?? regions.levels[0]!;
      const free = at === 0 ? flushing : 0;
      const placed = this.boxesFor(level, axis, region.tables, free);
      boxes.push(placed);
      return this.levelFor(level, placed, region, fill, windows, free > 0, measure);
    });
    const boxOf = boxFinder(boxes);
    const disk = this.joinedFor(
      this.axisMarksFor(axis, regions.axis, regions.levels, measure),
      ...rows,
      mergeInputsLayout(jobs, boxOf),
      ...(family === undefined ? [] : [this.jobsFor(jobs, family, axis, regions)]),
      this.footFor(state.manifest, family?.ghosts ?? NO_TABLES, regions.foot, measure),
    );
    const list = this.skipListFor(memtable, regions.memtable);
    return { regions, memory, disk, list, boxOf };
  }
}

const NO_TABLES: readonly TableInfo[] = [];
const NO_LEVELS: readonly LevelState[] = [];
const NO_MEMTABLES: readonly MemtableState[] = [];
const NO_MEMTABLE: MemtableState = {
  memtable: 0,
  entries: 0,
  tombstones: 0,
  rangeDeletes: 0,
  sizeBytes: 0,
  capacityBytes: 0,
  nodes: [],
};

function skipListIn(memtable: MemtableState, card: StageRegions['memtable']): SkipList {
  return skipList(memtable, memtableContent(card));
}

/** The axis spans the tables, and the sealed memtables that are about to become some. */
function axisOf(levels: readonly LevelState[], immutables: readonly MemtableState[]): KeyAxis {
  const ends = immutables.flatMap(({ nodes }) => {
    const first = nodes[0];
    const last = nodes.at(-1);
    return first === undefined || last === undefined ? [] : [first.key, last.key];
  });
  return keyAxis(levels, ends);
}

function joined(...pictures: readonly Picture[]): Picture {
  const builder = new PictureBuilder();
  for (const picture of pictures) builder.add(picture);
  return builder;
}

function boxFinder(
  levels: readonly (readonly TableBox[])[],
): (file: number) => TableBox | undefined {
  let byFile: Map<number, TableBox> | undefined;
  return (file) => {
    if (byFile === undefined) {
      byFile = new Map();
      for (const boxes of levels) {
        for (const box of boxes) for (const table of box.tables) byFile.set(table.file, box);
      }
    }
    return byFile.get(file);
  };
}

/** An insertion's node appears after its search; everything else moves from the start. */
function blendProgress(frame: Frame): number {
  if (frame.event?.kind !== 'memtable.insert' || frame.flow !== null) return frame.progress;
  return Math.max(0, (frame.progress - SEARCH_SHARE) / (1 - SEARCH_SHARE));
}

/** Where the next log record will be, or where the newest is. */
function walEnd({ memory, regions }: LaidOut): readonly [number, number] {
  const cell = memory.boxes.findLast((box) => box.key.startsWith('wal-cell-'));
  const y = regions.wal.y + 12;
  return cell === undefined ? [regions.wal.x + 160, y] : [cell.x + cell.width / 2, y];
}

const DISK_ACTS: ReadonlySet<Activity> = new Set(['read', 'scan', 'compaction', 'store', 'flush']);

function dimmedLayers(frame: Frame): ReadonlySet<LayerName> {
  if (frame.event === null || frame.flow !== null) return new Set();
  const activity = activityOf(frame.event);
  if (activity === 'compaction') return new Set(['memory']);
  return DISK_ACTS.has(activity) ? new Set() : new Set(['disk']);
}
