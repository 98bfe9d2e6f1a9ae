// How far a family is behind its strategy: what writers are held back by (write/backpressure.ts).

import { sizeOf } from '../manifest/version.ts';
import type { FamilyVersion } from '../manifest/version.ts';
import type { ResolvedOptions } from '../options.ts';
import { inputTables } from './strategy.ts';
import type { CompactionStrategy } from './strategy.ts';

/** Runs of level 0: every read may have to look into each of them. */
export function levelZeroRuns(version: FamilyVersion): number {
  return version.levels[0]!.runs.length;
}

/** Bytes that the next compaction would rewrite if none were under way; 0 when none is due. */
export function dueBytes(
  strategy: CompactionStrategy,
  version: FamilyVersion,
  options: ResolvedOptions,
): number {
  const idle = { version, options, running: [], cursors: new Map(), nowMicros: 0 };
  const { plan } = strategy.decide(idle);
  return plan?.manner === 'merge' ? sizeOf(inputTables(plan)) : 0;
}
