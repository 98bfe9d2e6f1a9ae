// The sifter of merges with plain values around it: what goes in, and what was decided of each.

import { DropRules } from '../../../src/engine/compaction/dropRules.ts';
import type { RunBelow, Verdict } from '../../../src/engine/compaction/dropRules.ts';
import { keptEntry } from '../../../src/engine/compaction/heldEntry.ts';
import { RangeTombstoneMerge } from '../../../src/engine/compaction/rangeTombstoneMerge.ts';
import { SnapshotStripes } from '../../../src/engine/compaction/snapshotStripes.ts';
import { VersionSifter } from '../../../src/engine/compaction/versionSifter.ts';
import { Entry } from '../../../src/engine/iterator/entry.ts';
import { OperandMerger } from '../../../src/engine/merge/operandMerger.ts';
import type { RangeTombstone } from '../../../src/engine/rangeDelete/rangeTombstone.ts';
import type { MergeDecision } from '../../../src/protocol/compactionEvents.ts';
import { fillEntry } from '../modelEntries.ts';

/** A version of a key: its sequence number, and what it is, as on disk. */
export interface SievedVersion {
  readonly sequence: number;
  readonly kind: number;
}

/** What became of a version. */
export interface Outcome {
  readonly sequence: number;
  readonly verdict: Verdict;
  readonly decision: MergeDecision;
}

/** Sifts key after key, in ascending order. */
export class Sieve {
  readonly ranges: RangeTombstoneMerge;
  private readonly sifter: VersionSifter;
  private outcomes: Outcome[] = [];

  /**
   * @param snapshots ascending.
   * @param cutoff what is older has expired; every version is of the microsecond 1.
   */
  constructor(
    snapshots: readonly number[],
    below: readonly RunBelow[],
    rangeTombstones: readonly RangeTombstone[] = [],
    cutoff = 0,
  ) {
    const stripes = new SnapshotStripes(snapshots);
    const rules = new DropRules(stripes, below);
    this.ranges = new RangeTombstoneMerge(rangeTombstones, stripes, below);
    this.sifter = new VersionSifter({
      stripes,
      rules,
      ranges: this.ranges,
      merger: new OperandMerger('', null, undefined),
      cutoff,
      hold: (entry) => ({ entry: keptEntry(entry, this.sifter.key), lane: 0, heads: [] }),
      settle: ({ sequence }, verdict) => {
        this.outcomes.push({ sequence, verdict, decision: rules.explain(verdict) });
      },
    });
  }

  /** What becomes of the versions of a key, newest first, in that order. */
  sift(key: Uint8Array, versions: readonly SievedVersion[]): Outcome[] {
    const { sifter } = this;
    const entry = new Entry();
    this.outcomes = [];
    versions.forEach(({ sequence, kind }, index) => {
      fillEntry(entry, { key, sequence, kind, timestampMicros: 1, value: new Uint8Array(0) });
      if (index === 0) sifter.beginKey(entry);
      sifter.take(entry);
    });
    if (versions.length > 0) sifter.endKey();
    return this.outcomes.toSorted((a, b) => b.sequence - a.sequence);
  }
}
