// The filter being built. While entries pass, their hashes are collected; when all keys are known,
// each key's bits are set, key by key, in the 64-byte line that its hash chose.

import { formatCount, formatShare } from '../../model/format.ts';
import { keyText } from '../../model/keyText.ts';
import { LINE_BITS, bitGrid, drawBits, drawMap } from '../bloom/filterLine.ts';
import type { BitGrid } from '../bloom/filterLine.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { wordText } from '../drawing/figures.ts';
import type { Area } from '../drawing/mark.ts';
import { eased, span, stepOf } from '../drawing/motion.ts';
import type { TableEntry, TableFilter, TableStory } from './tableStory.ts';

/** Draws the collected hashes, or the filter once it is there, into `area`. */
export function drawFilterBuilder(canvas: Canvas, story: TableStory, area: Area): void {
  if (story.filter === undefined) drawCollecting(canvas, story.open, area);
  else drawSetting(canvas, story.filter, area);
}

function drawCollecting(canvas: Canvas, open: readonly TableEntry[], area: Area): void {
  const { sketch, small, compact, frame, progress } = canvas;
  sketch.run('collect.caption', area.x, area.y + small - 1, area.width, [
    ['filter', { size: small, strong: true }],
    ['key hashes, collected', { size: small, tone: 'dim', shorten: 'whole' }],
  ]);
  const row = compact ? 14 : 21;
  const top = area.y + small + 5;
  const fits = Math.max(1, Math.floor((area.y + area.height - top) / row));
  const arriving = frame.event?.kind === 'table.entry';
  const newest = arriving ? eased(progress, 0.82, 1) : 1;
  const latest = open.slice(-fits);
  for (const [index, entry] of latest.entries()) {
    const last = index === latest.length - 1;
    const y = top + 2 + index * row + row / 2 + small * 0.36;
    const [first, second] = entry.filterHash;
    sketch.text(
      `hash.${entry.sequence}`,
      area.x,
      y,
      `${wordText(first)} ${wordText(second).slice(2)}`,
      {
        ...{ size: small, face: 'code', tone: last ? 'reading' : 'dim' },
        ...{ opacity: last ? newest : 1, widthMax: area.width },
      },
    );
  }
}

/** Bits set by the first `keys` keys in one line, and by the first `probes` probes of the next. */
function lineAfter(filter: TableFilter, line: number, keys: number, probes: number): Uint8Array {
  const bytes = new Uint8Array(LINE_BITS / 8);
  for (const [index, { bits }] of filter.insertions.entries()) {
    if (index > keys) break;
    for (const bit of index === keys ? bits.slice(0, probes) : bits) {
      const inLine = bit - line * LINE_BITS;
      if (inLine >= 0 && inLine < LINE_BITS) bytes[inLine >> 3]! |= 1 << (inLine & 7);
    }
  }
  return bytes;
}

/** The line as it is when every key is in, those that the event does not list included. */
function finishedLine(filter: TableFilter, line: number): Uint8Array | undefined {
  const from = (line * LINE_BITS) / 8;
  const bytes = filter.bits.subarray(from, from + LINE_BITS / 8);
  return bytes.length === LINE_BITS / 8 ? bytes : undefined;
}

