// The transaction, put together: who it is and how far it has come, the columns of its keys, and
// what it comes to.

import type { Frame } from '../../model/frame.ts';
import { counted } from '../../model/format.ts';
import { transactionPast } from '../../model/transactionPast.ts';
import type { TransactionPast } from '../../model/transactionPast.ts';
import { drawRest, heading, openCanvas, stations } from '../drawing/canvas.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { sequenceText } from '../drawing/figures.ts';
import type { Mark } from '../drawing/mark.ts';
import { gridOf } from './grid.ts';
import { drawColumns, drawGround, isolationWords } from './rows.ts';
import { drawVerdict } from './verdict.ts';

const waiting =
  'A transaction reads at a snapshot and keeps its writes to itself. Type begin, then @1 put and ' +
  'a key and a value.';

/** The marks of one frame of a transaction. */
export function layoutTransaction(frame: Frame, width: number, height: number): readonly Mark[] {
  const canvas = openCanvas(frame, width, height);
  const past = frame.flow === null ? transactionPast(frame) : undefined;
  if (past === undefined) {
    heading(canvas, [['transactions', { strong: true }]], []);
    drawRest(canvas, frame.flow === null ? waiting : openNow(frame));
    return canvas.sketch.marks;
  }
  drawHeading(canvas, past);
  const grid = gridOf(canvas, past);
  drawGround(canvas, past, grid);
  drawColumns(canvas, past, grid);
  drawVerdict(canvas, past, grid);
  return canvas.sketch.marks;
}

function openNow({ next }: Frame): string {
  return `${counted(next.transactions.length, 'transaction')} open, too fast to be told one by one`;
}

function drawHeading(canvas: Canvas, past: TransactionPast): void {
  const { small, frame } = canvas;
  const dim = { size: small, tone: 'dim' } as const;
  const others = frame.next.transactions.filter(
    ({ transaction }) => transaction !== past.id,
  ).length;
  heading(
    canvas,
    [
      [`transaction ${past.id}`, { strong: true }],
      [isolationWords(past.isolation), dim],
      [`sees up to ${sequenceText(past.sequence)}`, dim],
      [others === 0 ? '' : `· ${counted(others, 'other')} open`, { ...dim, shorten: 'whole' }],
    ],
    stations(railOf(past), stationOf(past)),
  );
}

function railOf({ ending }: TransactionPast): readonly string[] {
  const end = ending === undefined ? 'commit' : ending.kind.slice('transaction.'.length);
  return ['begin', 'read and write', 'validate', end];
}

function stationOf({ ending, checks, reads, writes, walks }: TransactionPast): number {
  if (ending !== undefined) return 3;
  if (checks.length > 0) return 2;
  return reads.length + writes.length + walks.length > 0 ? 1 : 0;
}
