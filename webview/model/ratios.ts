// Amplification and hit rates at any moment, from the folded state alone, with the same definitions
// as
// `StoreStats`: so the charts can be scrubbed like everything else.

import type { TreeState } from '../../src/protocol/treeState.ts';

export interface Ratios {
  /** Bytes written to disk per byte that the user wrote. */
  readonly writeAmplification: number;
  /** Data blocks looked at, cached or not, per get. */
  readonly readAmplification: number;
  /** Table bytes per byte of the largest level. */
  readonly spaceAmplification: number;
  /** Share of filter checks on absent keys that said "maybe". */
  readonly filterFalsePositiveRate: number;
  readonly cacheHitRate: number;
}

/** Every ratio is 0 when its denominator is. */
export function ratiosOf(state: TreeState): Ratios {
  const counters = state.counters;
  const written =
    counters.walBytesWritten + counters.flushBytesWritten + counters.compactionBytesWritten;
  const levelSizes = state.families.flatMap((family) =>
    family.levels.map((level) => level.sizeBytes),
  );
  const tableBytes = levelSizes.reduce((sum, size) => sum + size, 0);
  const looks = counters.cacheHits + counters.cacheMisses;
  const absentChecks = counters.filterNegatives + counters.filterFalsePositives;
  return {
    writeAmplification: share(written, counters.userBytesWritten),
    readAmplification: share(looks, counters.gets),
    spaceAmplification: share(tableBytes, Math.max(0, ...levelSizes)),
    filterFalsePositiveRate: share(counters.filterFalsePositives, absentChecks),
    cacheHitRate: share(counters.cacheHits, looks),
  };
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
