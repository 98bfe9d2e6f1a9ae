// The band opens: every input becomes a lane. Or nothing overlaps, and a table only moves.

import { fileText } from '../../model/keyText.ts';
import { counted, formatBytes, formatCount } from '../../model/format.ts';
import { findTable } from '../../model/selection.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { sequenceText } from '../drawing/figures.ts';
import type { Area } from '../drawing/mark.ts';
import { levelTone } from '../drawing/mark.ts';
import { between, eased, span } from '../drawing/motion.ts';
import { pathData } from '../drawing/sketch.ts';
import type { CompactionBegin } from './mergeStory.ts';

interface Input {
  readonly level: number;
  readonly file: number;
}

/** Draws the inputs as they line up for the merge. */
export function drawBegin(canvas: Canvas, begin: CompactionBegin, area: Area): void {
  const { sketch, small, size, compact, progress } = canvas;
  const inputs = begin.inputs.flatMap(({ level, files }) => files.map((file) => ({ level, file })));
  const foot = size + (compact ? 5 : 24);
  const row = compact
    ? 17
    : Math.min(60, Math.max(26, (area.height - foot) / Math.max(1, inputs.length)));
  const fits = Math.max(1, Math.floor((area.height - foot) / row));
  const shown = inputs.length > fits ? inputs.slice(0, fits - 1) : inputs;
  const opened = eased(progress, 0.1, 0.7);
  const rows = Math.min(inputs.length, fits);
  const top = area.y + (compact ? 0 : (area.height - foot - rows * row) / 2);
  const joint = { x: area.x + area.width * 0.62, y: top + (rows * row) / 2 };
  for (const [index, input] of shown.entries()) {
    const height = Math.min(row - 4, 42);
    const y = top + index * row + (row - height) / 2;
    drawInput(canvas, input, { ...area, y, width: area.width * 0.4, height }, joint, opened, begin);
  }
  if (shown.length < inputs.length) {
    const y = top + shown.length * row + small + 2;
    sketch.text('inputs.more', area.x, y, `and ${formatCount(inputs.length - shown.length)} more`, {
      size: small,
      tone: 'dim',
    });
  }
  const width = area.x + area.width - joint.x;
  const targetHeight = Math.min(row - 2, 44);
  const target = { x: joint.x, y: joint.y - targetHeight / 2, width, height: targetHeight };
  const merging = begin.manner === 'merge';
  sketch.box('begin.target', target, {
    form: merging ? 'dashed' : 'card',
    tone: 'merging',
    opacity: opened,
  });
  const words = merging
    ? `level ${begin.outputLevel}`
    : `level ${begin.outputLevel}: moved as it is`;
  sketch.text('begin.target', target.x + 8, joint.y + small * 0.36, words, {
    ...{ size: small, strong: true, opacity: opened, widthMax: width - 14 },
  });
  drawFoot(canvas, begin, { ...area, y: area.y + area.height - foot, height: foot });
}

function drawInput(
  canvas: Canvas,
  { level, file }: Input,
  box: Area,
  joint: { readonly x: number; readonly y: number },
  opened: number,
  begin: CompactionBegin,
): void {
  const { sketch, small, frame } = canvas;
  const key = `input.${file}`;
  sketch.box(key, box, { form: 'tinted', tone: levelTone(level) });
  const size = findTable(frame.state, file)?.table.sizeBytes;
  sketch.run(key, box.x + 8, box.y + box.height / 2 + small * 0.36, box.width - 14, [
    [`L${level} ${fileText(file)}`, { size: small, strong: true }],
    [size === undefined ? '' : formatBytes(size), { size: small, shorten: 'whole' }],
  ]);
  const from = { x: box.x + box.width + 4, y: box.y + box.height / 2 };
  const tip = between(from.x, joint.x - 4, opened);
  const middle = (from.x + tip) / 2;
  const endY = between(from.y, joint.y, opened);
  const d = pathData`M${from.x},${from.y}C${middle},${from.y} ${middle},${endY} ${tip},${endY}`;
  sketch.path(`${key}.way`, d, {
    form: begin.manner === 'merge' ? 'line' : 'thick',
    tone: 'merging',
    opacity: opened,
  });
}

function drawFoot(canvas: Canvas, begin: CompactionBegin, area: Area): void {
  const { sketch, small, size, progress } = canvas;
  const opacity = span(progress, 0.4, 0.8);
  const y = area.y + area.height - 3;
  if (begin.manner === 'move') {
    const words = 'nothing below overlaps: a manifest line moves it, no byte is rewritten';
    sketch.text('begin.foot', area.x, y, words, { size, opacity, widthMax: area.width });
    return;
  }
  const bytes = formatBytes(begin.sizeBytes);
  if (begin.entries === 0) {
    // Another engine's history tells neither entries nor snapshots.
    sketch.text('begin.foot', area.x, y, bytes, { strong: true, opacity });
    return;
  }
  const { snapshots } = begin;
  const seen =
    snapshots.length === 0
      ? 'no snapshot is alive: only newest versions survive'
      : `${counted(snapshots.length, 'snapshot')} alive at ${firstOf(snapshots)}`;
  sketch.run('begin.foot', area.x, y, area.width, [
    [`${counted(begin.entries, 'entry', 'entries')}, ${bytes}`, { strong: true, opacity }],
    [seen, { size: small, tone: 'dim', opacity }],
  ]);
}

/** The first three, and whether there are more. */
function firstOf(snapshots: readonly number[]): string {
  const more = snapshots.length > 3 ? ', …' : '';
  return snapshots.slice(0, 3).map(sequenceText).join(', ') + more;
}
