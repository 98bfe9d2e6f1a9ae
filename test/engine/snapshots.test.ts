// Snapshots against merges: what a live one sees stays, also when snapshots come and go while a
// compaction is under way, and what nobody sees any more goes.

import { describe, expect, test } from 'vitest';
import type { Lsm } from '../../src/engine/db.ts';
import { RecordingSink } from './recordingSink.ts';
import { bytes, getText, newStore, putAll, texts } from './testStore.ts';

/** Three versions of each key, a snapshot behind each of the first two. */
async function versions(store: Lsm) {
  await putAll(store, { a: '1', b: '1', gone: '1' });
  const first = store.snapshot();
  await putAll(store, { a: '2', b: '2' });
  await store.delete(bytes('gone'));
  const second = store.snapshot();
  await putAll(store, { a: '3', b: '3' });
  return { first, second };
}

describe('a snapshot', () => {
  test('keeps what it sees through compactions, and lets it go at its release', async () => {
    const { store } = await newStore();
    const { first, second } = await versions(store);
    await store.compactRange();
    expect(texts(store, { snapshot: first })).toEqual(['a=1', 'b=1', 'gone=1']);
    expect(texts(store, { snapshot: second })).toEqual(['a=2', 'b=2']);
    expect(texts(store)).toEqual(['a=3', 'b=3']);
    expect(store.stats().tableEntries).toBe(8);
    first.release();
    await store.compactRange();
    expect(texts(store, { snapshot: second })).toEqual(['a=2', 'b=2']);
    expect(store.stats().tableEntries).toBe(4);
    second.release();
    await store.compactRange();
    expect(store.stats().tableEntries).toBe(2);
    await store.close();
  });

  test.each(['begin', 'middle', 'end'] as const)(
    'released at the %s of a compaction: the others still see theirs',
    async (moment) => {
      const events = new RecordingSink();
      const { store } = await newStore({ events });
      const { first, second } = await versions(store);
      let entries = 0;
      events.listener = ({ kind }) => {
        if (kind === 'compaction.entry') entries++;
        const now =
          (moment === 'begin' && kind === 'compaction.begin') ||
          (moment === 'middle' && entries === 4) ||
          (moment === 'end' && kind === 'compaction.end');
        if (now) second.release();
      };
      await store.compactRange();
      expect(store.describe().snapshots).toEqual([first.sequence]);
      expect(texts(store, { snapshot: first })).toEqual(['a=1', 'b=1', 'gone=1']);
      expect(texts(store)).toEqual(['a=3', 'b=3']);
      events.listener = undefined;
      await store.compactRange();
      expect(texts(store, { snapshot: first })).toEqual(['a=1', 'b=1', 'gone=1']);
      expect(texts(store)).toEqual(['a=3', 'b=3']);
      await store.close();
    },
  );

  test('taken while a compaction runs: sees the newest, whatever the merge decided', async () => {
    const events = new RecordingSink();
    const { store } = await newStore({ events });
    await versions(store).then(({ first, second }) => [first, second].map((one) => one.release()));
    const taken: ReturnType<Lsm['snapshot']>[] = [];
    events.listener = ({ kind }) => {
      if (kind === 'compaction.entry' && taken.length < 3) taken.push(store.snapshot());
    };
    await store.compactRange();
    events.listener = undefined;
    expect(taken).toHaveLength(3);
    await putAll(store, { a: '4' });
    await store.compactRange();
    for (const snapshot of taken) {
      expect(texts(store, { snapshot })).toEqual(['a=3', 'b=3']);
      snapshot.release();
    }
    expect(await getText(store, 'a')).toBe('4');
    await store.close();
  });

  test('of an empty store (sequence 0) hides everything that comes', async () => {
    const { store } = await newStore();
    const snapshot = store.snapshot();
    await putAll(store, { a: '1' });
    await store.compactRange();
    expect(texts(store, { snapshot })).toEqual([]);
    expect(texts(store)).toEqual(['a=1']);
    await store.close();
  });
});
