// A store's strategy may be another at each open: from any to any the data stays, and the tables
// take the new shape. And what first in, first out drops is exactly what was written first.

import { describe, expect, test } from 'vitest';
import { COMPACTION_STRATEGIES } from '../../../src/engine/compaction/compactionOptions.ts';
import type { CompactionStrategyName } from '../../../src/engine/compaction/compactionOptions.ts';
import type { Lsm } from '../../../src/engine/db.ts';
import type { LevelState } from '../../../src/protocol/treeState.ts';
import { RecordingSink } from '../recordingSink.ts';
import { bytes, newStore, openOn, texts } from '../testStore.ts';

const SMALL = {
  memtableSize: 4096,
  blockSize: 256,
  maxL0SSTables: 2,
  levelBaseSize: 4096,
  levelMultiplier: 3,
  maxLevels: 5,
  tierRuns: 3,
  targetTableSize: 2048,
  maxConcurrentCompactions: 3,
} as const;

/** Writes and removes some of 60 keys; `round` tells the values apart. */
async function write(store: Lsm, round: number, expected: Map<string, string>): Promise<void> {
  for (let index = 0; index < 150; index++) {
    const key = `k${10 + ((index * 7 + round * 13) % 60)}`;
    if (index % 5 === 0) {
      await store.delete(bytes(key));
      expected.delete(key);
    } else {
      await store.put(bytes(key), bytes(`${round}.${index}${'x'.repeat(60)}`));
      expected.set(key, `${round}.${index}${'x'.repeat(60)}`);
    }
  }
  await store.flush();
}

function asTexts(expected: ReadonlyMap<string, string>): string[] {
  return [...expected].map(([key, value]) => `${key}=${value}`).sort();
}

function runsIn({ tables }: LevelState): number {
  return new Set(tables.map(({ run }) => run)).size;
}

/** What the levels of a store at rest must look like. */
function problemsOfShape(name: CompactionStrategyName, levels: readonly LevelState[]): string[] {
  const runs = levels.map(runsIn);
  const total = runs.reduce((sum, count) => sum + count, 0);
  const deepest = runs.findLastIndex((count) => count > 0);
  switch (name) {
    case 'leveled':
      return runs.slice(1).some((count) => count > 1) ? [`${name} has runs ${runs.join()}`] : [];
    case 'size-tiered':
      return total > SMALL.tierRuns ? [`${name} has ${total} runs`] : [];
    case 'lazy-leveled':
      return runs[deepest]! > 1 && deepest > 0 ? [`${name} has runs ${runs.join()}`] : [];
    case 'unified':
      return runs.some((count) => count >= 4) ? [`${name} has runs ${runs.join()}`] : [];
    case 'fifo':
    case 'time-window':
      return [];
  }
}

const PAIRS = COMPACTION_STRATEGIES.flatMap((from) =>
  COMPACTION_STRATEGIES.filter((to) => to !== from).map((to) => [from, to] as const),
);

describe('switching the strategy', () => {
  test.each(PAIRS)('from %s to %s keeps the data and changes the shape', async (from, to) => {
    const expected = new Map<string, string>();
    const { store, disk } = await newStore({ ...SMALL, compaction: from });
    for (let round = 0; round < 2; round++) await write(store, round, expected);
    await store.waitForIdle();
    await store.close();
    const again = await openOn(disk, { ...SMALL, compaction: to });
    await write(again, 2, expected);
    await again.waitForIdle();
    expect(texts(again)).toEqual(asTexts(expected));
    expect(problemsOfShape(to, again.describe().families[0]!.levels)).toEqual([]);
    await again.compactRange();
    expect(texts(again)).toEqual(asTexts(expected));
    await again.close();
  });
});

describe('first in, first out', () => {
  test('leaves exactly what was written after the newest entry that was dropped', async () => {
    const events = new RecordingSink();
    const options = { ...SMALL, compaction: 'fifo', fifoMaxSize: 12_000, events } as const;
    const { store } = await newStore(options);
    const writes: [sequence: number, key: string, value: string | undefined][] = [];
    for (let index = 0; index < 600; index++) {
      const key = `k${10 + ((index * 7) % 60)}`;
      const value = index % 5 === 0 ? undefined : `${index}${'x'.repeat(60)}`;
      if (value === undefined) await store.delete(bytes(key));
      else await store.put(bytes(key), bytes(value));
      writes.push([store.describe().lastSequence, key, value]);
    }
    await store.flush();
    await store.waitForIdle();
    const tables = new Map(
      events.of('table.create').map(({ table }) => [table.file, table] as const),
    );
    const dropped = events.of('manifest.edit').flatMap(({ removed }) => removed);
    const newest = Math.max(...dropped.map(({ file }) => tables.get(file)!.largestSequence));
    expect(dropped.length).toBeGreaterThan(3);
    const expected = new Map<string, string>();
    for (const [sequence, key, value] of writes) {
      if (sequence <= newest) continue;
      if (value === undefined) expected.delete(key);
      else expected.set(key, value);
    }
    expect(texts(store)).toEqual(asTexts(expected));
    const kept = store.describe().families[0]!.levels[0]!;
    expect(kept.sizeBytes).toBeLessThanOrEqual(options.fifoMaxSize);
    expect(events.of('compaction.begin').map(({ manner }) => manner)).toContain('drop');
    await store.close();
  });
});

describe('compactions side by side', () => {
  test('run at once when they have no table and no range in common', async () => {
    const events = new RecordingSink();
    const options = { ...SMALL, memtableSize: 64 * 1024, maxL0SSTables: 100, events };
    const { store, disk } = await newStore({ ...options });
    for (const prefix of ['a', 'm', 'x']) {
      for (let index = 0; index < 700; index++) {
        await store.put(bytes(`${prefix}${1000 + index}`), new Uint8Array(40).fill(index));
      }
      await store.flush();
      for (let index = 0; index < 700; index++) {
        await store.put(bytes(`${prefix}${1000 + index}`), new Uint8Array(41).fill(index));
      }
      await store.flush();
    }
    await store.close();
    const again = await openOn(disk, { ...options, maxL0SSTables: 2, l0StopTables: 100 });
    let most = 0;
    events.listener = () => {
      const merging = again.describe().jobs.filter(({ kind }) => kind === 'compaction');
      most = Math.max(most, merging.length);
    };
    again.setEventSink(events);
    await again.put(bytes('z'), bytes('last'));
    await again.flush();
    await again.waitForIdle();
    expect(most).toBeGreaterThan(1);
    expect(texts(again)).toHaveLength(2101);
    await again.close();
  });
});
