// Another engine's directory through a session: how it came to be, what is asked of it, what its
// engine does meanwhile; and that it is only read.

import { cp, mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ClassicLevel } from 'classic-level';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import { LsmError } from '../../src/base/errors.ts';
import type { Reply } from '../../src/protocol/messages.ts';
import { openSession } from '../../src/session/session.ts';
import type { Session } from '../../src/session/session.ts';
import { useBuiltWorker } from './builtWorker.ts';
import { useTemporaryStores } from './temporaryStores.ts';
import { TestViewer } from './testViewer.ts';

const worker = useBuiltWorker();
const stores = useTemporaryStores(worker);
const fixture = path.resolve(import.meta.dirname, '../fixtures/leveldb-snappy/db');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lsm-foreign-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function showWith(directory: string): Promise<{ viewer: TestViewer; session: Session }> {
  const target = { kind: 'store', path: directory, options: {} } as const;
  const session = await openSession(target, worker.location());
  stores.closeLater(session);
  return { viewer: new TestViewer(session), session };
}

async function show(directory: string): Promise<TestViewer> {
  return (await showWith(directory)).viewer;
}

test('a viewer is told how the tree came to be, and ends where it is', async () => {
  const viewer = await show(fixture);
  expect(await viewer.differencesFromEngine()).toEqual([]);
  expect(viewer.hellos[0]!.state.families[0]!.levels.flatMap(({ tables }) => tables)).toEqual([]);
  expect(viewer.state!.families[0]!.levels.flatMap(({ tables }) => tables).length).toBe(1);
  expect(viewer.events.map(({ kind }) => kind)).toContain('flush.begin');
  expect(viewer.hellos[0]!.status.readOnlyBecause).toContain('0 bytes written');
  // LevelDB writes down nowhere what it has synced.
  const unknown = { syncedBytes: null, recordsUnsynced: null };
  expect(viewer.state!.wal.segments).toMatchObject([unknown]);
});

test('a get tells every step', async () => {
  const viewer = await show(fixture);
  const reply = await viewer.ask({ kind: 'get', key: encodeUtf8('user:00002') });
  expect(reply).toMatchObject({ kind: 'value', value: encodeUtf8('value 0 of 2: abcdefabcdef') });
  await viewer.differencesFromEngine();
  const check = viewer.events.find((event) => event.kind === 'filter.check')!;
  const [hash, step] = check.hash;
  expect(step).toBe(((hash >>> 17) | (hash << 15)) >>> 0);
  expect(check.probes.map(({ bit }) => bit)).toEqual(
    check.probes.map((_, probe) => ((hash + probe * step) % 2 ** 32) % check.bitCount),
  );
  const kinds = viewer.events.map(({ kind }) => kind);
  const from = kinds.indexOf('get.begin');
  expect(kinds.slice(from).filter((kind) => kind !== 'summary')).toEqual([
    'get.begin',
    'memtable.lookup',
    'index.seek',
    'filter.check',
    'block.read',
    'block.search',
    'get.end',
  ]);
});

test('scans, figures and tables are answered; writes and lockstep are refused', async () => {
  const viewer = await show(fixture);
  const range = { from: null, to: null, prefix: encodeUtf8('user:0000'), reverse: true, limit: 3 };
  const scan = await viewer.ask({ kind: 'scan', ...range });
  expect(scan).toMatchObject({ kind: 'entries', more: true });
  expect(await viewer.ask({ kind: 'stats' })).toMatchObject({ stats: { tables: 1 } });
  expect(await viewer.ask({ kind: 'table', file: 5 })).toMatchObject({ table: { file: 5 } });
  const write = { key: encodeUtf8('key'), value: encodeUtf8('value'), sync: true };
  const refused = { kind: 'error', code: 'NOT_SUPPORTED' };
  expect(await viewer.ask({ kind: 'put', ...write })).toMatchObject(refused);
  expect(await viewer.ask({ kind: 'set-mode', mode: 'lockstep' })).toMatchObject(refused);
});

