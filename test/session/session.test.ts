// A session over a real worker and a real store: requests, viewers, closing, crashes.

import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../src/base/bytes.ts';
import { LsmError } from '../../src/base/errors.ts';
import type { Reply } from '../../src/protocol/messages.ts';
import { openSession } from '../../src/session/session.ts';
import { useBuiltWorker } from './builtWorker.ts';
import { TestViewer } from './testViewer.ts';
import { SMALL, useTemporaryStores } from './temporaryStores.ts';

const worker = useBuiltWorker();
const stores = useTemporaryStores(worker);

function put(
  key: string,
  value: string,
): { kind: 'put'; key: Uint8Array; value: Uint8Array; sync: boolean } {
  return { kind: 'put', key: encodeUtf8(key), value: encodeUtf8(value), sync: false };
}

function textOf(reply: Reply): string | null {
  if (reply.kind !== 'value') throw new Error(`a ${reply.kind} instead of a value`);
  return reply.value === null ? null : decodeUtf8(reply.value);
}

describe('requests', () => {
  it('put, get, delete, scan, flush, compact and stats do what they say', async () => {
    const session = await stores.open('requests');
    for (const letter of ['a', 'b', 'c', 'd'])
      await session.request(put(letter, `value ${letter}`));
    await session.request({ kind: 'delete', key: encodeUtf8('b'), sync: true });
    await session.request({ kind: 'flush' });
    await session.request(put('c', 'newer'));
    await session.request({ kind: 'flush' });
    await session.request({ kind: 'compact', from: null, to: null });
    expect(textOf(await session.request({ kind: 'get', key: encodeUtf8('c') }))).toBe('newer');
    expect(textOf(await session.request({ kind: 'get', key: encodeUtf8('b') }))).toBeNull();
    const scan = {
      kind: 'scan',
      from: null,
      to: encodeUtf8('d'),
      prefix: null,
      reverse: true,
    } as const;
    const two = await session.request({ ...scan, limit: 2 });
    const one = await session.request({ ...scan, limit: 1 });
    const pairs = (reply: Reply): string[] =>
      reply.kind === 'entries'
        ? reply.entries.map(([key, value]) => `${decodeUtf8(key)}=${decodeUtf8(value)}`)
        : [];
    expect(pairs(two)).toEqual(['c=newer', 'a=value a']);
    expect(two).toMatchObject({ more: false });
    expect(pairs(one)).toEqual(['c=newer']);
    expect(one).toMatchObject({ more: true });
    const stats = await session.request({ kind: 'stats' });
    expect(stats).toMatchObject({
      stats: { tables: 1, tableEntries: 3, counters: { puts: 5, deletes: 1 } },
    });
  });

  it('answers a wrong one with the engine’s error, as an LsmError', async () => {
    const session = await stores.open('errors');
    const asked = session.request({ kind: 'table', file: 12345 });
    await expect(asked).rejects.toThrow(LsmError);
    await expect(asked).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const release = session.request({ kind: 'release-snapshot', sequence: 5 });
    await expect(release).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('answers one that is malformed or too large, instead of leaving it unanswered', async () => {
    const session = await stores.open('malformed');
    const viewer = new TestViewer(session);
    const key = new Uint8Array(1024 * 1024 + 1);
    const reply = await viewer.ask({ kind: 'get', key });
    expect(reply).toMatchObject({ kind: 'error', code: 'INVALID_ARGUMENT' });
    const asked = session.request({ kind: 'put', key, value: key, sync: false });
    await expect(asked).rejects.toThrow(/key has length 1048577/);
    expect(await viewer.ask({ kind: 'explode' } as never)).toMatchObject({ kind: 'error' });
  });

  it('tells the blocks of a table', async () => {
    const session = await stores.open('details');
    for (let index = 0; index < 100; index++)
      await session.request(put(`key${1000 + index}`, 'x'.repeat(20)));
    await session.request({ kind: 'flush' });
    const viewer = new TestViewer(session);
    await viewer.until(({ state }) => state !== undefined);
    const [table] = viewer.state!.families[0]!.levels[0]!.tables;
    const reply = await session.request({ kind: 'table', file: table!.file });
    expect(reply.kind).toBe('table');
    const blocks = reply.kind === 'table' ? reply.table.blocks : [];
    const data = blocks.filter((block) => block.blockKind === 'data');
    expect(data.length).toBe(table!.dataBlocks);
    expect(data.reduce((sum, block) => sum + block.entries, 0)).toBe(100);
  });

  it('survives bytes that are no message', async () => {
    const session = await stores.open('garbage');
    const viewer = new TestViewer(session);
    viewer.sendBytes(new Uint8Array([1, 2, 3]));
    viewer.sendBytes(new Uint8Array(0));
    expect(await viewer.ask({ kind: 'stats' })).toMatchObject({ kind: 'stats' });
  });
});

describe('long requests', () => {
  const workload = {
    name: 'sequential',
    operations: 1e6,
    records: 1000,
    valueSizeBytes: 10,
    seed: 1,
    operationsPerSecond: 0,
  } as const;

  it('tell how far they are and stop when cancelled by their viewer alone', async () => {
    const session = await stores.open('cancel');
    const [viewer, other] = [new TestViewer(session), new TestViewer(session)];
    const { id, reply } = viewer.askCancellable({ kind: 'workload', workload });
    await viewer.until(({ progress }) => progress.length >= 2);
    other.send({ kind: 'cancel', id });
    const told = viewer.progress.length;
    await viewer.until(({ progress }) => progress.length > told);
    viewer.send({ kind: 'cancel', id });
    expect(await reply).toMatchObject({ kind: 'error', code: 'CANCELLED' });
    expect(viewer.progress).toEqual(viewer.progress.toSorted((left, right) => left - right));
    expect(other.progress).toEqual([]);
  });

  it('stop by a signal, with their progress told to the caller', async () => {
    const session = await stores.open('signal');
    const controller = new AbortController();
    const running = session.request(
      { kind: 'workload', workload },
      { signal: controller.signal, onProgress: ({ done }) => done > 0 && controller.abort() },
    );
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    const late = session.request({ kind: 'stats' }, { signal: controller.signal });
    await expect(late).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('run one at a time; a second is refused by name', async () => {
    const session = await stores.open('one');
    const viewer = new TestViewer(session);
    const first = viewer.ask({ kind: 'workload', workload });
    const second = session.request({ kind: 'workload', workload });
    await expect(second).rejects.toThrow('workload sequential is running: stop it first, or wait');
    await viewer.ask({ kind: 'stop' });
    expect(await first).toMatchObject({ code: 'CANCELLED' });
    await viewer.until(({ status }) => status?.running === '');
  });

  it('the seed’s example runs to its end and tells its story', async () => {
    const session = await stores.open('users');
    const said = new Set<string>();
    const reply = await session.request(
      { kind: 'workload', workload: { ...workload, name: 'users', operationsPerSecond: 2000 } },
      { onProgress: ({ message }) => said.add(message) },
    );
    expect(reply).toMatchObject({ kind: 'workload', operations: 1005 });
    expect([...said].some((message) => message.startsWith('Inserted'))).toBe(true);
    const gone = await session.request({ kind: 'get', key: encodeUtf8('user:0500') });
    expect(textOf(gone)).toBeNull();
  });
});

describe('a viewer', () => {
  it('begins with the state and follows it exactly, in live mode', async () => {
    const session = await stores.open('follow');
    for (let index = 0; index < 50; index++)
      await session.request(put(`early${index}`, 'x'.repeat(50)));
    const viewer = new TestViewer(session);
    const second = new TestViewer(session);
    for (let round = 0; round < 5; round++) {
      for (let index = 0; index < 60; index++) {
        await viewer.ask(put(`key${(index * 37) % 50}`, 'y'.repeat(40)));
      }
      if (round % 2 === 0) await viewer.ask({ kind: 'snapshot' });
      await viewer.ask({ kind: 'flush' });
      if (round === 3) await viewer.ask({ kind: 'compact', from: null, to: null });
      await viewer.ask({ kind: 'get', key: encodeUtf8('key7') });
      for (const looking of [viewer, second]) {
        expect(await looking.differencesFromEngine()).toEqual([]);
      }
    }
    const kinds = new Set(viewer.events.map((event) => event.kind));
    for (const kind of [
      'write.begin',
      'wal.append',
      'memtable.insert',
      'memtable.seal',
      'flush.begin',
      'table.create',
      'manifest.edit',
      'compaction.begin',
      'compaction.end',
      'get.end',
      'summary',
    ] as const) {
      expect(kinds).toContain(kind);
    }
  });

  it('hears of every change of the status', async () => {
    const session = await stores.open('status');
    const viewer = new TestViewer(session);
    await viewer.ask({ kind: 'set-mode', mode: 'lockstep' });
    await viewer.until(({ status }) => status?.mode === 'lockstep');
    await viewer.ask({ kind: 'set-mode', mode: 'live' });
    await viewer.until(({ status }) => status?.mode === 'live');
    await viewer.ask({ kind: 'record', on: true });
    await viewer.until(({ status }) => status?.recording === true);
    expect(session.status.recording).toBe(true);
  });

  it('cannot pace a store that it does not look at', async () => {
    const session = await stores.open('host-lockstep');
    const asked = session.request({ kind: 'set-mode', mode: 'lockstep' });
    await expect(asked).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('opening', () => {
  it('refuses what is no store, in one line, and leaves it alone', async () => {
    const folder = stores.path('foreign');
    await mkdir(folder);
    await writeFile(path.join(folder, 'notes.txt'), 'nothing of ours');
    const opening = openSession({ kind: 'store', path: folder, options: {} }, worker.location());
    await expect(opening).rejects.toMatchObject({ code: 'NOT_A_STORE' });
    await expect(opening).rejects.not.toThrow(/\n/);
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });

  it('refuses a store that another session holds', async () => {
    await stores.open('held');
    const target = { kind: 'store', path: stores.path('held'), options: SMALL } as const;
    const opening = openSession(target, worker.location());
    await expect(opening).rejects.toMatchObject({ code: 'LOCKED' });
  });

  it('stops when it is cancelled, and keeps no lock', async () => {
    const target = { kind: 'store', path: stores.path('cancelled'), options: {} } as const;
    const signal = AbortSignal.abort();
    const opening = openSession(target, worker.location(), { signal });
    await expect(opening).rejects.toMatchObject({ code: 'CANCELLED' });
    await (await openSession(target, worker.location())).close();
  });

  it('says so when the worker cannot be started', async () => {
    const target = { kind: 'store', path: stores.path('never'), options: {} } as const;
    await expect(openSession(target, { workerFile: '/nowhere/worker.cjs' })).rejects.toThrow(
      /worker/,
    );
  });
});

describe('closing', () => {
  it('keeps what was written, ends the worker and gives the lock back', async () => {
    const session = await stores.open('closing');
    const ended = new Promise<Error | undefined>((resolve) => session.onEnded(resolve));
    await session.request(put('kept', 'yes'));
    await Promise.all([session.close(), session.close()]);
    expect(await ended).toBeUndefined();
    expect(existsSync(path.join(stores.path('closing'), 'LOCK'))).toBe(false);
    await expect(session.request({ kind: 'stats' })).rejects.toMatchObject({ code: 'NOT_OPEN' });
    const again = await stores.open('closing');
    expect(textOf(await again.request({ kind: 'get', key: encodeUtf8('kept') }))).toBe('yes');
  });

  it('leaves no worker, port or timer behind', async () => {
    const held = (): number =>
      process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort|Timeout/.test(name))
        .length;
    const before = held();
    const session = await stores.open('handles');
    const viewer = new TestViewer(session);
    await viewer.ask(put('a', 'b'));
    await session.close();
    viewer.detach();
    // The test runner has timers of its own, which may end meanwhile.
    expect(held()).toBeLessThanOrEqual(before);
  });

  it('ends by itself while a workload runs, a viewer paces and a recording is on', async () => {
    const session = await stores.open('closing-busy');
    const viewer = new TestViewer(session, 'never');
    const ended = new Promise<Error | undefined>((resolve) => session.onEnded(resolve));
    await viewer.ask({ kind: 'record', on: true });
    const workload = {
      name: 'zipfian',
      operations: 1e6,
      records: 1000,
      valueSizeBytes: 50,
      seed: 1,
      operationsPerSecond: 0,
    } as const;
    const running = viewer.ask({ kind: 'workload', workload });
    await viewer.until(({ status }) => status?.running === 'workload zipfian');
    await viewer.ask({ kind: 'set-mode', mode: 'lockstep' });
    await session.close();
    expect(await ended).toBeUndefined();
    expect(await running).toMatchObject({ kind: 'error', code: 'CANCELLED' });
    expect(viewer.status?.readOnlyBecause).toContain('closed');
  });
});

describe('a worker that dies', () => {
  it('is reported to viewers and callers, and the store opens again', async () => {
    const session = await stores.open('crash');
    const viewer = new TestViewer(session);
    await session.request({ ...put('durable', 'yes'), sync: true });
    const ended = new Promise<Error | undefined>((resolve) => session.onEnded(resolve));
    const waiting = session.request({
      kind: 'workload',
      workload: {
        name: 'uniform',
        operations: 1e6,
        records: 1000,
        valueSizeBytes: 50,
        seed: 1,
        operationsPerSecond: 0,
      },
    });
    await killWorker(session);
    await expect(waiting).rejects.toMatchObject({ code: 'NOT_OPEN' });
    expect((await ended)?.message).toContain('worker');
    expect(viewer.status?.readOnlyBecause).toContain('worker');
    const again = await stores.open('crash');
    expect(textOf(await again.request({ kind: 'get', key: encodeUtf8('durable') }))).toBe('yes');
  });
});

/** Ends the thread as a crash would: without a word to anyone. */
async function killWorker(session: object): Promise<void> {
  await (session as { worker: { terminate(): Promise<number> } }).worker.terminate();
}
