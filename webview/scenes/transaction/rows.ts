// The three rows: labels, the snapshot's line, the columns' cells and what ties one to another.

import type { IsolationLevel } from '../../../src/protocol/transactionEvents.ts';
import { keyText } from '../../model/keyText.ts';
import { inRange, keyIdentity } from '../../model/transactionPast.ts';
import type { OwnWrite, TransactionPast } from '../../model/transactionPast.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { sequenceText } from '../drawing/figures.ts';
import { hatchPath } from '../drawing/hatch.ts';
import type { Area } from '../drawing/mark.ts';
import { between, eased, passage, span } from '../drawing/motion.ts';
import { committedCell, readCell, storeCell, walkCell, writeCell } from './cells.ts';
import type { Cell } from './cells.ts';
import { holdsConflict, isChecked, rowOfAccess } from './columns.ts';
import type { Column } from './columns.ts';
import { cellOf } from './grid.ts';
import type { Grid, RowName } from './grid.ts';

/** When the answer of a check is there. */
export const answered = [0.55, 0.8] as const;
/** While a commit's writes rise into the store. */
const rising = [0.15, 0.6] as const;
/** While what is given up falls away. */
const falling = [0.35, 0.75] as const;

/** Labels, line, keys: what stands still. */
export function drawGround(canvas: Canvas, past: TransactionPast, grid: Grid): void {
  const { sketch, small, compact } = canvas;
  drawLabels(canvas, past, grid);
  const x = grid.area.x;
  const grown =
    canvas.frame.event?.kind === 'transaction.begin' ? eased(canvas.progress, 0, 0.7) : 1;
  const right = x + grid.area.width * grown;
  sketch.line('snapshot', [x, grid.lineY], [right, grid.lineY], { form: 'thick', tone: 'reading' });
  for (const [index, column] of grid.columns.entries()) {
    const { x: left, width } = cellOf(grid, index, 'since');
    drawTitle(canvas, past, column, left, grid.headerY, width);
  }
  if (grid.hidden === 0) return;
  const at = cellOf(grid, grid.columns.length, 'read');
  const words = compact ? `+${grid.hidden}` : `${grid.hidden} more`;
  const style = { size: small, tone: 'dim', widthMax: at.width } as const;
  sketch.text('hidden', at.x, grid.headerY, words, style);
}

function drawTitle(
  { sketch, small, frame }: Canvas,
  past: TransactionPast,
  column: Column,
  x: number,
  y: number,
  widthMax: number,
): void {
  const family = frame.next.families.find((each) => each.family === column.family);
  const place = column.family === 0 || family === undefined ? '' : `${family.name}: `;
  const isConflict =
    past.ending?.kind === 'transaction.conflict' && holdsConflict(column, past.ending);
  const style = { size: small, face: 'code', widthMax, shorten: 'start' } as const;
  const tone = isConflict ? 'bad' : 'text';
  sketch.text(`title.${column.id}`, x, y, `${place}${titleOf(column)}`, { ...style, tone });
}

function titleOf({ from, range }: Column): string {
  const first = from === null ? '' : keyText(from);
  if (range === undefined) return first === '' ? '“”' : first;
  return `${first} … ${range.to === null ? '' : keyText(range.to)}`;
}

function drawLabels({ sketch, small, compact }: Canvas, past: TransactionPast, grid: Grid): void {
  const rows: readonly (readonly [RowName, string, string])[] = [
    [
      'since',
      compact ? `since ${sequenceText(past.sequence)}` : 'written since',
      'it sees none of it',
    ],
    ['read', 'has read', `as of ${sequenceText(past.sequence)}`],
    ['write', 'its own writes', ownWords(past)],
  ];
  const widthMax = grid.left - grid.area.x - 10;
  for (const [row, words, more] of rows) {
    const { y, height } = grid.rows[row];
    const middle = y + height / 2 + small * 0.36;
    const first = grid.roomy ? middle - small * 0.7 : middle;
    sketch.text(`label.${row}`, grid.area.x, first, words, { size: small, widthMax });
    if (!grid.roomy) continue;
    const style = { size: small, tone: 'dim', widthMax } as const;
    sketch.text(`label.${row}.more`, grid.area.x, first + small * 1.4, more, style);
  }
}

function ownWords({ savepoints, ending }: TransactionPast): string {
  if (ending !== undefined)
    return ending.kind === 'transaction.commit' ? 'now in the store' : 'gone';
  if (savepoints === 0) return 'nobody else sees them';
  return savepoints === 1 ? '1 savepoint' : `${savepoints} savepoints`;
}

