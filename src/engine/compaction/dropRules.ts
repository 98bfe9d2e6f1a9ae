// Which entries a merge may leave out. The merge shows every entry in order (key ascending, newest
// version first) and asks for each; nothing else decides.
//
//   1. A version is SHADOWED when the same key has a newer version and no snapshot lies between the
//      two: every reader that could see it sees the newer one instead. It is dropped.
//   2. A TOMBSTONE is needed as long as it hides something: an older version in a table below the
//      output, or one in the output itself that an older snapshot keeps alive. When no snapshot is
//      older than it and no table below can hold its key, it is dropped, and with it (rule 1)
//      everything older of that key.
//   3. A version under a newer RANGE DELETE, with no snapshot between, is dropped; which those are
//      rangeTombstoneMerge.ts knows.
//   4. A SINGLE DELETE and the put that it hides go together when they meet with no snapshot
//      between, whatever lies below: its contract says that the put was the only one. Until then it
//      is kept like a tombstone, also under a newer version: dropped there, it would leave its put
//      to the next single delete, and that one's put would be left over (RocksDB's rules).
//   5. An EXPIRED entry is a tombstone: it goes by rule 2, or what is older would come back.
//   6. A MERGE OPERAND hides nothing: it is kept together with what it stands on, or both become
//      one put. When that is done versionSifter.ts knows.
//   7. Everything else is kept.
//
// Snapshots taken while the merge runs need no care: their sequence number is at or above that of
// every entry in the inputs, so they see the newest version of each key, which rule 1 never drops.

import { compareRanges } from '../../base/bytes.ts';
import type { MergeDecision, SequenceNumber } from '../../protocol/events.ts';
import type { Run } from '../manifest/version.ts';
import type { SnapshotStripes } from './snapshotStripes.ts';

export const KEEP_NEWEST = 0;
export const KEEP_FOR_SNAPSHOT = 1;
export const KEEP_TOMBSTONE = 2;
export const KEEP_OPERAND = 3;
export const KEEP_UNMERGED = 4;
/** In place of the operand a put is written. */
export const KEEP_MERGED = 5;
/** In place of the operand one is written that stands for several. */
export const KEEP_COMBINED = 6;
export const DROP_SHADOWED = 7;
export const DROP_TOMBSTONE = 8;
export const DROP_RANGE_DELETED = 9;
export const DROP_ANNIHILATED = 10;
export const DROP_EXPIRED = 11;
/** It went into a newer operand's place. */
export const DROP_MERGED = 12;

/** What was decided about an entry. */
export type Verdict =
  | typeof KEEP_NEWEST
  | typeof KEEP_FOR_SNAPSHOT
  | typeof KEEP_TOMBSTONE
  | typeof KEEP_OPERAND
  | typeof KEEP_UNMERGED
  | typeof KEEP_MERGED
  | typeof KEEP_COMBINED
  | typeof DROP_SHADOWED
  | typeof DROP_TOMBSTONE
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
/** The next older version is no put, or there is none. */
export const NO_PUT = -1;

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

  /** What becomes of the next version of the current key. */
  decide(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    sequence: SequenceNumber,
    tombstone: boolean,
  ): Verdict {
    const newer = this.newer;
    this.newer = sequence;
    let verdict: Verdict = KEEP_NEWEST;
    if (newer !== NONE) {
      if (this.stripes.areTogether(sequence, newer)) return this.because(DROP_SHADOWED, newer);
      verdict = this.because(KEEP_FOR_SNAPSHOT, this.stripes.oldestFrom(sequence));
    }
    return tombstone ? this.decideTombstone(key, keyStart, keyEnd, sequence) : verdict;
  }

  /** The next version of the current key is hidden by a range delete, for every reader. */
  hide(sequence: SequenceNumber, by: SequenceNumber): Verdict {
    this.newer = sequence;
    return this.because(DROP_RANGE_DELETED, by);
  }

  /**
   * What becomes of a single delete.
   * @param put sequence number of the next older version when that is a put; NO_PUT otherwise.
   */
  decideSingleDelete(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    sequence: SequenceNumber,
    put: SequenceNumber,
  ): Verdict {
    this.newer = sequence;
    if (put !== NO_PUT && this.stripes.areTogether(put, sequence)) {
      return this.because(DROP_ANNIHILATED, put);
    }
    return this.decideTombstone(key, keyStart, keyEnd, sequence);
  }

  /** The next version of the current key is the put that the single delete `by` took along. */
  annihilate(sequence: SequenceNumber, by: SequenceNumber): Verdict {
    this.newer = sequence;
    return this.because(DROP_ANNIHILATED, by);
  }

  /** The next version of the current key is an operand of which more is known later. */
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

  private decideTombstone(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    sequence: SequenceNumber,
  ): Verdict {
    const level = this.levelBelowHolding(key, keyStart, keyEnd);
    if (level !== NONE) return this.because(KEEP_TOMBSTONE, level);
    if (!this.stripes.hasOlderThan(sequence)) return DROP_TOMBSTONE;
    return this.because(KEEP_FOR_SNAPSHOT, this.stripes.oldest);
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
