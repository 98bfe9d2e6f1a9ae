// What all parts of one open store share. It holds no control flow of its own: db.ts and the parts
// beside it read and change it, on one thread.

import { LsmError } from '../base/errors.ts';
import type { Environment } from '../base/environment.ts';
import type { JobId, OperationId, SequenceNumber } from '../protocol/events.ts';
import type { TransactionId } from '../protocol/transactionEvents.ts';
import type { JobState, Problem, TransactionState } from '../protocol/treeState.ts';
import { BlockCache } from './cache/blockCache.ts';
import { TableCache } from './cache/tableCache.ts';
import type { EventOutlet } from './eventOutlet.ts';
import type { FamilySet } from './family/familySet.ts';
import { CancelFlag } from './jobs/cancelFlag.ts';
import { chooseRunner } from './jobs/chooseRunner.ts';
import type { JobRunner } from './jobs/jobRunner.ts';
import { RateBudget } from './jobs/rateBudget.ts';
import type { VersionSet } from './manifest/versionSet.ts';
import { newCounters } from './metrics/counters.ts';
import type { RunningCounters } from './metrics/counters.ts';
import { StoreMetrics } from './metrics/storeMetrics.ts';
import type { ResolvedOptions } from './options.ts';
import { Signal } from './signal.ts';
import { SnapshotList } from './snapshotList.ts';
import type { BlockIndex } from './table/blockIndex.ts';
import type { DataBlock } from './table/dataBlock.ts';
import { SpareLogs } from './write/spareLogs.ts';
import { WalSegments } from './write/walSegments.ts';

/** What an open store is made from. */
export interface EngineParameters {
  readonly directory: string;
  readonly environment: Environment;
  readonly events: EventOutlet;
  readonly families: FamilySet;
  readonly versions: VersionSet;
}

/** A log file larger than this many memtables is not kept to be used again. */
const SPARE_LOG_MEMTABLES = 2;
/** Most problems that are kept; the oldest go first. */
const PROBLEMS_MAX = 100;

/** The shared state of one open store. */
export class EngineState {
  readonly directory: string;
  readonly environment: Environment;
  /** Of the store, and of its default family. */
  readonly options: ResolvedOptions;
  readonly events: EventOutlet;
  readonly families: FamilySet;
  readonly versions: VersionSet;
  readonly counters: RunningCounters = newCounters();
  readonly metrics: StoreMetrics = new StoreMetrics();
  readonly cache: BlockCache<DataBlock | BlockIndex>;
  readonly tables: TableCache;
  readonly snapshots: SnapshotList;
  /** Flushes and compactions under way, oldest first. */
  readonly jobs: Map<JobId, JobState> = new Map();
  /** Transactions that have not ended, oldest first. */
  readonly transactions: Map<TransactionId, { describe(): TransactionState }> = new Map();
  /** Woken when a job ended, the store failed or began to close. */
  readonly changed: Signal = new Signal();
  /** Open iterators: closing the store closes them. */
  readonly iterators: Set<{ close(): void }> = new Set();
  wal: WalSegments = new WalSegments([]);
  /** Files of former log segments, kept to be used again. */
  readonly spareLogs: SpareLogs;
  /** Of the newest write that readers see. */
  lastSequence: SequenceNumber = 0;
  problems: readonly Problem[] = [];
  /** Set when jobs are to stop; they look at it between two slices. */
  readonly cancel: CancelFlag = new CancelFlag();
  /** What compactions may write in a second. */
  readonly rate: RateBudget;
  /** Runs flushes and merges. */
  readonly runner: JobRunner;
  private fault: LsmError | undefined;
  private isFaultTold = false;
  private phase: 'open' | 'closing' | 'closed' = 'open';
  private lastJob: JobId = 0;
  private lastOperation: OperationId = 0;

  constructor(parameters: EngineParameters) {
    const { directory, environment, events, families } = parameters;
    const { options } = families.default;
    this.directory = directory;
    this.environment = environment;
    this.options = options;
    this.events = events;
    this.families = families;
    this.versions = parameters.versions;
    const { clock, vfs, codecs } = environment;
    this.cache = new BlockCache(options.blockCacheSize, events);
    const { counters, metrics } = this;
    const reads = { cache: this.cache, counters, metrics, clock, codecs, sink: events };
    this.tables = new TableCache(vfs, directory, reads, options.maxOpenFiles);
    this.rate = RateBudget.of(options.compactionRateLimit);
    this.runner = chooseRunner(this);
    this.spareLogs = new SpareLogs(options.recycleLogs, SPARE_LOG_MEMTABLES * options.memtableSize);
    this.snapshots = new SnapshotList((sequence) => {
      if (events.structural) events.emit({ kind: 'snapshot.release', sequence });
    });
  }

  nextJob(): JobId {
    return ++this.lastJob;
  }

  nextOperation(): OperationId {
    return ++this.lastOperation;
  }

  /** Why no more can be written although the store is open; `undefined` when it can. */
  get failure(): LsmError | undefined {
    return this.fault;
  }

  get isOpen(): boolean {
    return this.phase === 'open';
  }

  /**
   * Whether jobs may begin: also while closing, since writes asked for before may wait for them.
   */
  get mayWork(): boolean {
    return this.phase !== 'closed' && this.fault === undefined && !this.options.readOnly;
  }

  /** @throws LsmError `NOT_OPEN` after close. */
  requireOpen(): void {
    if (this.phase !== 'open') throw new LsmError('NOT_OPEN', 'the store is closed');
  }

  /** @throws LsmError `NOT_OPEN` after close or a fault, `NOT_SUPPORTED` when opened read-only. */
  requireWritable(): void {
    this.requireOpen();
    if (this.options.readOnly) {
      throw new LsmError('NOT_SUPPORTED', 'the store was opened read-only; nothing can be written');
    }
    this.requireSound();
  }

  /**
   * @throws LsmError `NOT_OPEN` after a fault. What was asked for before a close may still go on.
   */
  requireSound(): void {
    if (this.fault === undefined) return;
    this.isFaultTold = true;
    throw this.notWritable(this.fault);
  }

  /** The fault of which no caller has been told: it met a job or a timer. */
  get untoldFailure(): LsmError | undefined {
    return this.isFaultTold ? undefined : this.fault;
  }

  private notWritable(fault: LsmError): LsmError {
    return new LsmError(
      'NOT_OPEN',
      `nothing can be written since a fault (${fault.message}); close the store and open it again`,
      { cause: fault },
    );
  }

  /**
   * After a fault whose extent is not known: nothing more is written until the store is reopened.
   * @param isTold a caller gets it as the error of what he asked for.
   */
  fail(fault: LsmError, { isTold = false }: { readonly isTold?: boolean } = {}): void {
    if (this.fault === undefined && this.phase !== 'closed') {
      this.fault = fault;
      this.isFaultTold = isTold;
      this.cancel.abort();
      this.report({
        code: fault.code,
        message: fault.message,
        file: fault.file ?? '',
        offset: fault.offset ?? -1,
      });
    }
    this.changed.wake();
  }

  /** Tells viewers of something wrong that does not stop the store. */
  report(problem: Problem): void {
    this.problems = [...this.problems, problem].slice(-PROBLEMS_MAX);
    if (this.events.structural) this.events.emit({ kind: 'error', ...problem });
  }

  /** From now on every call is refused; writes asked for before are still done. */
  beginClose(): void {
    this.phase = 'closing';
    this.changed.wake();
  }

  /** All writes are done: jobs stop where they are. */
  stopJobs(): void {
    this.phase = 'closed';
    this.cancel.abort();
    this.changed.wake();
  }
}
