// The read path, put together: a heading with the key and what it may see, the places with their
// answers, and the sum of what it cost.

import type { Frame } from '../../model/frame.ts';
import { formatBytes } from '../../model/format.ts';
import { keyText, valueText } from '../../model/keyText.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { drawRest, heading, openCanvas, stations } from '../drawing/canvas.ts';
import { sequenceText } from '../drawing/figures.ts';
import type { Area, Mark } from '../drawing/mark.ts';
import { span } from '../drawing/motion.ts';
import type { TextOptions } from '../drawing/sketch.ts';
import { drawReadFlow } from '../flow/flowLayouts.ts';
import { answerOf, sumOf } from './answers.ts';
import { drawOperandStack, operandRowHeight } from './operandStack.ts';
import { drawPlaceRows } from './placeRows.ts';
import type { GetEnd, ReadStory } from './places.ts';
import { readStory } from './places.ts';
import { drawScan } from './scanPicture.ts';

const waiting =
  'A get asks the newest place first and stops at the first answer. Type get and a key.';
const rail = ['memory', 'level 0', 'deeper', 'answer'] as const;

/** The marks of one frame of a get or a scan. */
export function layoutReadPath(frame: Frame, width: number, height: number): readonly Mark[] {
  const canvas = openCanvas(frame, width, height);
  if (frame.flow !== null) {
    drawReadFlow(canvas, frame.flow);
    return canvas.sketch.marks;
  }
  const { event, recent } = frame;
  const events = event === null ? [] : [...recent, event];
  const begin = events.findLast(({ kind }) => kind === 'scan.begin' || kind === 'get.begin');
  if (begin?.kind === 'scan.begin') {
    const from = begin.from === null ? 'the first key' : keyText(begin.from);
    const to = begin.to === null ? 'the last' : keyText(begin.to);
    heading(
      canvas,
      [
        ['scan', { strong: true }],
        [`${from} to ${to}`, { face: 'code' }],
      ],
      [],
    );
    drawScan(canvas, begin, event?.kind === 'scan.end' ? event : undefined, canvas.body);
    return canvas.sketch.marks;
  }
  drawGet(canvas, readStory(frame));
  return canvas.sketch.marks;
}

function drawGet(canvas: Canvas, story: ReadStory): void {
  const { body, small, size, compact } = canvas;
  if (story.begin === undefined) {
    heading(canvas, [['read path', { strong: true }]], []);
    drawRest(canvas, waiting);
    return;
  }
  const sees = story.begin.snapshot ? 'through the snapshot at' : 'sees up to';
  heading(
    canvas,
    [
      ['get', { strong: true }],
      [keyText(story.begin.key), { face: 'code', shorten: 'start' }],
      [
        `${sees} ${sequenceText(story.begin.sequence)}`,
        { size: small, tone: 'dim', shorten: story.begin.snapshot ? 'end' : 'whole' },
      ],
    ],
    stations(rail, stationOf(story)),
  );
  const foot = compact ? size + 6 : size + 26;
  const stack = operandRowHeight(canvas, story);
  const above = body.height - foot - stack;
  drawPlaceRows(canvas, story, { ...body, height: above });
  drawOperandStack(canvas, story, { ...body, y: body.y + above, height: stack });
  drawSum(canvas, story, { ...body, y: body.y + body.height - foot, height: foot });
}

function stationOf({ end, places, current }: ReadStory): number {
  if (end !== undefined) return 3;
  const level = places[current]?.level ?? -1;
  return current < 0 ? -1 : level < 0 ? 0 : level === 0 ? 1 : 2;
}

function drawSum(canvas: Canvas, story: ReadStory, area: Area): void {
  const { sketch, small, size, compact, progress } = canvas;
  const y = area.y + area.height - 2;
  const line = area.y + (compact ? 2 : 8);
  sketch.line('sum', [area.x, line], [area.x + area.width, line], { tone: 'grid' });
  const { end } = story;
  const opacity = end === undefined ? 1 : span(progress, 0.1, 0.4);
  const dim = { size: small, tone: 'dim', opacity } as const;
  const parts = sumOf(story.places, end).map((part, index): readonly [string, TextOptions] => [
    index === 0 ? part : `· ${part}`,
    end !== undefined && index === 0
      ? { ...dim, tone: 'text', strong: true }
      : { ...dim, shorten: 'whole' },
  ]);
  const lead =
    end === undefined ? [['so far', dim] as const] : resultWords(story, end, size, opacity);
  sketch.run('sum', area.x, y, area.width, [...lead, ...parts]);
}

function resultWords(
  { places }: ReadStory,
  end: GetEnd,
  size: number,
  opacity: number,
): readonly (readonly [string, TextOptions])[] {
  const place = places.find((each) => answerOf(each).final);
  const where = place === undefined ? '' : ` in ${place.name}`;
  if (end.result === 'failed') {
    return [['no value: its operands make none', { size, strong: true, tone: 'bad', opacity }]];
  }
  if (end.result === 'found') {
    const value = `${formatBytes(end.valueSizeBytes)}`;
    return [
      [
        end.operands > 0 ? 'merged:' : `found${where}:`,
        { size, strong: true, tone: 'good', opacity },
      ],
      [value, { size, opacity }],
      [
        valueText(end.valuePreview, end.valueSizeBytes),
        { size, face: 'code', widthMax: 90, opacity },
      ],
    ];
  }
  const words = end.result === 'tombstone' ? `† deleted${where}` : 'not in the store';
  const tone = end.result === 'tombstone' ? 'tombstone' : 'text';
  return [[words, { size, strong: true, tone, opacity }]];
}
