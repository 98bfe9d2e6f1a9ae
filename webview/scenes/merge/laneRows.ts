// The inputs of a merge: a row each with the entry that waits at its front, and between them the
// tournament that finds the smallest key.

import { fileText, keyText } from '../../model/keyText.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { sequenceText } from '../drawing/figures.ts';
import type { Area } from '../drawing/mark.ts';
import { levelTone } from '../drawing/mark.ts';
import { eased, span } from '../drawing/motion.ts';
import { pathData } from '../drawing/sketch.ts';
import { textWidth } from '../drawing/textWidth.ts';
import type { Lane, MergeStory } from './mergeStory.ts';
import { roundsOf, tournament } from './tournament.ts';

/** Progress at which the parts of a decision begin and end. */
export const entryPhases = {
  arrive: [0, 0.14],
  meet: [0.14, 0.44],
  leave: [0.46, 0.74],
  settle: [0.74, 0.9],
} as const;

export interface LanePlan {
  readonly shown: readonly Lane[];
  readonly hidden: number;
  readonly rowHeight: number;
  readonly chip: { readonly x: number; readonly width: number };
  readonly area: Area;
  /** Where the winner stands when the tournament is over. */
  readonly final: Area;
  rowOf(index: number): Area;
}

/** Plans the rows: when there are too many, the winner's and those with the smallest heads. */
export function planLanes(canvas: Canvas, story: MergeStory, area: Area): LanePlan {
  const { compact, small } = canvas;
  const rowMin = compact ? 13 : 26;
  const fits = Math.max(2, Math.floor(area.height / rowMin));
  const shown = chooseLanes(story, fits);
  const rowHeight = Math.min(compact ? 20 : 62, area.height / Math.max(1, shown.length));
  const style = { size: small, face: 'plain', strong: false } as const;
  const labels = shown.map((lane) => textWidth(labelOf(lane, compact), style));
  const labelWidth = Math.min(area.width * 0.34, Math.max(0, ...labels) + (compact ? 14 : 22));
  const rounds = roundsOf(shown.length);
  const bracketWidth = rounds * (compact ? 12 : 46) + (compact ? 6 : 14);
  const chipWidth = Math.min(area.width - labelWidth - bracketWidth - 8, compact ? 150 : 320);
  const chip = { x: area.x + labelWidth, width: Math.max(40, chipWidth) };
  const top = area.y + Math.max(0, (area.height - rowHeight * shown.length) / 2);
  const rowOf = (index: number): Area => ({
    ...{ x: area.x, y: top + index * rowHeight, width: area.width, height: rowHeight },
  });
  const finalX = chip.x + chip.width + bracketWidth;
  const middle = top + (rowHeight * shown.length) / 2;
  const final = { x: finalX, y: middle - rowHeight / 2, width: chip.width, height: rowHeight };
  const hidden = story.lanes.length - shown.length;
  return { shown, hidden, rowHeight, chip, area, final, rowOf };
}

function chooseLanes({ lanes, entry }: MergeStory, fits: number): readonly Lane[] {
  if (lanes.length <= fits) return lanes;
  const order = tournamentOrder(lanes);
  const chosen = new Set([entry?.lane ?? 0, ...order].slice(0, fits));
  for (const lane of order) if (chosen.size < fits) chosen.add(lane);
  return lanes.filter(({ lane }) => chosen.has(lane));
}

/** Lanes by their heads, smallest first. */
function tournamentOrder(lanes: readonly Lane[]): readonly number[] {
  const order: number[] = [];
  let left = lanes.filter(({ head }) => head !== null);
  while (left.length > 0) {
    const last = tournament(left).at(-1);
    const winner = left[last?.lane ?? 0]!;
    order.push(winner.lane);
    left = left.filter((lane) => lane !== winner);
  }
  return order;
}

function labelOf({ level, file }: Lane, compact: boolean): string {
  if (file === 0) return `L${level}`;
  return compact ? `L${level} ${fileText(file)}` : `L${level} ${fileText(file)}`;
}

/** Draws rows, waiting entries and the tournament. `resting`: the winner has already left. */
export function drawLanes(
  canvas: Canvas,
  story: MergeStory,
  plan: LanePlan,
  progress: number,
): void {
  for (const [index, lane] of plan.shown.entries())
    drawLane(canvas, story, plan, lane, index, progress);
  drawBracket(canvas, plan, progress);
  if (plan.hidden === 0) return;
  const last = plan.rowOf(plan.shown.length);
  const { sketch, small } = canvas;
  if (last.y + small > plan.area.y + plan.area.height + 2) return;
  const words = `and ${plan.hidden} lanes with larger keys`;
  sketch.text('lanes.more', plan.area.x, last.y + small, words, {
    size: small,
    tone: 'dim',
    widthMax: plan.area.width,
  });
}

