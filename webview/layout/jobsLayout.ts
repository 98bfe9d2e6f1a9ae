// Flushes and compactions at work: the table that a flush is writing, with its way down from
// memory; the band that a compaction draws between the levels it takes from and gives to.

import type {
  CompactionJobState,
  FamilyState,
  FlushJobState,
  JobState,
} from '../../src/protocol/treeState.ts';
import { formatCount, formatShare } from '../model/format.ts';
import { fileText } from '../model/keyText.ts';
import { sharePart } from './immutablesLayout.ts';
import type { KeyAxis } from './keyAxis.ts';
import { placeOf } from './keyAxis.ts';
import type { Picture, Region } from './marks.ts';
import { PictureBuilder } from './marks.ts';
import type { StageRegions } from './stageRegions.ts';
import { rowGrid } from './tableBoxes.ts';
import type { TextMeasure } from './textMeasure.ts';
import { firstFitting } from './textMeasure.ts';

const BAND_WIDTH_MIN = 230;
/** Lower bands have no room for words. */
const BAND_TEXT_HEIGHT = 12;
const OUTPUT_SIZE = 10;
const OUTPUT_PITCH = 13;
/** Outputs drawn one by one; more are counted. */
const OUTPUTS_MAX = 12;

/** What jobs are drawn over. */
export interface JobGround {
  readonly family: FamilyState;
  readonly axis: KeyAxis;
  readonly regions: StageRegions;
  readonly measure: TextMeasure;
}

/** Flushes whose table is not in the tree yet: each takes a row on top of level 0. */
export function flushesOf(
  jobs: readonly JobState[],
  family: FamilyState | undefined,
): readonly FlushJobState[] {
  return jobs.filter(
    (job): job is FlushJobState => job.kind === 'flush' && !isInstalled(family, 0, job.file),
  );
}

/** A job outlives its manifest edit by a moment: its table must not stand in two places. */
function isInstalled(family: FamilyState | undefined, level: number, file: number): boolean {
  return family?.levels[level]?.tables.some((table) => table.file === file) ?? false;
}

/** Everything that jobs draw on the stage. */
export function jobsLayout(jobs: readonly JobState[], ground: JobGround): Picture {
  const picture = new PictureBuilder();
  flushesOf(jobs, ground.family).forEach((job, row, all) =>
    placeFlush(picture, job, row, all.length, ground),
  );
  const bands = jobs
    .filter((job): job is CompactionJobState => job.kind === 'compaction')
    .map((job) => ({ job, extent: inputExtent(job, ground) }))
    .sort((a, b) => a.extent.from - b.extent.from);
  const taken = new Map<number, number>();
  for (const band of bands) {
    const level = bandLevel(band.job, ground.regions.levels.length);
    const free = taken.get(level) ?? ground.regions.axis.x;
    taken.set(level, placeBand(picture, band.job, band.extent, level, free, ground) + 8);
  }
  return picture;
}

function placeFlush(
  picture: PictureBuilder,
  job: FlushJobState,
  row: number,
  flushes: number,
  ground: JobGround,
): void {
  const { regions, family, axis, measure } = ground;
  const first = regions.levels[0];
  if (first === undefined) return;
  const runs = new Set(family.levels[0]?.tables.map((table) => table.run) ?? []).size;
  const grid = rowGrid(runs + flushes, first.tables.height);
  const source = family.immutables.find((sealed) => sealed.memtable === job.memtable);
  const nodes = source?.nodes ?? [];
  const from = nodes[0] === undefined ? 0 : placeOf(axis, nodes[0].key);
  const last = nodes.at(-1);
  const to = last === undefined ? 1 : placeOf(axis, last.key);
  const box = {
    x: first.tables.x + from * first.tables.width,
    y: first.tables.y + Math.min(row, grid.count - 1) * (grid.height + 2),
    width: Math.max(2, (to - from) * first.tables.width - 1),
    height: Math.min(grid.height, 20),
  };
  const share = sharePart(job);
  picture.box({
    key: `table-${job.file}`,
    ...box,
    look: 'table writing',
    hatched: true,
    target: { kind: 'job', job: job.job },
    label: `Table ${fileText(job.file)}, written by flush ${job.job}, ${formatShare(share)} done`,
  });
  picture.box({
    key: `forming-${job.file}`,
    ...box,
    width: share * box.width,
    look: 'writing-fill',
  });
  const text = firstFitting(
    [`${fileText(job.file)} being written · ${formatShare(share)}`, fileText(job.file)],
    'key-small',
    box.width - 12,
    measure,
  );
  if (box.height >= 11) {
    picture.text({
      key: `table-name-table-${job.file}`,
      x: box.x + 6,
      y: box.y + box.height / 2 + 4,
      text,
      style: 'key-small',
      look: 'halo',
      width: measure(text, 'key-small'),
      rides: `table-${job.file}`,
    });
  }
  placeFlushWay(picture, job, regions, box);
}

