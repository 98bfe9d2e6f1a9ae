// Range deletes through a whole store: every place they can be in, every way to read.

import { describe, expect, test } from 'vitest';
import { WriteBatch } from '../../../src/engine/writeBatch.ts';
import { verifyStore } from '../../../src/engine/verify.ts';
import { RecordingSink } from '../recordingSink.ts';
import { DIRECTORY, simulatedEnvironment } from '../simulatedWorld.ts';
import { bytes, getText, newStore, openOn, putAll, texts } from '../testStore.ts';

const LETTERS = { a: '1', b: '2', c: '3', d: '4', e: '5' };
const SMALL = { blockSize: 128, targetTableSize: 1024, maxL0SSTables: 100 };

describe('a range delete', () => {
  test('hides its first key and not its second, in memory, in tables, after a crash', async () => {
    const { store, disk } = await newStore();
    await putAll(store, LETTERS);
    await store.deleteRange(bytes('b'), bytes('d'));
    const left = ['a=1', 'd=4', 'e=5'];
    expect(texts(store)).toEqual(left);
    expect(texts(store, { reverse: true })).toEqual(left.toReversed());
    const killed = await openOn(disk.afterKill());
    expect(texts(killed)).toEqual(left);
    expect(await getText(killed, 'b')).toBeUndefined();
    await killed.flush();
    expect(texts(killed)).toEqual(left);
    expect(await getText(killed, 'c')).toBeUndefined();
    expect(await getText(killed, 'd')).toBe('4');
    await killed.close();
    await store.close();
  });

  test('lets what is written later stand, and earlier snapshots see what was', async () => {
    const { store } = await newStore(SMALL);
    await putAll(store, LETTERS);
    const snapshot = store.snapshot();
    await store.write(
      new WriteBatch().deleteRange(bytes('a'), bytes('z')).put(bytes('c'), bytes('9')),
    );
    for (let round = 0; round < 3; round++) {
      expect(texts(store)).toEqual(['c=9']);
      expect(texts(store, { snapshot })).toEqual(['a=1', 'b=2', 'c=3', 'd=4', 'e=5']);
      expect(await getText(store, 'a')).toBeUndefined();
      if (round === 0) await store.flush();
      else await store.compactRange();
    }
    snapshot.release();
    await store.compactRange();
    const table = store.describe().families[0]!.levels.flatMap(({ tables }) => tables)[0]!;
    expect(table).toMatchObject({ entries: 1, rangeDeletes: 0 });
    await store.close();
  });

  test('is all that a table holds, and lies over tables below until they meet', async () => {
    const { store, disk } = await newStore(SMALL);
    await putAll(store, LETTERS);
    await store.compactRange();
    await store.deleteRange(bytes('b'), bytes('e'));
    await store.flush();
    const [top] = store.describe().families[0]!.levels;
    const { file, ...figures } = top!.tables[0]!;
    expect(figures).toMatchObject({ entries: 0, rangeDeletes: 1, dataBlocks: 0, tombstones: 0 });
    expect([figures.smallestKey, figures.largestKey]).toEqual([bytes('b'), bytes('e')]);
    const kinds = store.tableDetails(file).blocks.map(({ blockKind }) => blockKind);
    expect(kinds).toEqual(['index', 'range-tombstones', 'properties', 'footer']);
    expect(texts(store)).toEqual(['a=1', 'e=5']);
    expect(await verifyStore(DIRECTORY, simulatedEnvironment(7, disk))).toMatchObject({ ok: true });
    await store.compactRange();
    expect(texts(store)).toEqual(['a=1', 'e=5']);
    const tables = store.describe().families[0]!.levels.flatMap((level) => level.tables);
    expect(tables.map(({ entries, rangeDeletes }) => [entries, rangeDeletes])).toEqual([[2, 0]]);
    await store.close();
  });

  test('is cut where an output ends, and nothing comes back', async () => {
    const { store, disk } = await newStore(SMALL);
    for (let key = 100; key < 300; key++) await store.put(bytes(`k${key}`), new Uint8Array(60));
    const snapshot = store.snapshot();
    await store.deleteRange(bytes('k120'), bytes('k290'));
    await store.compactRange();
    const { tables } = store.describe().families[0]!.levels[1]!;
    expect(tables.filter(({ rangeDeletes }) => rangeDeletes > 0).length).toBeGreaterThan(3);
    expect(texts(store, {}).length).toBe(30);
    expect(texts(store, { snapshot }).length).toBe(200);
    expect(await verifyStore(DIRECTORY, simulatedEnvironment(7, disk))).toMatchObject({ ok: true });
    const iterator = store.iterator();
    iterator.seek(bytes('k150'));
    expect(iterator.key()).toEqual(bytes('k290'));
    iterator.prev();
    expect(iterator.key()).toEqual(bytes('k119'));
    iterator.close();
    snapshot.release();
    await store.compactRange();
    expect(texts(store).length).toBe(30);
    await store.close();
  });

  test('of an empty range is no write', async () => {
    const { store } = await newStore();
    await store.deleteRange(bytes('b'), bytes('b'));
    await store.deleteRange(bytes('c'), bytes('a'));
    expect(store.stats().counters.rangeDeletes).toBe(0);
    await expect(
      store.deleteRange(bytes('a'), new Uint8Array(2 ** 20 + 1).fill(0xff)),
    ).rejects.toThrow('at most');
    await store.close();
  });

  test('over a key that a transaction read is a conflict', async () => {
    const { store } = await newStore();
    await putAll(store, LETTERS);
    const transaction = store.transaction();
    await transaction.get(bytes('c'));
    transaction.put(bytes('x'), bytes('1'));
    await store.deleteRange(bytes('b'), bytes('d'));
    await expect(transaction.commit()).rejects.toMatchObject({ code: 'CONFLICT' });
    await store.close();
  });
});

