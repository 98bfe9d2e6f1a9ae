// Expiry: what was written too long ago is gone in every way to read; nothing older comes back.

import { expect, test } from 'vitest';
import { decodeUtf8 } from '../../src/base/bytes.ts';
import { Lsm } from '../../src/engine/db.ts';
import type { LsmOptions } from '../../src/engine/options.ts';
import { RecordingSink } from './recordingSink.ts';
import { DIRECTORY, simulatedEnvironment, TwoHandClock } from './simulatedWorld.ts';
import { bytes, getText, texts } from './testStore.ts';
import { SimulatedDisk } from '../reliability/disk/simulatedDisk.ts';

const SMALL = { blockSize: 128, maxL0SSTables: 100 };

async function openAt(
  clock: TwoHandClock,
  options: LsmOptions,
  disk: SimulatedDisk = new SimulatedDisk(),
): Promise<{ store: Lsm; disk: SimulatedDisk }> {
  const environment = { ...simulatedEnvironment(7, disk), clock };
  return { store: await Lsm.open(DIRECTORY, environment, { ...SMALL, ...options }), disk };
}

test('an expired entry is absent everywhere, and what it replaced does not come back', async () => {
  const clock = new TwoHandClock();
  const { store } = await openAt(clock, { ttlSeconds: 100 });
  await store.put(bytes('k'), bytes('first'));
  await store.flush();
  clock.pass(60);
  await store.put(bytes('other'), bytes('1'));
  await store.put(bytes('k'), bytes('second'));
  clock.pass(60);
  expect(await getText(store, 'k')).toBe('second');
  clock.pass(60);
  await store.put(bytes('young'), bytes('1'));
  for (let round = 0; round < 3; round++) {
    expect(await getText(store, 'k')).toBeUndefined();
    expect(store.getSync(bytes('other'))).toBeUndefined();
    expect(texts(store)).toEqual(['young=1']);
    expect(texts(store, { reverse: true })).toEqual(['young=1']);
    if (round === 0) await store.flush();
    else await store.compactRange();
  }
  await store.close();
});

test('a merge drops what has expired where it can hide nothing older', async () => {
  const clock = new TwoHandClock();
  const events = new RecordingSink();
  const { store } = await openAt(clock, { ttlSeconds: 100, events });
  await store.put(bytes('a'), bytes('1'));
  await store.compactRange({}, { targetLevel: 2 });
  const snapshot = store.snapshot();
  for (const value of ['2', '3']) {
    await store.put(bytes('a'), bytes(value));
    await store.flush();
  }
  clock.pass(200);
  await store.put(bytes('b'), bytes('1'));
  await store.compactRange({}, { targetLevel: 1 });
  expect(decisionsOn('a').slice(1)).toEqual([
    { verdict: 'drop', because: 'shadowed', by: 3 },
    { verdict: 'keep', because: 'tombstone-may-hide-older', level: 2 },
  ]);
  await store.compactRange();
  expect(decisionsOn('a').slice(3)).toEqual([
    { verdict: 'drop', because: 'expired' },
    { verdict: 'drop', because: 'expired' },
  ]);
  expect(events.of('compaction.end').at(-1)!.totals).toMatchObject({ entriesOut: 1, expired: 2 });
  expect(texts(store, { snapshot })).toEqual([]);
  expect(texts(store)).toEqual(['b=1']);
  snapshot.release();
  await store.close();

  function decisionsOn(key: string): unknown[] {
    const entries = events.of('compaction.entry');
    return entries.filter((entry) => decodeUtf8(entry.key) === key).map(({ decision }) => decision);
  }
});

test('a get tells that its entry has expired; without a time to live it never does', async () => {
  const clock = new TwoHandClock();
  const events = new RecordingSink();
  const { store, disk } = await openAt(clock, { ttlSeconds: 10, events });
  await store.put(bytes('k'), bytes('1'));
  clock.pass(20);
  await store.get(bytes('k'));
  expect(events.of('get.end').at(-1)).toMatchObject({ result: 'expired', valueSizeBytes: 0 });
  await store.close();
  const again = await openAt(clock, { ttlSeconds: 0 }, disk);
  expect(await getText(again.store, 'k')).toBe('1');
  await again.store.close();
});

test('an operand, and what it is merged onto, count until they have expired', async () => {
  const clock = new TwoHandClock();
  const events = new RecordingSink();
  const options = { ttlSeconds: 100, mergeOperator: 'stringappend', events };
  const { store } = await openAt(clock, options);
  const expectValue = async (value: string | undefined): Promise<void> => {
    expect(await getText(store, 'k')).toBe(value);
    events.read = false;
    expect(await getText(store, 'k')).toBe(value);
    events.read = true;
    const entries = value === undefined ? [] : [`k=${value}`];
    expect(texts(store)).toEqual(entries);
    expect(texts(store, { reverse: true })).toEqual(entries);
  };
  await store.put(bytes('k'), bytes('base'));
  await store.flush();
  clock.pass(60);
  await store.merge(bytes('k'), bytes('1'));
  clock.pass(30);
  await store.merge(bytes('k'), bytes('2'));
  await expectValue('base,1,2');
  clock.pass(20);
  await expectValue('1,2');
  clock.pass(60);
  await expectValue('2');
  clock.pass(25);
  await expectValue(undefined);
  await store.merge(bytes('k'), bytes('3'));
  await expectValue('3');
  await store.close();
});

test('a value that a compaction made of operands is as young as the newest of them', async () => {
  const clock = new TwoHandClock();
  const { store } = await openAt(clock, { ttlSeconds: 100, mergeOperator: 'stringappend' });
  await store.put(bytes('k'), bytes('base'));
  clock.pass(60);
  await store.merge(bytes('k'), bytes('1'));
  clock.pass(30);
  await store.merge(bytes('k'), bytes('2'));
  clock.pass(20);
  await store.compactRange();
  clock.pass(60);
  expect(texts(store)).toEqual(['k=1,2']);
  clock.pass(25);
  expect(texts(store)).toEqual([]);
  await store.merge(bytes('k'), bytes('3'));
  await store.compactRange();
  expect(texts(store)).toEqual(['k=3']);
  await store.close();
});

test("a transaction's own writes do not expire before they are committed", async () => {
  const clock = new TwoHandClock();
  const { store } = await openAt(clock, { ttlSeconds: 10 });
  const transaction = store.transaction();
  transaction.put(bytes('k'), bytes('1'));
  clock.pass(20);
  expect([...transaction.entries()]).toHaveLength(1);
  await transaction.commit();
  expect(texts(store)).toEqual(['k=1']);
  await store.close();
});