test('a copy is made, compared, and refused where something stands', async () => {
  const viewer = await show(fixture);
  const into = path.join(folder, 'a copy');
  expect(await viewer.ask({ kind: 'copy', into })).toEqual({
    kind: 'copied',
    copy: 1,
    into,
    entries: 342,
    families: [
      {
        name: 'default',
        entriesLive: 342,
        entriesSha256: '3b8a68b7c8385018402bc52f19ec7c68967de8ef273733d76a40c670b7976db1',
      },
    ],
  });
  const again = await viewer.ask({ kind: 'copy', into });
  expect(again).toMatchObject({ kind: 'error', code: 'INVALID_ARGUMENT', file: into });
  const own = await show(into);
  const reply = await own.ask({ kind: 'get', key: encodeUtf8('user:00002') });
  expect(reply).toMatchObject({ value: encodeUtf8('value 0 of 2: abcdefabcdef') });
});

test('a copy is opened by the number it was given, and by nothing else', async () => {
  const { viewer, session } = await showWith(fixture);
  const opened: string[] = [];
  const open = (copy: number): Promise<Reply> => viewer.ask({ kind: 'open-copy', copy });
  const into = path.join(folder, 'a copy to open');
  await viewer.ask({ kind: 'copy', into });
  expect(await open(1)).toMatchObject({ kind: 'error', code: 'NOT_SUPPORTED' });
  session.onOpenCopy((directory) => {
    opened.push(directory);
    return Promise.resolve('/?store=2');
  });
  expect(await open(1)).toEqual({ kind: 'opened', address: '/?store=2' });
  for (const copy of [0, 2]) {
    expect(await open(copy)).toMatchObject({ kind: 'error', code: 'INVALID_ARGUMENT' });
  }
  expect(opened).toEqual([into]);
  session.onOpenCopy(() => Promise.reject(new LsmError('LOCKED', 'somebody has it open')));
  expect(await open(1)).toMatchObject({ code: 'LOCKED', message: 'somebody has it open' });
});

test('a copy that is cancelled leaves nothing behind', async () => {
  const viewer = await show(fixture);
  const into = path.join(folder, 'cancelled');
  const { id, reply } = viewer.askCancellable({ kind: 'copy', into });
  viewer.send({ kind: 'cancel', id });
  expect(await reply).toMatchObject({ kind: 'error', code: 'CANCELLED' });
  expect((await readdir(into)).filter((name) => name !== 'LOCK')).toEqual([]);
});

test('a log that ends inside of a record is a fault when nobody goes on writing it', async () => {
  const directory = path.join(folder, 'torn');
  await cp(fixture, directory, { recursive: true });
  const log = path.join(directory, '000004.log');
  const { size } = await stat(log);
  await truncate(log, size - 3);
  const viewer = await show(directory);
  expect(viewer.hellos[0]?.state.problems ?? []).toEqual([]);
  await viewer.until(() => viewer.events.some(({ kind }) => kind === 'error'));
  expect(viewer.state!.problems).toMatchObject([{ file: '000004.log', code: 'CORRUPTION' }]);
  expect(await viewer.differencesFromEngine()).toEqual([]);
});

test('what a running LevelDB writes is seen', async () => {
  const directory = path.join(folder, 'live');
  await cp(fixture, directory, { recursive: true });
  const level = new ClassicLevel(directory);
  await level.open();
  try {
    const viewer = await show(directory);
    await viewer.differencesFromEngine();
    await level.put('a key of today', 'a value');
    await viewer.until(() => viewer.events.some(({ kind }) => kind === 'memtable.insert'));
    const insert = viewer.events.find((event) => event.kind === 'memtable.insert');
    expect(insert).toMatchObject({ key: encodeUtf8('a key of today') });
    expect(await viewer.differencesFromEngine()).toEqual([]);
  } finally {
    await level.close();
  }
});
