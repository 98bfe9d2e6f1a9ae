// The write path, put together: the console's tokens, the log, the memtable. The whole stage shows
// all three below each other; a wide strip two halves; a narrow strip the half where something
// happens.

import type { Frame } from '../../model/frame.ts';
import { formatBytes, formatMicros } from '../../model/format.ts';
import { keyText } from '../../model/keyText.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { heading, openCanvas, stations } from '../drawing/canvas.ts';
import { sequenceText } from '../drawing/figures.ts';
import type { Area, Mark } from '../drawing/mark.ts';
import { eased, passage } from '../drawing/motion.ts';
import type { Point } from '../drawing/motion.ts';
import type { TextOptions } from '../drawing/sketch.ts';
import { drawWriteFlow } from '../flow/flowLayouts.ts';
import { drawLog } from './logStrip.ts';
import { drawSkipList } from './skipList.ts';
import type { TokenPlaces } from './tokens.ts';
import { drawAcknowledgement, drawTokens, groupWords, verbs } from './tokens.ts';
import type { WriteStory } from './writeStory.ts';
import { writeStory } from './writeStory.ts';

const rail = ['gather', 'log', 'sync', 'memtable', 'acknowledge'] as const;
const halvesWidthMin = 820;

/** The marks of one frame of the write path. */
export function layoutWritePath(frame: Frame, width: number, height: number): readonly Mark[] {
  const canvas = openCanvas(frame, width, height);
  if (frame.flow !== null) {
    drawWriteFlow(canvas, frame.flow);
    return canvas.sketch.marks;
  }
  const story = writeStory(frame);
  heading(canvas, subject(canvas, story), stations(rail, stationOf(frame)));
  const areas = divide(canvas);
  if (areas.memtable !== undefined) drawSkipList(canvas, areas.memtable);
  if (areas.tokens === undefined || areas.log === undefined) return canvas.sketch.marks;
  const newest = drawLog(canvas, areas.log);
  const places = drawTokens(canvas, story, areas.tokens);
  drawRecordFlight(canvas, places, newest);
  drawEntryFlight(canvas, story, places, areas.memtable);
  const exit = areas.memtable ?? areas.log;
  drawAcknowledgement(canvas, places, { x: exit.x + 20, y: exit.y + exit.height / 2 });
  return canvas.sketch.marks;
}

function stationOf({ event }: Frame): number {
  switch (event?.kind) {
    case 'write.begin':
    case 'write.group':
      return 0;
    case 'wal.append':
      return 1;
    case 'wal.sync':
      return 2;
    case 'memtable.insert':
      return 3;
    case 'write.end':
      return 4;
    default:
      return -1;
  }
}

function subject(
  { frame, small, compact }: Canvas,
  story: WriteStory,
): readonly (readonly [string, TextOptions?])[] {
  const dim = { size: small, tone: 'dim' } as const;
  const { event } = frame;
  if (event?.kind === 'memtable.insert') {
    return [
      [event.entryKind.endsWith('delete') ? '† insert' : 'insert', { strong: true }],
      [keyText(event.key), { face: 'code', shorten: 'start' }],
      [sequenceText(event.sequence), dim],
    ];
  }
  if (event?.kind === 'write.end') {
    return [
      ['acknowledged', { strong: true }],
      [
        `after ${formatMicros(event.durationMicros)}: ` +
          `${event.durable ? 'durable' : 'not durable yet'}`,
        dim,
      ],
    ];
  }
  const token = story.tokens[0];
  if (token === undefined) return [['write path', { strong: true }]];
  if (compact && story.group !== undefined) return [[groupWords(story), { strong: true }]];
  const others = story.tokens.length + story.tokensLeftOut - 1;
  return [
    [verbs[token.entry.kind], { strong: true }],
    [keyText(token.entry.key), { face: 'code', shorten: 'start' }],
    [others > 0 ? `and ${others} more` : formatBytes(token.entry.valueSizeBytes), dim],
  ];
}

interface Areas {
  readonly tokens: Area | undefined;
  readonly log: Area | undefined;
  readonly memtable: Area | undefined;
}

function divide({ body, compact, frame }: Canvas): Areas {
  if (!compact) {
    const tokens = { ...body, height: 78 };
    const log = { ...body, y: body.y + 98, height: 116 };
    const top = body.y + 232;
    return { tokens, log, memtable: { ...body, y: top, height: body.y + body.height - top } };
  }
  const halves = body.width >= halvesWidthMin;
  const left = { ...body, width: halves ? body.width * 0.44 : body.width };
  const tokensHeight = Math.min(46, body.height * 0.45);
  const tokens = { ...left, height: tokensHeight };
  const log = { ...left, y: body.y + tokensHeight, height: body.height - tokensHeight };
  const rightX = body.x + left.width + 28;
  const right = { ...body, x: rightX, width: body.x + body.width - rightX };
  if (halves) return { tokens, log, memtable: right };
  return frame.event?.kind === 'memtable.insert'
    ? { tokens: undefined, log: undefined, memtable: body }
    : { tokens, log, memtable: undefined };
}

/** The group's record on its way from the tokens into the log. */
function drawRecordFlight(canvas: Canvas, places: TokenPlaces, newest: Point): void {
  const { sketch, frame, progress } = canvas;
  const all = [...places.values()];
  const first = all[0];
  const last = all.at(-1);
  if (frame.event?.kind !== 'wal.append' || first === undefined || last === undefined) return;
  if (progress >= 0.3) return;
  const share = eased(progress, 0, 0.3);
  const width = last.x + last.width - first.x;
  const from = { x: first.x + width / 2, y: first.y + first.height / 2 };
  const { x, y, opacity } = passage(from, newest, share, frame.reducedMotion);
  const scale = 1 - share * 0.92;
  const box = { width: Math.max(8, width * scale), height: Math.max(8, first.height * scale) };
  sketch.box(
    'record',
    { x: x - box.width / 2, y: y - box.height / 2, ...box },
    {
      ...{ form: 'soft', tone: 'writing', opacity, moving: true },
    },
  );
}

/** An entry on its way from its token to the head of the list, where its search begins. */
function drawEntryFlight(
  canvas: Canvas,
  story: WriteStory,
  places: TokenPlaces,
  memtable: Area | undefined,
): void {
  const { sketch, frame, progress } = canvas;
  if (frame.event?.kind !== 'memtable.insert' || memtable === undefined || progress > 0.1) return;
  const { sequence } = frame.event;
  const token = story.tokens.find((each) => each.sequence === sequence);
  const from = token && places.get(token.key);
  if (from === undefined) return;
  const share = eased(progress, 0, 0.1);
  const to = { x: memtable.x, y: memtable.y + memtable.height / 3 };
  const { x, y, opacity } = passage(from, to, share, frame.reducedMotion);
  sketch.box(
    'entry',
    { x, y, width: from.width * (1 - share * 0.8), height: from.height * (1 - share * 0.5) },
    {
      ...{ form: 'soft', tone: 'writing', opacity: opacity * (1 - share * 0.5), moving: true },
    },
  );
}
