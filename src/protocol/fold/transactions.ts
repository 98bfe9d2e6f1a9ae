// The list of open transactions. Their snapshots and writes come in events of their own.

import type { TransactionId } from '../transactionEvents.ts';
import type { TreeState } from '../treeState.ts';
import type { EventOf } from './eventOf.ts';

export function beginTransaction(
  state: TreeState,
  { transaction, isolation, sequence }: EventOf<'transaction.begin'>,
): TreeState {
  const others = state.transactions.filter((open) => open.transaction !== transaction);
  return { ...state, transactions: [...others, { transaction, isolation, sequence }] };
}

export function endTransaction(
  state: TreeState,
  { transaction }: { readonly transaction: TransactionId },
): TreeState {
  const transactions = state.transactions.filter((open) => open.transaction !== transaction);
  if (transactions.length === state.transactions.length) return state;
  return { ...state, transactions };
}
