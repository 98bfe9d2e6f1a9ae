// The rate of compactions: the account itself, and what a store does by it.

import { describe, expect, test } from 'vitest';
import { Lsm } from '../../../src/engine/db.ts';
import { RateBudget } from '../../../src/engine/jobs/rateBudget.ts';
import { RecordingSink } from '../recordingSink.ts';
import { DIRECTORY, simulatedEnvironment } from '../simulatedWorld.ts';
import { bytes, newStore } from '../testStore.ts';
import { SimulatedDisk } from '../../reliability/disk/simulatedDisk.ts';
import { fill, SMALL, useThreadedStores } from './threadedStore.ts';

const SECOND = 1_000_000;

describe('a rate budget', () => {
  test('makes each sleep until what all have written is paid for', () => {
    const budget = RateBudget.of(1000);
    const other = RateBudget.shared(budget.buffer);
    expect(budget.takeForCompaction(500, 7 * SECOND)).toBe(SECOND / 2);
    expect(other.takeForCompaction(1000, 7 * SECOND)).toBe(1.5 * SECOND);
    expect(budget.takeForCompaction(100, 8 * SECOND)).toBe(0.6 * SECOND);
    // What was not used is not saved up.
    expect(budget.takeForCompaction(1000, 60 * SECOND)).toBe(SECOND);
  });

  test('lets flushes go first, but never so that compactions stand still', () => {
    const budget = RateBudget.of(1000);
    budget.takeForFlush(500, 7 * SECOND);
    expect(budget.takeForCompaction(100, 7 * SECOND)).toBe(0.6 * SECOND);
    for (let flush = 0; flush < 100; flush++) budget.takeForFlush(5000, 20 * SECOND);
    expect(budget.takeForCompaction(100, 20 * SECOND)).toBe(1.1 * SECOND);
  });

  test('soon forgets that the clock was put back', () => {
    const budget = RateBudget.of(1000);
    budget.takeForCompaction(10, 1_000_000 * SECOND);
    expect(budget.takeForCompaction(10, SECOND)).toBe(65 * 0.01 * SECOND);
  });

  test('knows whether it limits anything', () => {
    expect([RateBudget.of(0).isLimited, RateBudget.of(1).isLimited]).toEqual([false, true]);
  });
});

describe('a store with a rate', () => {
  const options = { blockSize: 128, targetTableSize: 4096, maxL0SSTables: 100 } as const;

  test('sleeps in compactions and never in flushes, and tells how long', async () => {
    const events = new RecordingSink();
    const environment = simulatedEnvironment(7, new SimulatedDisk());
    const { scheduler } = environment;
    let slept = 0;
    const recording = {
      turn: () => scheduler.turn(),
      after: (millis: number, callback: () => void) => scheduler.after(millis, callback),
      sleep: (millis: number) => {
        slept += millis;
        return scheduler.sleep(millis);
      },
    };
    const world = { ...environment, scheduler: recording };
    const limited = { ...options, events, compactionRateLimit: 10_000 };
    const store = await Lsm.open(DIRECTORY, world, limited);
    for (let key = 0; key < 1000; key++) await store.put(bytes(`k${key}`), new Uint8Array(40));
    await store.flush();
    expect(slept).toBe(0);
    await store.compactRange();
    const written = events.of('compaction.end').map(({ totals }) => totals.bytesWritten);
    const waited = events.of('compaction.end').map(({ totals }) => totals.waitedMicros);
    const sum = (figures: readonly number[]): number => figures.reduce((all, each) => all + each);
    // The flush's bytes are on the account, too: at most a second of them.
    expect(sum(waited) / 1e6).toBeGreaterThan(sum(written) / 10_000 / 2);
    expect(Math.abs(sum(waited) / 1000 - slept)).toBeLessThan(100);
    expect(store.stats().counters.compactionWaitMicros).toBe(sum(waited));
    await store.close();
  });

  test('has none by default', async () => {
    const { store } = await newStore(options);
    await store.put(bytes('a'), bytes('1'));
    await store.compactRange();
    expect(store.stats().counters.compactionWaitMicros).toBe(0);
    await store.close();
  });
});

describe('in threads', () => {
  const stores = useThreadedStores();

  test('the account is shared, and whoever sleeps can be stopped', async () => {
    const events = new RecordingSink();
    const signal = { aborted: false };
    const options = { ...SMALL, maxL0SSTables: 100, workers: 2, events };
    const store = await Lsm.open(stores.path('rate'), stores.environment(), {
      ...options,
      compactionRateLimit: 1024,
    });
    for (const round of [1, 2]) {
      await fill(store, 300, round);
      await store.flush();
    }
    const before = store.describe().families[0]!.levels;
    events.listener = ({ kind }) => {
      if (kind === 'table.create') signal.aborted = true;
    };
    const stopped = store.compactRange({}, { signal });
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(store.describe().families[0]!.levels).toEqual(before);
    events.listener = undefined;
    expect([...store.entries()]).toHaveLength(300);
    await store.close();
  });
});
