// What options make of a store's tables and of reading them, seen from outside.

import { describe, expect, test } from 'vitest';
import type { LsmOptions } from '../../src/engine/options.ts';
import type { TableInfo } from '../../src/protocol/events.ts';
import { bytes, getText, newStore, openOn, texts } from './testStore.ts';

type Store = Awaited<ReturnType<typeof newStore>>['store'];

const SMALL: LsmOptions = { memtableSize: 4096, blockSize: 256, targetTableSize: 4096 };

async function fill(store: Store, from: number, to: number): Promise<void> {
  for (let number = from; number < to; number++) {
    const key = `user:${String(number).padStart(6, '0')}`;
    await store.put(bytes(key), bytes(`the value of user ${number} is ${'x'.repeat(40)}`));
  }
}

function tablesOf(store: Store, level: number): readonly TableInfo[] {
  return store.describe().families[0]!.levels[level]!.tables;
}

describe('compression for each level', () => {
  test('holds for what is written into it, and every table stays readable', async () => {
    const compressionPerLevel = ['none', 'lz4', 'zstd'] as const;
    const { store, disk } = await newStore({ ...SMALL, compressionPerLevel });
    await fill(store, 0, 200);
    await store.compactRange();
    await fill(store, 200, 230);
    await store.flush();
    await store.waitForIdle();
    const levels = store.describe().families[0]!.levels;
    for (const { level, tables } of levels) {
      for (const { compression } of tables) {
        expect(compression).toBe(compressionPerLevel[Math.min(level, 2)]);
      }
    }
    expect(tablesOf(store, 0).length).toBeGreaterThan(0);
    const [packed] = tablesOf(store, 1);
    expect(packed!.sizeBytes).toBeLessThan(packed!.rawKeyBytes + packed!.rawValueBytes);
    const { properties } = store.tableDetails(packed!.file);
    expect(properties).toMatchObject({ compression: 'lz4' });
    expect(properties['rawDataSizeBytes']).toBeGreaterThan(2 * Number(properties['dataSizeBytes']));
    const before = texts(store);
    await store.close();
    // What the store was made with is stored: it has to be taken back, too.
    const again = await openOn(disk, { compression: 'deflate', compressionPerLevel: [] });
    expect(texts(again)).toEqual(before);
    await again.compactRange();
    expect(texts(again)).toEqual(before);
    const compressions = again.describe().families[0]!.levels.flatMap((level) => level.tables);
    expect(new Set(compressions.map((table) => table.compression))).toEqual(new Set(['deflate']));
    await again.close();
  });

  test('refuses a name that it does not know', async () => {
    await expect(newStore({ compression: 'gzip' as never })).rejects.toThrow('gzip');
    await expect(newStore({ compressionPerLevel: ['best' as never] })).rejects.toThrow('best');
  });
});

describe('a scan', () => {
  test('fills the cache, unless it is told not to', async () => {
    const { store } = await newStore({ ...SMALL, blockCacheSize: 1 << 20 });
    await fill(store, 0, 100);
    await store.flush();
    const count = (fillCache?: boolean): number => texts(store, { fillCache }).length;
    expect(count(false)).toBe(100);
    expect(store.describe().cache.blocks).toBe(0);
    expect(count()).toBe(100);
    const { blocks } = store.describe().cache;
    expect(blocks).toBeGreaterThan(10);
    const { cacheHits } = store.stats().counters;
    expect(count(false)).toBe(100);
    expect(store.stats().counters.cacheHits).toBeGreaterThanOrEqual(cacheHits + blocks);
    await store.close();
  });
});

describe('an index in parts', () => {
  test('leaves little in memory, and leads every get and every walk to the same', async () => {
    const opened = async (indexPartitionSize: number): Promise<Store> => {
      const shape = { blockSize: 64, memtableSize: 1 << 20, indexPartitionSize };
      const { store } = await newStore({ ...shape, blockCacheSize: 8192 });
      await fill(store, 0, 300);
      await store.flush();
      return store;
    };
    const whole = await opened(1 << 20);
    const parts = await opened(256);
    for (let number = 0; number < 300; number += 7) {
      const key = `user:${String(number).padStart(6, '0')}`;
      expect(await getText(parts, key)).toBe(await getText(whole, key));
      expect(await getText(parts, `${key}x`)).toBeUndefined();
    }
    expect(texts(parts)).toEqual(texts(whole));
    expect(texts(parts, { reverse: true })).toEqual(texts(whole, { reverse: true }));
    const { openTablesSizeBytes } = parts.stats();
    const filterSizeBytes = tablesOf(parts, 0)[0]!.filterSizeBytes;
    const index = openTablesSizeBytes - filterSizeBytes;
    expect(index).toBeLessThan((whole.stats().openTablesSizeBytes - filterSizeBytes) / 4);
    const { properties, blocks } = parts.tableDetails(tablesOf(parts, 0)[0]!.file);
    const indexBlocks = blocks.filter(({ blockKind }) => blockKind === 'index');
    expect(indexBlocks.length).toBe(1 + Number(properties['indexPartitions']));
    await whole.close();
    await parts.close();
  });
});

describe('a store with more tables than may be open', () => {
  test('reads all of them', async () => {
    const { store } = await newStore({ ...SMALL, maxOpenFiles: 2, maxL0SSTables: 50 });
    await fill(store, 0, 200);
    await store.flush();
    expect(tablesOf(store, 0).length).toBeGreaterThan(5);
    for (const number of [0, 199, 50, 150, 100]) {
      const key = `user:${String(number).padStart(6, '0')}`;
      expect(await getText(store, key)).toContain(`user ${number} is`);
    }
    expect(texts(store).length).toBe(200);
    await store.close();
  });
});
