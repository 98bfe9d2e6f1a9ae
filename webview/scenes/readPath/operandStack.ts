// The merge operands of the key that is read, as a row of chips: each one found pushes the newer
// ones to the right, so that they stand in the order in which they were written. When all are
// there, they slide into what they are merged onto and become one value.

import { counted, formatCount } from '../../model/format.ts';
import { shortened, valueText } from '../../model/keyText.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { sequenceText } from '../drawing/figures.ts';
import type { Area, Tone } from '../drawing/mark.ts';
import { between, eased, passage, span } from '../drawing/motion.ts';
import { textWidth } from '../drawing/textWidth.ts';
import type { GetMerge, GetOperand, ReadStory } from './places.ts';

const gap = 8;
const chipWidthMax = 128;

/** Progress at which the parts of a merge begin and end. */
const mergePhases = { base: [0, 0.15], slide: [0.2, 0.6], value: [0.6, 0.8] } as const;

interface Chip {
  readonly key: string;
  readonly words: string;
  readonly width: number;
}

interface Row {
  readonly area: Area;
  readonly left: number;
  /** Oldest first; the oldest that have no room are left out. */
  readonly chips: readonly Chip[];
  readonly hidden: number;
  readonly base: Chip | undefined;
}

/** Height of the row; 0 when the key has no operands so far. */
export function operandRowHeight({ small, compact }: Canvas, { operands }: ReadStory): number {
  if (operands.length === 0) return 0;
  return compact ? small + 8 : small + 26;
}

/** Draws the row into `area`. */
export function drawOperandStack(canvas: Canvas, story: ReadStory, area: Area): void {
  if (area.height <= 0) return;
  const { merge } = story;
  const row = planRow(canvas, story, area);
  const merging = canvas.frame.event?.kind === 'get.merge';
  if (merge === undefined) drawGathered(canvas, story, row);
  else if (merging && canvas.progress < mergePhases.value[1]) drawSliding(canvas, row, merge);
  else drawValue(canvas, row, merge, 1);
}

function planRow(canvas: Canvas, { operands, merge }: ReadStory, area: Area): Row {
  const { sketch, small } = canvas;
  const label = merge === undefined ? counted(operands.length, 'operand') : 'merged';
  const baseline = area.y + area.height / 2 + small * 0.36;
  const labelWidth = sketch.text('operands', area.x, baseline, label, {
    ...{ size: small, tone: 'dim', widthMax: area.width / 3 },
  });
  const left = area.x + labelWidth + gap;
  const base = merge === undefined ? undefined : baseChip(canvas, merge);
  const room = area.x + area.width - left - (base === undefined ? 0 : base.width + gap);
  // The newest came first, and are kept when there is no room for all.
  const chips: Chip[] = [];
  let used = 0;
  for (const operand of operands) {
    const chip = operandChip(canvas, operand);
    if (used + chip.width > room - 40) break;
    used += chip.width + gap;
    chips.unshift(chip);
  }
  return { area, left, chips, hidden: operands.length - chips.length, base };
}

function operandChip(canvas: Canvas, operand: GetOperand): Chip {
  const words = shortened(valueText(operand.operandPreview, operand.operandSizeBytes), 14);
  return chipOf(canvas, `operand.${operand.sequence}`, words);
}

function baseChip(canvas: Canvas, { baseSequence }: GetMerge): Chip {
  return chipOf(canvas, 'base', baseSequence === 0 ? 'no value' : sequenceText(baseSequence));
}

function chipOf({ small }: Canvas, key: string, words: string): Chip {
  const width = textWidth(words, { size: small, face: 'code', strong: false }) + 12;
  return { key, words, width: Math.min(chipWidthMax, width) };
}

/** The operands so far; the one just found comes in at the left and the others make room. */
function drawGathered(canvas: Canvas, story: ReadStory, row: Row): void {
  const { frame, progress } = canvas;
  const arriving = frame.event?.kind === 'get.operand' ? story.operands.at(-1) : undefined;
  const share = arriving === undefined ? 1 : eased(progress, 0, 0.6);
  let x = row.left;
  const isShown = row.hidden === 0;
  for (const [index, chip] of row.chips.entries()) {
    const isNew = arriving !== undefined && isShown && index === 0;
    const shift = arriving !== undefined && isShown && !isNew ? row.chips[0]!.width + gap : 0;
    const at = frame.reducedMotion ? x : x - shift * (1 - share);
    drawChip(canvas, row, chip, at, {
      tone: 'writing',
      opacity: isNew ? span(progress, 0.35, 0.75) : 1,
      moving: share < 1 && !isNew,
    });
    x += chip.width + gap;
  }
  drawHidden(canvas, row, x);
}

