// The filter's answer, bit by bit: the key becomes two hash words, these choose a line and its
// bits; probes land one after another, and the first unset bit ends it.

import { formatCount, formatShare } from '../../model/format.ts';
import { keyText } from '../../model/keyText.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { wordText } from '../drawing/figures.ts';
import type { Area, Tone } from '../drawing/mark.ts';
import { eased, span } from '../drawing/motion.ts';
import type { BitGrid } from './filterLine.ts';
import { LINE_BITS, bitGrid, bitsSet, drawBits, drawMap } from './filterLine.ts';
import type { FilterCheck, LookupStory } from './lookupStory.ts';
import { allFoundText, foundText, probeName, probeText } from './probeWords.ts';

/** Progress at which the parts begin and end. */
const phases = {
  hash: [0, 0.12],
  line: [0.1, 0.22],
  probes: [0.22, 0.84],
  verdict: [0.84, 0.92],
} as const;

/** Draws the check into `area`; `progress` is 1 when a later step is being shown. */
export function drawFilterCheck(
  canvas: Canvas,
  story: LookupStory,
  area: Area,
  progress: number,
): void {
  const { sketch, compact, small } = canvas;
  const { check } = story;
  if (check === undefined) {
    const words = 'this table has no filter: its index is asked at once';
    sketch.text('filter.none', area.x, area.y + small, words, {
      tone: 'dim',
      widthMax: area.width,
    });
    return;
  }
  const lineHeight = compact ? 14 : 24;
  const mapTop = area.y + lineHeight;
  const map = { x: area.x, y: mapTop, width: area.width, height: compact ? 4 : 9 };
  const gridTop = mapTop + (compact ? 12 : 36);
  const below = compact ? 17 : 58;
  const gridArea = { ...area, y: gridTop, height: area.y + area.height - below - gridTop };
  const grid = bitGrid(gridArea);
  const opened = eased(progress, ...phases.line);
  drawHash(canvas, story, check, area, progress);
  drawMap(
    canvas,
    { ...map, width: grid.area.width },
    Math.ceil(check.bitCount / LINE_BITS),
    check.line,
    grid,
    opened,
  );
  drawBits(canvas, grid, check.lineBytes, 0.25 + 0.75 * opened);
  const landed = span(progress, ...phases.probes) * check.probes.length;
  drawElsewhere(canvas, check, { ...map, width: grid.area.width }, landed);
  drawProbes(canvas, check, grid, landed);
  const footer = { ...area, y: grid.area.y + grid.area.height, height: below };
  if (!compact) drawChips(canvas, check, { ...footer, y: footer.y + 12 }, landed);
  drawVerdict(canvas, check, footer, landed, progress);
}

function drawHash(
  canvas: Canvas,
  { key }: LookupStory,
  check: FilterCheck,
  area: Area,
  progress: number,
): void {
  const { sketch, small, compact } = canvas;
  const shown = span(progress, ...phases.hash);
  const lines = Math.ceil(check.bitCount / LINE_BITS);
  const place = `line ${formatCount(check.line + 1)} of ${formatCount(lines)}`;
  const fill = `${bitsSet(check.lineBytes)} of ${8 * check.lineBytes.length} bits set`;
  const lined = span(progress, ...phases.line);
  const [first, second] = check.hash;
  const dim = { size: small, tone: 'dim' } as const;
  const code = { size: small, face: 'code', opacity: shown } as const;
  sketch.run('hash', area.x, area.y + small - (compact ? 1 : 0), area.width, [
    [
      key === undefined ? '' : keyText(key),
      { ...code, opacity: 1, tone: 'reading', widthMax: 150, shorten: 'start' },
    ],
    ['→ hash', { ...dim, opacity: shown }],
    [wordText(first), code],
    [wordText(second), code],
    ['→', { ...dim, opacity: lined }],
    [place, { size: small, strong: true, opacity: lined }],
    [`${fill} in it`, { ...dim, opacity: lined, shorten: 'whole' }],
  ]);
}

/** Rings that close in on their bits; a set bit glows, the unset one is crossed. */
function drawProbes(canvas: Canvas, check: FilterCheck, grid: BitGrid, landed: number): void {
  const { sketch, frame } = canvas;
  for (const [index, { bit, set }] of check.probes.entries()) {
    const share = Math.min(1, landed - index);
    if (share <= 0) break;
    if (!isInLine(check, bit)) continue;
    const cell = grid.cellOf(bit - check.line * LINE_BITS);
    const tone: Tone = set ? 'reading' : 'bad';
    const arrived = span(share, 0.45, 0.6);
    const hint = hintOf(check, index);
    const form = set ? 'solid' : 'card';
    sketch.box(`probe.${index}`, cell, { form, tone, opacity: arrived, radius: 1.5, hint });
    const far = frame.reducedMotion ? 0 : (1 - eased(share, 0, 0.5)) * grid.pitch * 3.5;
    const glow = share >= 1 ? 2 : 2 + far;
    const ring = {
      ...{ x: cell.x - glow, y: cell.y - glow },
      ...{ width: cell.width + 2 * glow, height: cell.height + 2 * glow },
    };
    const opacity = eased(share, 0, 0.3);
    const look = { form: 'ring', radius: 3, opacity, moving: true } as const;
    sketch.box(`ring.${index}`, ring, { ...look, tone: share < 0.5 ? 'reading' : tone });
    numberProbe(canvas, cell, index, set, arrived);
  }
}

