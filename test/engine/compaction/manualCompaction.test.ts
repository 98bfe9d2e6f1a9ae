// Compactions by hand as a caller sees them: where they end, what they leave alone, how they tell
// how far they are, and how they are stopped in the middle of a merge.

import { describe, expect, test } from 'vitest';
import type { Lsm } from '../../../src/engine/db.ts';
import type { Progress } from '../../../src/protocol/messages.ts';
import { RecordingSink } from '../recordingSink.ts';
import { bytes, namesOn, newStore, texts } from '../testStore.ts';

const SMALL = { blockSize: 128, targetTableSize: 4096, maxL0SSTables: 100 } as const;

async function fill(store: Lsm, count: number, value: number): Promise<void> {
  for (let key = 0; key < count; key++) {
    await store.put(bytes(`k${1000 + key}`), new Uint8Array(40).fill(value));
  }
  await store.flush();
}

function tablesIn(store: Lsm): number[] {
  return store.describe().families[0]!.levels.map(({ tables }) => tables.length);
}

describe('a compaction by hand', () => {
  test.each(['leveled', 'size-tiered', 'lazy-leveled'] as const)(
    'ends where it is told to, under %s',
    async (compaction) => {
      const { store } = await newStore({ ...SMALL, compaction, tierRuns: 8 });
      await fill(store, 50, 1);
      await store.compactRange({}, { targetLevel: 3 });
      expect(tablesIn(store).map((count) => count > 0)).toEqual(
        [0, 1, 2, 3, 4, 5, 6].map((level) => level === 3),
      );
      await fill(store, 50, 2);
      await store.compactRange({}, { targetLevel: 2 });
      expect(
        tablesIn(store)
          .map((count) => count > 0)
          .slice(0, 4),
      ).toEqual([false, false, true, true]);
      expect(texts(store)).toHaveLength(50);
      await store.close();
    },
  );

  test('refuses an end that there is not', async () => {
    const { store } = await newStore(SMALL);
    for (const targetLevel of [0, 7, 1000, Number.NaN]) {
      await expect(store.compactRange({}, { targetLevel })).rejects.toThrow(/targetLevel/);
    }
    await expect(store.compactRange({}, { bottommostLevel: 'all' as never })).rejects.toThrow(
      /bottommostLevel is all/,
    );
    await store.close();
    const { store: windows } = await newStore({ ...SMALL, compaction: 'time-window' });
    await expect(windows.compactRange({}, { targetLevel: 1 })).rejects.toThrow(/no levels/);
    await windows.close();
  });

  test('leaves the last level alone when told to skip it', async () => {
    const { store } = await newStore(SMALL);
    await fill(store, 50, 1);
    await store.compactRange();
    const before = store.describe().families[0]!.levels;
    await store.compactRange({}, { bottommostLevel: 'skip' });
    await store.compactRange({}, { bottommostLevel: 'if-needed' });
    expect(store.describe().families[0]!.levels).toEqual(before);
    await store.compactRange();
    expect(store.describe().families[0]!.levels).not.toEqual(before);
    await store.close();
  });

  test('tells how far it is within a merge', async () => {
    const { store } = await newStore(SMALL);
    await fill(store, 3000, 1);
    await fill(store, 3000, 2);
    const told: Progress[] = [];
    await store.compactRange({}, { onProgress: (progress) => told.push(progress) });
    expect(told.length).toBeGreaterThan(10);
    for (const [index, { done, total }] of told.entries()) {
      expect(done).toBeLessThanOrEqual(total);
      expect(done).toBeGreaterThanOrEqual(told[index - 1]?.done ?? 0);
    }
    expect(told.at(-1)!.done).toBe(told.at(-1)!.total);
    await store.close();
  });

  test('stops within a merge: its outputs go, nothing is published, and all goes on', async () => {
    const events = new RecordingSink();
    const { store, disk } = await newStore({ ...SMALL, events });
    await fill(store, 3000, 1);
    await fill(store, 3000, 2);
    const names = (): string[] => namesOn(disk).filter((name) => name.endsWith('.sst'));
    const before = [names(), store.describe().families[0]!.levels] as const;
    const signal = { aborted: false };
    events.listener = (event) => {
      if (event.kind === 'table.create') signal.aborted = true;
    };
    const stopped = store.compactRange({}, { signal });
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
    expect([names(), store.describe().families[0]!.levels]).toEqual(before);
    expect(events.of('compaction.end')).toMatchObject([{ outcome: 'cancelled' }]);
    expect(events.of('table.create').at(-1)).toBeDefined();
    events.listener = undefined;
    expect(texts(store)).toHaveLength(3000);
    await store.compactRange();
    expect(tablesIn(store)[0]).toBe(0);
    await store.close();
  });
});
