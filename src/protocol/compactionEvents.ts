// The events of compactions: what was picked and why, each entry's fate, how far a merge is.

import type {
  CompactionCandidate,
  CompactionInput,
  CompactionReason,
  EntryKind,
  FileNumber,
  JobId,
  MergeHead,
  MergeTotals,
  SequenceNumber,
  Tied,
} from './events.ts';

export type CompactionEvent =
  | (Tied & {
      readonly kind: 'compaction.pick';
      readonly job: JobId;
      readonly family: number;
      readonly strategy: string;
      readonly reason: CompactionReason;
      readonly candidates: readonly CompactionCandidate[];
      readonly inputs: readonly CompactionInput[];
      readonly outputLevel: number;
      readonly smallestKey: Uint8Array;
      readonly largestKey: Uint8Array;
    })
  | (Tied & {
      readonly kind: 'compaction.begin';
      readonly job: JobId;
      readonly family: number;
      readonly inputs: readonly CompactionInput[];
      readonly outputLevel: number;
      readonly entries: number;
      readonly sizeBytes: number;
      /**
       * `move`: nothing overlaps, the table changes its level by a manifest edit alone; `drop`: the
       * tables leave the store, and nothing takes their place.
       */
      readonly manner: 'merge' | 'move' | 'drop';
      /** Snapshots alive now, ascending: versions they see must survive. */
      readonly snapshots: readonly SequenceNumber[];
    })
  | (Tied & {
      readonly kind: 'compaction.entry';
      readonly job: JobId;
      /** The lane (input run) it came from, and that lane's file and level. */
      readonly lane: number;
      readonly file: FileNumber;
      readonly level: number;
      readonly entryKind: EntryKind;
      readonly key: Uint8Array;
      readonly sequence: SequenceNumber;
      readonly valueSizeBytes: number;
      readonly decision: MergeDecision;
      /**
       * Every lane's smallest waiting key before this entry left, `null` when the lane is empty.
       */
      readonly heads: readonly (MergeHead | null)[];
      /** The output file it went to, 0 when dropped. */
      readonly output: FileNumber;
      readonly totals: MergeTotals;
    })
  | (Tied & {
      readonly kind: 'compaction.progress';
      readonly job: JobId;
      readonly totals: MergeTotals;
      readonly outputs: readonly FileNumber[];
    })
  | (Tied & {
      readonly kind: 'compaction.end';
      readonly job: JobId;
      readonly outcome: 'done' | 'failed' | 'cancelled';
      readonly totals: MergeTotals;
      readonly outputs: readonly FileNumber[];
      readonly durationMicros: number;
    });

/** What a compaction decided about an entry, and the rule behind it. */
export type MergeDecision =
  | { readonly verdict: 'keep'; readonly because: 'newest-version' }
  | {
      readonly verdict: 'keep';
      readonly because: 'snapshot-needs-it';
      readonly snapshot: SequenceNumber;
    }
  | {
      readonly verdict: 'keep';
      readonly because: 'tombstone-may-hide-older';
      readonly level: number;
    }
  /** It hides an older version, which stays for a snapshot. */
  | {
      readonly verdict: 'keep';
      readonly because: 'tombstone-hides-kept';
      readonly kept: SequenceNumber;
    }
  | { readonly verdict: 'drop'; readonly because: 'shadowed'; readonly by: SequenceNumber }
  | { readonly verdict: 'drop'; readonly because: 'tombstone-nothing-older-below' }
  /** A tombstone: an older delete, or range delete, hides all that it does. */
  | {
      readonly verdict: 'drop';
      readonly because: 'older-delete-hides';
      readonly by: SequenceNumber;
    }
  | { readonly verdict: 'drop'; readonly because: 'range-deleted'; readonly by: SequenceNumber }
  | { readonly verdict: 'drop'; readonly because: 'expired' }
  | {
      readonly verdict: 'drop';
      readonly because: 'single-delete-annihilated';
      readonly with: SequenceNumber;
    }
  /** What a merge operand stands on may lie in that level. */
  | { readonly verdict: 'keep'; readonly because: 'operand-awaits-base'; readonly level: number }
  /** The merge operator made no value, or is not there. */
  | { readonly verdict: 'keep'; readonly because: 'merge-failed' }
  | {
      /** In the operand's place a put is written that all `operands` have gone into. */
      readonly verdict: 'keep';
      readonly because: 'operands-merged';
      readonly operands: number;
      /** Of the put. */
      readonly valueSizeBytes: number;
    }
  | {
      /** In the operand's place one is written that does what all `operands` did. */
      readonly verdict: 'keep';
      readonly because: 'operands-combined';
      readonly operands: number;
      /** Of the one. */
      readonly valueSizeBytes: number;
    }
  /** It has gone into what is written in the place of the operand `into`. */
  | { readonly verdict: 'drop'; readonly because: 'merged'; readonly into: SequenceNumber };
