// The flush, put together: sealing; then the open block and the filter side by side over the file;
// then the manifest's line and the log segments. The whole stage keeps everything in sight, the
// strip shows where something happens.

import type { LsmEvent } from '../../../src/protocol/events.ts';
import { actingFamily } from '../../model/families.ts';
import { counted, formatBytes, inTime } from '../../model/format.ts';
import type { Frame } from '../../model/frame.ts';
import { fileText, keyText } from '../../model/keyText.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { heading, openCanvas, stations } from '../drawing/canvas.ts';
import { sequenceText } from '../drawing/figures.ts';
import type { Area, Mark } from '../drawing/mark.ts';
import type { TextOptions } from '../drawing/sketch.ts';
import { drawFlushFlow } from '../flow/flowLayouts.ts';
import { drawBlockBuilder } from './blockBuilder.ts';
import { drawDirectory } from './directory.ts';
import { drawFileStrip, drawStripCaption, planStrip } from './fileStrip.ts';
import type { StripPlan } from './fileStrip.ts';
import { drawFilterBuilder } from './filterBuilder.ts';
import { drawLevelZero } from './levelZero.ts';
import type { ManifestEdit } from './manifestLine.ts';
import { drawLogs, drawManifest } from './manifestLine.ts';
import { drawSeal, sealSubject } from './sealPicture.ts';
import { drawSource, sourceExit } from './sourceBar.ts';
import type { TableStory } from './tableStory.ts';
import { tableStory } from './tableStory.ts';

const rail = ['seal', 'blocks', 'filter', 'file', 'manifest', 'done'] as const;

/** The job whose table the event is about, or 0. */
export function jobOf(event: LsmEvent | null): number {
  return event !== null && 'job' in event ? event.job : 0;
}

/** The marks of one frame of a flush. */
export function layoutFlush(frame: Frame, width: number, height: number): readonly Mark[] {
  const canvas = openCanvas(frame, width, height);
  if (frame.flow !== null || frame.event?.kind === 'flush.progress') {
    drawFlushFlow(canvas);
    return canvas.sketch.marks;
  }
  const station = stationOf(frame.event);
  const events = frame.event === null ? [] : [...frame.recent, frame.event];
  const story = tableStory(events, jobOf(frame.event));
  heading(canvas, subject(canvas, story), stations(rail, station));
  if (station <= 0) drawSeal(canvas, canvas.body);
  else if (canvas.compact) drawStrip(canvas, story, station);
  else drawStage(canvas, story, station);
  return canvas.sketch.marks;
}

function stationOf(event: LsmEvent | null): number {
  switch (event?.kind) {
    case 'memtable.seal':
    case 'wal.rotate':
    case 'flush.begin':
      return 0;
    case 'table.entry':
      return 1;
    case 'table.filter':
      return 2;
    case 'table.block':
      return event.blockKind === 'data' ? 1 : event.blockKind === 'filter' ? 2 : 3;
    case 'table.create':
      return 3;
    case 'manifest.edit':
    case 'wal.delete':
      return 4;
    case 'flush.end':
      return 5;
    default:
      return -1;
  }
}

type Subject = readonly (readonly [string, TextOptions?])[];

function subject(canvas: Canvas, story: TableStory): Subject {
  const { event } = canvas.frame;
  const dim = { size: canvas.small, tone: 'dim' } as const;
  switch (event?.kind) {
    case 'table.entry':
      return [
        [
          keyText(event.key),
          { face: 'code', strong: true, shorten: 'start', widthMax: canvas.body.width * 0.4 },
        ],
        [sequenceText(event.sequence), dim],
        [`goes into block ${event.block}`, dim],
      ];
    case 'table.block':
      return [
        [`${event.blockKind} block`, { strong: true }],
        [`${formatBytes(event.sizeBytes)} at byte ${event.offset}`, dim],
      ];
    case 'table.filter':
      return [
        ['the filter', { strong: true }],
        [`of ${counted(event.keys, 'key')} is built`, dim],
      ];
    case 'table.create':
      return [
        [`${event.table.name} is synced`, { strong: true }],
        [inTime(event.syncMicros).trimStart(), dim],
      ];
    case 'manifest.edit':
      return [
        ['one line makes it count', { strong: true }],
        [editSubject(story), dim],
      ];
    case 'wal.delete':
      return [
        [`log ${event.wal} may go`, { strong: true }],
        ['its entries are in a table now', dim],
      ];
    case 'flush.end':
      return endSubject(canvas);
    default:
      return sealSubject(canvas);
  }
}

function editSubject(story: TableStory): string {
  return story.file > 0 ? `${fileText(story.file)} joins level 0` : 'the table joins level 0';
}

function endSubject({ frame, small }: Canvas): Subject {
  const { event } = frame;
  if (event?.kind !== 'flush.end') return [];
  if (event.outcome !== 'done') return [[`flush ${event.outcome}`, { strong: true, tone: 'bad' }]];
  return [
    ['flush done', { strong: true, tone: 'good' }],
    [
      `${formatBytes(event.bytesWritten)}${inTime(event.durationMicros)}`,
      { size: small, tone: 'dim' },
    ],
  ];
}

