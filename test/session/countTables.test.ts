import { expect, test } from 'vitest';
import { ManualScheduler } from '../../src/base/manualScheduler.ts';
import type { Progress } from '../../src/protocol/messages.ts';
import type { PlacedFile, StoreReader } from '../../src/readers/storeReader.ts';
import { countTables } from '../../src/session/foreign/countTables.ts';

const TABLES = 1000;

/** A reader of so many tables that says how many were asked for. */
function readerOf(tables: number): {
  readonly reader: StoreReader;
  readonly counted: () => number;
} {
  let counted = 0;
  const levels = [{ tables: Array.from({ length: tables }) }];
  const reader = {
    describe: () => ({ families: [{ levels }] }),
    *countedTables(): Generator<PlacedFile> {
      for (; counted < tables; counted++) yield { level: 0 } as PlacedFile;
    },
  };
  return { reader: reader as unknown as StoreReader, counted: () => counted };
}

test('tables are counted to the last, and it is told how far', async () => {
  const told: Progress[] = [];
  const { reader } = readerOf(TABLES);
  const counted = await countTables(reader, new ManualScheduler(), {
    onProgress: (progress) => told.push(progress),
  });
  expect(counted).toBe(TABLES);
  expect(told.length).toBeGreaterThan(10);
  expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).sort((a, b) => a - b));
  expect(told.every(({ total, unit }) => total === TABLES && unit === 'tables')).toBe(true);
});

test('it stops soon after it was asked to', async () => {
  const { reader, counted } = readerOf(TABLES);
  const stop = new AbortController();
  const counting = countTables(reader, new ManualScheduler(), {
    signal: stop.signal,
    onProgress: ({ done }) => {
      if (done > 100) stop.abort();
    },
  });
  await expect(counting).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(counted()).toBeLessThan(200);
});
