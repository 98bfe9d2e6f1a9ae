// What is told of a store with several column families: each figure says whose it is.

import { expect, test } from 'vitest';
import { decodeUtf8 } from '../../../src/base/bytes.ts';
import { Lsm } from '../../../src/engine/db.ts';
import type { ColumnFamily } from '../../../src/engine/family/columnFamily.ts';
import { repairStore } from '../../../src/engine/repair/repair.ts';
import { verifyStore } from '../../../src/engine/verify.ts';
import { WriteBatch } from '../../../src/engine/writeBatch.ts';
import type { SimulatedDisk } from '../../reliability/disk/simulatedDisk.ts';
import { RecordingSink } from '../recordingSink.ts';
import { DIRECTORY, simulatedEnvironment } from '../simulatedWorld.ts';
import { bytes, namesOn, newStore, texts } from '../testStore.ts';

interface Filled {
  readonly store: Lsm;
  readonly users: ColumnFamily;
  readonly disk: SimulatedDisk;
  readonly events: RecordingSink;
}

/** 30 entries in tables of `users`, 10 more in its memtable; 5 in the default family's. */
async function filled(): Promise<Filled> {
  const events = new RecordingSink();
  const { store, disk } = await newStore({ events });
  const users = await store.createFamily('users');
  for (let key = 0; key < 30; key++) {
    await store.put(bytes(`user${key + 10}`), new Uint8Array(50), { family: users });
  }
  await store.flush(users);
  for (let key = 0; key < 10; key++) {
    await store.put(bytes(`user${key + 50}`), new Uint8Array(50), { family: users });
  }
  for (let key = 0; key < 5; key++) await store.put(bytes(`key${key}`), bytes('value'));
  return { store, users, disk, events };
}

test('a write tells the family of each entry', async () => {
  const { store, users, events } = await filled();
  const batch = new WriteBatch().put(bytes('a'), bytes('1')).put(bytes('b'), bytes('2'), users);
  await store.write(batch.deleteRange(bytes('c'), bytes('d'), users));
  const { entries } = events.of('write.begin').at(-1)!;
  expect(entries.map(({ family, kind, key }) => [family, kind, decodeUtf8(key)])).toEqual([
    [0, 'put', 'a'],
    [users.id, 'put', 'b'],
    [users.id, 'range-delete', 'c'],
  ]);
  await store.close();
});

test('statistics tell each family, and the sum of all', async () => {
  const { store, users } = await filled();
  const stats = store.stats();
  expect(stats.families.map(({ family, name }) => [family, name])).toEqual([
    [0, 'default'],
    [users.id, 'users'],
  ]);
  const [main, other] = stats.families;
  expect([main!.memtableEntries, other!.memtableEntries]).toEqual([5, 10]);
  expect([main!.levels[0]!.tables, other!.levels[0]!.tables]).toEqual([0, 1]);
  expect(other!.levels[0]!.entries).toBe(30);
  expect(stats.memtableEntries).toBe(15);
  expect(stats.memtableSizeBytes).toBe(main!.memtableSizeBytes + other!.memtableSizeBytes);
  expect(stats.levels[0]).toMatchObject(other!.levels[0]!);
  await store.close();
});

test('properties and sizes are those of the family that is asked about', async () => {
  const { store, users } = await filled();
  expect(store.properties().estimatedKeys).toBe(5);
  expect(store.properties(users)).toMatchObject({
    estimatedKeys: 40,
    activeMemtable: { entries: 10 },
  });
  expect(store.approximateSize().tableBytes).toBe(0);
  const whole = store.approximateSize({ family: users });
  expect(whole.entries).toBe(40);
  expect(whole.tableBytes).toBe(store.properties(users).tableBytes);
  const part = store.approximateSize({ family: users, from: bytes('user5') });
  expect(part.tableBytes).toBeLessThan(whole.tableBytes);
  await store.dropFamily(users);
  const dropped = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
  expect(() => store.properties(users)).toThrow(dropped);
  expect(() => store.approximateSize({ family: users })).toThrow(dropped);
  await store.close();
});

test('repairing keeps every family, with and without a manifest', async () => {
  const { store, users, disk } = await filled();
  const before = texts(store, { family: users });
  const main = texts(store);
  await store.close();
  const environment = simulatedEnvironment(3, disk);
  await repairStore(DIRECTORY, '/repaired', environment, {});
  for (const name of namesOn(disk)) {
    if (name.startsWith('MANIFEST')) disk.remove(`${DIRECTORY}/${name}`);
  }
  await repairStore(DIRECTORY, '/found', environment, {});
  for (const [directory, name] of [
    ['/repaired', 'users'],
    ['/found', `recovered family ${users.id}`],
  ] as const) {
    const again = await Lsm.open(directory, environment, { createIfMissing: false });
    expect(texts(again)).toEqual(main);
    expect(texts(again, { family: again.family(name) })).toEqual(before);
    await again.close();
  }
});

test('verifying finds a byte that is wrong in a table of any family', async () => {
  const { store, disk } = await filled();
  await store.close();
  const environment = simulatedEnvironment(3, disk);
  expect(await verifyStore(DIRECTORY, environment)).toMatchObject({ ok: true });
  const table = namesOn(disk).find((name) => name.endsWith('.sst'))!;
  const content = disk.contents().get(table)!.slice();
  content[20]! ^= 1;
  disk.place(table, content);
  const { ok, problems } = await verifyStore(DIRECTORY, environment);
  expect(ok).toBe(false);
  expect(problems.map(({ file }) => file)).toEqual([table]);
});
