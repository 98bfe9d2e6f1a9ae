// Thousands of random actions against a plain model, for each strategy. A failure prints its seed
// and the shortest run of actions that shows it.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CompactionStrategyName } from '../../src/engine/compaction/compactionOptions.ts';
import type { LsmOptions } from '../../src/engine/options.ts';
import { actionsOf } from './storeActions.ts';
import type { Action } from './storeActions.ts';
import { StoreRun } from './storeRun.ts';

const RUNS = 8;
const ACTIONS_MAX = 220;

/** What changes tables and how they are read, and no answer. */
const tableOptions = fc.record({
  compressionPerLevel: fc.array(fc.constantFrom('none', 'lz4', 'snappy'), { maxLength: 3 }),
  indexPartitionSize: fc.constantFrom(64, 1 << 20),
  maxOpenFiles: fc.constantFrom(4, 1000),
  filterAllocation: fc.constantFrom('uniform', 'monkey'),
  prefixExtractor: fc.constantFrom(
    null,
    { kind: 'fixed', length: 4 },
    { kind: 'fixed', length: 5 },
    { kind: 'delimiter', byte: 0x31 },
  ),
});

async function runOnce(
  seed: number,
  options: LsmOptions,
  actions: readonly Action[],
): Promise<StoreRun> {
  const run = new StoreRun(seed, options);
  try {
    await run.run(actions);
  } finally {
    await run.cleanUp();
  }
  return run;
}

/** Each strategy with the level that its stores reach at least. */
const STRATEGIES: readonly (readonly [CompactionStrategyName, number])[] = [
  ['leveled', 3],
  ['size-tiered', 2],
  ['lazy-leveled', 2],
  ['unified', 2],
  ['fifo', 0],
  ['time-window', 1],
];

describe.each(STRATEGIES)('a %s store', (compaction, reaches) => {
  test('answers as a sorted map does', { timeout: 300_000 }, async () => {
    let compactions = 0;
    let deepest = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        tableOptions,
        actionsOf(20, ACTIONS_MAX),
        async (seed, options, actions) => {
          const run = await runOnce(seed, { compaction, ...options }, actions);
          compactions += run.compactions;
          deepest = Math.max(deepest, run.deepestLevel);
        },
      ),
      { numRuns: RUNS },
    );
    expect(compactions).toBeGreaterThan(reaches > 0 ? RUNS : -1);
    expect(deepest).toBeGreaterThanOrEqual(reaches);
  });
});
