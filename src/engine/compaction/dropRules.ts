// Which entries a merge may leave out. The merge shows every entry in order (key ascending, newest
// version first) and asks for each; nothing else decides.
//
//   1. A version is SHADOWED when the same key has a newer version and no snapshot lies between the
//      two: every reader that could see it sees the newer one instead. It is dropped.
//   2. A TOMBSTONE is needed as long as it hides something from a reader that sees it: the next
//      older version that stays in the output, for an older snapshot, or what a table below may
//      hold. It is dropped when neither is there, and when the next older thing that stays is a
//      delete itself: that one hides all the rest.
//   3. A version under a newer RANGE DELETE, with no snapshot between, is dropped. Of one key, a
//      range delete is one more tombstone; which keys need it rangeTombstoneMerge.ts gathers.
//   4. A SINGLE DELETE and the put that it hides go together when they meet with no snapshot
//      between, whatever lies below: its contract says that the put was the only one. Until then it
//      is a tombstone, also under a newer put: dropped there, it would leave its put to the next
//      single delete, and that one's put would be left over (RocksDB's rule).
//   5. An EXPIRED entry is a tombstone: it goes by rule 2, or what is older would come back.
//   6. A MERGE OPERAND hides nothing: it is kept together with what it stands on, or both become
//      one put. When that is done versionSifter.ts knows.
//   7. Everything else is kept.
//
// Snapshots taken while the merge runs need no care: their sequence number is at or above that of
// every entry in the inputs, so they see the newest version of each key, which rule 1 never drops,
// or, by rule 2, that there is none.

import { compareRanges } from '../../base/bytes.ts';
import type { MergeDecision } from '../../protocol/compactionEvents.ts';
import type { SequenceNumber } from '../../protocol/events.ts';
import type { Run } from '../manifest/version.ts';
import type { SnapshotStripes } from './snapshotStripes.ts';

export const KEEP_NEWEST = 0;
export const KEEP_FOR_SNAPSHOT = 1;
export const KEEP_TOMBSTONE = 2;
/** A tombstone over an older version that stays for a snapshot. */
export const KEEP_OVER_KEPT = 3;
export const KEEP_OPERAND = 4;
export const KEEP_UNMERGED = 5;
/** In place of the operand a put is written. */
export const KEEP_MERGED = 6;
/** In place of the operand one is written that stands for several. */
export const KEEP_COMBINED = 7;
export const DROP_SHADOWED = 8;
export const DROP_TOMBSTONE = 9;
/** An older delete hides all that this one does. */
export const DROP_NEEDLESS = 10;
export const DROP_RANGE_DELETED = 11;
export const DROP_ANNIHILATED = 12;
export const DROP_EXPIRED = 13;
/** It went into a newer operand's place. */
export const DROP_MERGED = 14;

/** What was decided about an entry. */
export type Verdict =
  | typeof KEEP_NEWEST
  | typeof KEEP_FOR_SNAPSHOT
  | typeof KEEP_TOMBSTONE
  | typeof KEEP_OVER_KEPT
  | typeof KEEP_OPERAND
  | typeof KEEP_UNMERGED
  | typeof KEEP_MERGED
  | typeof KEEP_COMBINED
  | typeof DROP_SHADOWED
  | typeof DROP_TOMBSTONE
  | typeof DROP_NEEDLESS
  | typeof DROP_RANGE_DELETED
  | typeof DROP_ANNIHILATED
  | typeof DROP_EXPIRED
  | typeof DROP_MERGED;

/** Whether the entry goes into the output. */
export function isKept(verdict: Verdict): boolean {
  return verdict < DROP_SHADOWED;
}

/** A run that lies below a merge's output and may hold older versions. */
export interface RunBelow {
  readonly level: number;
  readonly run: Run;
}

const NONE = -1;

/** Decides entry by entry; keys must come in ascending order. */
export class DropRules {
  private readonly stripes: SnapshotStripes;
  private readonly below: readonly RunBelow[];
  /** For each run below: its first table that does not end before the current key. */
  private readonly cursors: number[];
  /** Sequence number of the version of the current key that came last, or NONE. */
  private newer = NONE;
  private reason = 0;

  /**
   * @param stripes of the snapshots alive when the merge began.
   * @param below every run outside the inputs that may hold versions older than theirs.
   */
  constructor(stripes: SnapshotStripes, below: readonly RunBelow[]) {
    this.stripes = stripes;
    this.below = below;
    this.cursors = below.map(() => 0);
  }

  /** The next entry has another key than the last one. */
  beginKey(): void {
    this.newer = NONE;
  }

  /** Whether every reader that sees the next version, `sequence`, sees a newer one, too. */
  isShadowed(sequence: SequenceNumber): boolean {
    return this.newer !== NONE && this.stripes.areTogether(sequence, this.newer);
  }

  /** What becomes of the next version of the current key, whatever it is (rule 1). */
  decide(sequence: SequenceNumber): Verdict {
    const { newer } = this;
    const shadowed = this.isShadowed(sequence);
    this.newer = sequence;
    if (newer === NONE) return KEEP_NEWEST;
    if (shadowed) return this.because(DROP_SHADOWED, newer);
    return this.because(KEEP_FOR_SNAPSHOT, this.stripes.oldestFrom(sequence));
  }

