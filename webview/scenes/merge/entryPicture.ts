// A merge entry by entry: the heads meet, the winner goes out to the table being written or falls
// away, with the rule that decided it.

import { fileText } from '../../model/keyText.ts';
import type { MergeDecision } from '../../../src/protocol/compactionEvents.ts';
import { formatBytes } from '../../model/format.ts';
import { decisionText } from '../../model/narration/tellCompaction.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { sequenceText } from '../drawing/figures.ts';
import type { Area, Tone } from '../drawing/mark.ts';
import { eased, passage, span } from '../drawing/motion.ts';
import { drawChip, drawLanes, entryPhases, planLanes } from './laneRows.ts';
import type { LanePlan } from './laneRows.ts';
import type { MergeEntry, MergeStory } from './mergeStory.ts';
import { drawTotals } from './totalsBar.ts';

/** Width of a strip from which on fallen entries have a column of their own. */
const fallenWidthMin = 760;

interface Parts {
  readonly lanes: Area;
  readonly output: Area;
  readonly fallen: Area;
  readonly verdict: Area;
  readonly totals: Area;
}

/** Draws the merge into `area`; `progress` is 1 while the output is written. */
export function drawMerge(canvas: Canvas, story: MergeStory, area: Area, progress: number): void {
  const parts = divide(canvas, area);
  const plan = planLanes(canvas, story, parts.lanes);
  drawLanes(canvas, story, plan, progress);
  const row = canvas.compact ? 16 : 26;
  const rows = Math.max(1, Math.floor(parts.output.height / row) - 1);
  drawOutput(canvas, story, parts.output, row, rows, progress);
  if (parts.fallen.height >= row) drawFallen(canvas, story, parts.fallen, row, progress);
  drawWinner(canvas, story, plan, parts, row, rows, progress);
  drawVerdict(canvas, story, parts.verdict, progress);
  const settled = progress >= entryPhases.settle[0];
  drawTotals(canvas, settled ? story.totals : story.totalsBefore, story.entriesAll, parts.totals);
}

function divide({ compact, small, size }: Canvas, area: Area): Parts {
  const totalsHeight = compact ? small + 11 : small + 26;
  const verdictHeight = compact ? size + 5 : size + 20;
  const bottom = area.y + area.height;
  const totals = { ...area, y: bottom - totalsHeight, height: totalsHeight };
  const verdict = { ...area, y: totals.y - verdictHeight, height: verdictHeight };
  const upper = { ...area, height: verdict.y - area.y - 4 };
  return { totals, verdict, ...(compact ? sideBySide(upper) : stacked(upper)) };
}

type Places = Pick<Parts, 'lanes' | 'output' | 'fallen'>;

/** Lanes and output; what falls away lies below the lanes. */
function stacked(area: Area): Places {
  const output = outputColumn(area, 0.3);
  const width = output.x - area.x - 90;
  const height = area.height * 0.66;
  const fallenTop = area.y + height + 14;
  const fallen = { ...area, y: fallenTop, width, height: area.y + area.height - fallenTop };
  return { lanes: { ...area, width, height }, output, fallen };
}

/** In a strip what falls away lies between lanes and output, when there is room for it. */
function sideBySide(area: Area): Places {
  const roomy = area.width >= fallenWidthMin;
  const output = outputColumn(area, roomy ? 0.25 : 0.32);
  const width = roomy ? area.width * 0.36 : output.x - area.x - 30;
  const x = area.x + width + 34;
  const fallen = { ...area, x, width: output.x - x - 24, height: roomy ? area.height : 0 };
  return { lanes: { ...area, width }, output, fallen };
}

function outputColumn(area: Area, share: number): Area {
  const width = Math.min(area.width * share, 330);
  return { ...area, x: area.x + area.width - width, width };
}

function isDeletion({ entryKind }: MergeEntry): boolean {
  return entryKind !== 'put' && entryKind !== 'merge';
}