/** The narrow picture: the actors above, the file below. */
function drawStrip(canvas: Canvas, story: TableStory, station: number): void {
  const { body, small } = canvas;
  if (canvas.frame.event?.kind === 'wal.delete') {
    drawLate(canvas, body);
    return;
  }
  const tall = station >= 3;
  const stripHeight = tall ? 20 : 13;
  const captionHeight = tall ? small + 6 : 0;
  const bottom = body.y + body.height;
  const late = station >= 4;
  const stripTop = late ? body.y + captionHeight : bottom - stripHeight - 1;
  const strip = { ...body, y: stripTop, height: stripHeight };
  const plan = planStrip(canvas, story, strip);
  const above = { ...body, height: stripTop - captionHeight - body.y - 5 };
  if (late) {
    const top = stripTop + stripHeight + 7;
    drawLate(canvas, { ...body, y: top, height: bottom - top });
  } else drawActors(canvas, story, station, above, plan);
  if (tall)
    drawStripCaption(
      canvas,
      story,
      { ...strip, y: stripTop - captionHeight },
      stripName(canvas, story),
    );
  drawFileStrip(canvas, story, plan, 0);
}

function stripName({ frame }: Canvas, story: TableStory): string {
  const file = story.file > 0 ? story.file : newestTable(frame);
  return fileText(file);
}

function newestTable(frame: Frame): number {
  const family = actingFamily(frame) ?? frame.next.families[0];
  return family?.levels[0]?.tables[0]?.file ?? 0;
}

function drawActors(
  canvas: Canvas,
  story: TableStory,
  station: number,
  area: Area,
  plan: StripPlan,
): void {
  if (station === 3) {
    drawDirectory(canvas, story, area);
    return;
  }
  if (station === 2) {
    drawFilterBuilder(canvas, story, area);
    return;
  }
  const left = { ...area, width: Math.max(area.width * 0.62, area.width - 300) };
  const rightX = area.x + left.width + 14;
  const target = plan.placeOf('data', Math.max(0, story.dataBlocks - 1));
  drawBlockBuilder(canvas, story, left, { x: area.x - 6, y: area.y - 4 }, target);
  drawFilterBuilder(canvas, story, { ...area, x: rightX, width: area.x + area.width - rightX });
}

/** After the sync: the manifest's line and the pile it lets the table drop onto; then the logs. */
function drawLate(canvas: Canvas, area: Area): void {
  const half = area.height / 2;
  const lower = { ...area, y: area.y + half + 3, height: half - 3 };
  if (canvas.frame.event?.kind === 'wal.delete') {
    drawLogs(canvas, { ...area, height: half });
    drawLevelZero(canvas, lower);
    return;
  }
  drawManifest(canvas, editOf(canvas), { ...area, height: half });
  drawLevelZero(canvas, lower);
}

function editOf({ frame }: Canvas): ManifestEdit | undefined {
  const events = frame.event === null ? frame.recent : [...frame.recent, frame.event];
  return events.findLast((each) => each.kind === 'manifest.edit');
}

/** The whole stage: memtable, open block and filter, file, manifest and logs. */
function drawStage(canvas: Canvas, story: TableStory, station: number): void {
  const { body, small } = canvas;
  const bottom = body.y + body.height;
  const late = { ...body, y: bottom - 58, height: 58 };
  const strip = { ...body, y: late.y - 92, height: 30 };
  const plan = planStrip(canvas, story, strip);
  const captionTop = strip.y - small - 8;
  const source = { ...body, height: 38 };
  const actorsTop = source.y + source.height + 18;
  const actors = { ...body, y: actorsTop, height: captionTop - actorsTop - 18 };
  drawStageActors(canvas, story, station, source, actors, plan);
  if (canvas.frame.event?.kind !== 'wal.delete') {
    drawStripCaption(canvas, story, { ...strip, y: captionTop }, stripName(canvas, story));
    drawFileStrip(canvas, story, plan, 0);
  }
  const manifestWidth = body.width * 0.56;
  drawManifest(canvas, editOf(canvas), { ...late, width: manifestWidth });
  const logsX = late.x + manifestWidth + 28;
  drawLogs(canvas, { ...late, x: logsX, width: body.x + body.width - logsX });
}

function drawStageActors(
  canvas: Canvas,
  story: TableStory,
  station: number,
  source: Area,
  actors: Area,
  plan: StripPlan,
): void {
  if (station >= 4) {
    drawLevelZero(canvas, { ...actors, y: source.y, height: actors.y + actors.height - source.y });
    return;
  }
  drawSource(canvas, story, source);
  if (station === 3) drawDirectory(canvas, story, actors);
  if (station === 2) drawFilterBuilder(canvas, story, actors);
  if (station >= 2) return;
  const left = { ...actors, width: actors.width * 0.6 };
  const rightX = actors.x + left.width + 28;
  const target = plan.placeOf('data', Math.max(0, story.dataBlocks - 1));
  drawBlockBuilder(canvas, story, left, sourceExit(canvas, story, source), target);
  drawFilterBuilder(canvas, story, {
    ...actors,
    x: rightX,
    width: actors.x + actors.width - rightX,
  });
}
