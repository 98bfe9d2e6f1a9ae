// Why this compaction: each level's score as a bar against 1, the chosen one and why the others
// lost; then its key range, projected onto the level below: what overlaps joins.

import type { CompactionCandidate, CompactionInput } from '../../../src/protocol/events.ts';
import type { LevelState } from '../../../src/protocol/treeState.ts';
import { formatBytes, formatCount, formatRatio } from '../../model/format.ts';
import { keyText } from '../../model/keyText.ts';
import { keyAxis, placeOf } from '../../layout/keyAxis.ts';
import type { Canvas } from '../drawing/canvas.ts';
import type { Area } from '../drawing/mark.ts';
import { levelTone } from '../drawing/mark.ts';
import { eased, span } from '../drawing/motion.ts';
import { pathData } from '../drawing/sketch.ts';
import type { CompactionPick } from './mergeStory.ts';

const reasons: Readonly<Record<string, string>> = {
  'highest-score': 'highest score',
  'score-below-1': 'below 1: nothing to do',
  'lower-score': 'has to wait: lower score',
  'inputs-busy': 'has to wait: its tables are busy',
  'several-runs-in-one-level': 'several runs in one level',
  'another-level-has-several-runs': 'has to wait: another level has several runs',
  'first-rule-that-applies': 'the first rule that applies',
  'another-rule-first': 'has to wait: another rule comes first',
  'rule-does-not-apply': 'nothing fits this rule',
  'too-few-runs': 'too few runs to ask',
  expired: 'past its time to live',
  'over-the-limit': 'over the limit',
  manual: 'asked for by hand',
};
/** The same in a strip. */
const shortReasons: Readonly<Record<string, string>> = {
  'highest-score': 'highest',
  'score-below-1': 'below 1',
  'lower-score': 'waits',
  'inputs-busy': 'waits: busy',
  'several-runs-in-one-level': 'several runs',
  'another-level-has-several-runs': 'waits',
  'first-rule-that-applies': 'applies first',
  'another-rule-first': 'waits',
  'rule-does-not-apply': 'nothing fits',
  'too-few-runs': 'too few runs',
  expired: 'expired',
  'over-the-limit': 'over the limit',
  manual: 'by hand',
};

/** Draws scores and overlap into `area`. */
export function drawPick(canvas: Canvas, pick: CompactionPick, area: Area): void {
  const { compact } = canvas;
  if (compact) {
    const left = { ...area, width: area.width * (area.width > 700 ? 0.46 : 0.5) };
    const x = area.x + left.width + 20;
    drawScores(canvas, pick, left);
    drawOverlap(canvas, pick, { ...area, x, width: area.x + area.width - x });
    return;
  }
  const height = Math.min(area.height * 0.5, 30 + rowsOf(pick).length * 40);
  drawScores(canvas, pick, { ...area, height });
  const top = area.y + height + 34;
  drawOverlap(canvas, pick, { ...area, y: top, height: area.y + area.height - top });
}

/** The levels with something in them, the chosen one first. */
function rowsOf({ candidates }: CompactionPick): readonly CompactionCandidate[] {
  return candidates
    .filter(({ score, chosen }) => score > 0 || chosen)
    .sort((left, right) => Number(right.chosen) - Number(left.chosen));
}

function drawScores(canvas: Canvas, pick: CompactionPick, area: Area): void {
  const { sketch, small, compact, progress } = canvas;
  const rows = rowsOf(pick);
  const fits = Math.max(1, Math.floor((area.height - small - 6) / (compact ? 15 : 30)));
  const shown = rows.slice(0, fits).toSorted((left, right) => left.level - right.level);
  const row = Math.min(compact ? 19 : 40, (area.height - small - 6) / Math.max(1, shown.length));
  const left = area.x + 28;
  const barWidth = compact ? Math.min(90, area.width * 0.35) : 300;
  const scale = Math.max(1.25, ...shown.map(({ score }) => Math.min(score, 4)));
  const oneX = left + barWidth / scale;
  const top = area.y + small + 6;
  const style = { size: small, tone: 'dim', anchor: 'middle' } as const;
  sketch.text('one', oneX, area.y + small - 1, '1', style);
  sketch.text('scores', area.x, area.y + small - 1, compact ? 'score' : 'score of each level', {
    size: small,
    tone: 'dim',
    widthMax: oneX - area.x - 8,
  });
  const grown = eased(progress, 0, 0.45);
  for (const [index, candidate] of shown.entries()) {
    const y = top + index * row;
    drawScore(
      canvas,
      candidate,
      { x: area.x, y, width: area.width, height: row },
      left,
      barWidth,
      grown / scale,
    );
  }
  const foot = top + shown.length * row;
  sketch.line('one', [oneX, top - 2], [oneX, foot], { form: 'dashed', tone: 'dim' });
}

function drawScore(
  canvas: Canvas,
  candidate: CompactionCandidate,
  row: Area,
  left: number,
  barWidth: number,
  scale: number,
): void {
  const { sketch, small, progress } = canvas;
  const { level, subject, score, chosen } = candidate;
  const key = subject === '' ? `score.${level}` : `score.${level}.${subject}`;
  const told = span(progress, 0.45, 0.65);
  const baseline = row.y + row.height / 2 + small * 0.36;
  sketch.text(`${key}.level`, row.x, baseline, `L${level}`, { size: small, strong: chosen });
  const height = Math.min(row.height - 6, 16);
  const bar = {
    x: left,
    y: row.y + (row.height - height) / 2,
    width: Math.min(barWidth, barWidth * score * scale),
    height,
  };
  const tone = score >= 1 ? 'bad' : 'good';
  sketch.box(`${key}.bar`, bar, { form: 'tinted', tone, radius: 2 });
  if (chosen) {
    const ring = {
      x: bar.x - 2,
      y: bar.y - 2,
      width: Math.max(8, bar.width + 4),
      height: height + 4,
    };
    sketch.box(`${key}.ring`, ring, { form: 'ring', tone: 'merging', opacity: told });
  }
  const x = left + barWidth + 12;
  const words = canvas.compact ? shortReasons : reasons;
  sketch.run(`${key}.words`, x, baseline, row.x + row.width - x, [
    [formatRatio(score), { size: small, strong: true }],
    [subject, { size: small }],
    [canvas.compact ? '' : measure(candidate), { size: small, tone: 'dim' }],
    [
      words[candidate.why] ?? candidate.why,
      { size: small, opacity: told, tone: chosen ? 'merging' : 'dim', strong: chosen },
    ],
  ]);
}

