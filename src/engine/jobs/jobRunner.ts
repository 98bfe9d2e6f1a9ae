// Who runs the store's jobs. The same functions run either way (flush/flushJob.ts,
// compaction/mergeJob.ts): in slices on the store's own thread, or whole in threads of their own
// (threads/threadRunner.ts).

import type { TableInfo } from '../../protocol/events.ts';
import { runMerge } from '../compaction/mergeJob.ts';
import { runFlush } from '../flush/flushJob.ts';
import type { JobWorld } from './jobContext.ts';
import type { FlushProgress, FlushWork, MergeProgress, MergeResult, MergeWork } from './jobWork.ts';

/** Runs jobs to their ends. What a job tells goes to the store's sink as if it ran here. */
export interface JobRunner {
  /** As `runFlush`. */
  flush(work: FlushWork, onProgress: (progress: FlushProgress) => void): Promise<TableInfo>;
  /** As `runMerge`. */
  merge(work: MergeWork, onProgress: (progress: MergeProgress) => void): Promise<MergeResult>;
  /** Lets go of what it holds; no job is running any more. */
  close(): Promise<void>;
}

/** Runs jobs in slices on this thread. */
export class SliceRunner implements JobRunner {
  private readonly world: JobWorld;

  constructor(world: JobWorld) {
    this.world = world;
  }

  flush(work: FlushWork, onProgress: (progress: FlushProgress) => void): Promise<TableInfo> {
    return runFlush(work, this.world, onProgress);
  }

  merge(work: MergeWork, onProgress: (progress: MergeProgress) => void): Promise<MergeResult> {
    return runMerge(work, this.world, onProgress);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
