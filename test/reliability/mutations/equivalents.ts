// Mutants that change nothing anybody could see, and why. Whoever adds a line here has understood
// the code around it.

import type { Mutant } from './mutants.ts';

/** A mutant by the text of its line, which lives longer than its number. */
export interface Equivalent {
  readonly file: string;
  readonly kind: Mutant['kind'];
  /** Part of the line. */
  readonly line: string;
  readonly reason: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    file: 'src/engine/compaction/snapshotStripes.ts',
    kind: 'drop rule',
    line: 'return this.snapshots.length > 0',
    reason: 'of no snapshots there is no first one, and nothing is older than that either',
  },
];
