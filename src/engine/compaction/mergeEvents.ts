// What a merge tells of one entry: where it came from, what stood at the head of every lane, what
// was decided and why.

import type { MergeDecision } from '../../protocol/compactionEvents.ts';
import type {
  FileNumber,
  JobId,
  MergeHead,
  MergeTotals,
  TableInfo,
} from '../../protocol/events.ts';
import type { EventSink } from '../../protocol/eventSink.ts';
import { entryKindName } from '../entryKind.ts';
import type { EntryKindCode } from '../entryKind.ts';
import type { Entry } from '../iterator/entry.ts';
import type { RunIterator } from '../iterator/runIterator.ts';

/** One input run of a merge. */
export interface Lane {
  readonly level: number;
  /** Ascending by key, not overlapping. */
  readonly tables: readonly TableInfo[];
}

/** One entry's way through the merge. */
export interface MergeStep {
  readonly job: JobId;
  /** Index of the lane it came from. */
  readonly lane: number;
  readonly entry: Entry;
  readonly decision: MergeDecision;
  readonly heads: readonly (MergeHead | null)[];
  /** 0 when dropped. */
  readonly output: FileNumber;
  readonly totals: MergeTotals;
}

export function tellEntry(events: EventSink, lanes: readonly Lane[], step: MergeStep): void {
  const { entry, lane, heads } = step;
  events.emit({
    kind: 'compaction.entry',
    job: step.job,
    lane,
    file: heads[lane]!.file,
    level: lanes[lane]!.level,
    entryKind: entryKindName(entry.kind as EntryKindCode),
    key: entry.copyKey(),
    sequence: entry.sequence,
    valueSizeBytes: entry.valueLength,
    decision: step.decision,
    heads,
    output: step.output,
    totals: step.totals,
  });
}

/** The entry waiting in each lane, `null` for a lane that has ended. */
export function headsOf(
  runs: readonly RunIterator[],
  lanes: readonly Lane[],
): (MergeHead | null)[] {
  return runs.map((run, lane) => {
    if (!run.valid) return null;
    const { file, entry } = run;
    return { key: entry.copyKey(), sequence: entry.sequence, file, level: lanes[lane]!.level };
  });
}
