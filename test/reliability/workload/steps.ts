// What a store does in a workload: writes of every kind, flushes, compactions, column families.
// Transactions stand in transactionSteps.ts, work on whole stores and tables in storeSteps.ts. A
// new ability of the engine gets a step, and is then crashed after each call of its own.

import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { DEFAULT } from './ledger.ts';
import type { Change } from './ledger.ts';
import type { WorkloadRun } from './workloadRun.ts';

/** Some work. */
export type Step = (run: WorkloadRun) => Promise<unknown>;

/** A second column family. */
export const OTHER = 'other';

/** Single writes, every third of them synced. */
export const puts: Step = async (run) => {
  for (let write = 0; write < 9; write++) await run.put(run.someKey(), { sync: write % 3 === 0 });
};

/** Removals, of keys that are there and of others. */
export const deletes: Step = async (run) => {
  for (let write = 0; write < 6; write++) {
    await run.write([[DEFAULT, run.someKey(), undefined]], { sync: write === 3 });
  }
};

/** Several writers in one turn of the event loop, some of which want a sync. */
export const burst: Step = async (run) => {
  const changes = Array.from({ length: 8 }, (): Change => [DEFAULT, run.someKey(), run.newValue()]);
  await run.promise(
    changes.map((change) => [change]),
    true,
    () =>
      Promise.all(
        changes.map((change, index) =>
          run.store.write(run.batchOf([change]), { sync: index % 4 === 3 }),
        ),
      ),
  );
};

/** Batches over two families, which must not be torn apart. */
export const batches: Step = async (run) => {
  for (let batch = 0; batch < 4; batch++) {
    const changes = Array.from({ length: 6 }, (_, index): Change => {
      const value = index === 5 ? undefined : run.newValue();
      return [index % 2 === 0 ? DEFAULT : OTHER, run.someKey(), value];
    });
    await run.write(changes, { sync: batch === 2 });
  }
};

/** A key that is put once and removed once, by a single delete. */
export const singleDeletes: Step = async (run) => {
  const key = `once${run.random.nextUint32()}`;
  await run.put(key, { sync: true });
  await run.put(run.someKey());
  await run.promise([[[DEFAULT, key, undefined]]], false, () =>
    run.store.singleDelete(encodeUtf8(key)),
  );
};

export const rangeDeletes: Step = async (run) => {
  await run.write([[DEFAULT, 'key12', { to: 'key25' }]], { sync: false });
  await run.put('key20');
  await run.write([[DEFAULT, 'key30', { to: 'key33' }]], { sync: true });
};

/** Operands onto values, onto nothing and onto each other; some become one value on the way. */
export const merges: Step = async (run) => {
  for (let write = 0; write < 9; write++) {
    const keys = [`sum${run.random.nextBelow(3)}`, run.someKey()];
    const changes = keys.map((key): Change => [DEFAULT, key, { plus: `${write}` }]);
    await run.write(changes, { sync: write % 4 === 0 });
    if (write === 2) await run.write([[DEFAULT, 'sum1', undefined]], { sync: false });
    if (write === 5) await run.promise([], true, () => run.store.flush());
  }
};

export const flush: Step = (run) => run.promise([], true, () => run.store.flush());

export const idle: Step = (run) => run.store.waitForIdle();

export const compactAll: Step = (run) => run.store.compactRange();

/** A compaction that a snapshot keeps from dropping what it sees. */
export const compactUnderSnapshot: Step = async (run) => {
  const snapshot = run.store.snapshot();
  await deletes(run);
  await run.store.compactRange({ from: encodeUtf8('key1'), to: encodeUtf8('key4') });
  snapshot.release();
};

export const createFamily: Step = (run) => run.createFamily(OTHER, { blockSize: 256 });

export const dropFamily: Step = (run) => run.dropFamily(OTHER);

export const flushLog: Step = (run) => run.promise([], true, () => run.store.flushWal());

export const reopen: Step = async (run) => {
  await run.close();
  await run.open();
};
