// Runs jobs in threads of their own. A thread starts when it is first needed and stays until the
// store closes. A merge waits for a free thread; a flush, for which writers may be waiting, runs in
// slices instead when there is none. So do the merges of a family whose merge operator is the
// user's: functions cannot leave the thread they were made in.

import type { TableInfo } from '../../../protocol/events.ts';
import type { JobRunner } from '../jobRunner.ts';
import type {
  FlushProgress,
  FlushWork,
  JobWork,
  MergeProgress,
  MergeResult,
  MergeWork,
} from '../jobWork.ts';
import { JobThread } from './jobThread.ts';
import type { ThreadedStore } from './jobThread.ts';

/** A pool of job threads. */
export class ThreadRunner implements JobRunner {
  private readonly store: ThreadedStore;
  private readonly threadsMax: number;
  private readonly slices: JobRunner;
  private readonly started = new Set<JobThread>();
  private readonly idle: JobThread[] = [];
  private readonly waiting: (() => void)[] = [];

  /** @param slices runs the jobs that no thread can run, or none now. */
  constructor(store: ThreadedStore, threadsMax: number, slices: JobRunner) {
    this.store = store;
    this.threadsMax = threadsMax;
    this.slices = slices;
    store.events.watch(() => {
      for (const thread of this.started) thread.listen();
    });
  }

  flush(work: FlushWork, onProgress: (progress: FlushProgress) => void): Promise<TableInfo> {
    const thread = this.takeThread();
    if (thread === undefined) return this.slices.flush(work, onProgress);
    return this.runOn(
      thread,
      work,
      onProgress as (progress: unknown) => void,
    ) as Promise<TableInfo>;
  }

  async merge(
    work: MergeWork,
    onProgress: (progress: MergeProgress) => void,
  ): Promise<MergeResult> {
    if (this.store.mergeOperators.isGiven(work.options.mergeOperator)) {
      return this.slices.merge(work, onProgress);
    }
    let thread = this.takeThread();
    while (thread === undefined) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
      thread = this.takeThread();
    }
    const result = await this.runOn(thread, work, onProgress as (progress: unknown) => void);
    return result as MergeResult;
  }

  async close(): Promise<void> {
    await Promise.all([...this.started].map((thread) => thread.end()));
    this.started.clear();
  }

  private async runOn(
    thread: JobThread,
    work: JobWork,
    onProgress: (progress: unknown) => void,
  ): Promise<TableInfo | MergeResult> {
    try {
      return await thread.run(work, onProgress);
    } finally {
      if (thread.isDead) this.started.delete(thread);
      else this.idle.push(thread);
      this.waiting.shift()?.();
    }
  }

  private takeThread(): JobThread | undefined {
    const idle = this.idle.pop();
    if (idle !== undefined && !idle.isDead) return idle;
    if (idle !== undefined) this.started.delete(idle);
    if (this.started.size >= this.threadsMax) return undefined;
    const thread = new JobThread(this.store);
    this.started.add(thread);
    return thread;
  }
}
