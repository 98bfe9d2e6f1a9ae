// What many transactions at once may and may not show: the bank whose total never changes, and
// lists whose every read tells the order of writes.

import { describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../../src/base/bytes.ts';
import { Random } from '../../../src/base/random.ts';
import type { Transaction } from '../../../src/engine/transaction/transaction.ts';
import type { IsolationLevel } from '../../../src/protocol/transactionEvents.ts';
import { nextTurn } from '../simulatedWorld.ts';
import { bytes, newStore } from '../testStore.ts';
import { BUSY, commits } from './busyStore.ts';
import { checkHistory } from './listHistory.ts';
import type { Anomalies, ListAction, ListTransaction } from './listHistory.ts';

const LEVELS: readonly IsolationLevel[] = ['snapshot', 'serializable'];

async function numberAt(transaction: Transaction, key: string): Promise<number> {
  return Number(decodeUtf8((await transaction.get(bytes(key)))!));
}

describe.each(LEVELS)('under %s', (isolation) => {
  test('a bank never gains or loses money', async () => {
    const { store } = await newStore(BUSY);
    const accounts = Array.from({ length: 8 }, (_, index) => `account${index}`);
    for (const account of accounts) await store.put(bytes(account), bytes('100'));
    let transfers = 0;
    let conflicts = 0;
    const teller = async (random: Random): Promise<void> => {
      for (let round = 0; round < 25; round++) {
        const transaction = store.transaction({ isolation });
        const from = accounts[random.nextBelow(8)]!;
        const to = accounts[random.nextBelow(8)]!;
        if (from === to) {
          transaction.rollback();
          continue;
        }
        const amount = 1 + random.nextBelow(20);
        const left = (await numberAt(transaction, from)) - amount;
        await nextTurn();
        const right = (await numberAt(transaction, to)) + amount;
        transaction.put(bytes(from), bytes(String(left))).put(bytes(to), bytes(String(right)));
        if (await commits(transaction)) transfers++;
        else conflicts++;
      }
    };
    const auditor = async (): Promise<void> => {
      for (let round = 0; round < 30; round++) {
        const transaction = store.transaction({ isolation });
        const total = [...transaction.entries()].reduce(
          (sum, [, value]) => sum + Number(decodeUtf8(value)),
          0,
        );
        expect(total).toBe(800);
        await nextTurn();
        await transaction.commit();
      }
    };
    const tellers = Array.from({ length: 6 }, (_, index) => teller(new Random(index)));
    await Promise.all([...tellers, auditor()]);
    expect(transfers).toBeGreaterThan(20);
    expect(conflicts).toBeGreaterThan(0);
    await store.close();
  });

  test('no update is lost: a counter counts every commit', async () => {
    const { store } = await newStore(BUSY);
    await store.put(bytes('counter'), bytes('0'));
    let committed = 0;
    const worker = async (): Promise<void> => {
      for (let round = 0; round < 12; round++) {
        const transaction = store.transaction({ isolation });
        const count = await numberAt(transaction, 'counter');
        await nextTurn();
        transaction.put(bytes('counter'), bytes(String(count + 1)));
        if (await commits(transaction)) committed++;
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(decodeUtf8((await store.get(bytes('counter')))!)).toBe(String(committed));
    expect(committed).toBeGreaterThanOrEqual(12);
    await store.close();
  });
});

describe('histories of lists', () => {
  /** Runs transactions that read and append at once; answers what the checker finds. */
  async function listRun(isolation: IsolationLevel, seed: number): Promise<Anomalies> {
    const { store } = await newStore(BUSY);
    const lists = ['x', 'y', 'z'];
    const committed: ListTransaction[] = [];
    let element = 0;
    const worker = async (random: Random): Promise<void> => {
      for (let round = 0; round < 10; round++) {
        const transaction = store.transaction({ isolation });
        const actions: ListAction[] = [];
        const appended = new Set<string>();
        for (let step = 0; step < 3; step++) {
          const list = lists[random.nextBelow(3)]!;
          if (appended.has(list)) continue;
          const value = await transaction.get(bytes(list));
          const text = value === undefined ? '' : decodeUtf8(value);
          const elements = text === '' ? [] : text.split(',').map(Number);
          actions.push({ kind: 'read', list, elements });
          if (random.nextBelow(2) === 0) {
            actions.push({ kind: 'append', list, element: ++element });
            transaction.put(bytes(list), bytes([...elements, element].join()));
            appended.add(list);
          }
          if (random.nextBelow(2) === 0) await nextTurn();
        }
        if (await commits(transaction)) committed.push(actions);
      }
    };
    await Promise.all(Array.from({ length: 5 }, (_, index) => worker(new Random(seed + index))));
    const finalLists = new Map(
      [...store.entries()].map(([key, value]) => [
        decodeUtf8(key),
        decodeUtf8(value).split(',').map(Number),
      ]),
    );
    await store.close();
    return checkHistory(committed, finalLists);
  }

  test('serializable ones have no cycle at all', async () => {
    for (let seed = 0; seed < 200; seed += 20) {
      const found = await listRun('serializable', seed);
      expect(found, `seed ${seed}`).toEqual({ badReads: [], cycle: '', snapshotCycle: '' });
    }
  });

  test('those of snapshot isolation have write skew, and nothing worse', async () => {
    let skews = 0;
    for (let seed = 0; seed < 200; seed += 20) {
      const { badReads, cycle, snapshotCycle } = await listRun('snapshot', seed);
      expect([badReads, snapshotCycle], `seed ${seed}`).toEqual([[], '']);
      if (cycle !== '') skews++;
    }
    expect(skews).toBeGreaterThan(0);
  });
});