/** Everything in the columns. */
export function drawColumns(canvas: Canvas, past: TransactionPast, grid: Grid): void {
  for (const [index, column] of grid.columns.entries()) {
    drawSpan(canvas, grid, column, index);
    drawTies(canvas, past, grid, column, index);
  }
  for (const [index, column] of grid.columns.entries()) {
    drawSince(canvas, grid, column, index);
    drawRead(canvas, grid, column, index);
    drawWrite(canvas, past, grid, column, index);
    drawAnswer(canvas, past, grid, column, index);
  }
  drawRing(canvas, past, grid);
}

/** How far a range reaches over the columns behind it. */
function drawSpan({ sketch }: Canvas, grid: Grid, column: Column, index: number): void {
  const { range } = column;
  if (range === undefined) return;
  const last = grid.columns.findLastIndex(
    ({ family, from }) => family === range.family && from !== null && inRange(from, range),
  );
  if (last <= index) return;
  const row = column.walk === undefined ? 'write' : 'read';
  const from = cellOf(grid, index, row);
  const to = cellOf(grid, last, row);
  const box = { ...from, x: from.x - 3, y: from.y - 2, width: to.x + to.width - from.x + 6 };
  const tone = row === 'read' ? 'reading' : 'tombstone';
  sketch.box(`span.${column.id}`, { ...box, height: from.height + 4 }, { form: 'tint', tone });
}

/** From what others wrote down to what rests on the key's being unchanged. */
function drawTies(
  { sketch, frame, progress }: Canvas,
  past: TransactionPast,
  grid: Grid,
  { id, others, read, write }: Column,
  index: number,
): void {
  if (others.length === 0 || past.ending?.kind === 'transaction.rollback') return;
  const { x, y, width, height } = cellOf(grid, index, 'since');
  const isNew =
    frame.event?.kind === 'transaction.read' || frame.event?.kind === 'transaction.write';
  const opacity = isNew ? span(progress, 0.5, 0.8) : 1;
  const middle = x + width / 2;
  if (read !== undefined && !read.own) {
    const foot = grid.rows.read.y;
    const tone = read.checked ? 'bad' : 'unsynced';
    const form = read.checked ? 'thick' : 'dashed';
    sketch.line(`tie.${id}.read`, [middle - 5, y + height], [middle - 5, foot], {
      ...{ tone, form, opacity },
    });
  }
  if (write === undefined) return;
  sketch.line(`tie.${id}.write`, [middle + 5, y + height], [middle + 5, grid.rows.write.y], {
    ...{ tone: 'bad', form: 'thick', opacity },
  });
}

function drawSince(canvas: Canvas, grid: Grid, column: Column, index: number): void {
  const newest = column.others.at(-1);
  if (newest === undefined || column.committed !== undefined) return;
  const cell = storeCell(newest, column.others.length - 1);
  drawCell(canvas, grid, `since.${column.id}`, cellOf(grid, index, 'since'), cell);
}

function drawRead(canvas: Canvas, grid: Grid, column: Column, index: number): void {
  const { frame, progress } = canvas;
  const { read, walk, id } = column;
  const home = cellOf(grid, index, 'read');
  if (walk !== undefined) {
    const opacity = frame.event === walk ? span(progress, 0.2, 0.7) : 1;
    drawCell(canvas, grid, `read.${id}`, home, walkCell(walk.checked), { opacity });
  }
  if (read === undefined) return;
  const isNew = isBeingRead(canvas, id);
  const start = read.own ? cellOf(grid, index, 'write').y : grid.lineY - home.height / 2;
  drawArriving(canvas, grid, `read.${id}`, { ...home, y: start }, home, readCell(read), isNew);
}

function drawWrite(
  canvas: Canvas,
  past: TransactionPast,
  grid: Grid,
  column: Column,
  index: number,
): void {
  const { id, write, forgotten, committed } = column;
  const home = cellOf(grid, index, 'write');
  if (forgotten !== undefined) drawFalling(canvas, grid, `write.${id}`, home, forgotten);
  if (committed !== undefined) {
    const top = cellOf(grid, index, 'since');
    const isNew = canvas.frame.event?.kind === 'transaction.commit';
    const cell = committedCell(committed);
    drawArriving(canvas, grid, `write.${id}`, home, top, cell, isNew, rising);
    return;
  }
  if (write === undefined) return;
  const { ending } = past;
  if (ending !== undefined && ending.kind !== 'transaction.commit') {
    drawFalling(canvas, grid, `write.${id}`, home, write);
    return;
  }
  const isNew = canvas.frame.event === write;
  const start = { ...home, x: grid.area.x };
  drawArriving(canvas, grid, `write.${id}`, start, home, writeCell(write), isNew);
}

function isBeingRead({ frame }: Canvas, id: string): boolean {
  const { event } = frame;
  return event?.kind === 'transaction.read' && id === keyIdentity(event.family, event.key);
}