function measure({ measure: what, value, limit }: CompactionCandidate): string {
  switch (what) {
    case 'files':
      return `${formatCount(value)} of ${formatCount(limit)} tables`;
    case 'bytes':
      return `${formatBytes(value)} of ${formatBytes(limit)}`;
    case 'runs':
      return `${formatCount(value)} of ${formatCount(limit)} runs`;
    case 'percent':
      return `${formatCount(value)} % of ${formatCount(limit)} %`;
    case 'seconds':
      return `${formatCount(value)} s of ${formatCount(limit)} s`;
    case 'manual':
      return '';
  }
}

/** The tables that take part, over the key axis, and the bracket that the inputs throw down. */
function drawOverlap(canvas: Canvas, pick: CompactionPick, area: Area): void {
  const { sketch, small, frame, progress, compact } = canvas;
  const levels = frame.state.families.find(({ family }) => family === pick.family)?.levels ?? [];
  const numbers = [...new Set([...pick.inputs.map(({ level }) => level), pick.outputLevel])];
  const rows = numbers
    .sort((left, right) => left - right)
    .map((number) => levels.find(({ level }) => level === number));
  const involved = rows.filter((level) => level !== undefined);
  const axis = keyAxis(involved);
  const labelWidth = 28;
  const axisArea = { ...area, x: area.x + labelWidth, width: area.width - labelWidth };
  const xOf = (key: Uint8Array): number => axisArea.x + placeOf(axis, key) * axisArea.width;
  const gap = compact ? 12 : 34;
  const caption = small + (compact ? 4 : 10);
  const height =
    (area.height - caption - gap * (involved.length - 1)) / Math.max(1, involved.length);
  const rowHeight = Math.min(height, compact ? 34 : 90);
  const ends = [xOf(pick.smallestKey), xOf(pick.largestKey)] as const;
  const told = eased(progress, 0.55, 0.85);
  const range = `${keyText(pick.smallestKey)} to ${keyText(pick.largestKey)}`;
  sketch.run('range', area.x, area.y + small - 1, area.width, [
    ['keys', { size: small, tone: 'dim', opacity: told }],
    [range, { size: small, face: 'code', opacity: told }],
  ]);
  const top = area.y + caption;
  for (const [index, level] of involved.entries()) {
    const row = { ...axisArea, y: top + index * (rowHeight + gap), height: rowHeight };
    sketch.text(
      `row.${level.level}`,
      area.x,
      row.y + rowHeight / 2 + small * 0.36,
      `L${level.level}`,
      { size: small, strong: true },
    );
    drawTables(canvas, level, pick.inputs, row, xOf, told);
    if (level.tables.length > 0) continue;
    const words = 'no tables yet';
    const y = row.y + rowHeight / 2 + small * 0.36;
    sketch.text(`row.${level.level}.empty`, row.x + 8, y, words, {
      size: small,
      tone: 'dim',
      widthMax: row.width - 12,
    });
  }
  if (involved.length < 2) return;
  const from = top + rowHeight + 1;
  const to = top + rowHeight + gap - 1;
  const d =
    pathData`M${ends[0]},${from}L${ends[0]},${to}` + pathData`M${ends[1]},${from}L${ends[1]},${to}`;
  sketch.box(
    'projection',
    { x: ends[0], y: from, width: ends[1] - ends[0], height: to - from },
    {
      ...{ form: 'tint', tone: 'merging', opacity: told, radius: 0 },
    },
  );
  sketch.path('bracket', d, { form: 'thick', tone: 'merging', opacity: told });
}

function drawTables(
  { sketch }: Canvas,
  { level, tables }: LevelState,
  inputs: readonly CompactionInput[],
  row: Area,
  xOf: (key: Uint8Array) => number,
  told: number,
): void {
  const taken = new Set(inputs.find((input) => input.level === level)?.files);
  const stacked = level === 0 || overlapping(tables);
  const layers = stacked ? Math.max(1, tables.length) : 1;
  const height = Math.min(row.height / layers, 26);
  const top = row.y + (row.height - height * layers) / 2;
  for (const [index, table] of tables.entries()) {
    const x = xOf(table.smallestKey);
    const y = top + (stacked ? index : 0) * height;
    const width = Math.max(3, xOf(table.largestKey) - x - 1);
    const joins = taken.has(table.file);
    const box = { x, y, width, height: Math.max(1.5, height - 2) };
    const hint = `${table.name}, ${formatBytes(table.sizeBytes)}`;
    const opacity = joins ? 1 : 1 - told * 0.6;
    sketch.box(`table.${table.file}`, box, {
      form: 'tinted',
      tone: levelTone(level),
      opacity,
      radius: 2,
      hint,
    });
    if (joins)
      sketch.box(`table.${table.file}.ring`, box, {
        form: 'ring',
        tone: 'merging',
        opacity: told,
        radius: 2,
      });
  }
}

function overlapping(tables: LevelState['tables']): boolean {
  return new Set(tables.map(({ run }) => run)).size > 1;
}
