// What is measured of one store beyond its counters: how long things take, and what each level
// sees.

import type { TableInfo } from '../../protocol/events.ts';
import type { LatencyName, LatencyStats } from '../../protocol/storeStats.ts';
import { LatencyHistogram } from './latencyHistogram.ts';
import { LevelMetrics } from './levelMetrics.ts';
import type { FinishedCompaction } from './levelMetrics.ts';
import { Sampler } from './sampler.ts';

/** Of one open store, since it was opened. */
export class StoreMetrics {
  readonly levels: LevelMetrics = new LevelMetrics();
  readonly latencies: Readonly<Record<LatencyName, LatencyHistogram>> = {
    get: new LatencyHistogram(),
    write: new LatencyHistogram(),
    sync: new LatencyHistogram(),
    flush: new LatencyHistogram(),
    compaction: new LatencyHistogram(),
    stall: new LatencyHistogram(),
    blockRead: new LatencyHistogram(),
  };
  /** What is done often is timed by sample, everything else always. */
  readonly gets: Sampler = new Sampler();
  readonly writes: Sampler = new Sampler();
  readonly blockReads: Sampler = new Sampler();

  noteFlush({ sizeBytes, entries }: TableInfo, durationMicros: number): void {
    this.latencies.flush.record(durationMicros);
    this.levels.noteFlush(sizeBytes, entries, durationMicros);
  }

  noteCompaction(done: FinishedCompaction): void {
    this.latencies.compaction.record(done.durationMicros);
    this.levels.noteCompaction(done);
  }

  /** The figures of every histogram as of now. */
  latencyStats(): Record<LatencyName, LatencyStats> {
    const { latencies } = this;
    return {
      get: latencies.get.stats(),
      write: latencies.write.stats(),
      sync: latencies.sync.stats(),
      flush: latencies.flush.stats(),
      compaction: latencies.compaction.stats(),
      stall: latencies.stall.stats(),
      blockRead: latencies.blockRead.stats(),
    };
  }
}
