// The compaction, put together: the pick, the merge entry by entry, the output table's blocks, the
// swap in the manifest, the ghosts, the account.

import type { LsmEvent } from '../../../src/protocol/events.ts';
import type { Frame } from '../../model/frame.ts';
import { counted, formatBytes, inTime } from '../../model/format.ts';
import { fileText, keyText } from '../../model/keyText.ts';
import { inputsText } from '../../model/narration/tellCompaction.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { drawRest, heading, openCanvas, stations } from '../drawing/canvas.ts';
import { sequenceText } from '../drawing/figures.ts';
import type { Area, Mark } from '../drawing/mark.ts';
import type { TextOptions } from '../drawing/sketch.ts';
import { drawDirectory } from '../flush/directory.ts';
import { drawFileStrip, drawStripCaption, planStrip } from '../flush/fileStrip.ts';
import { drawFilterBuilder } from '../flush/filterBuilder.ts';
import { tableStory } from '../flush/tableStory.ts';
import { drawBegin } from './beginPicture.ts';
import { drawMerge } from './entryPicture.ts';
import { drawGhosts } from './ghosts.ts';
import type { MergeStory } from './mergeStory.ts';
import { mergeStory } from './mergeStory.ts';
import { drawPick } from './pickPicture.ts';
import { drawSwap } from './swapPicture.ts';
import { drawAccount, drawTotals } from './totalsBar.ts';

const rail = ['pick', 'merge', 'tables', 'swap', 'done'] as const;

/** The marks of one frame of a compaction. */
export function layoutMerge(frame: Frame, width: number, height: number): readonly Mark[] {
  const canvas = openCanvas(frame, width, height);
  const story = mergeStory(frame);
  heading(canvas, subject(canvas, story), stations(rail, stationOf(frame.event)));
  // Another engine's merge tells nothing of its entries: an account of it would be all zeros.
  const isAccounted = frame.flow !== null && story.totals.entriesIn > 0;
  if (!isAccounted) drawBody(canvas, story, canvas.body);
  else drawAccount(canvas, story, canvas.body);
  return canvas.sketch.marks;
}

function stationOf(event: LsmEvent | null): number {
  switch (event?.kind) {
    case 'compaction.pick':
      return 0;
    case 'compaction.begin':
    case 'compaction.entry':
    case 'compaction.progress':
    case 'table.entry':
      return 1;
    case 'table.block':
    case 'table.filter':
    case 'table.create':
      return 2;
    case 'manifest.edit':
    case 'table.delete':
      return 3;
    case 'compaction.end':
      return 4;
    default:
      return -1;
  }
}

function drawBody(canvas: Canvas, story: MergeStory, area: Area): void {
  const { event } = canvas.frame;
  switch (event?.kind) {
    case 'compaction.pick':
      drawPick(canvas, event, area);
      return;
    case 'compaction.begin':
      drawBegin(canvas, event, area);
      return;
    case 'compaction.entry':
      drawMerge(canvas, story, area, canvas.progress);
      return;
    case 'table.entry':
      drawMerge(canvas, story, area, 1);
      return;
    case 'table.block':
    case 'table.filter':
    case 'table.create':
      drawTable(canvas, story, area);
      return;
    case 'manifest.edit':
      drawSwap(canvas, event, area);
      return;
    case 'table.delete':
      drawGhosts(canvas, event.file, area);
      return;
    case 'compaction.end':
    case 'compaction.progress':
      drawAccount(canvas, story, area);
      return;
    default:
      drawRest(
        canvas,
        'A level that is too full is merged into the one below. Write, or type compact.',
      );
  }
}

/** The output table: its newest block or its filter, its file, and the account below. */
function drawTable(canvas: Canvas, story: MergeStory, area: Area): void {
  const { frame, compact, small } = canvas;
  const { event } = frame;
  if (event === null || !('job' in event)) return;
  const table = tableStory([...frame.recent, event], event.job);
  const totalsHeight = small + (compact ? 11 : 26);
  const bottom = area.y + area.height;
  const totals = { ...area, y: bottom - totalsHeight, height: totalsHeight };
  const stripHeight = compact ? 16 : 30;
  const strip = { ...area, y: totals.y - stripHeight - (compact ? 7 : 60), height: stripHeight };
  const captionTop = strip.y - small - (compact ? 5 : 8);
  const upper = { ...area, height: captionTop - area.y - (compact ? 4 : 18) };
  if (upper.height > small + 8) drawTableDetail(canvas, table, upper);
  drawStripCaption(
    canvas,
    table,
    { ...strip, y: captionTop },
    `L${story.outputLevel} ${fileText(table.file)}`,
  );
  drawFileStrip(canvas, table, planStrip(canvas, table, strip), story.outputLevel);
  drawTotals(canvas, story.totals, story.entriesAll, totals);
}

function drawTableDetail(canvas: Canvas, table: ReturnType<typeof tableStory>, area: Area): void {
  const { event } = canvas.frame;
  const filter = event?.kind === 'table.filter';
  if (filter && area.height > 60) drawFilterBuilder(canvas, table, area);
  else drawDirectory(canvas, table, area);
}

type Subject = readonly (readonly [string, TextOptions?])[];

function subject(canvas: Canvas, story: MergeStory): Subject {
  const { event } = canvas.frame;
  const dim = { size: canvas.small, tone: 'dim' } as const;
  const into = `${inputsText(story.inputs)} into L${story.outputLevel}`;
  switch (event?.kind) {
    case 'compaction.pick':
      return [
        ['next compaction', { strong: true }],
        [into, dim],
      ];
    case 'compaction.entry':
      return [
        [
          keyText(event.key),
          { face: 'code', strong: true, shorten: 'start', widthMax: canvas.body.width * 0.35 },
        ],
        [sequenceText(event.sequence), dim],
        [`from L${event.level}`, dim],
      ];
    case 'table.entry':
      return [
        [`written to block ${event.block}`, { strong: true }],
        [`of ${fileText(event.file)}`, dim],
      ];
    case 'table.block':
      return [
        [`${event.blockKind} block closes`, { strong: true }],
        [formatBytes(event.sizeBytes), dim],
      ];
    case 'table.filter':
      return [
        ['its filter', { strong: true }],
        [counted(event.keys, 'key'), dim],
      ];
    case 'table.create':
      return [
        [`${event.table.name} is synced`, { strong: true }],
        [inTime(event.syncMicros).trimStart(), dim],
      ];
    case 'manifest.edit':
      return [
        ['one line swaps them', { strong: true }],
        [into, dim],
      ];
    case 'table.delete':
      return [
        [`${fileText(event.file)} is deleted`, { strong: true }],
        ['no reader holds it', dim],
      ];
    case 'compaction.end':
      return endSubject(event, dim);
    default:
      return [
        ['compaction', { strong: true }],
        [story.inputs.length > 0 ? into : '', dim],
      ];
  }
}

function endSubject(
  { outcome, totals, durationMicros }: Extract<LsmEvent, { readonly kind: 'compaction.end' }>,
  dim: TextOptions,
): Subject {
  const { bytesRead, bytesWritten } = totals;
  const read = bytesRead === 0 ? '' : `${formatBytes(bytesRead)} read, `;
  const bytes = `${read}${formatBytes(bytesWritten)} written`;
  const done = outcome === 'done';
  return [
    [
      done ? 'compaction done' : `compaction ${outcome}`,
      { strong: true, tone: done ? 'good' : 'bad' },
    ],
    [`${bytes}${inTime(durationMicros)}`, dim],
  ];
}
