// What was done to one level since the store was opened, whatever column family it was for: what
// flushes and compactions brought, and how its filters did.

import type { MergeTotals } from '../../protocol/events.ts';
import type { LevelFlow } from '../../protocol/storeStats.ts';
import type { RunningCounters } from './counters.ts';

/** `LevelFlow` while it flows. */
type RunningFlow = { -readonly [Name in keyof LevelFlow]: number };

/** A compaction that is done, as far as it is counted. */
export interface FinishedCompaction {
  readonly outputLevel: number;
  /** Bytes of the input tables in shallower levels, and in the output level itself. */
  readonly bytesReadAbove: number;
  readonly bytesReadOwn: number;
  /** Tables that only changed their level, and were neither read nor written. */
  readonly bytesMoved: number;
  readonly totals: MergeTotals;
  readonly durationMicros: number;
}

/** All levels of a store. */
export class LevelMetrics {
  private readonly flows: RunningFlow[] = [];
  private checks = 0;
  private negatives = 0;
  private falsePositives = 0;

  /** A copy of a level's figures. */
  flowOf(level: number): LevelFlow {
    return { ...this.running(level) };
  }

  noteFlush(bytesWritten: number, entries: number, durationMicros: number): void {
    const flow = this.running(0);
    flow.jobs++;
    flow.bytesWritten += bytesWritten;
    flow.entriesIn += entries;
    flow.durationMicros += durationMicros;
  }

  noteCompaction(done: FinishedCompaction): void {
    const flow = this.running(done.outputLevel);
    flow.jobs++;
    flow.bytesReadAbove += done.bytesReadAbove;
    flow.bytesReadOwn += done.bytesReadOwn;
    flow.bytesMoved += done.bytesMoved;
    flow.bytesWritten += done.totals.bytesWritten;
    flow.entriesIn += done.totals.entriesIn;
    flow.entriesDropped += done.totals.entriesIn - done.totals.entriesOut;
    flow.durationMicros += done.durationMicros;
  }

  /** A get begins: what its filters say from now on is of the levels that are named next. */
  beginFilters({ filterChecks, filterNegatives, filterFalsePositives }: RunningCounters): void {
    this.checks = filterChecks;
    this.negatives = filterNegatives;
    this.falsePositives = filterFalsePositives;
  }

  /** A level has been asked: what was counted since the last one is its own. */
  attributeFilters(level: number, counters: RunningCounters): void {
    const { filterChecks } = counters;
    if (filterChecks === this.checks) return;
    const flow = this.running(level);
    flow.filterChecks += filterChecks - this.checks;
    flow.filterNegatives += counters.filterNegatives - this.negatives;
    flow.filterFalsePositives += counters.filterFalsePositives - this.falsePositives;
    this.beginFilters(counters);
  }

  private running(level: number): RunningFlow {
    while (this.flows.length <= level) this.flows.push(newFlow());
    return this.flows[level]!;
  }
}

function newFlow(): RunningFlow {
  return {
    jobs: 0,
    bytesReadAbove: 0,
    bytesReadOwn: 0,
    bytesWritten: 0,
    bytesMoved: 0,
    entriesIn: 0,
    entriesDropped: 0,
    durationMicros: 0,
    filterChecks: 0,
    filterNegatives: 0,
    filterFalsePositives: 0,
  };
}
