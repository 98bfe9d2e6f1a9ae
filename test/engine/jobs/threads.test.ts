// Flushes and merges in threads of their own: the same files, the same story, the same manners.

import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../../src/base/bytes.ts';
import { builtInOperator } from '../../../src/base/mergeOperators/builtInOperators.ts';
import type { MergeOperator } from '../../../src/base/mergeOperators/mergeOperator.ts';
import { Lsm } from '../../../src/engine/db.ts';
import { verifyStore } from '../../../src/engine/verify.ts';
import type { LsmEvent } from '../../../src/protocol/events.ts';
import { reduce } from '../../../src/protocol/reduce.ts';
import type { TreeState } from '../../../src/protocol/treeState.ts';
import { differences } from '../../protocol/compareStates.ts';
import { RecordingSink } from '../recordingSink.ts';
import { bytes } from '../testStore.ts';
import { fill, filesIn, life, SMALL, useThreadedStores, WatchedThreads } from './threadedStore.ts';

const stores = useThreadedStores();

test('in slices or in threads, heard or not, the files are the same byte for byte', async () => {
  const heard = new RecordingSink();
  const gated = new RecordingSink();
  gated.gate = () => Promise.resolve();
  gated.entry = false;
  await life(stores.path('slices'), stores.environment(), { workers: 0 });
  const slices = filesIn(stores.path('slices'));
  expect([...slices.keys()].filter((name) => name.endsWith('.sst')).length).toBeGreaterThan(1);
  for (const [name, options] of Object.entries({
    silent: { workers: 1 },
    heard: { workers: 2, events: heard },
    gated: { workers: 2, events: gated },
  })) {
    const environment = stores.environment();
    const threads = new WatchedThreads(environment.threads);
    await life(stores.path(name), { ...environment, threads }, options);
    expect(threads.started).toBeGreaterThan(0);
    expect(isDeepStrictEqual(filesIn(stores.path(name)), slices), name).toBe(true);
  }
  expect(heard.of('compaction.entry').length).toBeGreaterThan(100);
});

test('what is told folds into what the store says of itself, at every event', async () => {
  const sink = new RecordingSink();
  const options = { ...SMALL, events: sink };
  const store = await Lsm.open(stores.path('fold'), stores.environment(), options);
  let folded: TreeState = store.describe();
  const faults: string[] = [];
  let compared = 0;
  sink.listener = (event: LsmEvent) => {
    folded = reduce(folded, event);
    // What counts up without events of its own comes with a summary.
    const gauges = store.gauges();
    folded = reduce(folded, { ...event, kind: 'summary', gauges, leftOut: 0 });
    const inJob = event.kind === 'compaction.entry' || event.kind === 'table.block';
    if (!inJob || compared >= 40) return;
    compared++;
    faults.push(...differences(folded, store.describe()));
  };
  await fill(store, 400, 1);
  await store.flush();
  await fill(store, 400, 2);
  await store.flush();
  await store.compactRange();
  expect(faults).toEqual([]);
  expect(compared).toBe(40);
  expect(differences(folded, store.describe())).toEqual([]);
  await store.close();
});

describe('lockstep', () => {
  test('takes no step before the last was seen', async () => {
    const sink = new RecordingSink();
    const options = { ...SMALL, events: sink };
    const store = await Lsm.open(stores.path('lockstep'), stores.environment(), options);
    await fill(store, 60, 1);
    let seen = 0;
    let gates = 0;
    const most = { entries: 0, events: 0 };
    sink.gate = async () => {
      gates++;
      const since = sink.events.slice(seen);
      const entries = since.filter(({ kind }) => kind === 'table.entry').length;
      most.entries = Math.max(most.entries, entries);
      await new Promise((resolve) => setImmediate(resolve));
      seen = sink.events.length;
    };
    seen = sink.events.length;
    await store.flush();
    expect(most.entries).toBe(1);
    expect(gates).toBeGreaterThan(60);
    expect(sink.of('table.entry').length).toBe(60);
    sink.gate = null;
    await store.close();
  });

  test('can begin in the middle of a job, and be left by closing', async () => {
    const sink = new RecordingSink();
    sink.entry = false;
    const options = { ...SMALL, memtableSize: 8 * 1024 * 1024, events: sink };
    const store = await Lsm.open(stores.path('middle'), stores.environment(), options);
    await fill(store, 9000, 1);
    let gates = 0;
    sink.listener = ({ kind }) => {
      if (kind !== 'flush.progress' || sink.gate !== null) return;
      sink.entry = true;
      sink.gate = async () => {
        gates++;
        await new Promise((resolve) => setImmediate(resolve));
      };
      sink.onChange?.();
    };
    const flushing = store.flush();
    while (gates < 20) await new Promise((resolve) => setImmediate(resolve));
    const closing = store.close();
    await expect(flushing).rejects.toMatchObject({ code: 'NOT_OPEN' });
    await closing;
    expect(sink.of('flush.end').at(-1)).toMatchObject({ outcome: 'cancelled' });
    const tables = [...filesIn(stores.path('middle')).keys()].filter((name) =>
      name.endsWith('.sst'),
    );
    expect(tables).toEqual([]);
  });
});

