// One transaction at a time, and two that meet.

import { describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../../src/base/bytes.ts';
import type { Lsm } from '../../../src/engine/db.ts';
import type { RangeOptions } from '../../../src/engine/readOptions.ts';
import type { Transaction } from '../../../src/engine/transaction/transaction.ts';
import { TransactionConflict } from '../../../src/engine/transaction/transactionConflict.ts';
import { RecordingSink } from '../recordingSink.ts';
import { bytes, getText, newStore, openOn, putAll, texts } from '../testStore.ts';
import { SimulatedDisk } from '../../reliability/disk/simulatedDisk.ts';

function own(transaction: Transaction, range: RangeOptions = {}): string[] {
  return [...transaction.entries(range)].map(
    ([key, value]) => `${decodeUtf8(key)}=${decodeUtf8(value)}`,
  );
}

async function textIn(transaction: Transaction, key: string): Promise<string | undefined> {
  const value = await transaction.get(bytes(key));
  return value === undefined ? undefined : decodeUtf8(value);
}

async function conflictOf(commit: Promise<void>): Promise<TransactionConflict> {
  const outcome = await commit.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(outcome).toBeInstanceOf(TransactionConflict);
  return outcome as TransactionConflict;
}

async function withStore(action: (store: Lsm) => Promise<void>): Promise<void> {
  const { store } = await newStore();
  await putAll(store, { a: '1', c: '3', e: '5' });
  await action(store);
  await store.close();
}

describe('a transaction', () => {
  test('sees its own writes, and nobody else does before the commit', () =>
    withStore(async (store) => {
      const transaction = store.transaction();
      transaction.put(bytes('b'), bytes('2')).put(bytes('c'), bytes('three')).delete(bytes('e'));
      expect(await textIn(transaction, 'b')).toBe('2');
      expect(await textIn(transaction, 'c')).toBe('three');
      expect(await textIn(transaction, 'e')).toBeUndefined();
      expect(texts(store)).toEqual(['a=1', 'c=3', 'e=5']);
      await transaction.commit();
      expect(texts(store)).toEqual(['a=1', 'b=2', 'c=three']);
    }));

  test('sees nothing that is written after it began', () =>
    withStore(async (store) => {
      const transaction = store.transaction({ isolation: 'snapshot' });
      await putAll(store, { a: 'new', d: '4' });
      expect(await textIn(transaction, 'a')).toBe('1');
      expect(own(transaction)).toEqual(['a=1', 'c=3', 'e=5']);
      transaction.rollback();
    }));

  test('walks over its own writes both ways, from every place', () =>
    withStore(async (store) => {
      const transaction = store.transaction();
      transaction.put(bytes('b'), bytes('2')).delete(bytes('c')).put(bytes('f'), bytes('6'));
      await putAll(store, { b: 'hidden', d: 'hidden', g: 'hidden' });
      const all = ['a=1', 'b=2', 'e=5', 'f=6'];
      expect(own(transaction)).toEqual(all);
      expect(own(transaction, { reverse: true })).toEqual(all.toReversed());
      expect(own(transaction, { from: bytes('b'), to: bytes('f') })).toEqual(['b=2', 'e=5']);
      expect(own(transaction, { prefix: bytes('b') })).toEqual(['b=2']);
      const iterator = transaction.iterator();
      iterator.seek(bytes('c'));
      const walked: string[] = [];
      const note = (): number => walked.push(decodeUtf8(iterator.key()));
      note();
      iterator.prev();
      note();
      iterator.next();
      note();
      iterator.next();
      note();
      iterator.prev();
      note();
      expect(walked).toEqual(['e', 'b', 'e', 'f', 'e']);
      transaction.rollback();
      expect(() => iterator.next()).toThrow(expect.objectContaining({ code: 'NOT_OPEN' }));
    }));

  test('an iterator shows the writes made before it was opened', () =>
    withStore(async (store) => {
      const transaction = store.transaction();
      transaction.put(bytes('b'), bytes('2'));
      const iterator = transaction.iterator();
      transaction.put(bytes('bb'), bytes('late')).delete(bytes('b'));
      const keys: string[] = [];
      for (iterator.seekToFirst(); iterator.valid; iterator.next()) {
        keys.push(decodeUtf8(iterator.key()));
      }
      expect(keys).toEqual(['a', 'b', 'c', 'e']);
      iterator.close();
      transaction.rollback();
    }));

  test('copies what it is given and hands out copies', () =>
    withStore(async (store) => {
      const transaction = store.transaction();
      const key = bytes('k');
      const value = bytes('v');
      transaction.put(key, value);
      key[0] = value[0] = 0;
      (await transaction.get(bytes('k')))![0] = 0;
      expect(await textIn(transaction, 'k')).toBe('v');
      await transaction.commit();
      expect(await getText(store, 'k')).toBe('v');
    }));

  test('savepoints: each rollback forgets what came after the newest one', () =>
    withStore(async (store) => {
      const transaction = store.transaction();
      transaction.put(bytes('a'), bytes('x'));
      transaction.setSavepoint();
      transaction.delete(bytes('a')).put(bytes('b'), bytes('2'));
      transaction.setSavepoint();
      transaction.put(bytes('b'), bytes('later'));
      expect(transaction.writeCount).toBe(2);
      transaction.rollbackToSavepoint();
      expect(own(transaction)).toEqual(['b=2', 'c=3', 'e=5']);
      transaction.rollbackToSavepoint();
      expect(own(transaction)).toEqual(['a=x', 'c=3', 'e=5']);
      expect(() => transaction.rollbackToSavepoint()).toThrow(/no savepoint/);
      await transaction.commit();
      expect(await getText(store, 'a')).toBe('x');
      expect(await getText(store, 'b')).toBeUndefined();
    }));

  test('what was only read is no conflict after its savepoint, but stays read', () =>
    withStore(async (store) => {
      const transaction = store.transaction();
      transaction.setSavepoint();
      await transaction.get(bytes('a'));
      transaction.put(bytes('c'), bytes('x'));
      transaction.rollbackToSavepoint();
      transaction.put(bytes('z'), bytes('x'));
      await store.put(bytes('c'), bytes('other'));
      await store.put(bytes('a'), bytes('other'));
      const conflict = await conflictOf(transaction.commit());
      expect(decodeUtf8(conflict.key)).toBe('a');
    }));

  test('is over after its end, whatever the end', () =>
    withStore(async (store) => {
      const committed = store.transaction();
      await committed.commit();
      const rolledBack = store.transaction();
      rolledBack.rollback();
      rolledBack.rollback();
      for (const transaction of [committed, rolledBack]) {
        expect(transaction.isOpen).toBe(false);
        const over = expect.objectContaining({ code: 'NOT_OPEN' });
        expect(() => transaction.put(bytes('k'), bytes('v'))).toThrow(over);
        expect(() => transaction.getSync(bytes('k'))).toThrow(over);
        expect(() => transaction.iterator()).toThrow(over);
        await expect(transaction.commit()).rejects.toEqual(over);
      }
    }));

  test('holds its snapshot until its end, and no longer', () =>
    withStore(async (store) => {
      const transaction = store.transaction();
      expect(store.describe().snapshots).toEqual([3]);
      transaction.rollback();
      expect(store.describe().snapshots).toEqual([]);
      const conflicting = store.transaction().put(bytes('a'), bytes('x'));
      await store.put(bytes('a'), bytes('y'));
      await conflictOf(conflicting.commit());
      expect(store.describe().snapshots).toEqual([]);
      expect(store.describe().transactions).toEqual([]);
    }));

  test('has bounded memory, for writes and for reads', () =>
    withStore(async (store) => {
      const limit = expect.objectContaining({ code: 'LIMIT' });
      const writing = store.transaction({ memoryLimit: 2048 });
      writing.put(bytes('k'), new Uint8Array(1500));
      expect(() => writing.put(bytes('l'), new Uint8Array(1500))).toThrow(limit);
      writing.put(bytes('k'), new Uint8Array(1600));
      await writing.commit();
      expect((await store.get(bytes('k')))?.length).toBe(1600);
      const reading = store.transaction({ memoryLimit: 1024 });
      expect(() => {
        for (let key = 0; key < 100; key++) reading.getSync(bytes(`k${key}`));
      }).toThrow(limit);
      reading.rollback();
      expect(() => store.transaction({ memoryLimit: 5 })).toThrow(/memoryLimit/);
      expect(() => store.transaction({ isolation: 'dirty' as never })).toThrow(/isolation/);
    }));

  test('does not begin on a closed store, and ends with the store', async () => {
    const { store, disk } = await newStore();
    const transaction = store.transaction().put(bytes('k'), bytes('v'));
    await store.close();
    expect(transaction.isOpen).toBe(false);
    expect(() => store.transaction()).toThrow(expect.objectContaining({ code: 'NOT_OPEN' }));
    const again = await openOn(disk, { readOnly: true });
    const reader = again.transaction();
    expect(await reader.get(bytes('k'))).toBeUndefined();
    await reader.commit();
    const writer = again.transaction().put(bytes('k'), bytes('v'));
    await expect(writer.commit()).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
    await again.close();
  });

  test('a commit that the disk refuses writes nothing and ends the transaction', async () => {
    const disk = new SimulatedDisk();
    const { store } = await newStore({}, disk);
    const transaction = store.transaction().put(bytes('k'), bytes('v'));
    disk.shouldFail = (call) => call === 'write';
    await expect(transaction.commit()).rejects.toMatchObject({ code: 'IO' });
    disk.shouldFail = () => false;
    expect(transaction.isOpen).toBe(false);
    expect(await getText(store, 'k')).toBeUndefined();
    await expect(store.transaction().put(bytes('k'), bytes('v')).commit()).rejects.toMatchObject({
      code: 'NOT_OPEN',
    });
    await store.close();
  });
});

describe('two transactions that meet', () => {
  test.each(['snapshot', 'serializable'] as const)(
    'the second writer of a key loses (%s), in memtables and in tables',
    (isolation) =>
      withStore(async (store) => {
        for (const place of ['memtable', 'table'] as const) {
          const first = store.transaction({ isolation }).put(bytes('c'), bytes('first'));
          const second = store.transaction({ isolation }).put(bytes('c'), bytes('second'));
          await first.commit();
          if (place === 'table') await store.compactRange();
          const conflict = await conflictOf(second.commit());
          expect(conflict).toMatchObject({ code: 'CONFLICT', access: 'write' });
          expect(decodeUtf8(conflict.key)).toBe('c');
          expect(conflict.snapshotSequence).toBe(second.sequence);
          expect(conflict.newestSequence).toBe(second.sequence + 1);
          expect(await getText(store, 'c')).toBe('first');
        }
      }),
  );

  test('a plain write, a batch and a removal conflict as well', () =>
    withStore(async (store) => {
      const transaction = store.transaction({ isolation: 'snapshot' }).put(bytes('a'), bytes('x'));
      await store.delete(bytes('a'));
      expect((await conflictOf(transaction.commit())).access).toBe('write');
    }));

  test('different keys do not conflict', () =>
    withStore(async (store) => {
      const first = store.transaction().put(bytes('a'), bytes('x'));
      const second = store.transaction().put(bytes('b'), bytes('y'));
      await Promise.all([first.commit(), second.commit()]);
      expect(texts(store)).toEqual(['a=x', 'b=y', 'c=3', 'e=5']);
    }));

  test('write skew happens under snapshot, never under serializable', () =>
    withStore(async (store) => {
      // Two doctors on call; each leaves if the other stays.
      const leave = async (isolation: 'snapshot' | 'serializable'): Promise<boolean[]> => {
        await putAll(store, { ada: 'on call', eve: 'on call' });
        const pairs = [['ada', 'eve'] as const, ['eve', 'ada'] as const];
        const shifts = pairs.map(([who, other]) => ({
          who,
          other,
          transaction: store.transaction({ isolation }),
        }));
        for (const { who, other, transaction } of shifts) {
          if ((await textIn(transaction, other)) === 'on call') {
            transaction.put(bytes(who), bytes('away'));
          }
        }
        const commits = shifts.map(({ transaction }) =>
          transaction.commit().then(
            () => true,
            () => false,
          ),
        );
        return Promise.all(commits);
      };
      expect(await leave('snapshot')).toEqual([true, true]);
      expect(await getText(store, 'ada')).toBe('away');
      expect(await getText(store, 'eve')).toBe('away');
      expect(await leave('serializable')).toEqual([true, false]);
      expect(await getText(store, 'ada')).toBe('away');
      expect(await getText(store, 'eve')).toBe('on call');
    }));

  test('getForUpdate prevents that skew under snapshot, too', () =>
    withStore(async (store) => {
      const transaction = store.transaction({ isolation: 'snapshot' });
      await transaction.getForUpdate(bytes('a'));
      transaction.put(bytes('b'), bytes('2'));
      await store.put(bytes('a'), bytes('other'));
      expect(await conflictOf(transaction.commit())).toMatchObject({ access: 'update' });
      const unwritten = store.transaction({ isolation: 'snapshot' });
      await unwritten.getForUpdate(bytes('a'));
      await store.put(bytes('a'), bytes('again'));
      expect(await conflictOf(unwritten.commit())).toMatchObject({ access: 'update' });
    }));
});

describe('phantoms', () => {
  const walkTo = (transaction: Transaction, range: RangeOptions): void =>
    void own(transaction, range);
  const cases: readonly (readonly [string, (t: Transaction) => void, string, boolean])[] = [
    [
      'a key inside a walked range',
      (t) => walkTo(t, { from: bytes('b'), to: bytes('d') }),
      'bb',
      true,
    ],
    ['its lower end', (t) => walkTo(t, { from: bytes('b'), to: bytes('d') }), 'b', true],
    ['its upper end', (t) => walkTo(t, { from: bytes('b'), to: bytes('d') }), 'd', false],
    ['a key below it', (t) => walkTo(t, { from: bytes('b'), to: bytes('d') }), 'aa', false],
    ['behind the last key of an open range', (t) => walkTo(t, { from: bytes('b') }), 'zz', true],
    ['below the first key of an open range', (t) => walkTo(t, { to: bytes('b') }), '0', true],
    ['what a limit left unseen', (t) => walkTo(t, { limit: 2 }), 'd', false],
    ['what a limit showed', (t) => walkTo(t, { limit: 2 }), 'b', true],
    ['what a reverse limit left unseen', (t) => walkTo(t, { limit: 1, reverse: true }), 'd', false],
    ['what a reverse limit showed', (t) => walkTo(t, { limit: 2, reverse: true }), 'f', true],
    ['a gap that a seek passed', (t) => t.iterator().seek(bytes('b')), 'bb', true],
    ['a key behind where a seek stands', (t) => t.iterator().seek(bytes('b')), 'd', false],
    ['the key a seek stands on', (t) => t.iterator().seek(bytes('b')), 'c', true],
  ];

  test.each(cases)('%s', (_name, read, written, conflicts) =>
    withStore(async (store) => {
      for (const isolation of ['serializable', 'snapshot'] as const) {
        const transaction = store.transaction({ isolation }).put(bytes('own'), bytes('x'));
        read(transaction);
        await store.put(bytes(written), bytes('phantom'));
        const outcome = await transaction.commit().then(
          () => 'committed',
          ({ access, key }: TransactionConflict) => `${access} ${decodeUtf8(key)}`,
        );
        const lost = conflicts && isolation === 'serializable';
        expect(outcome).toBe(lost ? `range ${written}` : 'committed');
        await store.delete(bytes('own'));
        if (!['a', 'c', 'e'].includes(written)) await store.delete(bytes(written));
        else await putAll(store, { a: '1', c: '3', e: '5' });
      }
    }),
  );

  test('are found in tables as well', () =>
    withStore(async (store) => {
      const transaction = store.transaction().put(bytes('z'), bytes('x'));
      walkTo(transaction, { from: bytes('b'), to: bytes('d') });
      await store.put(bytes('bb'), bytes('phantom'));
      await store.compactRange();
      expect(await conflictOf(transaction.commit())).toMatchObject({ access: 'range' });
    }));
});

describe('what a transaction tells', () => {
  test('begin, commit, conflict and rollback, each with its figures', async () => {
    const events = new RecordingSink();
    const { store } = await newStore({ events });
    await putAll(store, { a: '1' });
    const first = store.transaction().put(bytes('a'), bytes('22'));
    const second = store.transaction({ isolation: 'snapshot' }).put(bytes('a'), bytes('3'));
    expect(store.describe().transactions).toMatchObject([
      { transaction: 1, isolation: 'serializable', sequence: 1 },
      { transaction: 2, isolation: 'snapshot', sequence: 1 },
    ]);
    await first.get(bytes('q'));
    await first.commit();
    await conflictOf(second.commit());
    store.transaction().put(bytes('a'), bytes('3')).rollback();
    expect(events.of('transaction.begin').map(({ transaction }) => transaction)).toEqual([1, 2, 3]);
    expect(events.of('transaction.commit')).toMatchObject([
      { transaction: 1, entries: 1, keysRead: 1, rangesRead: 0, firstSequence: 2 },
    ]);
    expect(events.of('transaction.conflict')).toMatchObject([
      { transaction: 2, access: 'write', newestSequence: 2, snapshotSequence: 1 },
    ]);
    expect(events.of('transaction.rollback')).toMatchObject([
      { transaction: 3, entries: 1, reason: 'asked' },
    ]);
    await store.close();
  });

  test('transactions that commit together share one record and one sync', async () => {
    const events = new RecordingSink();
    const { store } = await newStore({ events });
    const together = Array.from({ length: 20 }, (_, index) =>
      store.transaction().put(bytes(`k${index}`), bytes('v')),
    );
    await Promise.all(together.map((transaction) => transaction.commit({ sync: true })));
    expect(events.of('wal.append').length).toBe(1);
    expect(events.of('wal.sync').length).toBe(1);
    const firsts = events.of('transaction.commit').map(({ firstSequence }) => firstSequence);
    expect(firsts.toSorted((a, b) => a - b)).toEqual(together.map((_, index) => index + 1));
    await store.close();
  });
});
