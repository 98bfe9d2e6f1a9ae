// Recording a session and showing the recording: the replay folds to what the engine described.

import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import type { Reply } from '../../src/protocol/messages.ts';
import { reduce } from '../../src/protocol/reduce.ts';
import type { Trace } from '../../src/protocol/traceReader.ts';
import { readTrace } from '../../src/protocol/traceReader.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';
import type { Session } from '../../src/session/session.ts';
import { openSession } from '../../src/session/session.ts';
import { differences } from '../protocol/compareStates.ts';
import { useBuiltWorker } from './builtWorker.ts';
import { TestViewer } from './testViewer.ts';
import { SMALL, useTemporaryStores } from './temporaryStores.ts';

const worker = useBuiltWorker();
const stores = useTemporaryStores(worker);

const WORKLOAD = {
  kind: 'workload',
  workload: {
    name: 'delete-heavy',
    operations: 300,
    records: 100,
    valueSizeBytes: 60,
    seed: 5,
    operationsPerSecond: 0,
  },
} as const;

function traceOf(reply: Reply): Trace {
  if (reply.kind !== 'trace') throw new Error(`a ${reply.kind} instead of a trace`);
  return readTrace(reply.bytes, 'test');
}

function folded(trace: Trace): TreeState {
  return trace.batches.flatMap(({ events }) => events).reduce(reduce, trace.state);
}

async function stateOf(session: Session): Promise<TreeState> {
  const reply = await session.request({ kind: 'state' });
  if (reply.kind !== 'state') throw new Error(`a ${reply.kind} instead of a state`);
  return reply.state;
}

/** The state once no job is at work any more, so that nothing is recorded after it. */
async function restingStateOf(session: Session): Promise<TreeState> {
  for (;;) {
    const before = await stateOf(session);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    const after = await stateOf(session);
    if (after.jobs.length === 0 && after.eventNumber === before.eventNumber) return after;
  }
}

describe('a recording', () => {
  it('of a busy store folds to what the engine describes, with nobody looking on', async () => {
    const session = await stores.open('recorded');
    await session.request({
      kind: 'put',
      key: encodeUtf8('early'),
      value: encodeUtf8('x'),
      sync: false,
    });
    await session.request({ kind: 'record', on: true });
    await session.request(WORKLOAD);
    await session.request({ kind: 'compact', from: null, to: null });
    const described = await restingStateOf(session);
    await session.request({ kind: 'record', on: false });
    const trace = traceOf(await session.request({ kind: 'trace' }));
    expect(trace.cutShort).toBe('');
    expect(trace.state.lastSequence).toBe(1);
    expect(trace.events).toBeGreaterThan(100);
    expect(differences(folded(trace), described)).toEqual([]);
    await session.request(WORKLOAD);
    const again = traceOf(await session.request({ kind: 'trace' }));
    expect(again.events).toBe(trace.events);
  });

  it('can be had while it goes on: it is cut short then, and says so', async () => {
    const session = await stores.open('unfinished');
    await session.request({ kind: 'record', on: true });
    await session.request(WORKLOAD);
    const trace = traceOf(await session.request({ kind: 'trace' }));
    expect(trace.events).toBeGreaterThan(0);
    expect(trace.cutShort).toContain('without an end record');
  });

  it('of nothing is refused', async () => {
    const session = await stores.open('nothing');
    const asked = session.request({ kind: 'trace' });
    await expect(asked).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('into a file goes from the opening to the close', async () => {
    const file = stores.path('whole.lsmtrace');
    const target = {
      kind: 'store',
      path: stores.path('whole'),
      options: SMALL,
      recordInto: file,
    } as const;
    const session = await openSession(target, worker.location());
    await session.request(WORKLOAD);
    // Nothing is left to do in the background that could still move a counter.
    await session.request({ kind: 'compact', from: null, to: null });
    const described = await restingStateOf(session);
    await session.close();
    const trace = readTrace(await readFile(file), 'whole');
    expect(trace.cutShort).toBe('');
    expect(trace.batches.at(-1)!.events.at(-1)!.kind).toBe('store.close');
    const { counters } = folded(trace);
    expect({ ...counters, walSyncs: 0 }).toEqual({ ...described.counters, walSyncs: 0 });
  });

  it('into a file that is there already is refused, and the store is let go', async () => {
    const file = stores.path('there.lsmtrace');
    await writeFile(file, 'mine');
    const target = {
      kind: 'store',
      path: stores.path('there'),
      options: SMALL,
      recordInto: file,
    } as const;
    await expect(openSession(target, worker.location())).rejects.toThrow(/EEXIST/);
    expect(await readFile(file, 'utf8')).toBe('mine');
    await stores.open('there');
  });
});

describe('showing a recording', () => {
  async function record(
    name: string,
  ): Promise<{ file: string; bytes: Uint8Array; described: TreeState }> {
    const session = await stores.open(name);
    await session.request({ kind: 'record', on: true });
    await session.request(WORKLOAD);
    const described = await restingStateOf(session);
    await session.request({ kind: 'record', on: false });
    const reply = await session.request({ kind: 'trace' });
    const bytes = reply.kind === 'trace' ? reply.bytes : new Uint8Array(0);
    const file = stores.path(`${name}.lsmtrace`);
    await writeFile(file, bytes);
    return { file, bytes, described };
  }

  async function show(file: string): Promise<Session> {
    return stores.closeLater(await openSession({ kind: 'trace', path: file }, worker.location()));
  }

  it('gives every viewer all events, as fast as it takes them', async () => {
    const { file, described } = await record('shown');
    const session = await show(file);
    for (const acks of ['at-once', { delayMillis: 1 }] as const) {
      const viewer = new TestViewer(session, acks);
      await viewer.until(({ hellos, events }) => hellos[0]?.trace?.events === events.length);
      expect(viewer.hellos[0]!.trace).toMatchObject({ title: stores.path('shown'), cutShort: '' });
      expect(differences(viewer.state!, described)).toEqual([]);
    }
    const refused = session.request({
      kind: 'put',
      key: encodeUtf8('a'),
      value: encodeUtf8('b'),
      sync: false,
    });
    await expect(refused).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
    expect(session.status.readOnlyBecause).toContain('recording');
  });

  it('waits for a viewer that does not answer', async () => {
    const { file } = await record('patient');
    const session = await show(file);
    const viewer = new TestViewer(session, 'never');
    await viewer.until(({ batches }) => batches === 2);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    expect(viewer.batches).toBe(2);
    viewer.ackAll();
    await viewer.until(({ batches }) => batches > 2);
  });

  it('that was cut short shows what there is, and says where it ends', async () => {
    const { file, bytes } = await record('cut');
    await writeFile(file, bytes.slice(0, Math.floor(bytes.length * 0.7)));
    const viewer = new TestViewer(await show(file));
    await viewer.until(({ hellos, events }) => hellos[0]?.trace?.events === events.length);
    expect(viewer.hellos[0]!.trace!.cutShort).toMatch(/^reading stopped at byte \d+/);
    expect(viewer.events.length).toBeGreaterThan(50);
  });

  it('that is none is refused in one line', async () => {
    const file = stores.path('other.lsmtrace');
    await writeFile(file, 'something else');
    await expect(show(file)).rejects.toMatchObject({ code: 'NOT_A_STORE' });
    await expect(show(stores.path('missing.lsmtrace'))).rejects.toThrow(/ENOENT/);
  });
});
