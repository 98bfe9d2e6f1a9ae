// What many transactions at once may and may not show: the bank whose total never changes, lists
// whose every read tells the order of writes, and random programs whose outcome a model predicts to
// the last conflict.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeUtf8, encodeHex } from '../../../src/base/bytes.ts';
import { Random } from '../../../src/base/random.ts';
import type { Lsm } from '../../../src/engine/db.ts';
import type { Transaction } from '../../../src/engine/transaction/transaction.ts';
import { TransactionConflict } from '../../../src/engine/transaction/transactionConflict.ts';
import type { IsolationLevel } from '../../../src/protocol/transactionEvents.ts';
import { contentAfter, scan } from '../../model/storeModel.ts';
import type { Content } from '../../model/storeModel.ts';
import { nextTurn } from '../simulatedWorld.ts';
import { bytes, newStore } from '../testStore.ts';
import { checkHistory } from './listHistory.ts';
import type { Anomalies, ListAction, ListTransaction } from './listHistory.ts';

/** Small enough that memtables are flushed and tables merged while transactions run. */
const BUSY = { memtableSize: 2048, blockSize: 256, maxL0SSTables: 2, levelBaseSize: 8192 };

const LEVELS: readonly IsolationLevel[] = ['snapshot', 'serializable'];

async function numberAt(transaction: Transaction, key: string): Promise<number> {
  return Number(decodeUtf8((await transaction.get(bytes(key)))!));
}

/** Whether the commit went through; any other fault is thrown on. */
async function commits(transaction: Transaction): Promise<boolean> {
  try {
    await transaction.commit();
    return true;
  } catch (thrown) {
    if (thrown instanceof TransactionConflict) return false;
    throw thrown;
  }
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

// Random programs, step by step in a random order, against a model that knows what must conflict.

type Step =
  | { readonly kind: 'get' | 'getForUpdate' | 'delete'; readonly key: string }
  | { readonly kind: 'put'; readonly key: string; readonly value: string }
  | {
      readonly kind: 'scan';
      readonly from: string | undefined;
      readonly to: string | undefined;
      readonly reverse: boolean;
      readonly limit: number | undefined;
    }
  | { readonly kind: 'setSavepoint' | 'rollbackToSavepoint' };

interface Program {
  readonly isolation: IsolationLevel;
  readonly steps: readonly Step[];
}

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const maybeKey = fc.option(key, { nil: undefined });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('get' as const), key }),
  fc.record({ kind: fc.constant('getForUpdate' as const), key }),
  fc.record({ kind: fc.constant('delete' as const), key }),
  fc.record({ kind: fc.constant('put' as const), key, value: fc.string({ maxLength: 3 }) }),
  fc.record({ kind: fc.constant('put' as const), key, value: fc.string({ maxLength: 3 }) }),
  fc.record({
    kind: fc.constant('scan' as const),
    from: maybeKey,
    to: maybeKey,
    reverse: fc.boolean(),
    limit: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  }),
  fc.constantFrom({ kind: 'setSavepoint' } as const, { kind: 'rollbackToSavepoint' } as const),
);
const program: fc.Arbitrary<Program> = fc.record({
  isolation: fc.constantFrom<IsolationLevel>('snapshot', 'serializable'),
  steps: fc.array(step, { minLength: 1, maxLength: 7 }),
});

/** A transaction and what the model knows of it. */
class ModelledTransaction {
  readonly isolation: IsolationLevel;
  private readonly transaction: Transaction;
  private readonly snapshot: Content;
  private writes: ReadonlyMap<string, string | undefined> = new Map();
  private readonly savepoints: ReadonlyMap<string, string | undefined>[] = [];
  private readonly updates = new Set<string>();
  private readonly reads = new Set<string>();
  /** Whether a key lies where a scan has been. */
  private readonly walks: ((key: string) => boolean)[] = [];

  constructor(store: Lsm, isolation: IsolationLevel, snapshot: Content) {
    this.isolation = isolation;
    this.transaction = store.transaction({ isolation });
    this.snapshot = snapshot;
  }

