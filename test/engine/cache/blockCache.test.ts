// The cache against a map: what it gives back is what was put in last, and it never holds too much.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BlockCache } from '../../../src/engine/cache/blockCache.ts';
import { silentSink } from '../../../src/protocol/eventSink.ts';
import { recordingSink } from '../table/builtTable.ts';

interface Block {
  readonly memoryBytes: number;
  readonly label: number;
}

interface Place {
  readonly file: number;
  readonly offset: number;
}

const OFFSETS = [0, 1, 7, 4096, 2 ** 32, 2 ** 32 + 1, 2 ** 40];
const place = fc.record({ file: fc.nat(5), offset: fc.constantFrom(...OFFSETS) });
const step = fc.oneof(
  fc.record({ action: fc.constant('put' as const), at: place, size: fc.nat(60) }),
  fc.record({ action: fc.constant('get' as const), at: place, size: fc.constant(0) }),
  fc.record({ action: fc.constant('drop' as const), at: place, size: fc.constant(0) }),
);

describe('the block cache', () => {
  test('gives what was put last or nothing, within its capacity', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), fc.nat(200), (steps, capacity) => {
        const cache = new BlockCache<Block>(capacity, silentSink());
        const last = new Map<string, number>();
        const act = (action: 'put' | 'get' | 'drop', place: Place, block: Block): boolean => {
          const { file, offset } = place;
          const key = `${file}:${offset}`;
          if (action === 'put') {
            cache.put(file, offset, block);
            last.set(key, block.label);
            const kept = block.memoryBytes <= capacity ? block.label : undefined;
            return cache.get(file, offset)?.label === kept;
          }
          if (action === 'get') {
            const found = cache.get(file, offset);
            return found === undefined || found.label === last.get(key);
          }
          cache.dropFile(file);
          return OFFSETS.every((other) => cache.get(file, other) === undefined);
        };
        steps.forEach(({ action, at, size }, label) => {
          expect(act(action, at, { memoryBytes: size, label })).toBe(true);
          expect(cache.sizeBytes).toBeLessThanOrEqual(capacity);
        });
        const held = [...last.keys()].map((key) => key.split(':').map(Number));
        const blocks = held
          .map(([file, offset]) => cache.get(file!, offset!))
          .filter((block) => block !== undefined);
        expect(cache.blockCount).toBe(blocks.length);
        expect(cache.sizeBytes).toBe(blocks.reduce((sum, block) => sum + block.memoryBytes, 0));
      }),
    );
  });

  test('keeps what is used while a long scan goes by', () => {
    const cache = new BlockCache<Block>(1000, silentSink());
    for (let hot = 0; hot < 20; hot++) cache.put(1, hot, { memoryBytes: 10, label: hot });
    let misses = 0;
    for (let scanned = 0; scanned < 5000; scanned++) {
      cache.put(2, scanned, { memoryBytes: 10, label: scanned });
      if (cache.get(1, scanned % 20) === undefined) misses++;
    }
    expect(misses).toBe(0);
    expect(cache.blockCount).toBe(100);
  });

  test('fills up to its capacity with thousands of blocks', () => {
    const cache = new BlockCache<Block>(50_000, silentSink());
    for (let label = 0; label < 5000; label++)
      cache.put(label % 7, label, { memoryBytes: 10, label });
    for (let label = 0; label < 5000; label++)
      expect(cache.get(label % 7, label)?.label).toBe(label);
    expect(cache.evictions).toBe(0);
    expect(cache.sizeBytes).toBe(50_000);
  });

  test('tells of evictions, with what remains', () => {
    const sink = recordingSink();
    const cache = new BlockCache<Block>(25, sink);
    for (const offset of [10, 20, 30]) cache.put(4, offset, { memoryBytes: 10, label: 0 });
    expect(sink.events).toEqual([
      {
        kind: 'cache.evict',
        file: 4,
        offset: 10,
        sizeBytes: 10,
        cacheSizeBytes: 10,
        cacheBlocks: 1,
      },
    ]);
    sink.read = false;
    cache.dropFile(4);
    expect(sink.events.length).toBe(1);
    expect(cache.sizeBytes).toBe(0);
  });

  test('of no size keeps nothing', () => {
    const cache = new BlockCache<Block>(0, silentSink());
    cache.put(1, 0, { memoryBytes: 1, label: 0 });
    expect(cache.get(1, 0)).toBeUndefined();
  });
});
