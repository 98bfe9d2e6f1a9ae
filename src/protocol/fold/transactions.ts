// The list of open transactions, with what each has written and read so far. Their snapshots, and
// what they commit, come in events of their own.

import type { TransactionId } from '../transactionEvents.ts';
import type { TransactionState, TreeState } from '../treeState.ts';
import type { EventOf } from './eventOf.ts';

export function beginTransaction(
  state: TreeState,
  { transaction, isolation, sequence }: EventOf<'transaction.begin'>,
): TreeState {
  const others = state.transactions.filter((open) => open.transaction !== transaction);
  const begun = { transaction, isolation, sequence, ...NOTHING_DONE };
  return { ...state, transactions: [...others, begun] };
}

const NOTHING_DONE = { entries: 0, sizeBytes: 0, keysRead: 0, rangesRead: 0, savepoints: 0 };

/** Takes over whichever figures the event carries. */
export function transactionFigures(
  state: TreeState,
  event: EventOf<
    | 'transaction.write'
    | 'transaction.read'
    | 'transaction.walk'
    | 'transaction.savepoint'
    | 'transaction.restore'
  >,
): TreeState {
  const transactions = state.transactions.map((open): TransactionState => {
    if (open.transaction !== event.transaction) return open;
    return {
      ...open,
      entries: 'entries' in event ? event.entries : open.entries,
      sizeBytes: 'sizeBytes' in event ? event.sizeBytes : open.sizeBytes,
      keysRead: 'keysRead' in event ? event.keysRead : open.keysRead,
      rangesRead: 'rangesRead' in event ? event.rangesRead : open.rangesRead,
      savepoints: 'savepoints' in event ? event.savepoints : open.savepoints,
    };
  });
  return { ...state, transactions };
}

export function endTransaction(
  state: TreeState,
  { transaction }: { readonly transaction: TransactionId },
): TreeState {
  const transactions = state.transactions.filter((open) => open.transaction !== transaction);
  if (transactions.length === state.transactions.length) return state;
  return { ...state, transactions };
}
