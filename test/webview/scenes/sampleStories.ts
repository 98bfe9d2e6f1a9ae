// The stories that the pictures are taken from: real runs of the real engine, on a disk in memory,
// so whatever a close-up draws is what the engine does. Each is run once.

import { Lsm } from '../../../src/engine/db.ts';
import type { LsmOptions } from '../../../src/engine/options.ts';
import { WriteBatch } from '../../../src/engine/writeBatch.ts';
import { RecordingSink } from '../../engine/recordingSink.ts';
import { DIRECTORY, simulatedEnvironment } from '../../engine/simulatedWorld.ts';
import { Random } from '../../../src/base/random.ts';
import type { Story } from './sampleFrames.ts';
import { SimulatedDisk } from '../../reliability/disk/simulatedDisk.ts';

export type StoryName =
  | 'users'
  | 'crowded'
  | 'tiny'
  | 'long-keys'
  | 'tiered'
  | 'merges'
  | 'transactions';

/** A store to write to, and chance to do it with. */
interface Stage {
  readonly store: Lsm;
  readonly random: Random;
}

const made = new Map<StoryName, Promise<Story>>();
const utf8 = new TextEncoder();

/** The story of that name. */
export function storyOf(name: StoryName): Promise<Story> {
  const known = made.get(name);
  if (known !== undefined) return known;
  const story = makers[name]();
  made.set(name, story);
  return story;
}

const makers: Readonly<Record<StoryName, () => Promise<Story>>> = {
  users: () => run(7, usersOptions, users),
  crowded: () => run(19, { ...usersOptions, maxL0SSTables: 20 }, crowded),
  tiny: () => run(3, {}, tiny),
  'long-keys': () => run(11, { ...usersOptions, memtableSize: 64 * 1024 }, longKeys),
  merges: () => run(5, { ...usersOptions, mergeOperator: 'stringappend' }, merges),
  transactions: () => run(29, { ...usersOptions, mergeOperator: 'stringappend' }, transactions),
  tiered: () => run(23, { ...usersOptions, compaction: 'size-tiered', tierRuns: 3 }, tiered),
};

const usersOptions: LsmOptions = {
  memtableSize: 16 * 1024,
  maxL0SSTables: 4,
  levelBaseSize: 12 * 1024,
  targetTableSize: 6 * 1024,
  blockSize: 512,
  blockRestartInterval: 4,
  blockCacheSize: 8 * 1024,
};

/** Runs `script` on a fresh store and keeps what the engine told. */
export async function run(
  seed: number,
  options: LsmOptions,
  script: (stage: Stage) => Promise<void>,
): Promise<Story> {
  const disk = new SimulatedDisk();
  disk.makeDirectory(DIRECTORY);
  const sink = new RecordingSink();
  const store = await Lsm.open(DIRECTORY, simulatedEnvironment(seed, disk), {
    ...options,
    events: sink,
  });
  const initial = store.describe();
  const before = sink.events.length;
  await script({ store, random: new Random(seed) });
  await store.waitForIdle();
  await store.close();
  return { initial, events: sink.events.slice(before) };
}

function bytes(text: string): Uint8Array {
  return utf8.encode(text);
}

function user(number: number): Uint8Array {
  return bytes(`user:${String(number).padStart(4, '0')}`);
}

function value(random: Random, sizeMax = 90): Uint8Array {
  return bytes('a value of some length, '.repeat(8).slice(0, 20 + random.nextBelow(sizeMax)));
}

async function putSome({ store, random }: Stage, count: number, keys: number): Promise<void> {
  for (let write = 0; write < count; write++) {
    const key = user(random.nextBelow(keys));
    if (random.nextBelow(9) === 0) await store.delete(key);
    else await store.put(key, value(random), { sync: random.nextBelow(6) === 0 });
  }
}

/** Writes, flushes, compactions under a snapshot, and reads that end in every way. */
async function users(stage: Stage): Promise<void> {
  const { store, random } = stage;
  for (let round = 0; round < 6; round++) {
    await putSome(stage, 40, 300);
    if (round === 1) store.snapshot();
    await store.flush();
    await store.waitForIdle();
  }
  await putSome(stage, 22, 300);
  const batch = new WriteBatch();
  batch.put(user(500), value(random));
  batch.put(user(212), value(random));
  await Promise.all([
    store.write(batch, { sync: true }),
    store.delete(user(77)),
    store.put(user(640), value(random)),
  ]);
  for (const number of [500, 333, 77]) await store.get(user(number));
  for (let number = 0; number < 60; number++) await store.get(user(number * 5));
  for (let number = 0; number < 60; number++) await store.get(bytes(`user:${number}x`));
  Array.from(store.entries({ from: user(10), to: user(200) }));
  await store.compactRange();
}

/** Nine tables in level 0 and a read through a snapshot: more places than a strip has rows. */
async function crowded(stage: Stage): Promise<void> {
  const { store, random } = stage;
  let snapshot = store.snapshot();
  for (let round = 0; round < 9; round++) {
    for (let write = 0; write < 24; write++) {
      await store.put(user(random.nextBelow(120)), value(random));
    }
    if (round === 1) snapshot = store.snapshot();
    await store.flush();
  }
  for (const number of [7, 7, 31, 31]) await store.put(user(number), value(random));
  await store.get(user(31), { snapshot });
  await store.get(user(119));
  await store.get(user(121));
}