/** Probes that fall into other lines of the filter, as ticks on its map. */
function drawElsewhere(canvas: Canvas, check: FilterCheck, map: Area, landed: number): void {
  const lines = Math.ceil(check.bitCount / LINE_BITS);
  for (const [index, { bit, set }] of check.probes.entries()) {
    const share = Math.min(1, landed - index);
    if (share <= 0) break;
    if (isInLine(check, bit)) continue;
    const x = map.x + (bit / (LINE_BITS * lines)) * map.width;
    const tick = { x: x - 1, y: map.y - 2, width: 2, height: map.height + 4 };
    const hint = hintOf(check, index);
    const tone = set ? 'reading' : 'bad';
    canvas.sketch.box(`tick.${index}`, tick, { form: 'solid', tone, opacity: share, hint });
  }
}

function hintOf(check: FilterCheck, index: number): string {
  const probe = check.probes[index]!;
  return `${probeName(check, index)}: ${probeText(check, probe)} ${foundText(check, probe)}`;
}

function isInLine({ line }: FilterCheck, bit: number): boolean {
  return Math.floor(bit / LINE_BITS) === line;
}

function numberProbe(
  { sketch }: Canvas,
  { x, y, width }: Area,
  index: number,
  set: boolean,
  opacity: number,
): void {
  if (set && width < 11) return;
  const size = width * (set ? 0.75 : 1.1);
  sketch.text(
    `probe.${index}`,
    x + width / 2,
    y + width / 2 + size * 0.36,
    set ? String(index + 1) : '×',
    {
      ...{
        size,
        face: 'code',
        anchor: 'middle',
        opacity,
        tone: set ? 'on-tone' : 'bad',
        strong: true,
      },
    },
  );
}

/** The probes as a list: which bit each looked at and what it found. */
function drawChips(canvas: Canvas, check: FilterCheck, area: Area, landed: number): void {
  const { sketch, small } = canvas;
  const gap = 6;
  const width = Math.min(96, (area.width - gap * (check.probesMax - 1)) / check.probesMax);
  for (let index = 0; index < check.probesMax; index++) {
    const probe = check.probes[index];
    const reached = probe !== undefined && landed > index + 0.5;
    const box = { x: area.x + index * (width + gap), y: area.y, width, height: small + 10 };
    const tone: Tone = !reached ? 'edge' : probe.set ? 'reading' : 'bad';
    sketch.box(`chip.${index}`, box, { form: reached ? 'soft' : 'dashed', tone });
    const bit = probe === undefined ? '' : `0x${probe.bit.toString(16)}`;
    const words = reached ? `${bit} ${probe.set ? '✓' : '×'}` : probeName(check, index);
    sketch.text(`chip.${index}`, box.x + width / 2, box.y + small + 3, words, {
      ...{
        size: small - 1,
        face: reached ? 'code' : 'plain',
        anchor: 'middle',
        widthMax: width - 6,
      },
      ...{ tone: reached ? 'text' : 'dim' },
    });
  }
}

function drawVerdict(
  canvas: Canvas,
  check: FilterCheck,
  area: Area,
  landed: number,
  progress: number,
): void {
  const { sketch, compact, size, small } = canvas;
  const y = area.y + area.height - (compact ? 2 : 2);
  const current = Math.min(check.probes.length, Math.max(1, Math.ceil(landed)));
  const probe = check.probes[current - 1];
  const done = progress >= phases.verdict[0];
  if (!done && probe !== undefined) {
    const answered = landed - Math.floor(landed) > 0.5 || landed >= check.probes.length;
    const state = answered ? foundText(check, probe) : '…';
    sketch.run('verdict', area.x, y, area.width, [
      [`${probeName(check, current - 1)} of ${check.probesMax}:`, { size: small, tone: 'dim' }],
      [probeText(check, probe), { size: small, face: 'code' }],
      [state, { size: small, tone: probe.set || !answered ? 'reading' : 'bad', strong: answered }],
    ]);
    return;
  }
  const absent = check.verdict === 'absent';
  const words = absent
    ? ['definitely not here:', 'one block read saved']
    : ['maybe here:', `${allFoundText(check)}, the table is asked`];
  const rate = `predicted to be wrong ${formatShare(check.predictedFalsePositiveRate)} of the time`;
  const tone: Tone = absent ? 'good' : 'reading';
  sketch.run('verdict', area.x, y, area.width, [
    [words[0]!, { size, tone, strong: true }],
    [words[1]!, { size: compact ? small : size }],
    [absent ? '' : rate, { size: small, tone: 'dim', shorten: 'whole' }],
  ]);
}
