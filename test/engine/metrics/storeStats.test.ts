// The figures of a store against what was done to it.

import { expect, test } from 'vitest';
import type { StoreStats } from '../../../src/protocol/storeStats.ts';
import { RecordingSink } from '../recordingSink.ts';
import { bytes, newStore } from '../testStore.ts';

const SMALL = {
  memtableSize: 4096,
  blockSize: 256,
  maxL0SSTables: 2,
  l0SlowdownTables: 8,
  l0StopTables: 12,
  levelBaseSize: 8192,
  levelMultiplier: 3,
  targetTableSize: 65_536,
  blockCacheSize: 8192,
};

function sumOf(stats: StoreStats, figure: (level: StoreStats['levels'][number]) => number): number {
  return stats.levels.reduce((sum, level) => sum + figure(level), 0);
}

test('what flowed into the levels is what flushes and compactions counted', async () => {
  const { store } = await newStore(SMALL);
  for (let entry = 0; entry < 2000; entry++) {
    await store.put(bytes(`key${(entry * 7919) % 900}`), new Uint8Array(60));
    if (entry % 5 === 0) await store.delete(bytes(`key${entry % 900}`));
  }
  await store.flush();
  await store.waitForIdle();
  const stats = store.stats();
  const { counters, latencies, levels } = stats;
  expect(counters.compactions).toBeGreaterThan(3);
  expect(levels[0]!.flow.bytesWritten).toBe(counters.flushBytesWritten);
  expect(levels[0]!.flow.jobs).toBe(counters.flushes);
  expect(sumOf(stats, ({ flow }) => flow.jobs)).toBe(counters.flushes + counters.compactions);
  expect(sumOf(stats, ({ flow }) => flow.bytesWritten)).toBe(
    counters.flushBytesWritten + counters.compactionBytesWritten,
  );
  // Bytes that came in less those that were merged away is what lies there now.
  expect(sumOf(stats, ({ flow }) => flow.entriesDropped)).toBeGreaterThan(0);
  const written = levels[1]!.flow;
  expect(levels[1]!.writeAmplification).toBeCloseTo(written.bytesWritten / written.bytesReadAbove);
  expect(Math.max(...levels.map((level) => level.spaceAmplification))).toBe(1);
  expect(sumOf(stats, (level) => level.spaceAmplification)).toBeCloseTo(stats.spaceAmplification);
  const { stallMemtablesMicros, stallL0Micros, stallPendingBytesMicros } = counters;
  expect(stallMemtablesMicros + stallL0Micros + stallPendingBytesMicros).toBe(counters.stallMicros);
  expect(latencies.flush.count).toBe(counters.flushes);
  expect(latencies.compaction.count).toBe(counters.compactions);
  expect(latencies.write.count).toBeGreaterThan(2000 / 17);
  await store.close();
});

test('what compactions read is told apart by where it lay, and what they only moved', async () => {
  const events = new RecordingSink();
  const { store } = await newStore({ ...SMALL, events });
  for (let round = 0; round < 4; round++) {
    for (let entry = 0; entry < 300; entry++) {
      await store.put(bytes(`key${round}${(entry * 7919) % 900}`), new Uint8Array(60));
    }
    await store.flush();
    await store.waitForIdle();
  }
  await store.compactRange();
  const done = events.of('compaction.begin');
  const created = events.of('table.create').map(({ table }) => table);
  const sizes = new Map(created.map(({ file, sizeBytes }) => [file, sizeBytes]));
  const bytesOf = (level: number, manner: string, isRead: (input: number) => boolean): number =>
    done
      .filter((begun) => begun.outputLevel === level && begun.manner === manner)
      .flatMap(({ inputs }) => inputs.filter((input) => isRead(input.level)))
      .flatMap(({ files }) => files)
      .reduce((sum, file) => sum + sizes.get(file)!, 0);
  const { levels } = store.stats();
  for (const { level, flow } of levels) {
    expect(flow.bytesReadOwn).toBe(bytesOf(level, 'merge', (input) => input === level));
    expect(flow.bytesReadAbove).toBe(bytesOf(level, 'merge', (input) => input < level));
    expect(flow.bytesMoved).toBe(bytesOf(level, 'move', () => true));
  }
  expect(sumOf(store.stats(), ({ flow }) => flow.bytesReadOwn)).toBeGreaterThan(0);
  expect(sumOf(store.stats(), ({ flow }) => flow.bytesMoved)).toBeGreaterThan(0);
  await store.close();
});

test('gets are timed by sample, and filters are counted for each level', async () => {
  const { store } = await newStore({ ...SMALL, memtableSize: 65_536, bloomBitsPerKey: 6 });
  for (let entry = 0; entry < 3000; entry++) {
    await store.put(bytes(`key${entry}`), new Uint8Array(60));
  }
  await store.flush();
  await store.waitForIdle();
  const before = store.stats();
  for (let entry = 0; entry < 3400; entry++) store.getSync(bytes(`key${entry % 3000}x`));
  const stats = store.stats();
  expect(stats.latencies.get.count - before.latencies.get.count).toBe(200);
  expect(stats.latencies.blockRead.count).toBeGreaterThan(0);
  expect(sumOf(stats, ({ flow }) => flow.filterChecks)).toBe(stats.counters.filterChecks);
  expect(sumOf(stats, ({ flow }) => flow.filterNegatives)).toBe(stats.counters.filterNegatives);
  const asked = stats.levels.filter(({ flow }) => flow.filterChecks > 1000);
  expect(asked.length).toBeGreaterThan(0);
  for (const { filterFalsePositiveRate, filterPredictedRate } of asked) {
    expect(filterPredictedRate).toBeGreaterThan(0.01);
    expect(filterPredictedRate).toBeLessThan(0.2);
    // 1000 checks at 6 bits a key: the rate is known to within a third and a half, generously.
    expect(filterFalsePositiveRate).toBeLessThan(filterPredictedRate * 2 + 0.02);
    expect(filterFalsePositiveRate).toBeGreaterThan(filterPredictedRate / 3 - 0.02);
  }
  await store.close();
});
