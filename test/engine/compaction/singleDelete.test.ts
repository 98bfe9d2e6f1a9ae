// Single deletes: they go together with their put wherever the two meet, and never alone while
// their put may lie below.

import { describe, expect, test } from 'vitest';
import { WriteBatch } from '../../../src/engine/writeBatch.ts';
import type { Lsm } from '../../../src/engine/db.ts';
import { RecordingSink } from '../recordingSink.ts';
import { bytes, getText, newStore, openOn, texts } from '../testStore.ts';

const SMALL = { blockSize: 128, targetTableSize: 1024, maxL0SSTables: 100 };

function entriesIn(store: Lsm): number {
  const levels = store.describe().families[0]!.levels;
  return levels.flatMap(({ tables }) => tables).reduce((sum, { entries }) => sum + entries, 0);
}

describe('a single delete', () => {
  test('hides its key in memory, in tables and after a crash', async () => {
    const { store, disk } = await newStore(SMALL);
    await store.put(bytes('a'), bytes('1'));
    await store.put(bytes('b'), bytes('2'));
    await store.singleDelete(bytes('a'));
    expect(texts(store)).toEqual(['b=2']);
    const killed = await openOn(disk.afterKill(), SMALL);
    expect(texts(killed, { reverse: true })).toEqual(['b=2']);
    await killed.flush();
    expect(await getText(killed, 'a')).toBeUndefined();
    await killed.close();
    await store.close();
  });

  test('goes with its put, although a table below may hold the key', async () => {
    const events = new RecordingSink();
    const { store } = await newStore({ ...SMALL, maxL0SSTables: 2, events });
    await store.write(new WriteBatch().put(bytes('a'), bytes('1')).put(bytes('z'), bytes('1')));
    await store.compactRange();
    await store.put(bytes('m'), bytes('1'));
    await store.flush();
    await store.singleDelete(bytes('m'));
    await store.flush();
    await store.waitForIdle();
    const { totals } = events.of('compaction.end').at(-1)!;
    expect(totals.annihilated).toBe(2);
    const decisions = events.of('compaction.entry').filter(({ decision }) => 'with' in decision);
    expect(decisions.map(({ entryKind, sequence }) => [entryKind, sequence])).toEqual([
      ['single-delete', 4],
      ['put', 3],
    ]);
    expect(entriesIn(store)).toBe(2);
    await store.close();
  });

  test('waits for its put below, also under a newer version of the key', async () => {
    const { store } = await newStore(SMALL);
    await store.put(bytes('k'), bytes('old'));
    await store.compactRange();
    await store.singleDelete(bytes('k'));
    await store.put(bytes('k'), bytes('new'));
    await store.flush();
    expect(await getText(store, 'k')).toBe('new');
    await store.singleDelete(bytes('k'));
    await store.compactRange();
    expect(await getText(store, 'k')).toBeUndefined();
    expect(entriesIn(store)).toBe(0);
    await store.close();
  });

  test('stays with its put while a snapshot lies between', async () => {
    const { store } = await newStore(SMALL);
    await store.put(bytes('k'), bytes('1'));
    const snapshot = store.snapshot();
    await store.singleDelete(bytes('k'));
    await store.compactRange();
    expect(texts(store, { snapshot })).toEqual(['k=1']);
    expect(texts(store)).toEqual([]);
    snapshot.release();
    await store.compactRange();
    expect(entriesIn(store)).toBe(0);
    await store.close();
  });

  test('against its contract leaves every other key as it was', async () => {
    const { store } = await newStore(SMALL);
    for (const key of ['a', 'k', 'z']) await store.put(bytes(key), bytes('1'));
    await store.put(bytes('k'), bytes('2'));
    await store.compactRange();
    await store.put(bytes('k'), bytes('3'));
    await store.singleDelete(bytes('k'));
    await store.singleDelete(bytes('absent'));
    await store.compactRange();
    expect(texts(store).filter((text) => !text.startsWith('k'))).toEqual(['a=1', 'z=1']);
    await store.close();
  });
});
