// What the tests of many transactions at once share.

import type { Transaction } from '../../../src/engine/transaction/transaction.ts';
import { TransactionConflict } from '../../../src/engine/transaction/transactionConflict.ts';

/** Small enough that memtables are flushed and tables merged while transactions run. */
export const BUSY = { memtableSize: 2048, blockSize: 256, maxL0SSTables: 2, levelBaseSize: 8192 };

/** Whether the commit went through; any other fault is thrown on. */
export async function commits(transaction: Transaction): Promise<boolean> {
  try {
    await transaction.commit();
    return true;
  } catch (thrown) {
    if (thrown instanceof TransactionConflict) return false;
    throw thrown;
  }
}