function drawSetting(canvas: Canvas, filter: TableFilter, area: Area): void {
  const { frame, progress, compact, small } = canvas;
  const now = frame.event?.kind === 'table.filter' ? progress : 1;
  const share = span(now, 0.04, 0.88);
  const { index, within } = stepOf(share, filter.insertions.length);
  const insertion = filter.insertions[index];
  const line = insertion === undefined ? 0 : Math.floor((insertion.bits[0] ?? 0) / LINE_BITS);
  const done = now >= 0.92;
  const landed = done ? filter.probes : within * filter.probes;
  const top = area.y + small + (compact ? 3 : 8);
  const foot = compact ? 4 : 24;
  const gridTop = top + (compact ? 9 : 30);
  const gridArea = {
    ...area,
    y: gridTop,
    height: Math.max(20, area.y + area.height - foot - gridTop),
  };
  const grid = bitGrid(gridArea);
  const lines = filter.bitCount / LINE_BITS;
  drawMap(
    canvas,
    { ...area, y: top, width: grid.area.width, height: compact ? 4 : 8 },
    lines,
    line,
    grid,
    1,
  );
  const finished = done ? finishedLine(filter, line) : undefined;
  drawBits(canvas, grid, finished ?? lineAfter(filter, line, index, Math.floor(landed)));
  if (!done) drawLanding(canvas, grid, insertion?.bits ?? [], line, landed);
  else drawHints(canvas, filter, grid, line);
  drawSettingCaption(canvas, filter, area, index, done);
}

function drawLanding(
  { sketch, frame }: Canvas,
  grid: BitGrid,
  bits: readonly number[],
  line: number,
  landed: number,
): void {
  for (const [index, bit] of bits.entries()) {
    const share = Math.min(1, landed - index);
    if (share <= 0) break;
    const cell = grid.cellOf(bit - line * LINE_BITS);
    const far = frame.reducedMotion ? 2 : 2 + (1 - share) * grid.pitch * 1.5;
    const side = cell.width + 2 * far;
    sketch.box(
      `landing.${index}`,
      { x: cell.x - far, y: cell.y - far, width: side, height: side },
      {
        ...{ form: 'ring', tone: 'writing', opacity: share, radius: 3, moving: true },
      },
    );
    sketch.box(`landed.${index}`, cell, {
      form: 'solid',
      tone: 'writing',
      opacity: share,
      radius: 1,
    });
  }
}

/** Hovering a bit tells which of the listed keys set it. */
function drawHints({ sketch }: Canvas, filter: TableFilter, grid: BitGrid, line: number): void {
  const setters = new Map<number, string[]>();
  for (const { key, bits } of filter.insertions) {
    for (const bit of bits) {
      const inLine = bit - line * LINE_BITS;
      if (inLine < 0 || inLine >= LINE_BITS) continue;
      const names = setters.get(inLine);
      if (names === undefined) setters.set(inLine, [keyText(key)]);
      else names.push(keyText(key));
    }
  }
  for (const [bit, names] of setters) {
    const hint = `bit 0x${(line * LINE_BITS + bit).toString(16)}, set by ${names.join(', ')}`;
    sketch.box(`hint.${bit}`, grid.cellOf(bit), { form: 'clear', hint });
  }
}

function drawSettingCaption(
  canvas: Canvas,
  filter: TableFilter,
  area: Area,
  index: number,
  done: boolean,
): void {
  const { sketch, small } = canvas;
  const dim = { size: small, tone: 'dim' } as const;
  const y = area.y + small - 1;
  if (!done) {
    const key = filter.insertions[index]?.key;
    sketch.run('setting', area.x, y, area.width, [
      [
        `key ${formatCount(index + 1)} of ${formatCount(filter.keys)}`,
        { size: small, strong: true },
      ],
      [
        key === undefined ? '' : keyText(key),
        { size: small, face: 'code', shorten: 'start', widthMax: 140 },
      ],
      [`sets ${filter.probes} bits of one line`, { ...dim, shorten: 'whole' }],
    ]);
    return;
  }
  const bitsPerKey = filter.bitCount / Math.max(1, filter.keys);
  const share = formatShare(filter.bitsSet / Math.max(1, filter.bitCount));
  sketch.run('setting', area.x, y, area.width, [
    ['filter', { size: small, strong: true }],
    [
      `${formatCount(filter.keys)} keys, ${bitsPerKey.toFixed(1)} bits a key, ${share} set`,
      { size: small },
    ],
    [
      `predicted to lie ${formatShare(filter.predictedFalsePositiveRate)} of the time`,
      { ...dim, shorten: 'whole' },
    ],
  ]);
}
