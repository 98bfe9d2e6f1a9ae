// The places of a read as rows down a line, memory above disk. A ring goes from place to place;
// beside each stands what it answered and what that cost.

import type { Canvas } from '../drawing/canvas.ts';
import type { Area } from '../drawing/mark.ts';
import { levelTone } from '../drawing/mark.ts';
import { eased, passage, span } from '../drawing/motion.ts';
import type { Point } from '../drawing/motion.ts';
import { textWidth } from '../drawing/textWidth.ts';
import { drawEffort } from './effort.ts';
import { answerOf } from './answers.ts';
import type { Answer } from './answers.ts';
import type { Place, ReadStory } from './places.ts';

/** In a roomy picture: pixels for the answer's words, and for the effort beside them. */
const answerWidthRoomy = 300;
const effortWidthMin = 380;

interface Rows {
  readonly area: Area;
  readonly columns: number;
  readonly rowHeight: number;
  readonly perColumn: number;
  readonly nameWidth: number;
  /** The places that have a row; a window round the current one when there are too many. */
  readonly shown: readonly Place[];
  readonly hiddenBefore: number;
  readonly hiddenAfter: number;
}

/** Draws the rows into `area`. */
export function drawPlaceRows(canvas: Canvas, story: ReadStory, area: Area): void {
  const rows = planRows(canvas, story, area);
  drawLine(canvas, rows);
  for (const [index, place] of rows.shown.entries()) drawRow(canvas, rows, place, index);
  drawHidden(canvas, rows);
  drawRing(canvas, rows, story);
}

function planRows({ compact, small, body }: Canvas, story: ReadStory, area: Area): Rows {
  const { places } = story;
  const rowHeightMin = compact ? 15 : 24;
  const perColumn = Math.max(1, Math.floor(area.height / rowHeightMin));
  const columns = compact && body.width >= 720 && places.length > perColumn ? 2 : 1;
  const capacity = perColumn * columns;
  const crowded = places.length > capacity;
  const size = crowded ? Math.max(1, capacity - 1) : capacity;
  const focus = story.current >= 0 ? story.current : lastAsked(places);
  const first = crowded ? Math.min(Math.max(0, focus - size + 2), places.length - size) : 0;
  const shown = places.slice(first, first + size);
  const lines = Math.max(1, Math.min(perColumn, shown.length + (crowded ? 1 : 0)));
  const rowHeight = Math.min(compact ? 26 : 76, Math.max(rowHeightMin, area.height / lines));
  const style = { size: small, face: 'code', strong: false } as const;
  const widest = Math.max(0, ...shown.map(({ name }) => textWidth(name, style)));
  return {
    ...{ area, columns, rowHeight, perColumn, shown, nameWidth: widest + (compact ? 10 : 20) },
    ...{ hiddenBefore: first, hiddenAfter: Math.max(0, places.length - first - shown.length) },
  };
}

function lastAsked(places: readonly Place[]): number {
  return places.findLastIndex(({ stage }) => stage === 'past');
}

/** The dot of a row. */
function dotOf({ area, columns, rowHeight, perColumn }: Rows, index: number): Point {
  const column = Math.min(columns - 1, Math.floor(index / perColumn));
  const row = index - column * perColumn;
  return { x: area.x + 7 + (column * area.width) / columns, y: area.y + (row + 0.5) * rowHeight };
}

function drawLine({ sketch }: Canvas, rows: Rows): void {
  for (let index = 1; index < rows.shown.length; index++) {
    const from = dotOf(rows, index - 1);
    const to = dotOf(rows, index);
    const place = rows.shown[index]!;
    const ahead = place.stage === 'ahead' || place.stage === 'spared';
    const look = { form: ahead ? 'dashed' : 'line', tone: ahead ? 'edge' : 'dim' } as const;
    if (from.x === to.x) sketch.line(`way.${place.key}`, [from.x, from.y], [to.x, to.y], look);
    const enters = place.level >= 0 && rows.shown[index - 1]!.level < 0;
    if (enters && from.x === to.x && rows.rowHeight >= 22)
      drawBorder({ sketch }, rows, (from.y + to.y) / 2);
  }
}

function drawBorder({ sketch }: Pick<Canvas, 'sketch'>, { area }: Rows, y: number): void {
  sketch.line('border', [area.x + 16, y], [area.x + area.width, y], {
    form: 'dashed',
    tone: 'grid',
  });
}