function drawLane(
  canvas: Canvas,
  story: MergeStory,
  plan: LanePlan,
  lane: Lane,
  index: number,
  progress: number,
): void {
  const { sketch, small, frame } = canvas;
  const row = plan.rowOf(index);
  const baseline = row.y + row.height / 2 + small * 0.36;
  const key = `lane.${lane.lane}`;
  const won = story.entry?.lane === lane.lane;
  const tall = Math.min(row.height - 6, 38);
  const swatch = { x: row.x, y: row.y + (row.height - tall) / 2, width: 4, height: tall };
  sketch.box(`${key}.level`, swatch, { form: 'solid', tone: levelTone(lane.level), radius: 1 });
  sketch.text(`${key}.label`, row.x + 9, baseline, labelOf(lane, canvas.compact), {
    ...{ size: small, tone: won ? 'text' : 'dim', widthMax: plan.chip.x - row.x - 12 },
  });
  const { x, width } = plan.chip;
  const rail = row.y + row.height / 2;
  sketch.line(`${key}.rail`, [x - 4, rail], [x + width, rail], { tone: 'grid' });
  if (lane.head === null) {
    sketch.text(`${key}.end`, x + 6, baseline, 'empty', { size: small, tone: 'dim', opacity: 0.8 });
    return;
  }
  if (won && progress >= entryPhases.leave[0]) return;
  const fresh = story.before?.lane === lane.lane;
  const arrived = fresh ? eased(progress, ...entryPhases.arrive) : 1;
  const from = frame.reducedMotion ? 0 : (1 - arrived) * -24;
  const height = Math.min(row.height - 4, 38);
  const place = { x: x + from, y: row.y + (row.height - height) / 2, width, height };
  drawChip(canvas, `head.${lane.head.sequence}`, place, lane.head, { won, opacity: arrived });
}

/** An entry in a box of its own: key and number. */
export function drawChip(
  { sketch, small }: Canvas,
  key: string,
  place: Area,
  entry: { readonly key: Uint8Array; readonly sequence: number },
  look: {
    readonly won: boolean;
    readonly opacity: number;
    readonly moving?: boolean;
    readonly struck?: boolean;
    readonly tombstone?: boolean;
    /** What the entry is, before its key. */
    readonly mark?: string;
  },
): void {
  const { won, opacity, moving = false, struck = false, tombstone = false } = look;
  const { mark = tombstone ? '† ' : '' } = look;
  const tone = tombstone ? 'tombstone' : won ? 'writing' : 'edge';
  sketch.box(key, place, { form: won ? 'soft' : 'card', tone, opacity, moving });
  const number = sequenceText(entry.sequence);
  const style = { size: small - 0.5, face: 'plain', strong: false } as const;
  const numberWidth = textWidth(number, style);
  const baseline = place.y + place.height / 2 + small * 0.36;
  const numbered = numberWidth < place.width * 0.5;
  const room = place.width - 12 - (numbered ? numberWidth + 8 : 0);
  sketch.text(`${key}.key`, place.x + 6, baseline, mark + keyText(entry.key), {
    ...{ size: small, face: 'code', opacity, moving, struck, widthMax: room, shorten: 'start' },
  });
  if (!numbered) return;
  sketch.text(`${key}.number`, place.x + place.width - 6, baseline, number, {
    ...{ ...style, tone: 'dim', anchor: 'end', opacity, moving, struck },
  });
}

/** The tournament's lines: dim where a branch lost, lit where it went on. */
function drawBracket(canvas: Canvas, plan: LanePlan, progress: number): void {
  const { sketch } = canvas;
  const lanes = plan.shown;
  const rounds = Math.max(1, roundsOf(lanes.length));
  const start = plan.chip.x + plan.chip.width + 3;
  const step = (plan.final.x - start - 4) / rounds;
  const met = span(progress, ...entryPhases.meet) * rounds;
  let heights = lanes.map((_, index) => {
    const row = plan.rowOf(index);
    return row.y + row.height / 2;
  });
  const matches = tournament(lanes);
  for (let round = 0; round < rounds; round++) {
    const next: number[] = [];
    for (const match of matches.filter((each) => each.round === round)) {
      const ys = match.from.map((at) => heights[at] ?? 0);
      const y = ys.reduce((sum, each) => sum + each, 0) / Math.max(1, ys.length);
      next.push(y);
      const x = start + round * step;
      const lit = span(met, round, round + 1);
      for (const [at, from] of ys.entries()) {
        const d = pathData`M${x},${from}H${x + step / 2}V${y}H${x + step}`;
        const key = `bracket.${round}.${match.place}.${at}`;
        sketch.path(key, d, { tone: 'edge' });
        if (at === match.winner && lit > 0) {
          const crown = round === rounds - 1 || isOnPath(matches, match.lane, round);
          const tone = crown ? 'writing' : 'reading';
          sketch.path(`${key}.lit`, d, { form: 'thick', tone, opacity: lit });
        }
      }
    }
    heights = next;
  }
}

/** Whether the lane that won this match also wins the tournament. */
function isOnPath(matches: ReturnType<typeof tournament>, lane: number, round: number): boolean {
  return matches.at(-1)?.lane === lane && round >= 0;
}
