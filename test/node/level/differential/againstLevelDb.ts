// Ten thousand random operations on our database, on LevelDB itself (classic-level) and on a plain
// model, for each pair of a compaction strategy and a compression: a file of tests for each
// compression, so that they run side by side. A failure prints its seed and the shortest run of
// operations that shows it.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { CompressionName } from '../../../../src/base/compression/blockCodec.ts';
import { COMPACTION_STRATEGIES } from '../../../../src/engine/compaction/compactionOptions.ts';
import type { LevelOpenOptions } from '../../../../src/node/level/lsmLevel.ts';
import { operations } from './levelOperations.ts';
import { LevelRun } from './levelRun.ts';

const OPERATIONS = 10_000;
const OPERATIONS_PER_RUN = 800;
const LIMIT = { timeout: 240_000 };

/** Small, so that tables are flushed and merged all the time. */
const SMALL: LevelOpenOptions = {
  memtableSize: 4096,
  blockSize: 512,
  maxL0SSTables: 2,
  l0SlowdownTables: 6,
  l0StopTables: 8,
  levelBaseSize: 8192,
  levelMultiplier: 3,
  maxLevels: 4,
  tierRuns: 2,
  targetTableSize: 4096,
  blockCacheSize: 65_536,
  workers: 0,
};

/** Random runs, and the log's own choices drawn with each. */
const runs = fc.record({
  run: operations(OPERATIONS_PER_RUN),
  options: fc.record({
    walSync: fc.constantFrom('never', 'interval'),
    walRecovery: fc.constantFrom(
      'absolute-consistency',
      'tolerate-corrupted-tail',
      'point-in-time',
      'skip-any-corrupted',
    ),
    recycleLogs: fc.nat({ max: 2 }),
  }),
});

/** Tests of every strategy under one compression. */
export function testAgainstLevelDb(compression: CompressionName): void {
  const memory = '/dev/shm';
  const directory = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'lsm-classic-'));
  let databases = 0;

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test.for(COMPACTION_STRATEGIES)(
    `%s with ${compression}, as LevelDB`,
    LIMIT,
    async (compaction) => {
      let performed = 0;
      let flushes = 0;
      let compactions = 0;
      const answersAlike = fc.asyncProperty(runs, async ({ run, options }) => {
        const path = join(directory, String(++databases));
        const level = new LevelRun(path, { ...SMALL, ...options, compaction, compression });
        try {
          await level.run(run);
        } finally {
          await level.close();
          rmSync(path, { recursive: true, force: true });
        }
        performed += run.length;
        flushes += level.flushes;
        compactions += level.compactions;
      });
      while (performed < OPERATIONS) await fc.assert(answersAlike, { numRuns: 4 });
      // First in, first out never merges: it drops whole tables, and here none is due.
      expect(compaction === 'fifo' ? flushes : compactions).toBeGreaterThan(0);
    },
  );
}
