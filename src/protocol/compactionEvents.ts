// The events of compactions: what was picked and why, each entry's fate, how far a merge is.

import type {
  CompactionCandidate,
  CompactionInput,
  CompactionReason,
  EntryKind,
  FileNumber,
  JobId,
  MergeDecision,
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