  /** What becomes of a tombstone of the current key, `key`, over which nothing older stays. */
  decideTombstone(key: Uint8Array, keyStart: number, keyEnd: number): Verdict {
    const level = this.levelBelowHolding(key, keyStart, keyEnd);
    return level === NONE ? DROP_TOMBSTONE : this.because(KEEP_TOMBSTONE, level);
  }

  /** A tombstone stays: it hides the older version `kept`. */
  keepOver(kept: SequenceNumber): Verdict {
    return this.because(KEEP_OVER_KEPT, kept);
  }

  /** A tombstone goes: the older delete `by` hides all that it does. */
  leaveTo(by: SequenceNumber): Verdict {
    return this.because(DROP_NEEDLESS, by);
  }

  /** Whether a version older than `sequence` may stay for a snapshot. */
  mayHideKept(sequence: SequenceNumber): boolean {
    return this.stripes.hasOlderThan(sequence);
  }

  /** The next version of the current key is hidden by a range delete, for every reader. */
  hide(sequence: SequenceNumber, by: SequenceNumber): Verdict {
    this.newer = sequence;
    return this.because(DROP_RANGE_DELETED, by);
  }

  /** The next version of the current key is the put that the single delete `by` took along. */
  annihilate(sequence: SequenceNumber, by: SequenceNumber): Verdict {
    this.newer = sequence;
    return this.because(DROP_ANNIHILATED, by);
  }

  /** More is known later of the next version of the current key, or it is a range delete. */
  pass(sequence: SequenceNumber): void {
    this.newer = sequence;
  }

  /** An operand stays: what it stands on may lie in `level`. */
  keepOperand(level: number): Verdict {
    return this.because(KEEP_OPERAND, level);
  }

  /** An operand stays: a snapshot lies between it and the next older version. */
  keepForSnapshot(older: SequenceNumber): Verdict {
    return this.because(KEEP_FOR_SNAPSHOT, this.stripes.oldestFrom(older));
  }

  /** A version of the current key has become part of the operand `into`. */
  mergeInto(into: SequenceNumber, sequence: SequenceNumber): Verdict {
    this.newer = sequence;
    return this.because(DROP_MERGED, into);
  }

  /** The shallowest level below that may hold older versions of the key; `undefined` for none. */
  levelHolding(key: Uint8Array, keyLength: number): number | undefined {
    const level = this.levelBelowHolding(key, 0, keyLength);
    return level === NONE ? undefined : level;
  }

  /**
   * The last verdict in the words of events.
   * @param writtenBytes of the value that is written, for what was merged.
   */
  explain(verdict: Verdict, writtenBytes = 0): MergeDecision {
    switch (verdict) {
      case KEEP_NEWEST:
        return { verdict: 'keep', because: 'newest-version' };
      case KEEP_FOR_SNAPSHOT:
        return { verdict: 'keep', because: 'snapshot-needs-it', snapshot: this.reason };
      case KEEP_TOMBSTONE:
        return { verdict: 'keep', because: 'tombstone-may-hide-older', level: this.reason };
      case KEEP_OVER_KEPT:
        return { verdict: 'keep', because: 'tombstone-hides-kept', kept: this.reason };
      case KEEP_OPERAND:
        return { verdict: 'keep', because: 'operand-awaits-base', level: this.reason };
      case KEEP_UNMERGED:
        return { verdict: 'keep', because: 'merge-failed' };
      case KEEP_MERGED:
        return this.explainMerge('operands-merged', writtenBytes);
      case KEEP_COMBINED:
        return this.explainMerge('operands-combined', writtenBytes);
      case DROP_MERGED:
        return { verdict: 'drop', because: 'merged', into: this.reason };
      case DROP_SHADOWED:
        return { verdict: 'drop', because: 'shadowed', by: this.reason };
      case DROP_TOMBSTONE:
        return { verdict: 'drop', because: 'tombstone-nothing-older-below' };
      case DROP_NEEDLESS:
        return { verdict: 'drop', because: 'older-delete-hides', by: this.reason };
      case DROP_RANGE_DELETED:
        return { verdict: 'drop', because: 'range-deleted', by: this.reason };
      case DROP_EXPIRED:
        return { verdict: 'drop', because: 'expired' };
      case DROP_ANNIHILATED:
        return { verdict: 'drop', because: 'single-delete-annihilated', with: this.reason };
    }
  }

  private explainMerge(
    because: 'operands-merged' | 'operands-combined',
    writtenBytes: number,
  ): MergeDecision {
    return { verdict: 'keep', because, operands: this.reason, valueSizeBytes: writtenBytes };
  }

  /** `verdict`, with what explains it. */
  because<V extends Verdict>(verdict: V, reason: number): V {
    this.reason = reason;
    return verdict;
  }

  /** The shallowest level below with a table whose range holds the key, or NONE. */
  private levelBelowHolding(key: Uint8Array, keyStart: number, keyEnd: number): number {
    for (let index = 0; index < this.below.length; index++) {
      const { level, run } = this.below[index]!;
      const tables = run.tables;
      let cursor = this.cursors[index]!;
      while (
        cursor < tables.length &&
        compareRanges(
          tables[cursor]!.largestKey,
          0,
          tables[cursor]!.largestKey.length,
          key,
          keyStart,
          keyEnd,
        ) < 0
      ) {
        cursor++;
      }
      this.cursors[index] = cursor;
      const table = tables[cursor];
      if (
        table !== undefined &&
        compareRanges(table.smallestKey, 0, table.smallestKey.length, key, keyStart, keyEnd) <= 0
      ) {
        return level;
      }
    }
    return NONE;
  }
}