test('a walk seeks past a long span instead of walking through it', async () => {
  const events = new RecordingSink();
  const { store } = await newStore({ ...SMALL, blockCacheSize: 0, events });
  for (let key = 1000; key < 3000; key++) await store.put(bytes(`k${key}`), bytes('value'));
  await store.compactRange();
  await store.deleteRange(bytes('k1001'), bytes('k2999'));
  expect(texts(store)).toEqual(['k1000=value', 'k2999=value']);
  expect(texts(store, { reverse: true })).toEqual(['k2999=value', 'k1000=value']);
  const blocks = store
    .describe()
    .families[0]!.levels[1]!.tables.reduce((sum, { dataBlocks }) => sum + dataBlocks, 0);
  for (const { blocksRead } of events.of('scan.end')) expect(blocksRead).toBeLessThan(blocks / 2);
  await store.close();
});

test('a get tells which range delete covers the key, in memory and in a table', async () => {
  const events = new RecordingSink();
  const { store } = await newStore({ ...SMALL, events });
  await putAll(store, LETTERS);
  await store.deleteRange(bytes('b'), bytes('d'));
  expect(events.of('memtable.rangeDelete')).toMatchObject([{ sequence: 6, rangeDeletes: 1 }]);
  await store.get(bytes('c'));
  await store.flush();
  await store.get(bytes('c'));
  expect(events.of('memtable.lookup')[0]).toMatchObject({ result: 'found', coveredBy: 6 });
  expect(events.of('table.cover')).toMatchObject([{ coveredBy: 6 }]);
  const deleted = { result: 'tombstone', coveredBy: 6, sequence: 6 };
  expect(events.of('get.end')).toMatchObject([
    { ...deleted, source: 'memtable' },
    { ...deleted, source: 'table' },
  ]);
  await store.compactRange();
  const { totals } = events.of('compaction.end').at(-1)!;
  expect(totals).toMatchObject({ entriesIn: 5, entriesOut: 3, rangeDeleted: 2, rangeDeletesIn: 1 });
  await store.close();
});
