// The close-up of a transaction: what it sees, what it keeps to itself, and whether it may commit.

import type { LsmEvent } from '../../../src/protocol/events.ts';
import type { Scene } from '../../model/frame.ts';
import { isOfTransaction } from '../../model/transactionPast.ts';
import { drawMarks } from '../drawing/drawMarks.ts';
import { layoutTransaction } from './transactionLayout.ts';

const stepMillis = 400;
/** What a check finds, and how it all ends, is read by whoever looks. */
const checkMillis = 700;
const endMillis = 1200;

export const transactionScene: Scene = {
  name: 'transaction',
  title: 'Transaction',
  tells: isOfTransaction,
  durationMillis,
  draw: (root, frame, width, height) =>
    drawMarks(root, layoutTransaction(frame, width, height), width, height),
};

function durationMillis({ kind }: LsmEvent): number {
  if (kind === 'transaction.check') return checkMillis;
  return kind === 'transaction.commit' || kind === 'transaction.conflict' ? endMillis : stepMillis;
}
