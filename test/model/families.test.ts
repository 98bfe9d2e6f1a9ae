// Random actions on a store with several column families against a model: batches over families,
// families that come, go and come again under the same name, crashes and power failures. A failure
// prints its seed and the shortest run of actions that shows it.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { familyActionsOf } from './familyActions.ts';
import { FamilyRun } from './familyRun.ts';

const RUNS = 12;

test('families answer as sorted maps do, and change together', { timeout: 300_000 }, async () => {
  let drops = 0;
  let sealedForLog = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(), familyActionsOf(20, 140), async (seed, actions) => {
      const run = new FamilyRun(seed);
      try {
        await run.run(actions);
      } finally {
        await run.cleanUp();
      }
      drops += run.drops;
      sealedForLog += run.sealedForLog;
    }),
    { numRuns: RUNS },
  );
  expect(drops).toBeGreaterThan(RUNS / 2);
  expect(sealedForLog).toBeGreaterThan(RUNS / 2);
});
