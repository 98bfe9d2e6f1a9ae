// Transactions that viewers hold: steps by number, a conflict's answer, and what is left behind.

import { expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../src/base/bytes.ts';
import { Lsm } from '../../src/engine/db.ts';
import { nodeEnvironment } from '../../src/node/nodeEnvironment.ts';
import type { Reply, TransactionStep } from '../../src/protocol/messages.ts';
import { useBuiltWorker } from './builtWorker.ts';
import { TestViewer } from './testViewer.ts';
import { useTemporaryStores } from './temporaryStores.ts';

const stores = useTemporaryStores(useBuiltWorker());
const key = encodeUtf8;

async function begin(
  viewer: TestViewer,
  isolation: 'snapshot' | 'serializable',
): Promise<(step: TransactionStep) => Promise<Reply>> {
  const reply = await viewer.ask({ kind: 'begin', isolation });
  if (reply.kind !== 'transaction') throw new Error(JSON.stringify(reply));
  const { transaction } = reply;
  return (step) => viewer.ask({ kind: 'within', transaction, step });
}

const plainPut = (name: string, value: string): Parameters<TestViewer['ask']>[0] => {
  return { kind: 'put', key: key(name), value: key(value), sync: false };
};

it.each([
  ['snapshot', 'done'],
  ['serializable', 'CONFLICT'],
] as const)(
  'under %s a commit after a key that was read has changed is answered %s',
  async (isolation, answer) => {
    const session = await stores.open(`skew under ${isolation}`);
    const viewer = new TestViewer(session);
    const step = await begin(viewer, isolation);
    expect(await step({ kind: 'get', key: key('eve'), forUpdate: false })).toMatchObject({
      value: null,
    });
    await step({ kind: 'put', key: key('ada'), value: key('away') });
    await viewer.ask(plainPut('eve', 'away'));
    const reply = await step({ kind: 'commit', sync: true });
    expect(reply.kind === 'error' ? reply.code : reply.kind).toBe(answer);
    const again = await step({ kind: 'rollback' });
    expect(again).toMatchObject({ kind: 'error', code: 'INVALID_ARGUMENT' });
    const ada = await viewer.ask({ kind: 'get', key: key('ada') });
    expect(ada).toMatchObject({ value: answer === 'done' ? key('away') : null });
    expect(await viewer.differencesFromEngine()).toEqual([]);
    await session.close();
  },
);

it('every step does what it says, seen by the transaction alone', async () => {
  const session = await stores.open('steps');
  const viewer = new TestViewer(session);
  for (const name of ['a', 'b', 'c', 'd']) await viewer.ask(plainPut(name, 'old'));
  const step = await begin(viewer, 'serializable');
  await step({ kind: 'put', key: key('e'), value: key('new') });
  await step({ kind: 'savepoint' });
  await step({ kind: 'delete', key: key('a') });
  await step({ kind: 'restore' });
  await step({ kind: 'single-delete', key: key('b') });
  await step({ kind: 'delete-range', from: key('c'), to: key('d') });
  const all = { kind: 'scan', from: null, to: null, prefix: null, reverse: false } as const;
  const seen = await step({ ...all, limit: 10 });
  const names = (reply: Reply): string[] =>
    reply.kind === 'entries' ? reply.entries.map(([name]) => decodeUtf8(name)) : [];
  expect(names(seen)).toEqual(['a', 'd', 'e']);
  expect(names(await viewer.ask({ ...all, limit: 10 }))).toEqual(['a', 'b', 'c', 'd']);
  expect(await step({ kind: 'merge', key: key('a'), operand: key('x') })).toMatchObject({
    code: 'NOT_SUPPORTED',
  });
  expect(await viewer.differencesFromEngine()).toEqual([]);
  expect(await step({ kind: 'commit', sync: false })).toEqual({ kind: 'done' });
  expect(names(await viewer.ask({ ...all, limit: 10 }))).toEqual(['a', 'd', 'e']);
  await session.close();
});

it('what a viewer leaves behind is rolled back, and nobody else is let in', async () => {
  const session = await stores.open('left');
  const [leaving, staying] = [new TestViewer(session), new TestViewer(session)];
  await begin(leaving, 'snapshot');
  await staying.until(({ state }) => state?.transactions.length === 1);
  leaving.detach();
  await staying.until(({ state }) => state?.transactions.length === 0);
  expect(staying.events.map(({ kind }) => kind)).toContain('transaction.rollback');
  const step = { kind: 'rollback' } as const;
  expect(await staying.ask({ kind: 'within', transaction: 1, step })).toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
  await session.close();
});

it('only so many are open at a time', async () => {
  const session = await stores.open('many');
  const viewer = new TestViewer(session);
  for (let count = 0; count < 100; count++) await begin(viewer, 'snapshot');
  expect(await viewer.ask({ kind: 'begin', isolation: 'snapshot' })).toMatchObject({
    code: 'LIMIT',
  });
  await session.close();
});

it('works in any column family, beside plain reads and writes there', async () => {
  const directory = stores.path('families');
  const made = await Lsm.open(directory, nodeEnvironment(), {});
  await made.createFamily('orders');
  await made.close();
  const session = await stores.open('families');
  const viewer = new TestViewer(session);
  const family = 'orders';
  await viewer.ask({ kind: 'put', key: key('a'), value: key('of orders'), sync: false, family });
  const step = await begin(viewer, 'serializable');
  expect(await step({ kind: 'get', key: key('a'), forUpdate: false })).toMatchObject({
    value: null,
  });
  expect(await step({ kind: 'get', key: key('a'), forUpdate: true, family })).toMatchObject({
    value: key('of orders'),
  });
  await step({ kind: 'put', key: key('b'), value: key('new'), family });
  await step({ kind: 'delete', key: key('a'), family });
  expect((await step({ kind: 'commit', sync: false })).kind).toBe('done');
  const range = { from: null, to: null, prefix: null, reverse: false, limit: 9 };
  expect(await viewer.ask({ kind: 'scan', ...range, family })).toMatchObject({
    entries: [[key('b'), key('new')]],
  });
  expect(await viewer.ask({ kind: 'scan', ...range })).toMatchObject({ entries: [] });
  const wrong = await viewer.ask({ kind: 'get', key: key('a'), family: 'nobody' });
  expect(wrong).toMatchObject({ kind: 'error', code: 'INVALID_ARGUMENT' });
});