/** The dashed way from the sealed memtable down to the table. */
function placeFlushWay(
  picture: PictureBuilder,
  job: FlushJobState,
  regions: StageRegions,
  box: Region,
): void {
  const fromX = regions.immutables.x + regions.immutables.width / 2;
  const fromY = regions.immutables.y + regions.immutables.height;
  const toX = Math.min(Math.max(fromX - 40, box.x + 6), box.x + box.width - 6);
  picture.line({
    key: `flush-way-${job.job}`,
    points: [
      [fromX, fromY],
      [fromX, regions.shoreY + 2],
      [toX, regions.shoreY + 6],
      [toX, box.y],
    ],
    look: 'flush-way',
    curve: 'smooth',
  });
}

interface Extent {
  readonly from: number;
  readonly to: number;
}

/** Left and right end of a compaction's inputs, and of its outputs once they are in, pixels. */
function inputExtent(job: CompactionJobState, { family, axis, regions }: JobGround): Extent {
  let from = Infinity;
  let to = -Infinity;
  const parts = [...job.inputs, { level: job.outputLevel, files: job.outputs }];
  for (const input of parts) {
    const files = new Set(input.files);
    for (const table of family.levels[input.level]?.tables ?? []) {
      if (!files.has(table.file)) continue;
      from = Math.min(from, placeOf(axis, table.smallestKey));
      to = Math.max(to, placeOf(axis, table.largestKey));
    }
  }
  if (from > to) return { from: regions.axis.x, to: regions.axis.x + regions.axis.width };
  return {
    from: regions.axis.x + from * regions.axis.width,
    to: regions.axis.x + to * regions.axis.width,
  };
}

/** The band lies below the first level that gives. */
function bandLevel(job: CompactionJobState, levels: number): number {
  const first = Math.min(...job.inputs.map((input) => input.level), job.outputLevel);
  return Math.max(0, Math.min(first, levels - 1));
}

/** Draws a band at or right of `free`; returns where it ends. */
function placeBand(
  picture: PictureBuilder,
  job: CompactionJobState,
  extent: Extent,
  level: number,
  free: number,
  ground: JobGround,
): number {
  const { regions, measure } = ground;
  const gap = regions.levels[level]?.band;
  if (gap === undefined) return free;
  const right = gap.x + gap.width;
  const wanted = Math.min(gap.width, Math.max(BAND_WIDTH_MIN, extent.to - extent.from));
  const middle = (extent.from + extent.to) / 2;
  const x = Math.max(free, Math.min(middle - wanted / 2, right - wanted));
  const margin = gap.height < BAND_TEXT_HEIGHT + 8 ? 3 : 5;
  const height = Math.max(3, gap.height - (margin === 3 ? 4 : 8));
  const box = { x, y: gap.y + margin, width: Math.min(wanted, right - x), height };
  if (box.width < 24) return free;
  placeLinks(picture, job, extent, box, ground);
  const share = shareDone(job, ground.family);
  const done = share === undefined ? '' : `, ${formatShare(share)} done`;
  picture.box({
    key: `band-${job.job}`,
    ...box,
    look: 'band',
    target: { kind: 'job', job: job.job },
    label: `Compaction ${job.job} into level ${job.outputLevel}${done}`,
  });
  const width = (share ?? 0) * box.width;
  picture.box({ key: `band-fill-${job.job}`, ...box, width, look: 'band-fill' });
  if (box.height < BAND_TEXT_HEIGHT) return box.x + box.width;
  const outputs = placeOutputs(picture, job, ground.family, box);
  const text = firstFitting(bandTexts(job, share), 'small', box.width - 16 - outputs, measure);
  picture.text({
    key: `band-text-${job.job}`,
    x: box.x + 8,
    y: box.y + box.height / 2 + 4,
    text,
    style: 'small',
    look: 'strong',
    width: measure(text, 'small'),
  });
  return box.x + box.width;
}

