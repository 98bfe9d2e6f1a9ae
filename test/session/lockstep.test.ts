// Lockstep: the engine takes a step only when the viewer has shown the last; live: nobody slows it
// down; whoever goes away holds nobody up.

import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import { useBuiltWorker } from './builtWorker.ts';
import { TestViewer } from './testViewer.ts';
import { SMALL, useTemporaryStores } from './temporaryStores.ts';

const worker = useBuiltWorker();
const stores = useTemporaryStores(worker);

const PUT = {
  kind: 'put',
  key: encodeUtf8('key'),
  value: encodeUtf8('value'),
  sync: true,
} as const;

function soon(millis = 60): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, millis);
  });
}

describe('lockstep', () => {
  it('takes one step for each acknowledgement, and sends every event', async () => {
    const session = await stores.open('steps');
    const viewer = new TestViewer(session);
    await viewer.ask({ kind: 'set-mode', mode: 'lockstep' });
    viewer.acks = 'never';
    let isDone = false;
    const done = viewer.ask(PUT).then(() => {
      isDone = true;
    });
    const seen: string[][] = [];
    for (let from = 0; !isDone;) {
      await soon();
      const step = viewer.events.slice(from).map((event) => event.kind);
      from = viewer.events.length;
      if (step.length > 0) seen.push(step);
      viewer.ackAll();
      await soon(20);
    }
    await done;
    const steps = seen
      .map((step) => step.filter((kind) => kind !== 'summary'))
      .filter((step) => step.length > 0);
    expect(steps.flat()).toEqual([
      'write.begin',
      'write.group',
      'wal.append',
      'wal.sync',
      'memtable.insert',
      'write.end',
    ]);
    // No step came before the one in front of it was acknowledged.
    expect(steps.length).toBeGreaterThanOrEqual(5);
    const numbers = viewer.events.map((event) => event.number);
    expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
  });

  it('a flush and a merge go entry by entry, and the fold is exact at every state', async () => {
    const session = await stores.open('jobs');
    const viewer = new TestViewer(session);
    await viewer.ask({ kind: 'set-mode', mode: 'lockstep' });
    for (let table = 0; table < 3; table++) {
      for (let index = 0; index < 8; index++) {
        await viewer.ask({
          ...PUT,
          key: encodeUtf8(`key${(index * 7) % 8}`),
          value: encodeUtf8(`t${table}`),
        });
      }
      await viewer.ask({ kind: 'flush' });
      expect(await viewer.differencesFromEngine()).toEqual([]);
    }
    await viewer.ask({ kind: 'compact', from: null, to: null });
    expect(await viewer.differencesFromEngine()).toEqual([]);
    const entries = viewer.events.filter((event) => event.kind === 'compaction.entry');
    expect(entries).toHaveLength(24);
    const verdicts = entries.map(
      (event) => event.kind === 'compaction.entry' && event.decision.because,
    );
    expect(verdicts.filter((because) => because === 'newest-version')).toHaveLength(8);
    expect(verdicts.filter((because) => because === 'shadowed')).toHaveLength(16);
    expect(
      viewer.events.filter((event) => event.kind === 'table.entry').length,
    ).toBeGreaterThanOrEqual(24 + 8);
    expect(viewer.leftOut).toBe(0);
  });

  it('back to live in the middle of a step lets everything run', async () => {
    const session = await stores.open('switch');
    const viewer = new TestViewer(session);
    await viewer.ask({ kind: 'set-mode', mode: 'lockstep' });
    viewer.acks = 'never';
    const put = viewer.ask(PUT);
    const flush = viewer.ask({ kind: 'flush' });
    await soon();
    await viewer.ask({ kind: 'set-mode', mode: 'live' });
    expect(await put).toEqual({ kind: 'done' });
    expect(await flush).toEqual({ kind: 'done' });
    expect(session.status.mode).toBe('live');
  });

  it('switching to and fro while a workload runs never gets stuck', async () => {
    const session = await stores.open('fro');
    const viewer = new TestViewer(session);
    const workload = {
      name: 'delete-heavy',
      operations: 1500,
      records: 200,
      valueSizeBytes: 60,
      seed: 2,
      operationsPerSecond: 0,
    } as const;
    const running = viewer.ask({ kind: 'workload', workload });
    for (let round = 0; round < 20; round++) {
      await viewer.ask({ kind: 'set-mode', mode: 'lockstep' });
      await soon(10);
      await viewer.ask({ kind: 'set-mode', mode: 'live' });
    }
    expect(await running).toMatchObject({ kind: 'workload', operations: 1500 });
    expect(await viewer.differencesFromEngine()).toEqual([]);
  });

  it('a viewer that vanishes lets the engine go', async () => {
    const session = await stores.open('vanish');
    const viewer = new TestViewer(session);
    await viewer.ask({ kind: 'set-mode', mode: 'lockstep' });
    viewer.acks = 'never';
    const put = session.request(PUT);
    await soon();
    viewer.detach();
    expect(await put).toEqual({ kind: 'done' });
    expect(session.status.mode).toBe('live');
  });

  it('with two viewers pacing, the engine waits for both; a third only looks', async () => {
    const session = await stores.open('two');
    const [first, second, third] = [0, 1, 2].map(() => new TestViewer(session));
    await first!.ask({ kind: 'set-mode', mode: 'lockstep' });
    await second!.ask({ kind: 'set-mode', mode: 'lockstep' });
    second!.acks = 'never';
    third!.acks = 'never';
    let isDone = false;
    const put = session.request(PUT).then(() => {
      isDone = true;
    });
    await soon(100);
    expect(isDone).toBe(false);
    second!.acks = 'at-once';
    second!.ackAll();
    await put;
    expect(third!.events.map((event) => event.kind)).toContain('memtable.insert');
  });
});

/** Memtables large enough that the disk's syncs do not set the pace. */
const ROOMY = {
  ...SMALL,
  memtableSize: 256 * 1024,
  targetTableSize: 256 * 1024,
  levelBaseSize: 1024 * 1024,
};

describe('live', () => {
  const workload = {
    name: 'uniform',
    operations: 8000,
    records: 5000,
    valueSizeBytes: 100,
    seed: 3,
    operationsPerSecond: 0,
  } as const;

  it('a viewer that never answers slows nothing down, and catches up exactly at last', async () => {
    const session = await stores.open('slow', ROOMY);
    const viewer = new TestViewer(session, 'never');
    const reply = await viewer.ask({ kind: 'workload', workload });
    expect(reply).toMatchObject({ kind: 'workload', operations: 8000 });
    expect(viewer.batches).toBeLessThanOrEqual(2);
    viewer.acks = 'at-once';
    viewer.ackAll();
    expect(await viewer.differencesFromEngine()).toEqual([]);
    const inserts = viewer.events.filter((event) => event.kind === 'memtable.insert').length;
    expect(inserts + viewer.leftOut).toBe(8000);
  });

  it('a busy store is sampled; what was left out is counted to the last operation', async () => {
    const session = await stores.open('sampled', ROOMY);
    const viewer = new TestViewer(session, { delayMillis: 20 });
    await viewer.ask({ kind: 'workload', workload });
    expect(await viewer.differencesFromEngine()).toEqual([]);
    const inserts = viewer.events.filter((event) => event.kind === 'memtable.insert').length;
    expect(inserts).toBeGreaterThan(0);
    expect(viewer.leftOut).toBeGreaterThan(0);
    expect(inserts + viewer.leftOut).toBe(8000);
    const flushes = viewer.events.filter((event) => event.kind === 'flush.end').length;
    expect(viewer.state!.counters.flushes).toBe(flushes);
  });
});
