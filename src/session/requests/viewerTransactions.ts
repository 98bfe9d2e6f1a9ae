// The transactions that viewers hold, by their numbers. One that its viewer leaves behind is rolled
// back when the viewer goes away.

import { LsmError } from '../../base/errors.ts';
import type { Lsm } from '../../engine/db.ts';
import type { ColumnFamily } from '../../engine/family/columnFamily.ts';
import type { Transaction } from '../../engine/transaction/transaction.ts';
import type { Reply, Request, TransactionStep } from '../../protocol/messages.ts';
import type { TransactionId } from '../../protocol/transactionEvents.ts';
import { familyNamed } from '../columnFamilies.ts';
import type { ViewerId } from '../threadMessages.ts';
import { scanReply } from './scanReply.ts';

/** Transactions that may be open at a time, of all viewers. */
const OPEN_MAX = 100;

const DONE: Reply = { kind: 'done' };

interface Held {
  readonly viewer: ViewerId;
  readonly transaction: Transaction;
}

/** The transactions of one store's viewers. */
export class ViewerTransactions {
  private readonly store: Lsm;
  private readonly open = new Map<TransactionId, Held>();

  constructor(store: Lsm) {
    this.store = store;
  }

  /** @throws LsmError `LIMIT` when too many are open; as `Lsm.transaction`. */
  begin({ isolation }: Extract<Request, { kind: 'begin' }>, viewer: ViewerId): Reply {
    if (this.open.size >= OPEN_MAX) {
      throw new LsmError('LIMIT', `${OPEN_MAX} transactions are open: end one of them first`);
    }
    const transaction = this.store.transaction({ isolation });
    this.open.set(transaction.id, { viewer, transaction });
    return { kind: 'transaction', transaction: transaction.id, isolation };
  }

  /**
   * Does one step of an open transaction.
   * @throws LsmError `INVALID_ARGUMENT` when there is none of that number; as `Transaction` does,
   * `CONFLICT` at its commit.
   */
  async step(id: TransactionId, step: TransactionStep): Promise<Reply> {
    const transaction = this.open.get(id)?.transaction;
    if (transaction === undefined) throw new LsmError('INVALID_ARGUMENT', this.noSuch(id));
    return this.carryOut(transaction, step).finally(() => {
      if (!transaction.isOpen) this.open.delete(id);
    });
  }

  /** Rolls back what a viewer has left behind. */
  drop(viewer: ViewerId): void {
    for (const [id, held] of this.open) {
      if (held.viewer !== viewer) continue;
      held.transaction.rollback();
      this.open.delete(id);
    }
  }

  private async carryOut(transaction: Transaction, step: TransactionStep): Promise<Reply> {
    const family = 'family' in step ? familyNamed(this.store, step.family) : undefined;
    switch (step.kind) {
      case 'get': {
        const { key, forUpdate } = step;
        const value = forUpdate
          ? await transaction.getForUpdate(key, { family })
          : await transaction.get(key, { family });
        return { kind: 'value', value: value ?? null };
      }
      case 'scan':
        return scanReply(step, (range) => transaction.entries({ ...range, family }));
      case 'commit':
        await transaction.commit({ sync: step.sync });
        return DONE;
      case 'rollback':
        transaction.rollback();
        return DONE;
      case 'savepoint':
        transaction.setSavepoint();
        return DONE;
      case 'restore':
        transaction.rollbackToSavepoint();
        return DONE;
      default:
        write(transaction, step, family);
        return DONE;
    }
  }

  private noSuch(id: TransactionId): string {
    const open = [...this.open.keys()].map((each) => `@${each}`).join(', ');
    return `no transaction ${id} is open here; ${open === '' ? 'begin one' : `open: ${open}`}`;
  }
}

type Write = Extract<
  TransactionStep,
  { kind: 'put' | 'merge' | 'delete' | 'single-delete' | 'delete-range' }
>;

function write(transaction: Transaction, step: Write, family: ColumnFamily | undefined): void {
  switch (step.kind) {
    case 'put':
      transaction.put(step.key, step.value, family);
      break;
    case 'merge':
      transaction.merge(step.key, step.operand, family);
      break;
    case 'delete':
      transaction.delete(step.key, family);
      break;
    case 'single-delete':
      transaction.singleDelete(step.key, family);
      break;
    case 'delete-range':
      transaction.deleteRange(step.from, step.to, family);
  }
}