/**
 * How much of its inputs a merge has read, 0…1: all once they are out of the tree. `undefined`
 * where no event told it, because they were left out or another engine merges.
 */
function shareDone(job: CompactionJobState, family: FamilyState): number | undefined {
  const isSwapped = job.inputs.every(({ level, files }) => {
    const inputs = new Set(files);
    return !(family.levels[level]?.tables ?? []).some(({ file }) => inputs.has(file));
  });
  if (isSwapped) return 1;
  const { entriesIn } = job.totals;
  return entriesIn === 0 ? undefined : Math.min(1, entriesIn / Math.max(1, job.entries));
}

function bandTexts(job: CompactionJobState, share: number | undefined): readonly string[] {
  const levels = [...new Set(job.inputs.map((input) => `L${input.level}`))].join(' + ');
  const far = share === undefined ? '' : ` · ${formatShare(share)}`;
  const head = `compaction #${job.job} · ${levels} → L${job.outputLevel}${far}`;
  const shorter = [head, `#${job.job} → L${job.outputLevel}${far}`, `#${job.job}`];
  const { entriesIn, entriesOut, shadowed, tombstonesDropped } = job.totals;
  const isTold = entriesIn > 0 && entriesIn / Math.max(1, job.entries) >= (share ?? 1);
  if (!isTold) return shorter;
  return [
    `${head} · kept ${formatCount(entriesOut)} · shadowed ${formatCount(shadowed)} · ` +
      `† dropped ${formatCount(tombstonesDropped)}`,
    `${head} · kept ${formatCount(entriesOut)} of ${formatCount(job.entries)}`,
    ...shorter,
  ];
}

/** The tables begun so far, at the band's right end; they travel on when their level has them. */
function placeOutputs(
  picture: PictureBuilder,
  job: CompactionJobState,
  family: FamilyState,
  box: Region,
): number {
  const shown = job.outputs
    .slice(-OUTPUTS_MAX)
    .filter((file) => !isInstalled(family, job.outputLevel, file));
  const width = shown.length * OUTPUT_PITCH;
  if (width > box.width / 3) return 0;
  shown.forEach((file, at) => {
    picture.box({
      key: `table-${file}`,
      x: box.x + box.width - width - 3 + at * OUTPUT_PITCH,
      y: box.y + (box.height - OUTPUT_SIZE) / 2,
      width: OUTPUT_SIZE,
      height: OUTPUT_SIZE,
      look: 'table writing',
      hatched: true,
    });
  });
  return width;
}

/** Fans from the inputs' extent in each giving level to the band, and to the level that takes. */
function placeLinks(
  picture: PictureBuilder,
  job: CompactionJobState,
  extent: Extent,
  box: Region,
  { regions }: JobGround,
): void {
  const levels = new Set([...job.inputs.map((input) => input.level), job.outputLevel]);
  for (const level of levels) {
    const row = regions.levels[level]?.tables;
    if (row === undefined) continue;
    const above = row.y < box.y;
    const rowY = above ? row.y + row.height : row.y;
    const boxY = above ? box.y : box.y + box.height;
    picture.line({
      key: `band-link-${job.job}-${level}`,
      points: [
        [extent.from, rowY],
        [Math.max(extent.to, extent.from + 2), rowY],
        [box.x + box.width, boxY],
        [box.x, boxY],
      ],
      look: 'band-link',
      curve: 'closed',
    });
  }
}
