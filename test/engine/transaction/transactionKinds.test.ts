// Transactions over column families, and with every kind of write.

import { describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../../src/base/bytes.ts';
import type { Lsm } from '../../../src/engine/db.ts';
import type { ColumnFamily } from '../../../src/engine/family/columnFamily.ts';
import type { Transaction } from '../../../src/engine/transaction/transaction.ts';
import { TransactionConflict } from '../../../src/engine/transaction/transactionConflict.ts';
import { RecordingSink } from '../recordingSink.ts';
import { bytes, newStore, putAll, texts } from '../testStore.ts';

interface Opened {
  readonly store: Lsm;
  readonly users: ColumnFamily;
  readonly events: RecordingSink;
}

async function withUsers(action: (opened: Opened) => Promise<void>): Promise<void> {
  const events = new RecordingSink();
  const { store } = await newStore({ events });
  const users = await store.createFamily('users');
  await putAll(store, { a: '1', c: '3', e: '5' });
  await store.put(bytes('ada'), bytes('10'), { family: users });
  await action({ store, users, events });
  await store.close();
}

function own(transaction: Transaction, family?: ColumnFamily): string[] {
  return [...transaction.entries({ family })].map(
    ([key, value]) => `${decodeUtf8(key)}=${decodeUtf8(value)}`,
  );
}

async function conflictOf(commit: Promise<void>): Promise<TransactionConflict> {
  const outcome = await commit.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(outcome).toBeInstanceOf(TransactionConflict);
  return outcome as TransactionConflict;
}

describe('families in a transaction', () => {
  test('each shows its own writes only, and all become visible at once', () =>
    withUsers(async ({ store, users }) => {
      const transaction = store.transaction();
      transaction.put(bytes('eve'), bytes('20'), users).put(bytes('b'), bytes('2'));
      transaction.delete(bytes('ada'), users).delete(bytes('a'));
      expect(own(transaction, users)).toEqual(['eve=20']);
      expect(own(transaction)).toEqual(['b=2', 'c=3', 'e=5']);
      expect(await transaction.get(bytes('eve'))).toBeUndefined();
      expect(await transaction.get(bytes('eve'), { family: users })).toEqual(bytes('20'));
      expect(texts(store, { family: users })).toEqual(['ada=10']);
      expect(transaction.writeCount).toBe(4);
      await transaction.commit();
      expect(texts(store, { family: users })).toEqual(['eve=20']);
      expect(texts(store)).toEqual(['b=2', 'c=3', 'e=5']);
    }));

  test('a savepoint covers all of them', () =>
    withUsers(async ({ store, users }) => {
      const transaction = store.transaction();
      transaction.put(bytes('eve'), bytes('20'), users);
      transaction.setSavepoint();
      transaction.put(bytes('b'), bytes('2')).deleteRange(bytes('a'), bytes('z'), users);
      expect(own(transaction, users)).toEqual([]);
      transaction.rollbackToSavepoint();
      await transaction.commit();
      expect(texts(store, { family: users })).toEqual(['ada=10', 'eve=20']);
      expect(texts(store)).toEqual(['a=1', 'c=3', 'e=5']);
    }));

  test('a conflict names the family and the key', () =>
    withUsers(async ({ store, users, events }) => {
      const transaction = store.transaction();
      transaction.put(bytes('ada'), bytes('11'), users).put(bytes('ada'), bytes('in default'));
      await store.put(bytes('ada'), bytes('12'), { family: users });
      const conflict = await conflictOf(transaction.commit());
      expect([conflict.familyName, decodeUtf8(conflict.key)]).toEqual(['users', 'ada']);
      expect(conflict.message).toContain('in the column family "users"');
      expect(events.of('transaction.conflict')).toMatchObject([{ family: users.id }]);
    }));

  test('the same key of another family is no conflict', () =>
    withUsers(async ({ store, users }) => {
      const transaction = store.transaction();
      await transaction.get(bytes('a'));
      transaction.put(bytes('a'), bytes('x'));
      own(transaction);
      await store.put(bytes('a'), bytes('other'), { family: users });
      await transaction.commit();
      expect(texts(store, { prefix: bytes('a') })).toEqual(['a=x']);
    }));

  test('one that was read in another family is a conflict under serializable', () =>
    withUsers(async ({ store, users }) => {
      const transaction = store.transaction();
      own(transaction, users);
      transaction.put(bytes('a'), bytes('x'));
      await store.put(bytes('bob'), bytes('phantom'), { family: users });
      const { access, familyName } = await conflictOf(transaction.commit());
      expect([access, familyName]).toEqual(['range', 'users']);
    }));

  test('a family that is dropped before the commit fails it, and nothing is written', () =>
    withUsers(async ({ store, users }) => {
      const writing = store.transaction().put(bytes('eve'), bytes('1'), users);
      writing.put(bytes('a'), bytes('x'));
      const reading = store.transaction();
      await reading.get(bytes('ada'), { family: users });
      reading.put(bytes('a'), bytes('x'));
      await store.dropFamily(users);
      for (const transaction of [writing, reading]) {
        await expect(transaction.commit()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
        expect(transaction.isOpen).toBe(false);
      }
      expect(() => store.transaction().put(bytes('k'), bytes('v'), users)).toThrow(/was dropped/);
      expect(texts(store)).toEqual(['a=1', 'c=3', 'e=5']);
      expect(store.describe().snapshots.length).toBe(1);
    }));
});

describe('range deletes in a transaction', () => {
  test('hide the store and what was written before, and nothing written after', () =>
    withUsers(async ({ store }) => {
      const transaction = store.transaction();
      transaction.put(bytes('b'), bytes('2')).deleteRange(bytes('b'), bytes('d'));
      expect(own(transaction)).toEqual(['a=1', 'e=5']);
      expect(await transaction.get(bytes('b'))).toBeUndefined();
      transaction.put(bytes('c'), bytes('three')).deleteRange(bytes('d'), bytes('f'));
      expect(own(transaction)).toEqual(['a=1', 'c=three']);
      const reverse = [...transaction.entries({ reverse: true })].map(([key]) => decodeUtf8(key));
      expect(reverse).toEqual(['c', 'a']);
      await transaction.commit();
      expect(texts(store)).toEqual(['a=1', 'c=three']);
    }));

  test('an empty range is nothing', () =>
    withUsers(async ({ store }) => {
      const transaction = store.transaction();
      transaction.deleteRange(bytes('d'), bytes('b')).deleteRange(bytes('a'), bytes('a'));
      expect(transaction.writeCount).toBe(0);
      await transaction.commit();
      expect(texts(store)).toEqual(['a=1', 'c=3', 'e=5']);
    }));

  test.each(['snapshot', 'serializable'] as const)(
    'conflict with a key written into the range, and not with its end (%s)',
    (isolation) =>
      withUsers(async ({ store }) => {
        for (const [key, lost] of [
          ['b', true],
          ['bb', true],
          ['c', true],
          ['d', false],
          ['a', false],
        ] as const) {
          const transaction = store.transaction({ isolation }).deleteRange(bytes('b'), bytes('d'));
          await store.put(bytes(key), bytes('other'));
          if (!lost) {
            await transaction.commit();
            continue;
          }
          const conflict = await conflictOf(transaction.commit());
          expect([conflict.access, decodeUtf8(conflict.key)]).toEqual(['range-delete', key]);
        }
      }),
  );

  test('of two that overlap one loses, and so does one of a range and a key in it', () =>
    withUsers(async ({ store }) => {
      const pairs: readonly ((transaction: Transaction) => void)[] = [
        (transaction) => transaction.deleteRange(bytes('d'), bytes('g')),
        (transaction) => transaction.put(bytes('d'), bytes('x')),
      ];
      for (const write of pairs) {
        for (const isFirst of [true, false]) {
          const deleting = store.transaction().deleteRange(bytes('b'), bytes('e'));
          const other = store.transaction();
          write(other);
          const both = isFirst ? [deleting, other] : [other, deleting];
          const outcomes = await Promise.allSettled(both.map((each) => each.commit()));
          expect(outcomes.map(({ status }) => status).toSorted()).toEqual([
            'fulfilled',
            'rejected',
          ]);
        }
      }
    }));
});

describe('single deletes in a transaction', () => {
  /** What the commit wrote, as the log has it. */
  const written = (events: RecordingSink): string[] =>
    events
      .of('write.begin')
      .at(-1)!
      .entries.map(({ kind, key }) => `${kind} ${decodeUtf8(key)}`);

  test('hide the key, and reach the log as they are', () =>
    withUsers(async ({ store, events }) => {
      const transaction = store.transaction().singleDelete(bytes('a'));
      expect(own(transaction)).toEqual(['c=3', 'e=5']);
      await transaction.commit();
      expect(written(events)).toEqual(['single-delete a']);
      expect(texts(store)).toEqual(['c=3', 'e=5']);
    }));

  test('keep the put that they meet, and stay beneath the next one', () =>
    withUsers(async ({ store, events }) => {
      const transaction = store.transaction();
      transaction.put(bytes('n'), bytes('1')).singleDelete(bytes('n'));
      transaction.singleDelete(bytes('a')).put(bytes('a'), bytes('2')).put(bytes('a'), bytes('3'));
      expect(transaction.writeCount).toBe(4);
      expect(own(transaction)).toEqual(['a=3', 'c=3', 'e=5']);
      await transaction.commit();
      expect(written(events)).toEqual(['single-delete a', 'put a', 'put n', 'single-delete n']);
      await store.singleDelete(bytes('a'));
      await store.compactRange();
      expect(texts(store)).toEqual(['c=3', 'e=5']);
    }));

  test('are forgotten when the key is deleted, or its range', () =>
    withUsers(async ({ store, events }) => {
      const transaction = store.transaction();
      transaction.singleDelete(bytes('a')).put(bytes('a'), bytes('2')).delete(bytes('a'));
      transaction.singleDelete(bytes('c')).deleteRange(bytes('b'), bytes('d'));
      expect(transaction.writeSizeBytes).toBe(3);
      await transaction.commit();
      expect(written(events)).toEqual(['range-delete b', 'delete a']);
      expect(texts(store)).toEqual(['e=5']);
    }));
});

describe('merges in a transaction', () => {
  async function withLists(action: (store: Lsm) => Promise<void>): Promise<void> {
    const { store } = await newStore({ mergeOperator: 'stringappend' });
    await putAll(store, { a: '1', c: '3' });
    await action(store);
    await store.close();
  }

  const textAt = (transaction: Transaction, key: string): string =>
    decodeUtf8(transaction.getSync(bytes(key))!);

  test('work on the store, on own writes and on nothing, both ways', () =>
    withLists(async (store) => {
      await store.merge(bytes('a'), bytes('2'));
      const transaction = store.transaction();
      transaction.merge(bytes('a'), bytes('x')).merge(bytes('a'), bytes('y'));
      transaction.put(bytes('b'), bytes('own')).merge(bytes('b'), bytes('z'));
      transaction.delete(bytes('c')).merge(bytes('c'), bytes('new'));
      transaction.merge(bytes('d'), bytes('alone'));
      const all = ['a=1,2,x,y', 'b=own,z', 'c=new', 'd=alone'];
      expect(['a', 'b', 'c', 'd'].map((key) => `${key}=${textAt(transaction, key)}`)).toEqual(all);
      expect(own(transaction)).toEqual(all);
      const iterator = transaction.iterator({ reverse: true });
      const walked: string[] = [];
      for (iterator.seekToFirst(); iterator.valid; iterator.next()) {
        walked.push(`${decodeUtf8(iterator.key())}=${decodeUtf8(iterator.value())}`);
      }
      expect(walked).toEqual(all.toReversed());
      iterator.seek(bytes('b'));
      iterator.prev();
      expect(decodeUtf8(iterator.value())).toBe('new');
      iterator.close();
      await transaction.commit();
      expect(texts(store)).toEqual(all);
    }));

  test('stand on nothing above a range delete, and go with a later put', () =>
    withLists(async (store) => {
      const transaction = store.transaction().deleteRange(bytes('a'), bytes('b'));
      transaction.merge(bytes('a'), bytes('x')).merge(bytes('c'), bytes('y'));
      expect(own(transaction)).toEqual(['a=x', 'c=3,y']);
      transaction.put(bytes('c'), bytes('z'));
      expect(textAt(transaction, 'a')).toBe('x');
      expect(transaction.writeCount).toBe(3);
      await transaction.commit();
      expect(texts(store)).toEqual(['a=x', 'c=z']);
    }));

  test('conflict with any other write of the key', () =>
    withLists(async (store) => {
      const transaction = store.transaction({ isolation: 'snapshot' });
      transaction.merge(bytes('a'), bytes('x'));
      await store.merge(bytes('a'), bytes('y'));
      expect(await conflictOf(transaction.commit())).toMatchObject({ access: 'write' });
    }));

  test('need an operator', async () => {
    const { store } = await newStore();
    const transaction = store.transaction();
    const refused = expect.objectContaining({ code: 'NOT_SUPPORTED' });
    expect(() => transaction.merge(bytes('a'), bytes('x'))).toThrow(refused);
    expect(transaction.writeCount).toBe(0);
    await store.close();
  });
});
