// Runs that stack merge operands up on few keys, between snapshots, deletions, flushes, compactions
// and crashes: each reader sees what a plain map of appended texts has. A failure prints its seed
// and the shortest run of actions that shows it.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stackingActionsOf } from './storeActions.ts';
import { StoreRun } from './storeRun.ts';

test.each(['leveled', 'size-tiered'] as const)(
  'operands give the same value in every way through a %s store',
  { timeout: 120_000 },
  async (compaction) => {
    let merged = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(), stackingActionsOf(20, 120), async (seed, actions) => {
        const run = new StoreRun(seed, { compaction });
        try {
          await run.run(actions);
        } finally {
          await run.cleanUp();
        }
        merged += run.merged;
      }),
      { numRuns: 25 },
    );
    expect(merged).toBeGreaterThan(50);
  },
);