function drawRow(canvas: Canvas, rows: Rows, place: Place, index: number): void {
  const { sketch, small, progress } = canvas;
  const { x, y } = dotOf(rows, index);
  const answer = answerOf(place);
  const faded = place.stage === 'ahead' || place.stage === 'spared' ? 0.6 : 1;
  const radius = rows.rowHeight >= 22 ? 5 : 3.5;
  const dot = { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius };
  const visited = faded === 1;
  const tone = place.level < 0 ? 'dim' : levelTone(place.level);
  sketch.box(`dot.${place.key}`, dot, {
    form: visited ? 'solid' : 'card',
    tone,
    radius,
    opacity: faded,
  });
  const left = x + 14;
  const baseline = y + small * 0.36;
  const right = rows.area.x + (rows.area.width * (columnOf(rows, x) + 1)) / rows.columns;
  const now = place.stage === 'now';
  const name = { size: small, face: 'code', opacity: faded } as const;
  sketch.text(`name.${place.key}`, left, baseline, place.name, {
    ...name,
    tone: now ? 'text' : 'dim',
  });
  const told = now ? span(progress, 0.35, 0.6) : faded;
  const answerX = left + rows.nameWidth;
  const effortX = answerX + answerWidthRoomy;
  const roomy = right - effortX > effortWidthMin;
  drawAnswer(
    canvas,
    place,
    answer,
    answerX,
    right - 12,
    baseline,
    told,
    roomy ? effortX - 16 : right - 12,
  );
  if (!roomy) return;
  const height = Math.min(rows.rowHeight - 5, 34);
  const area = { x: effortX, y: y - height / 2, width: right - effortX - 190, height };
  drawEffort(canvas, place, area, told);
}

function columnOf(rows: Rows, x: number): number {
  return Math.round((x - 7 - rows.area.x) / (rows.area.width / rows.columns));
}

function drawAnswer(
  { sketch, small }: Canvas,
  place: Place,
  answer: Answer,
  left: number,
  right: number,
  y: number,
  opacity: number,
  answerRight: number,
): void {
  const now = place.stage === 'now';
  const strong = answer.final || now;
  const style = { size: small, face: 'plain', strong } as const;
  const answerWidth = textWidth(answer.words, style);
  const costStyle = { size: small, face: 'plain', strong: false } as const;
  const costFits =
    left + Math.min(answerWidth, answerRight - left) + 14 + textWidth(answer.cost, costStyle) <=
    right;
  sketch.text(`answer.${place.key}`, left, y, answer.words, {
    ...style,
    ...{ tone: answer.tone, opacity, widthMax: answerRight - left },
  });
  if (!costFits || answer.cost === '') return;
  sketch.text(`cost.${place.key}`, right, y, answer.cost, {
    ...costStyle,
    tone: 'dim',
    opacity,
    anchor: 'end',
  });
}

function drawHidden(canvas: Canvas, rows: Rows): void {
  const { sketch, small } = canvas;
  const { hiddenBefore, hiddenAfter, shown } = rows;
  if (hiddenBefore + hiddenAfter === 0) return;
  const parts = [
    hiddenBefore > 0 ? `${hiddenBefore} asked before` : '',
    hiddenAfter > 0 ? `${hiddenAfter} more after these` : '',
  ].filter((part) => part !== '');
  const { x, y } = dotOf(rows, shown.length);
  sketch.text('hidden', x + 14, y + small * 0.36, parts.join(', '), { size: small, tone: 'dim' });
}

/** The reader: a ring on its way to the place that is asked. */
function drawRing(canvas: Canvas, rows: Rows, story: ReadStory): void {
  const { sketch, frame, progress } = canvas;
  const now = rows.shown.findIndex(({ stage }) => stage === 'now');
  if (now < 0) return;
  const to = dotOf(rows, now);
  const arrives = isFirstEventOf(story, frame.event?.kind);
  const from = now > 0 ? dotOf(rows, now - 1) : { x: to.x, y: to.y - rows.rowHeight / 2 };
  const share = arrives ? eased(progress, 0, 0.35) : 1;
  const { x, y, opacity } = passage(from, to, share, frame.reducedMotion);
  const radius = rows.rowHeight >= 22 ? 9 : 6;
  sketch.box(
    'reader',
    { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius },
    {
      ...{ form: 'ring', tone: 'reading', radius, opacity, moving: true },
    },
  );
}

/** Whether the shown event is the first that this place gave: only then does the reader travel. */
function isFirstEventOf({ places, current }: ReadStory, kind: string | undefined): boolean {
  const place = places[current];
  if (kind === 'memtable.lookup' || kind === 'table.skip' || kind === 'filter.check') return true;
  return kind === 'index.seek' && place?.check === undefined;
}