/** The first write to an empty store. */
async function tiny({ store }: Stage): Promise<void> {
  await store.put(bytes('a'), bytes('1'));
  await store.put(bytes(''), bytes(''));
  await store.get(bytes('a'));
  await store.flush();
  await store.get(bytes('a'));
  await store.get(bytes('zz'));
  await store.compactRange();
}

/** Keys that do not fit anywhere, a large batch, binary keys, large values. */
async function longKeys({ store, random }: Stage): Promise<void> {
  const key = (number: number): string =>
    `tenant/eu-central-1/orders/2026-11-22/customer-${number}/invoice/${'0'.repeat(number % 40)}`;
  for (let round = 0; round < 5; round++) {
    for (let write = 0; write < 30; write++) {
      await store.put(bytes(key(random.nextBelow(90))), new Uint8Array(random.nextBelow(900)));
    }
    const batch = new WriteBatch();
    for (let at = 0; at < 40; at++) batch.put(bytes(`\u0001\u0002${key(at)}`), bytes('binary'));
    await store.write(batch, { sync: true });
    await store.flush();
  }
  await store.waitForIdle();
  await store.get(bytes(key(3)));
  await store.get(bytes(key(4)));
}

/** Size-tiered runs, merged among themselves. */
async function tiered(stage: Stage): Promise<void> {
  for (let round = 0; round < 7; round++) {
    await putSome(stage, 30, 200);
    await stage.store.flush();
  }
  await stage.store.waitForIdle();
  for (let number = 0; number < 20; number++) await stage.store.get(user(number * 7));
}

/** Merge operands on few keys: in memtables and tables, onto values and onto none. */
async function merges({ store, random }: Stage): Promise<void> {
  const words = ['red', 'green', 'blue', 'a colour that has no short name', 'x'];
  for (let round = 0; round < 5; round++) {
    for (let write = 0; write < 14; write++) {
      const key = user(random.nextBelow(9));
      if (random.nextBelow(8) === 0) await store.put(key, bytes(`base ${round}`));
      else await store.merge(key, bytes(words[random.nextBelow(words.length)]!));
    }
    await store.put(user(20 + round), value(random));
    await store.merge(user(40), bytes(`${round}`));
    if (round === 2) store.snapshot();
    if (round < 4) await store.flush();
  }
  for (const number of [40, 0, 1, 2, 3, 4, 5, 20]) await store.get(user(number));
  await store.compactRange();
  await store.get(user(40));
}

/** Two doctors on call, each leaving if the other stays: write skew, and how it is prevented. */
async function doctors({ store }: Stage, isolation: 'snapshot' | 'serializable'): Promise<void> {
  await store.put(bytes('ada'), bytes('on call'));
  await store.put(bytes('eve'), bytes('on call'));
  const [first, second] = [store.transaction({ isolation }), store.transaction({ isolation })];
  await first.get(bytes('eve'));
  await second.get(bytes('ada'));
  first.put(bytes('ada'), bytes('away'));
  second.put(bytes('eve'), bytes('away'));
  await first.commit({ sync: true });
  await second.get(bytes('max'));
  await second.commit().catch(() => undefined);
}

/** Write skew, then every kind of write, savepoints, ranges, long keys, a crowd, every ending. */
async function transactions(stage: Stage): Promise<void> {
  const { store, random } = stage;
  await doctors(stage, 'snapshot');
  await doctors(stage, 'serializable');
  const orders = await store.createFamily('orders by day', { mergeOperator: 'stringappend' });
  const every = store.transaction();
  every.put(user(1), value(random)).merge(user(2), bytes('+1')).delete(user(3));
  every.setSavepoint();
  every.singleDelete(user(4)).deleteRange(user(5), user(9)).put(user(7), bytes('again'), orders);
  Array.from(every.entries({ from: user(1), to: user(8), limit: 4 }));
  Array.from(every.entries({ family: orders }));
  await every.get(user(7));
  await every.getForUpdate(bytes(`tenant/eu-central-1/orders/${'x'.repeat(90)}/invoice`));
  every.rollbackToSavepoint();
  await store.put(user(6), bytes('somebody else'));
  await every.commit().catch(() => undefined);
  const many = store.transaction({ isolation: 'snapshot' });
  for (let number = 0; number < 40; number++) {
    many.put(user(100 + number), value(random));
    await many.get(user(200 + number));
    if (number % 3 === 0) await store.put(user(200 + number), value(random));
    if (number % 5 === 0) await store.delete(user(300 + number));
  }
  await store.deleteRange(user(210), user(214));
  await many.commit();
  store.transaction().put(bytes(''), bytes('')).put(user(9), bytes('1')).rollback();
  const reading = store.transaction();
  await reading.get(bytes('nobody'));
  await reading.commit();
}
