// What a store does in a workload: one line a kind of work. A new ability of the engine gets a
// step here, and is then crashed after each call of its own.

import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { TableBuilder } from '../../../src/engine/ingest/tableBuilder.ts';
import { DEFAULT } from './ledger.ts';
import type { Change } from './ledger.ts';
import type { WorkloadRun } from './workloadRun.ts';

/** Some work. */
export type Step = (run: WorkloadRun) => Promise<unknown>;

const OTHER = 'other';
const OUTSIDE = '/outside';

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
  const key = `once${run.random.nextBelow(1000)}`;
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

export const transactions: Step = async (run) => {
  for (let round = 0; round < 2; round++) {
    const transaction = run.store.transaction();
    const [read, written, removed] = [run.someKey(), run.someKey(), run.someKey()];
    await transaction.get(encodeUtf8(read));
    const value = run.newValue();
    transaction.put(encodeUtf8(written), value).delete(encodeUtf8(removed));
    const changes: Change[] = [
      [DEFAULT, written, value],
      [DEFAULT, removed, undefined],
    ];
    await run.promise([changes], round === 1, () => transaction.commit({ sync: round === 1 }));
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

/** Two tables that were written outside come in; one of them moves. */
export const ingest: Step = async (run) => {
  run.environment.vfs.makeDirectory(OUTSIDE);
  for (const manner of ['copy', 'move'] as const) {
    const name = `table${run.random.nextUint32()}`;
    const builder = await TableBuilder.create(OUTSIDE, name, run.environment, { blockSize: 128 });
    const changes = ['key15', 'key17', 'key55'].map((key): Change => [
      DEFAULT,
      key,
      run.newValue(),
    ]);
    for (const [, key, value] of changes) builder.put(encodeUtf8(key), value as Uint8Array);
    await builder.finish();
    const path = run.environment.vfs.join(OUTSIDE, name);
    await run.promise([changes], true, () => run.store.ingest([path], { manner }));
    await run.put(run.someKey());
  }
};

export const checkpoint: Step = (run) => run.checkpoint(`/copy${run.copies.size}`);

export const flushLog: Step = (run) => run.promise([], true, () => run.store.flushWal());

export const reopen: Step = async (run) => {
  await run.close();
  await run.open();
};
