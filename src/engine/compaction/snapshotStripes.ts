// Snapshots cut the history into stripes: readers that see two versions of one stripe see both, so
// the older one is of no use to anybody.

import type { SequenceNumber } from '../../protocol/events.ts';

/** There is no such snapshot. */
export const NO_SNAPSHOT = -1;

/** The snapshots alive when a merge began. */
export class SnapshotStripes {
  private readonly snapshots: readonly SequenceNumber[];

  /** @param snapshots ascending; one may stand twice. */
  constructor(snapshots: readonly SequenceNumber[]) {
    this.snapshots = snapshots;
  }

  /** The oldest snapshot, or NO_SNAPSHOT. */
  get oldest(): number {
    return this.snapshots.length > 0 ? this.snapshots[0]! : NO_SNAPSHOT;
  }

  /** The oldest snapshot that sees `sequence`, or NO_SNAPSHOT. */
  oldestFrom(sequence: SequenceNumber): number {
    const { snapshots } = this;
    let low = 0;
    let high = snapshots.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (snapshots[middle]! < sequence) low = middle + 1;
      else high = middle;
    }
    return low < snapshots.length ? snapshots[low]! : NO_SNAPSHOT;
  }

  /** Whether every reader that sees `older` sees `newer` too. */
  areTogether(older: SequenceNumber, newer: SequenceNumber): boolean {
    const snapshot = this.oldestFrom(older);
    return snapshot === NO_SNAPSHOT || snapshot >= newer;
  }

  /** Whether some snapshot is older than `sequence`. */
  hasOlderThan(sequence: SequenceNumber): boolean {
    const { oldest } = this;
    return oldest !== NO_SNAPSHOT && oldest < sequence;
  }
}
