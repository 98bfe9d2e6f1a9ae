// The job thread's side: takes jobs and runs them one after the other, whole, in a thread that has
// nothing else to do. It opens the input tables itself, reads the memtable where it lies, and takes
// file numbers from the store's own counter.

import { assert, assertUnreachable } from '../../../base/assert.ts';
import type { Environment } from '../../../base/environment.ts';
import { plainError } from '../../../base/plainError.ts';
import type { Scheduler } from '../../../base/scheduler.ts';
import type { ThreadPort } from '../../../base/threads.ts';
import type { TableInfo } from '../../../protocol/events.ts';
import { BlockCache } from '../../cache/blockCache.ts';
import { TableCache } from '../../cache/tableCache.ts';
import { runMerge } from '../../compaction/mergeJob.ts';
import { runFlush } from '../../flush/flushJob.ts';
import { MergeOperators } from '../../merge/mergeOperators.ts';
import { FileNumbers } from '../../manifest/fileNumbers.ts';
import { newCounters } from '../../metrics/counters.ts';
import type { RunningCounters } from '../../metrics/counters.ts';
import { CancelFlag } from '../cancelFlag.ts';
import type { JobWorld } from '../jobContext.ts';
import { THREAD_SLICE } from '../jobPace.ts';
import { RateBudget } from '../rateBudget.ts';
import type { JobWork, MergeResult } from '../jobWork.ts';
import { ChannelSink } from './channelSink.ts';
import { JobChannel } from './jobChannel.ts';
import type { FromJobThread, ToJobThread } from './threadMessages.ts';

type Begin = Extract<ToJobThread, { readonly kind: 'begin' }>;

/** Serves the store that the first message names, until the thread is ended. */
export function serveJobs(port: ThreadPort, environment: Environment): void {
  let server: JobServer | undefined;
  port.onMessage((received) => {
    const message = received as ToJobThread;
    switch (message.kind) {
      case 'begin':
        server = new JobServer(message, port, environment);
        return;
      case 'run':
        assert(server !== undefined, 'a job thread is told of its store before its first job');
        void server.serve(message.work);
        return;
      default:
        assertUnreachable(message);
    }
  });
}

class JobServer {
  private readonly begin: Begin;
  private readonly port: ThreadPort;
  private readonly environment: Environment;
  private readonly sink: ChannelSink;

  constructor(begin: Begin, port: ThreadPort, environment: Environment) {
    this.begin = begin;
    this.port = port;
    this.sink = new ChannelSink(new JobChannel(begin.channel), () => this.post({ kind: 'notes' }));
    const scheduler = new NoOthers(environment.scheduler, this.sink);
    this.environment = { ...environment, scheduler };
  }

  async serve(work: JobWork): Promise<void> {
    const counters = newCounters();
    const tables = this.openTables(counters, work.options.maxOpenFiles);
    let answer: FromJobThread;
    try {
      const result = await this.run(work, tables);
      answer = { kind: 'done', result, reads: counters };
    } catch (thrown) {
      answer = { kind: 'failed', error: plainError(thrown), reads: counters };
    }
    // The store may delete the files as soon as it has the answer.
    tables.close();
    this.sink.sendProgress();
    this.post(answer);
  }

  private run(work: JobWork, tables: TableCache): Promise<TableInfo | MergeResult> {
    const { begin, environment, sink } = this;
    const numbers = new FileNumbers(begin.fileNumbers);
    const world: JobWorld = {
      directory: begin.directory,
      environment,
      events: sink,
      cancel: new CancelFlag(begin.cancel),
      rate: RateBudget.shared(begin.rate),
      tables,
      // Those of users stay on the store's thread, with the jobs that need them.
      mergeOperators: new MergeOperators(),
      newFileNumber: () => numbers.take(),
      slice: THREAD_SLICE,
    };
    return work.kind === 'flush'
      ? runFlush(work, world, (progress) => sink.note(progress))
      : runMerge(work, world, (progress) => sink.note(progress));
  }

  /** Jobs read everything once, past the cache. */
  private openTables(counters: RunningCounters, openMax: number): TableCache {
    const { vfs, clock, codecs } = this.environment;
    const { sink } = this;
    const reads = { cache: new BlockCache<never>(0, sink), counters, clock, codecs, sink };
    return new TableCache(vfs, this.begin.directory, reads, openMax);
  }

  private post(message: FromJobThread): void {
    this.port.post(message);
  }
}

/** The scheduler of a thread in which nobody else waits for a turn. */
class NoOthers implements Scheduler {
  readonly after: Scheduler['after'];
  readonly sleep: Scheduler['sleep'];
  private readonly sink: ChannelSink;

  constructor(scheduler: Scheduler, sink: ChannelSink) {
    this.after = (delayMillis, callback) => scheduler.after(delayMillis, callback);
    this.sleep = (delayMillis) => scheduler.sleep(delayMillis);
    this.sink = sink;
  }

  turn(): Promise<void> {
    this.sink.sendProgress();
    return Promise.resolve();
  }
}
