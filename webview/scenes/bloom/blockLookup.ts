// From "maybe" to an answer: the index narrows down to one block, the block comes from the cache or
// from disk, and a search inside it ends with a version, a tombstone or nothing.

import {
  counted,
  formatBytes,
  formatCount,
  formatMicros,
  formatShare,
} from '../../model/format.ts';
import { keyText } from '../../model/keyText.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { sequenceText } from '../drawing/figures.ts';
import type { Area, Tone } from '../drawing/mark.ts';
import { eased, passage, span } from '../drawing/motion.ts';
import type { TextOptions } from '../drawing/sketch.ts';
import { drawHalvings, halvingAt } from './halvings.ts';
import type { HalvingSearch } from './halvings.ts';
import type { BlockRead, BlockSearch, IndexSeek, LookupStory } from './lookupStory.ts';

/** Draws the index search into `area`. */
export function drawIndexSeek(canvas: Canvas, seek: IndexSeek, area: Area, progress: number): void {
  const share = span(progress, 0.05, 0.85);
  const search: HalvingSearch = {
    ...{ key: 'index', steps: seek.steps, items: seek.blocks, result: seek.block },
  };
  const { small } = canvas;
  const words = share < 1 ? halvingWords(search, share, 'block') : seekVerdict(seek);
  const room = { ...area, y: area.y + small + 6, height: area.height - small - 6 };
  caption(canvas, 'index', area, [['index', { size: small, strong: true }], ...words]);
  drawHalvings(canvas, search, room, share);
}

function seekVerdict({ steps, blocks, block }: IndexSeek): readonly Words[] {
  const after = `after ${counted(steps.length, 'halving')} of ${counted(blocks, 'block')}`;
  const where = block < 0 ? 'beyond the last block' : `block ${formatCount(block)}`;
  return [
    [where, { strong: true, tone: 'reading' }],
    [after, { tone: 'dim' }],
  ];
}

type Words = readonly [string, TextOptions?];

function halvingWords(search: HalvingSearch, share: number, item: string): readonly Words[] {
  const { step, within } = halvingAt(search, share);
  if (step === undefined) return [];
  const range = `${item}s ${formatCount(step.low)} to ${formatCount(step.high)}:`;
  const side = step.comparison > 0 ? 'is smaller: right half' : 'is not smaller: left half';
  return [
    [range, { tone: 'dim' }],
    [keyText(step.key), { face: 'code', shorten: 'start' }],
    [within > 0.5 ? side : '…', { tone: 'reading', strong: within > 0.5 }],
  ];
}

function caption(canvas: Canvas, key: string, area: Area, words: readonly Words[]): void {
  const { sketch, small } = canvas;
  const sized = words.map(([text, style]): Words => [text, { size: small, ...style }]);
  sketch.run(`${key}.caption`, area.x, area.y + small - 1, area.width, sized);
}

/** Draws the block on its way to the reader: out of the cache, or from disk through the cache. */
export function drawBlockRead(canvas: Canvas, read: BlockRead, area: Area, progress: number): void {
  const { sketch, small, frame } = canvas;
  const top = area.y + small + 6;
  const height = Math.min(canvas.compact ? 24 : 34, area.height - small - 6);
  const width = Math.min(92, area.width * 0.24);
  const gap = (area.width - 3 * width) / 2;
  const places = ['disk', 'block cache', 'reader'].map((name, index) => ({
    name,
    box: { x: area.x + index * (width + gap), y: top, width, height },
  }));
  const share = eased(progress, 0.1, 0.8);
  const from = read.cacheHit ? 1 : 0;
  for (const [index, { name, box }] of places.entries()) {
    const passed = index >= from && (index < 2 || progress >= 0.8);
    const tone = index === from ? 'reading' : 'edge';
    sketch.box(`place.${name}`, box, { form: passed ? 'card' : 'dashed', tone });
    sketch.text(`place.${name}`, box.x + width / 2, top + height / 2 + small * 0.36, name, {
      ...{ size: small, anchor: 'middle', tone: passed ? 'text' : 'dim', widthMax: width - 8 },
    });
    if (index === 2) continue;
    const y = top + height / 2;
    const lit = index >= from;
    sketch.line(`way.${index}`, [box.x + width + 4, y], [box.x + width + gap - 4, y], {
      ...{ form: lit ? 'thick' : 'dashed', tone: lit ? 'reading' : 'edge' },
    });
  }
  drawTile(canvas, read, places[from]!.box, places[2]!.box, share, frame.reducedMotion);
  const source = read.cacheHit
    ? 'cache hit: no disk read'
    : `from disk: ${formatBytes(read.sizeBytes)}`;
  caption(canvas, 'block', area, [
    [`block ${formatCount(read.block)}`, { strong: true }],
    [source, { tone: 'reading', strong: true }],
    [
      `${formatMicros(read.durationMicros)}, checksum good`,
      { tone: 'dim', opacity: span(progress, 0.6, 0.9) },
    ],
  ]);
}