function drawArriving(
  canvas: Canvas,
  grid: Grid,
  key: string,
  from: Area,
  home: Area,
  cell: Cell,
  isNew: boolean,
  [begin, end]: readonly [number, number] = [0, 0.6],
): void {
  const share = isNew ? eased(canvas.progress, begin, end) : 1;
  const { x, y, opacity } = passage(from, home, share, canvas.frame.reducedMotion);
  drawCell(canvas, grid, key, { ...home, x, y }, cell, { opacity, moving: share < 1 });
}

/** What is taken back, or was never to be: it sinks a little and is struck out. */
function drawFalling(canvas: Canvas, grid: Grid, key: string, home: Area, write: OwnWrite): void {
  const share = span(canvas.progress, ...falling);
  const cell = { ...writeCell(write), struck: share > 0.5, hatched: share < 0.5 };
  const form = share > 0.5 ? 'dashed' : cell.form;
  const opacity = between(1, 0.55, share);
  drawCell(canvas, grid, key, home, { ...cell, form }, { opacity });
}

interface CellOptions {
  readonly opacity?: number;
  readonly moving?: boolean;
}

function drawCell(
  { sketch, small }: Canvas,
  grid: Grid,
  key: string,
  area: Area,
  cell: Cell,
  { opacity = 1, moving = false }: CellOptions = {},
): void {
  const { tone, form, struck } = cell;
  const look = { opacity, moving };
  sketch.box(key, area, { form, tone, ...look });
  const right = 16;
  if (cell.hatched) {
    const edge = { ...area, x: area.x + 1, y: area.y + 1, width: 5, height: area.height - 2 };
    sketch.path(`${key}.hatch`, hatchPath(edge), { tone, ...look });
  }
  const x = area.x + (cell.hatched ? 10 : 6);
  const widthMax = area.x + area.width - right - x;
  const middle = area.y + area.height / 2 + small * 0.36;
  const first = grid.roomy ? middle - small * 0.7 : middle;
  const style = { size: small, widthMax, ...look } as const;
  sketch.text(key, x, first, cell.words, { ...style, face: 'code', struck });
  if (!grid.roomy) return;
  sketch.text(`${key}.more`, x, first + small * 1.4, cell.more, { ...style, tone: 'dim' });
}

/** What a check found, at the thing that it looked at. */
function drawAnswer(
  { sketch, small, frame, progress }: Canvas,
  past: TransactionPast,
  grid: Grid,
  column: Column,
  index: number,
): void {
  for (const check of past.checks) {
    if (!isChecked(column, check)) continue;
    const row = rowOfAccess(check.access);
    if (row === 'write' && column.committed !== undefined) continue;
    const cell = cellOf(grid, index, row);
    const opacity = frame.event === check ? span(progress, ...answered) : 1;
    const good = check.newestSequence === 0;
    const at = { x: cell.x + cell.width - 13, y: cell.y + cell.height / 2 + small * 0.36 };
    sketch.text(`answer.${column.id}.${row}`, at.x, at.y, good ? '✓' : '✗', {
      ...{ size: small, tone: good ? 'good' : 'bad', strong: true, opacity },
    });
  }
}

/** The check on its way from one thing to the next; then it looks up, whether anything is there. */
function drawRing(canvas: Canvas, past: TransactionPast, grid: Grid): void {
  const { sketch, frame, progress } = canvas;
  const { event } = frame;
  if (event?.kind !== 'transaction.check') return;
  const places = past.checks.map((check) => {
    const index = grid.columns.findIndex((column) => isChecked(column, check));
    return index < 0 ? undefined : cellOf(grid, index, rowOfAccess(check.access));
  });
  const to = places.at(-1);
  if (to === undefined) return;
  const from = places.at(-2) ?? to;
  const share = eased(progress, 0, 0.35);
  const { x, y, opacity } = passage(from, to, share, frame.reducedMotion);
  const box = { x: x - 2, y: y - 2, width: to.width + 4, height: to.height + 4 };
  const tone = event.newestSequence > 0 && progress >= answered[0] ? 'bad' : 'reading';
  sketch.box('check', box, { form: 'ring', tone, opacity, moving: true });
  const look = eased(progress, 0.35, answered[0]);
  if (look === 0) return;
  const middle = to.x + to.width / 2;
  const top = grid.rows.since.y + grid.rows.since.height;
  sketch.line('look', [middle, to.y - 2], [middle, between(to.y - 2, top, look)], {
    ...{ form: 'thick', tone, moving: true },
  });
}

/** Which isolation checks what, in a few words. */
export function isolationWords(isolation: IsolationLevel): string {
  return isolation === 'serializable' ? 'serializable' : 'snapshot isolation';
}
