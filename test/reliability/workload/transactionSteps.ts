// Transactions over several column families: what commits does so whole, what is rolled back or
// loses to another leaves nothing, in whatever order they meet.

import { encodeUtf8 } from '../../../src/base/bytes.ts';
import type { Transaction } from '../../../src/engine/transaction/transaction.ts';
import { TransactionConflict } from '../../../src/engine/transaction/transactionConflict.ts';
import type { IsolationLevel } from '../../../src/protocol/transactionEvents.ts';
import { DEFAULT } from './ledger.ts';
import type { Change } from './ledger.ts';
import { OTHER } from './steps.ts';
import type { Step } from './steps.ts';
import type { WorkloadRun } from './workloadRun.ts';

const LEVELS: readonly IsolationLevel[] = ['snapshot', 'serializable'];

/** Notes changes in a transaction. */
function note(run: WorkloadRun, transaction: Transaction, changes: readonly Change[]): void {
  for (const [name, text, value] of changes) {
    const [key, family] = [encodeUtf8(text), run.family(name)];
    if (value === undefined) transaction.delete(key, family);
    else if (value instanceof Uint8Array) transaction.put(key, value, family);
    else if ('plus' in value) transaction.merge(key, encodeUtf8(value.plus), family);
    else transaction.deleteRange(key, encodeUtf8(value.to), family);
  }
}

/** Every kind of write, in two families. */
function someChanges(run: WorkloadRun): Change[] {
  return [
    [DEFAULT, run.someKey(), run.newValue()],
    [OTHER, run.someKey(), run.newValue()],
    [OTHER, run.someKey(), undefined],
    [DEFAULT, 'key26', { to: 'key29' }],
    [OTHER, 'key40', { to: 'key44' }],
    [DEFAULT, `sum${run.random.nextBelow(3)}`, { plus: 'in a transaction' }],
    [OTHER, run.someKey(), { plus: 'in both' }],
    [DEFAULT, 'key27', run.newValue()],
  ];
}

/** Reads, walks and writes in two families; the second commit is to be durable. */
export const transactions: Step = async (run) => {
  for (const isolation of LEVELS) {
    const transaction = run.store.transaction({ isolation });
    await transaction.get(encodeUtf8(run.someKey()));
    await transaction.getForUpdate(encodeUtf8(run.someKey()), { family: run.family(OTHER) });
    const bounds = { from: encodeUtf8('key12'), to: encodeUtf8('key15') };
    const walked = [...transaction.entries({ ...bounds, family: run.family(OTHER) })];
    const changes = someChanges(run);
    note(run, transaction, changes);
    const wanted: Change[] = [...changes, [DEFAULT, 'walked', encodeUtf8(`${walked.length}`)]];
    note(run, transaction, wanted.slice(-1));
    const sync = isolation === 'serializable';
    await run.promise([wanted], sync, () => transaction.commit({ sync }));
  }
};

/** What stood behind a savepoint is not committed, and what was rolled back is not at all. */
export const savepoints: Step = async (run) => {
  const transaction = run.store.transaction();
  const [kept, dropped, last] = [someChanges(run), someChanges(run), someChanges(run)];
  note(run, transaction, kept);
  transaction.setSavepoint();
  note(run, transaction, dropped);
  transaction.setSavepoint();
  note(run, transaction, dropped);
  transaction.rollbackToSavepoint();
  transaction.rollbackToSavepoint();
  note(run, transaction, last);
  await run.promise([[...kept, ...last]], true, () => transaction.commit({ sync: true }));
  const lost = run.store.transaction();
  note(run, lost, someChanges(run));
  lost.rollback();
};

/**
 * Of two transactions that meet in a family the later one loses, and leaves nothing: once it
 * commits in the same turn of the event loop, once afterwards.
 */
export const conflicts: Step = async (run) => {
  for (const isolation of LEVELS) {
    const [winner, first, second] = [
      run.store.transaction({ isolation }),
      run.store.transaction(),
      run.store.transaction(),
    ];
    const meetsAt = run.someKey();
    await first.get(encodeUtf8(meetsAt), { family: run.family(OTHER) });
    await second.getForUpdate(encodeUtf8(meetsAt), { family: run.family(OTHER) });
    const won: Change[] = [...someChanges(run), [OTHER, meetsAt, run.newValue()]];
    const notWon = someChanges(run);
    note(run, winner, won);
    note(run, first, notWon);
    note(run, second, someChanges(run));
    const [end, lost] = await Promise.allSettled([
      run.promise([won], true, () => winner.commit({ sync: true })),
      losesTo(first),
    ]);
    if (end.status === 'rejected') {
      // The disk failed the one: then the other is the first.
      const committed = lost.status === 'fulfilled' && !lost.value;
      if (committed) run.ledger.replace(notWon);
      throw end.reason;
    }
    if (lost.status === 'rejected') throw lost.reason;
    if (!lost.value || !(await losesTo(second))) {
      throw new Error('two transactions that met have both committed');
    }
  }
};

/** A transaction that lives through a flush and a merge, and sees nothing of them. */
export const longTransaction: Step = async (run) => {
  const transaction = run.store.transaction({ isolation: 'snapshot' });
  const changes: Change[] = [
    [DEFAULT, 'long0', run.newValue()],
    [OTHER, 'long1', run.newValue()],
  ];
  note(run, transaction, changes);
  await run.put(run.someKey(), { family: OTHER });
  await run.promise([], true, () => run.store.flush());
  await run.store.compactRange({ family: run.family(OTHER) });
  await run.promise([changes], true, () => transaction.commit({ sync: true }));
};

/** Whether a commit fails because of another; any other fault is thrown on. */
async function losesTo(transaction: Transaction): Promise<boolean> {
  try {
    await transaction.commit({ sync: true });
    return false;
  } catch (thrown) {
    if (thrown instanceof TransactionConflict) return true;
    throw thrown;
  }
}