/** Oldest first the operands slide into what they are merged onto. */
function drawSliding(canvas: Canvas, row: Row, merge: GetMerge): void {
  const { frame, progress } = canvas;
  const base = row.base!;
  const away = span(progress, ...mergePhases.value);
  const baseTone = merge.baseSequence === 0 ? 'edge' : 'good';
  const baseOpacity = span(progress, ...mergePhases.base) * (1 - away);
  drawChip(canvas, row, base, row.left, { tone: baseTone, opacity: baseOpacity, moving: false });
  const [from, to] = mergePhases.slide;
  const each = (to - from) / Math.max(1, row.chips.length);
  let x = row.left + base.width + gap;
  for (const [index, chip] of row.chips.entries()) {
    const share = eased(progress, from + index * each, from + (index + 1) * each);
    const start = { x, y: 0 };
    const end = { x: row.left, y: 0 };
    const way = passage(start, end, share, frame.reducedMotion);
    drawChip(canvas, row, chip, way.x, {
      ...{ tone: 'writing', opacity: way.opacity * (1 - span(share, 0.8, 1)), moving: true },
    });
    x += chip.width + gap;
  }
  if (progress < from) drawHidden(canvas, row, x);
  if (away > 0) drawValue(canvas, row, merge, away);
}

/** The one value, and who made it of what. */
function drawValue(canvas: Canvas, row: Row, merge: GetMerge, opacity: number): void {
  const { sketch, small } = canvas;
  const failed = merge.outcome === 'failed';
  const words = failed
    ? 'no value'
    : shortened(valueText(merge.valuePreview, merge.valueSizeBytes), 18);
  const chip = chipOf(canvas, 'value', words);
  const tone = failed ? 'bad' : 'good';
  drawChip(canvas, row, chip, row.left, { tone, opacity, moving: opacity < 1 });
  const onto = merge.baseSequence === 0 ? 'nothing' : sequenceText(merge.baseSequence);
  const x = row.left + chip.width + gap;
  const story = `${counted(merge.operands, 'operand')} onto ${onto}, by ${merge.operator}`;
  sketch.text('merged', x, baselineOf(canvas, row), failed ? `${story}: failed` : story, {
    ...{ size: small, tone: failed ? 'bad' : 'dim', opacity, moving: opacity < 1 },
    widthMax: row.area.x + row.area.width - x,
  });
}

function drawHidden(canvas: Canvas, row: Row, x: number): void {
  if (row.hidden === 0) return;
  const { sketch, small } = canvas;
  sketch.text('operands.more', x, baselineOf(canvas, row), `and ${formatCount(row.hidden)} older`, {
    ...{ size: small, tone: 'dim', widthMax: row.area.x + row.area.width - x, shorten: 'whole' },
  });
}

interface ChipLook {
  readonly tone: Tone;
  readonly opacity: number;
  readonly moving: boolean;
}

function drawChip(canvas: Canvas, row: Row, chip: Chip, x: number, look: ChipLook): void {
  const { sketch, small, compact } = canvas;
  const height = Math.min(row.area.height - (compact ? 1 : 4), small + 10);
  const y = row.area.y + (row.area.height - height) / 2;
  const dashed = chip.words === 'no value';
  sketch.box(
    `chip.${chip.key}`,
    { x, y, width: chip.width, height },
    {
      ...look,
      form: dashed ? 'dashed' : look.moving ? 'card' : 'soft',
    },
  );
  sketch.text(`chip.${chip.key}.words`, x + 6, baselineOf(canvas, row), chip.words, {
    ...{ size: small, face: 'code', opacity: look.opacity, moving: look.moving },
    ...{ tone: dashed ? 'dim' : 'text', widthMax: chip.width - 10 },
  });
}

function baselineOf({ small }: Canvas, { area }: Row): number {
  return between(area.y, area.y + area.height, 0.5) + small * 0.36;
}