/** The latest entries of the table being written; the newest row is the lowest. */
function drawOutput(
  canvas: Canvas,
  story: MergeStory,
  area: Area,
  row: number,
  rows: number,
  progress: number,
): void {
  const { sketch, small } = canvas;
  const file = (story.entry?.output || story.kept.at(-1)?.output) ?? 0;
  const size = formatBytes(story.totals.bytesWritten);
  sketch.run('output.title', area.x, area.y + small, area.width, [
    [
      file > 0 ? `L${story.outputLevel} ${fileText(file)}` : `to level ${story.outputLevel}`,
      { size: small, strong: true },
    ],
    [size, { size: small, tone: 'dim', shorten: 'whole' }],
  ]);
  const keeps = story.entry !== undefined && story.entry.output > 0;
  const scrolled = keeps ? eased(progress, ...entryPhases.leave) : 0;
  const settled = scrolled >= 1;
  const entries = settled && story.entry !== undefined ? [...story.kept, story.entry] : story.kept;
  const room = settled || !keeps ? rows : rows - (story.kept.length >= rows ? 1 : 0);
  const shown = entries.slice(-Math.max(1, room));
  const panel = { ...area, y: area.y + row - 2, height: rows * row + 4 };
  sketch.box('output', panel, { form: 'faint' });
  for (const [index, entry] of shown.entries()) {
    const place = {
      x: area.x + 3,
      y: area.y + row + index * row,
      width: area.width - 6,
      height: row - 3,
    };
    drawChip(canvas, `out.${entry.sequence}`, place, entry, {
      ...{ won: false, opacity: 1, tombstone: isDeletion(entry) },
      mark: markOf(entry, goneInto(story, entry, progress)),
    });
  }
}

/** How many entries have gone into this one; the one on its way counts when it has arrived. */
function goneInto(story: MergeStory, { sequence }: MergeEntry, progress: number): number {
  const { decision } = story.entry ?? {};
  const arrives = decision?.because === 'merged' && decision.into === sequence;
  const arrived = arrives && progress >= entryPhases.leave[1] ? 1 : 0;
  return (story.goneInto.get(sequence) ?? 0) + arrived;
}

/** Before an entry's key: a tombstone, a merge operand, or how many entries have become one. */
function markOf(entry: MergeEntry, gone: number): string {
  if (isDeletion(entry)) return '† ';
  if (entry.entryKind !== 'merge') return '';
  return gone === 0 ? '+ ' : `${gone + 1}→1 `;
}

/** Why an entry fell away, in few words. */
function fallenBecause(decision: MergeDecision): string {
  switch (decision.because) {
    case 'shadowed':
      return `shadowed by ${sequenceText(decision.by)}`;
    case 'older-delete-hides':
      return `older delete ${sequenceText(decision.by)} hides as much`;
    case 'range-deleted':
      return `covered by range delete ${sequenceText(decision.by)}`;
    case 'single-delete-annihilated':
      return `annihilated with ${sequenceText(decision.with)}`;
    case 'expired':
      return 'expired';
    default:
      return 'nothing older below to hide';
  }
}

/** Entries that fell away lately, struck through, each with its reason. */
function drawFallen(
  canvas: Canvas,
  story: MergeStory,
  area: Area,
  row: number,
  progress: number,
): void {
  const { sketch, small } = canvas;
  const isMerged = story.entry?.decision.because === 'merged';
  const falling = story.entry?.output === 0 && !isMerged ? story.entry : undefined;
  const now = falling !== undefined;
  const settled = now && progress >= entryPhases.leave[1];
  const entries = settled ? [...story.dropped, falling] : story.dropped;
  const rows = Math.max(1, Math.floor(area.height / row) - 1);
  const words = entries.length === 0 && !now ? 'nothing has fallen away lately' : 'fell away';
  sketch.text('fallen', area.x, area.y + small, words, { size: small, tone: 'dim' });
  const shown = entries.slice(-rows).toReversed();
  const chipWidth = Math.min(230, area.width * 0.45);
  const shift = now && !settled ? 1 : 0;
  for (const [index, entry] of shown.entries()) {
    const y = area.y + row + (index + shift) * row;
    if (y + row > area.y + area.height + 2) break;
    const opacity = Math.max(0.35, 0.85 - index * 0.15);
    const place = { x: area.x, y, width: chipWidth, height: row - 4 };
    const tombstone = isDeletion(entry);
    drawChip(canvas, `fallen.${entry.sequence}`, place, entry, {
      won: false,
      opacity,
      struck: true,
      tombstone,
    });
    sketch.text(
      `fallen.${entry.sequence}.why`,
      place.x + chipWidth + 10,
      y + (row - 4) / 2 + small * 0.36,
      fallenBecause(entry.decision),
      {
        ...{ size: small, tone: 'dim', opacity, widthMax: area.width - chipWidth - 12 },
      },
    );
  }
}

