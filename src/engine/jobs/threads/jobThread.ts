// The store's side of one job thread: hands it one job at a time, passes on what the job tells, and
// opens its gates when the viewers have.

import { assert, assertUnreachable } from '../../../base/assert.ts';
import { LsmError } from '../../../base/errors.ts';
import { errorFromPlain } from '../../../base/plainError.ts';
import type { Thread, Threads } from '../../../base/threads.ts';
import type { LsmEventBody, TableInfo } from '../../../protocol/events.ts';
import type { BlockCache } from '../../cache/blockCache.ts';
import type { EventOutlet } from '../../eventOutlet.ts';
import type { MergeOperators } from '../../merge/mergeOperators.ts';
import type { FileNumbers } from '../../manifest/fileNumbers.ts';
import type { RunningCounters } from '../../metrics/counters.ts';
import type { CancelFlag } from '../cancelFlag.ts';
import type { RateBudget } from '../rateBudget.ts';
import type { FlushProgress, JobWork, MergeProgress, MergeResult } from '../jobWork.ts';
import { JobChannel } from './jobChannel.ts';
import { NoteReader } from './jobNotes.ts';
import type { JobNote } from './jobNotes.ts';
import type { FromJobThread, JobReads, ToJobThread } from './threadMessages.ts';

/** What job threads share with their store. */
export interface ThreadedStore {
  readonly directory: string;
  readonly threads: Threads;
  readonly events: EventOutlet;
  readonly cancel: CancelFlag;
  readonly rate: RateBudget;
  readonly fileNumbers: FileNumbers;
  readonly counters: RunningCounters;
  readonly mergeOperators: MergeOperators;
  /** Figures for the events of jobs that read. */
  readonly cache: Pick<BlockCache<never>, 'sizeBytes' | 'blockCount'>;
}

type Progress = FlushProgress | MergeProgress;
type Result = TableInfo | MergeResult;

interface RunningJob {
  readonly onProgress: (progress: Progress) => void;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

/** One thread for jobs. */
export class JobThread {
  private readonly store: ThreadedStore;
  private readonly thread: Thread;
  private readonly channel = new JobChannel();
  private readonly notes = new NoteReader();
  private running: RunningJob | undefined;
  private dead = false;

  constructor(store: ThreadedStore) {
    this.store = store;
    this.thread = store.threads.start({
      onMessage: (message) => this.receive(message as FromJobThread),
      onDeath: (error) => this.die(error),
    });
    this.post({
      kind: 'begin',
      directory: store.directory,
      channel: this.channel.buffer,
      cancel: store.cancel.buffer,
      rate: store.rate.buffer,
      fileNumbers: store.fileNumbers.buffer,
    });
  }

  get isDead(): boolean {
    return this.dead;
  }

  /**
   * Runs a job to its end.
   * @throws LsmError as the job does; `IO` when the thread dies.
   */
  async run(work: JobWork, onProgress: (progress: Progress) => void): Promise<Result> {
    assert(this.running === undefined && !this.dead, 'a living thread runs one job at a time');
    this.listen();
    this.thread.keepAlive(true);
    try {
      return await new Promise((resolve, reject) => {
        this.running = { onProgress, resolve, reject };
        this.post({ kind: 'run', work });
      });
    } finally {
      this.running = undefined;
      this.thread.keepAlive(false);
    }
  }

  /** What the viewers listen to has changed. */
  listen(): void {
    this.channel.listenAs(this.store.events);
  }

  /** Ends the thread, which is idle. */
  end(): Promise<void> {
    return this.thread.end();
  }

  private receive(message: FromJobThread): void {
    this.readNotes();
    switch (message.kind) {
      case 'notes':
        return;
      case 'done':
        this.count(message.reads);
        this.running?.resolve(message.result);
        return;
      case 'failed':
        this.count(message.reads);
        this.running?.reject(errorFromPlain(message.error));
        return;
      default:
        assertUnreachable(message);
    }
  }

  private die(cause: Error): void {
    this.dead = true;
    this.readNotes();
    const message = `the thread of a job ended (${cause.message})`;
    this.running?.reject(new LsmError('IO', message, { cause }));
  }

  private readNotes(): void {
    this.channel.beginRead();
    for (const note of this.notes.take(this.channel.ring.read())) this.take(note);
    this.listen();
  }

  private take({ progress, event, gate }: JobNote): void {
    if (progress !== null) this.running?.onProgress(progress);
    if (event !== null) this.store.events.emit(this.withCacheFigures(event));
    if (gate) void this.openGate();
  }

  private async openGate(): Promise<void> {
    await this.store.events.gate?.();
    this.listen();
    this.channel.openGate();
  }

  /** The job's thread cannot know how full the store's cache is. */
  private withCacheFigures(event: LsmEventBody): LsmEventBody {
    if (event.kind !== 'block.read') return event;
    const { sizeBytes, blockCount } = this.store.cache;
    return { ...event, cacheSizeBytes: sizeBytes, cacheBlocks: blockCount };
  }

  private count({ blockReads, blockBytesRead }: JobReads): void {
    const { counters } = this.store;
    counters.blockReads += blockReads;
    counters.blockBytesRead += blockBytesRead;
  }

  private post(message: ToJobThread): void {
    this.thread.post(message);
  }
}
