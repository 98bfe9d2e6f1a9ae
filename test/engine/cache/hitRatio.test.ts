// How well the block cache chooses, on the two loads that pull a cache apart: keys of which a few
// are read most of the time (Zipf), and scans that pass through everything once. LRU, which most
// caches approximate, is the measure.

import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { BlockCache } from '../../../src/engine/cache/blockCache.ts';
import { silentSink } from '../../../src/protocol/eventSink.ts';

const BLOCKS = 5000;
const HOT_FILE = 1;
const block = { memoryBytes: 1 };

interface Cache {
  get(file: number, offset: number): unknown;
  put(file: number, offset: number, value: typeof block): void;
}

/** Least recently used goes first. */
class LruCache implements Cache {
  private readonly entries = new Map<string, typeof block>();
  private readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get(file: number, offset: number): unknown {
    const key = `${file}:${offset}`;
    const found = this.entries.get(key);
    if (found === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, found);
    return found;
  }

  put(file: number, offset: number, value: typeof block): void {
    this.entries.set(`${file}:${offset}`, value);
    if (this.entries.size > this.capacity) {
      const [oldest] = this.entries.keys();
      this.entries.delete(oldest!);
    }
  }
}

/** Draws block numbers of which number n comes 1/(n + 1)^skew as often as number 0. */
function zipf(random: Random, skew: number): () => number {
  const sums = new Float64Array(BLOCKS);
  let sum = 0;
  for (let index = 0; index < BLOCKS; index++) sums[index] = sum += (index + 1) ** -skew;
  return () => {
    const drawn = random.nextFraction() * sum;
    let low = 0;
    let high = BLOCKS - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sums[middle]! < drawn) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** The share of the Zipf reads that are hits, with a scan of `scanned` blocks every 1000 reads. */
function hitRatio(cache: Cache, skew: number, scanned: number): number {
  const draw = zipf(new Random(5), skew);
  let hits = 0;
  let scanAt = 0;
  const reads = 60_000;
  const read = (file: number, offset: number): boolean => {
    if (cache.get(file, offset) !== undefined) return true;
    cache.put(file, offset, block);
    return false;
  };
  for (let count = 1; count <= reads; count++) {
    if (read(HOT_FILE, draw())) hits++;
    if (count % 1000 !== 0) continue;
    for (let index = 0; index < scanned; index++) read(2, scanAt++ % 20_000);
  }
  return hits / reads;
}

describe('the block cache against LRU', () => {
  test.each([
    // Skew, blocks the cache holds, blocks in each scan, hits above LRU's, in points of a hundred.
    [0.9, 500, 0, 5],
    [0.9, 250, 0, 7],
    [0.7, 500, 0, 6],
    [0.9, 500, 1000, 14],
    [0.9, 500, 5000, 14],
  ])('with skew %f, %i blocks and scans of %i has %i % more hits', (skew, size, scan, better) => {
    const ours = hitRatio(new BlockCache<typeof block>(size, silentSink()), skew, scan);
    const lru = hitRatio(new LruCache(size), skew, scan);
    expect(100 * (ours - lru)).toBeGreaterThan(better);
  });

  test('keeps most of what a scan finds in it', () => {
    const quiet = hitRatio(new BlockCache<typeof block>(500, silentSink()), 0.9, 0);
    const scanned = hitRatio(new BlockCache<typeof block>(500, silentSink()), 0.9, 5000);
    expect(scanned).toBeGreaterThan(0.95 * quiet);
  });
});
