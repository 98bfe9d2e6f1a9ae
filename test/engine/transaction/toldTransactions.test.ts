// What open transactions tell: their own writes, what they rely on, and each check of a commit.

import { describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../../src/base/bytes.ts';
import type { Lsm } from '../../../src/engine/db.ts';
import type { LsmEvent } from '../../../src/protocol/events.ts';
import { reduce } from '../../../src/protocol/reduce.ts';
import type { CheckedKeys } from '../../../src/protocol/transactionEvents.ts';
import { RecordingSink } from '../recordingSink.ts';
import { bytes, newStore, putAll } from '../testStore.ts';

async function withSink(
  action: (store: Lsm, events: RecordingSink) => Promise<void>,
): Promise<void> {
  const events = new RecordingSink();
  const { store } = await newStore({ events, mergeOperator: 'stringappend' });
  await putAll(store, { ada: 'on call', eve: 'on call', max: 'away' });
  await action(store, events);
  await store.close();
}

function rangeText({ from, to, toIncluded }: CheckedKeys): string {
  const text = (key: Uint8Array | null): string => (key === null ? '' : decodeUtf8(key));
  return `${text(from)}..${text(to)}${toIncluded ? '' : ')'}`;
}

/** Everything told of one transaction, a line each. */
function toldOf(events: RecordingSink, transaction: number): string[] {
  return events.events
    .filter((event) => 'transaction' in event && event.transaction === transaction)
    .map(lineOf);
}

function lineOf(event: LsmEvent): string {
  switch (event.kind) {
    case 'transaction.write': {
      const { entry, entries, sizeBytes } = event;
      const value = decodeUtf8(entry.valuePreview);
      return `${entry.kind} ${decodeUtf8(entry.key)} ${value}: ${entries}, ${sizeBytes} B`;
    }
    case 'transaction.read': {
      const { key, valuePreview, own, checked, purpose, found, keysRead } = event;
      const flags = [own ? 'own' : 'store', checked ? 'checked' : 'unchecked', keysRead];
      const answer = found ? decodeUtf8(valuePreview) : 'absent';
      return `${purpose} ${decodeUtf8(key)}: ${answer}, ${flags.join(' ')}`;
    }
    case 'transaction.walk':
      return `walk ${rangeText(event.range)}, ${event.checked ? 'checked' : 'unchecked'}`;
    case 'transaction.check':
      return `check ${event.access} ${rangeText(event.range)}: ${event.newestSequence}`;
    case 'transaction.savepoint':
      return `savepoint ${event.savepoints}`;
    case 'transaction.restore':
      return `restore ${event.savepoints}: ${event.entries}, ${event.sizeBytes} B`;
    case 'transaction.conflict':
      return `conflict ${event.access} ${decodeUtf8(event.key)} ${event.newestSequence}`;
    default:
      return event.kind.slice('transaction.'.length);
  }
}

describe('an open transaction tells', () => {
  test('every kind of write, and what going back to a savepoint leaves', () =>
    withSink(async (store, events) => {
      const transaction = store.transaction();
      transaction.put(bytes('ada'), bytes('away')).merge(bytes('log'), bytes('x'));
      transaction.setSavepoint();
      transaction.delete(bytes('eve')).singleDelete(bytes('max'));
      transaction.deleteRange(bytes('a'), bytes('c'));
      transaction.rollbackToSavepoint();
      transaction.rollback();
      expect(toldOf(events, 1)).toEqual([
        'begin',
        'put ada away: 1, 7 B',
        'merge log x: 2, 11 B',
        'savepoint 1',
        'delete eve : 3, 14 B',
        'single-delete max : 4, 17 B',
        'range-delete a c: 4, 12 B',
        'restore 0: 2, 11 B',
        'rollback',
      ]);
    }));

  test('whose value it read, and whether the commit will check it', () =>
    withSink(async (store, events) => {
      for (const isolation of ['serializable', 'snapshot'] as const) {
        const transaction = store.transaction({ isolation });
        transaction.put(bytes('ada'), bytes('away'));
        for (const key of ['ada', 'eve', 'nobody']) await transaction.get(bytes(key));
        await transaction.getForUpdate(bytes('max'));
        Array.from(transaction.entries({ from: bytes('b'), to: bytes('f') }));
        transaction.rollback();
      }
      expect(toldOf(events, 1)).toEqual([
        'begin',
        'put ada away: 1, 7 B',
        'read ada: away, own unchecked 0',
        'read eve: on call, store checked 1',
        'read nobody: absent, store checked 2',
        'update max: away, store checked 3',
        'walk b..f), checked',
        'rollback',
      ]);
      expect(toldOf(events, 2)).toEqual([
        'begin',
        'put ada away: 1, 7 B',
        'read ada: away, own unchecked 0',
        'read eve: on call, store unchecked 0',
        'read nobody: absent, store unchecked 0',
        'update max: away, store checked 1',
        'walk b..f), unchecked',
        'rollback',
      ]);
    }));
});

describe('a commit tells', () => {
  test('each thing it checks, up to the change that ends it', () =>
    withSink(async (store, events) => {
      for (const isolation of ['snapshot', 'serializable'] as const) {
        const [ada, eve] = [store.transaction({ isolation }), store.transaction({ isolation })];
        await ada.get(bytes('eve'));
        await eve.get(bytes('ada'));
        ada.put(bytes('ada'), bytes('away'));
        eve.put(bytes('eve'), bytes('away'));
        await ada.commit();
        await eve.commit().catch(() => undefined);
      }
      const checks = [1, 2, 3, 4].map((id) => toldOf(events, id).slice(3));
      expect(checks).toEqual([
        ['check write ada..ada: 0', 'commit'],
        ['check write eve..eve: 0', 'commit'],
        ['check write ada..ada: 0', 'check read eve..eve: 0', 'commit'],
        ['check write eve..eve: 0', 'check read ada..ada: 6', 'conflict read ada 6'],
      ]);
    }));

  test('its own ranges and the ranges it has walked over', () =>
    withSink(async (store, events) => {
      const transaction = store.transaction();
      Array.from(transaction.entries({ from: bytes('d'), to: bytes('n') }));
      transaction.deleteRange(bytes('x'), bytes('z'));
      await store.put(bytes('kim'), bytes('on call'));
      await expect(transaction.commit()).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(toldOf(events, 1).slice(3)).toEqual([
        'check range-delete x..z): 0',
        'check range d..n): 4',
        'conflict range kim 4',
      ]);
    }));

  test('what was written while it checked, once more', () =>
    withSink(async (store, events) => {
      const transaction = store.transaction().put(bytes('eve'), bytes('away'));
      const [commit] = [transaction.commit(), store.put(bytes('new'), bytes('1'))];
      await commit;
      expect(toldOf(events, 1).filter((line) => line.startsWith('check'))).toEqual([
        'check write eve..eve: 0',
        'check write eve..eve: 0',
      ]);
    }));

  test('check by check, and waits for a viewer that keeps pace', () =>
    withSink(async (store, events) => {
      const transaction = store.transaction();
      for (const key of ['ada', 'eve', 'max']) transaction.put(bytes(key), bytes('x'));
      let most = 0;
      let seen = events.events.length;
      events.gate = async () => {
        most = Math.max(most, events.events.length - seen);
        await new Promise((resolve) => setImmediate(resolve));
        seen = events.events.length;
      };
      await transaction.commit();
      events.gate = null;
      expect(events.of('transaction.check')).toHaveLength(3);
      expect(most).toBeLessThanOrEqual(2);
    }));
});

test('the fold of what is told gives the figures that the engine gives', () =>
  withSink(async (store, events) => {
    const initial = store.describe();
    const before = events.events.length;
    const check = (): void => {
      const folded = events.events.slice(before).reduce(reduce, initial);
      expect(folded.transactions).toEqual(store.describe().transactions);
    };
    const transaction = store.transaction();
    check();
    transaction.put(bytes('a'), bytes('1')).deleteRange(bytes('b'), bytes('d'));
    transaction.setSavepoint();
    await transaction.get(bytes('eve'));
    Array.from(transaction.entries({ limit: 2 }));
    transaction.setSavepoint();
    transaction.put(bytes('z'), bytes('1'));
    check();
    expect(store.describe().transactions).toMatchObject([
      { entries: 3, keysRead: 1, rangesRead: 1, savepoints: 2 },
    ]);
    transaction.rollbackToSavepoint();
    check();
    await transaction.commit();
    check();
    expect(store.describe().transactions).toEqual([]);
  }));