describe('a thread that dies', () => {
  test.each(['flush', 'compaction'])(
    'in a %s fails it; the store stops writing and loses nothing',
    async (kind) => {
      const path = stores.path(`dies in a ${kind}`);
      const environment = stores.environment();
      const sink = new RecordingSink();
      const threads = new WatchedThreads(environment.threads, (message, kill) => {
        const running = new Set(sink.kinds());
        if (message.kind === 'notes' && running.has(`${kind}.begin`)) kill();
      });
      const options = { ...SMALL, events: sink };
      const store = await Lsm.open(path, { ...environment, threads }, options);
      for (let round = 0; round < 3 && store.failure === undefined; round++) {
        await fill(store, 300, round);
        await store.flush().catch(() => undefined);
        await store.waitForIdle();
      }
      expect(store.failure).toMatchObject({ code: 'IO' });
      expect(store.failure?.message).toContain('killed by the test');
      const before = [...store.entries()].length;
      expect(before).toBe(300);
      // Who waited for a flush was told; nobody waited for a compaction, so the close tells it.
      const told = await store.close().catch((thrown: unknown) => thrown);
      expect(told).toBe(kind === 'flush' ? undefined : store.failure);
      const again = await Lsm.open(path, stores.environment(), SMALL);
      expect([...again.entries()].length).toBe(300);
      await again.compactRange();
      await again.close();
      expect((await verifyStore(path, stores.environment())).problems).toEqual([]);
    },
  );
});

test('a damaged table is told by its name, as in slices', async () => {
  const path = stores.path('damaged');
  const environment = stores.environment();
  const store = await Lsm.open(path, environment, { ...SMALL, maxL0SSTables: 100 });
  await fill(store, 100, 1);
  await store.flush();
  const [name] = [...filesIn(path).keys()].filter((each) => each.endsWith('.sst'));
  const file = environment.vfs.open(environment.vfs.join(path, name!), 'write');
  file.write(Uint8Array.of(1, 2, 3, 4), 0, 4, 700);
  file.close();
  await expect(store.compactRange()).rejects.toMatchObject({ code: 'NOT_OPEN' });
  expect(store.failure).toMatchObject({ code: 'CORRUPTION', file: name });
  await store.close();
});

test('more compactions than threads take turns, and a closed store has no thread', async () => {
  const environment = stores.environment();
  const threads = new WatchedThreads(environment.threads);
  const options = { ...SMALL, workers: 1 };
  const store = await Lsm.open(stores.path('turns'), { ...environment, threads }, options);
  for (let round = 0; round < 3; round++) {
    await fill(store, 500, round);
    await store.flush();
  }
  await store.waitForIdle();
  expect(await store.get(bytes('key 000001'))).toEqual(new Uint8Array(150).fill(2));
  expect(threads.started).toBe(1);
  await store.close();
  expect(threads.ended).toBe(1);
});

test("operands are merged in a thread, and by a user's operator where it was made", async () => {
  let calls = 0;
  const appends = builtInOperator('stringappend')!;
  const own: MergeOperator = {
    ...appends,
    name: 'own',
    fullMerge: (...all) => {
      calls++;
      return appends.fullMerge(...all);
    },
  };
  const tables: Map<string, Buffer>[] = [];
  for (const mergeOperator of ['stringappend', 'own']) {
    const environment = stores.environment();
    const threads = new WatchedThreads(environment.threads);
    const options = { ...SMALL, mergeOperator, mergeOperators: [own] };
    const path = stores.path(mergeOperator);
    const store = await Lsm.open(path, { ...environment, threads }, options);
    for (const operand of ['1', '2', '3']) {
      for (let key = 0; key < 90; key++) await store.merge(bytes(`key ${key}`), bytes(operand));
      if (operand !== '3') await store.flush();
    }
    await store.compactRange();
    expect(store.describe().problems).toEqual([]);
    expect([...store.entries()].map(([, value]) => decodeUtf8(value))).toEqual(
      Array.from({ length: 90 }, () => '1,2,3'),
    );
    expect(threads.started).toBeGreaterThan(0);
    expect(calls).toBe(mergeOperator === 'own' ? 90 : 0);
    await store.close();
    const files = [...filesIn(path)].filter(([name]) => name.endsWith('.sst'));
    tables.push(new Map(files));
  }
  expect(tables[1]!.size).toBe(1);
  expect(isDeepStrictEqual(tables[0], tables[1])).toBe(true);
});

test('options bound the threads', async () => {
  const open = (workers: number): Promise<Lsm> =>
    Lsm.open(stores.path('bounds'), stores.environment(), { workers });
  await expect(open(-1)).rejects.toThrow('option workers is -1');
  await expect(open(65)).rejects.toThrow('option workers is 65');
});