  async perform(action: Step): Promise<void> {
    const { transaction } = this;
    switch (action.kind) {
      case 'get':
        if (!this.writes.has(action.key)) this.reads.add(action.key);
        return this.compare(await transaction.get(bytes(action.key)), action.key);
      case 'getForUpdate':
        this.updates.add(action.key);
        return this.compare(await transaction.getForUpdate(bytes(action.key)), action.key);
      case 'put':
        transaction.put(bytes(action.key), bytes(action.value));
        this.writes = new Map(this.writes).set(action.key, action.value);
        return;
      case 'delete':
        transaction.delete(bytes(action.key));
        this.writes = new Map(this.writes).set(action.key, undefined);
        return;
      case 'scan':
        return this.scan(action);
      case 'setSavepoint':
        transaction.setSavepoint();
        this.savepoints.push(this.writes);
        return;
      case 'rollbackToSavepoint':
        if (this.savepoints.length === 0) return;
        transaction.rollbackToSavepoint();
        this.writes = this.savepoints.pop()!;
    }
  }

  /**
   * Commits; the model says whether it must conflict.
   * @param changed keys that others have written since this one began.
   * @returns the content after it.
   */
  async commit(current: Content, changed: ReadonlySet<string>): Promise<Content> {
    const relied = [...changed].filter((changedKey) => this.reliesOn(changedKey));
    const mayCheck = this.writes.size > 0 || this.updates.size > 0;
    const committed = await commits(this.transaction);
    expect(committed).toBe(!mayCheck || relied.length === 0);
    return committed ? contentAfter(current, this.changes()) : current;
  }

  get writtenKeys(): readonly string[] {
    return [...this.writes.keys()];
  }

  private reliesOn(changedKey: string): boolean {
    if (this.writes.has(changedKey) || this.updates.has(changedKey)) return true;
    if (this.isolation === 'snapshot') return false;
    return this.reads.has(changedKey) || this.walks.some((walked) => walked(changedKey));
  }

  private changes(): [Uint8Array, Uint8Array | undefined][] {
    return [...this.writes].map(([text, value]) => [
      bytes(text),
      value === undefined ? undefined : bytes(value),
    ]);
  }

  private get view(): Content {
    return contentAfter(this.snapshot, this.changes());
  }

  private compare(value: Uint8Array | undefined, text: string): void {
    expect(value).toEqual(this.view.get(encodeHex(bytes(text))));
  }

  private scan({ from, to, reverse, limit }: Extract<Step, { kind: 'scan' }>): void {
    const range = {
      from: from === undefined ? undefined : bytes(from),
      to: to === undefined ? undefined : bytes(to),
      reverse,
      limit,
    };
    const expected = scan(this.view, range);
    expect([...this.transaction.entries(range)]).toEqual(expected);
    const isCut = limit !== undefined && expected.length === limit;
    const last = isCut ? decodeUtf8(expected.at(-1)![0]) : undefined;
    this.walks.push((text) => {
      if ((from !== undefined && text < from) || (to !== undefined && text >= to)) return false;
      if (last === undefined) return true;
      return reverse ? text >= last : text <= last;
    });
  }
}

describe('random programs', () => {
  test('see and conflict exactly as the model says', { timeout: 60_000 }, async () => {
    let conflicts = 0;
    const property = fc.asyncProperty(
      fc.array(program, { minLength: 2, maxLength: 5 }),
      fc.array(fc.nat({ max: 4 }), { maxLength: 40 }),
      fc.boolean(),
      async (programs, schedule, flushes) => {
        const { store } = await newStore(flushes ? { ...BUSY, memtableSize: 1024 } : {});
        let content: Content = new Map();
        const running = programs.map(() => ({
          model: undefined as ModelledTransaction | undefined,
          next: 0,
          changed: new Set<string>(),
        }));
        const advance = async (index: number): Promise<void> => {
          const { isolation, steps } = programs[index]!;
          const self = running[index]!;
          if (self.next > steps.length) return;
          self.model ??= new ModelledTransaction(store, isolation, content);
          if (self.next < steps.length) {
            await self.model.perform(steps[self.next++]!);
            return;
          }
          self.next++;
          const after = await self.model.commit(content, self.changed);
          if (after === content) {
            conflicts++;
            return;
          }
          content = after;
          for (const other of running) {
            if (other.model !== undefined && other !== self) {
              for (const written of self.model.writtenKeys) other.changed.add(written);
            }
          }
          if (flushes) await store.flush();
        };
        for (const turn of schedule) await advance(turn % programs.length);
        for (const [index, { steps }] of programs.entries()) {
          for (let more = steps.length + 1; more > 0; more--) await advance(index);
        }
        expect([...store.entries()]).toEqual(scan(content, {}));
        await store.close();
      },
    );
    await fc.assert(property, { numRuns: 120 });
    expect(conflicts).toBeGreaterThan(10);
  });
});