/** The winner on its way: out to the table, or down and away. */
function drawWinner(
  canvas: Canvas,
  story: MergeStory,
  plan: LanePlan,
  parts: Parts,
  row: number,
  rows: number,
  progress: number,
): void {
  const { frame } = canvas;
  const { entry } = story;
  if (entry === undefined || progress < entryPhases.leave[0] || progress >= entryPhases.leave[1])
    return;
  const index = plan.shown.findIndex(({ lane }) => lane === entry.lane);
  const start = plan.rowOf(Math.max(0, index));
  const height = Math.min(plan.rowHeight - 4, 38);
  const from = { x: plan.chip.x, y: start.y + (start.height - height) / 2 };
  const kept = entry.output > 0;
  // What is merged goes where the operand stands that it becomes part of: the last one kept.
  const merged = entry.decision.because === 'merged';
  const slot = Math.max(0, Math.min(story.kept.length - (merged ? 1 : 0), rows - 1));
  const out = { x: parts.output.x + 3, y: parts.output.y + row + slot * row };
  const seen = parts.fallen.height > 0;
  const away = seen
    ? { x: parts.fallen.x, y: parts.fallen.y + row }
    : { x: from.x + 20, y: parts.verdict.y - 6 };
  const share = eased(progress, ...entryPhases.leave);
  const { x, y, opacity } = passage(from, kept || merged ? out : away, share, frame.reducedMotion);
  const stays = kept || (seen && !merged);
  const fading = stays ? 1 : 1 - span(share, 0.5, 1);
  const width =
    kept || merged
      ? plan.chip.width + (parts.output.width - 6 - plan.chip.width) * share
      : plan.chip.width;
  const place = { x, y, width, height: height + (row - 3 - height) * share };
  drawChip(canvas, `moving.${entry.sequence}`, place, entry, {
    ...{ won: true, opacity: opacity * fading, moving: true },
    struck: !kept && !merged && share > 0.3,
    tombstone: isDeletion(entry),
    mark: markOf(entry, 0),
  });
}

/** The decision as a sentence. */
function drawVerdict(canvas: Canvas, story: MergeStory, area: Area, progress: number): void {
  const { sketch, size, small, frame } = canvas;
  const { entry } = story;
  const y = area.y + size + 1;
  if (entry === undefined) return;
  if (progress < entryPhases.meet[1] && frame.event?.kind === 'compaction.entry') {
    const waiting = entry.heads.filter((head) => head !== null).length;
    const words = `the smallest of ${waiting} waiting keys goes next`;
    sketch.text('verdict', area.x, y, words, { size: small, tone: 'dim', widthMax: area.width });
    return;
  }
  const kept = entry.decision.verdict === 'keep';
  const merged = entry.decision.because === 'merged';
  const tone: Tone = kept || merged ? 'good' : isDeletion(entry) ? 'tombstone' : 'dim';
  const opacity =
    frame.event?.kind === 'compaction.entry' ? span(progress, ...entryPhases.meet) : 1;
  const mark = isDeletion(entry) ? '† ' : '';
  sketch.text('verdict', area.x, y, mark + decisionText(entry.decision), {
    ...{ size, strong: true, tone, opacity, widthMax: area.width },
  });
}