function drawTile(
  { sketch }: Canvas,
  read: BlockRead,
  from: Area,
  to: Area,
  share: number,
  reducedMotion: boolean,
): void {
  if (share <= 0 || share >= 1) return;
  const side = Math.min(from.height - 8, 18);
  const start = { x: from.x + from.width - side - 4, y: from.y + (from.height - side) / 2 };
  const target = { x: to.x + 4, y: to.y + (to.height - side) / 2 };
  const { x, y, opacity } = passage(start, target, share, reducedMotion);
  sketch.box(
    `tile.${read.block}`,
    { x, y, width: side, height: side },
    {
      ...{ form: 'solid', tone: 'reading', opacity, moving: true },
    },
  );
}

/** Draws the search among the block's restart points, and the answer. */
export function drawBlockSearch(
  canvas: Canvas,
  story: LookupStory,
  result: BlockSearch,
  area: Area,
  progress: number,
): void {
  const { sketch, small, size, compact } = canvas;
  const share = span(progress, 0.05, 0.6);
  const search = restartSearch(result);
  const foot = compact ? size + 5 : size + 12;
  const room = { ...area, y: area.y + small + 6, height: area.height - small - 6 - foot };
  const decoded = `then ${counted(result.entriesDecoded, 'entry', 'entries')} decoded one by one`;
  const words: readonly Words[] =
    share < 1 ? halvingWords(search, share, 'restart point') : [[decoded, { tone: 'dim' }]];
  caption(canvas, 'search', area, [
    [`in block ${formatCount(result.block)}`, { strong: true }],
    ...words,
  ]);
  drawHalvings(canvas, search, room, share);
  const opacity = span(progress, 0.7, 0.85);
  sketch.run('answer', area.x, area.y + area.height - 2, area.width, [
    ...answer(result, opacity),
    ...(result.falsePositive ? rates(canvas, story, opacity) : []),
  ]);
}

/** The search for the last restart point before the key, where decoding begins. */
function restartSearch({ steps }: BlockSearch): HalvingSearch {
  const items = 1 + Math.max(0, ...steps.map(({ high }) => high));
  const last = steps.at(-1);
  const result = last === undefined ? 0 : last.comparison > 0 ? last.middle : last.low;
  return { key: 'restarts', steps, items, result };
}

function answer(result: BlockSearch, opacity: number): readonly Words[] {
  const passed =
    result.passedOver === 0
      ? ''
      : `, ${counted(result.passedOver, 'newer version')} passed over for the snapshot`;
  const say = (verdict: string, rest: string, tone: Tone): readonly Words[] => [
    [verdict, { strong: true, tone, opacity }],
    [rest, { opacity }],
  ];
  if (result.falsePositive) return say('the filter lied:', 'the key is not here', 'bad');
  if (result.result === 'found')
    return say('found', `${sequenceText(result.sequence)}${passed}`, 'good');
  if (result.result === 'operand') {
    return say('an operand', `${sequenceText(result.sequence)}${passed}`, 'writing');
  }
  if (result.result === 'tombstone') {
    return say('† deleted', `by ${sequenceText(result.sequence)}${passed}`, 'tombstone');
  }
  return say('not in this block', passed.slice(2), 'dim');
}

/** Measured against predicted: false positives among the checks of keys that were not there. */
function rates(
  { frame, small }: Canvas,
  { check }: LookupStory,
  opacity: number,
): readonly Words[] {
  if (check === undefined) return [];
  const { filterFalsePositives, filterNegatives } = frame.next.counters;
  const absent = filterFalsePositives + filterNegatives;
  const predicted = formatShare(check.predictedFalsePositiveRate);
  const measured =
    absent === 0
      ? ''
      : `measured ${formatShare(filterFalsePositives / absent)} of ${formatCount(absent)} ` +
        'absent keys,';
  return [
    [measured, { size: small, opacity }],
    [`predicted ${predicted}`, { size: small, tone: 'dim', opacity }],
  ];
}
