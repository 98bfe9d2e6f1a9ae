// The store: the one class that users of the engine hold. It only directs; each part has its file:
//
//   writes       write/: queue → group commit → wal/, memtable/; rotation, the brake on writers
//   reads        read/: point reads, iterators over all places; snapshotList.ts
//   both         transaction/: reads at a snapshot, writes at commit
//   background   flush/, compaction/
//   families     family/: key spaces with one log and one history
//   opening      open/: recognition, recovery, log replay; manifest/: which tables there are

import { LsmError, toLsmError } from '../base/errors.ts';
import type { Environment } from '../base/environment.ts';
import type { VfsLock } from '../base/vfs.ts';
import type { FileNumber, Gauges, OperationId } from '../protocol/events.ts';
import type { EventSink } from '../protocol/eventSink.ts';
import type { TableDetails } from '../protocol/messages.ts';
import type { StoreStats } from '../protocol/storeStats.ts';
import type { TreeState } from '../protocol/treeState.ts';
import { Backpressure } from './write/backpressure.ts';
import { createCheckpoint } from './checkpoint/checkpoint.ts';
import type { CheckpointReport } from './checkpoint/checkpoint.ts';
import { CompactionScheduler } from './compaction/compactionScheduler.ts';
import { compactByHand } from './compaction/manualCompaction.ts';
import type { ManualOptions } from './compaction/manualCompaction.ts';
import { describe, gaugesOf } from './describe.ts';
import type { EngineState } from './engineState.ts';
import type { ColumnFamily } from './family/columnFamily.ts';
import type { FamilyState } from './family/familyState.ts';
import { FamilyChanges } from './family/familyChanges.ts';
import { Flusher } from './flush/flusher.ts';
import { drain, flushByHand } from './flush/manualFlush.ts';
import type { FlushParts } from './flush/manualFlush.ts';
import { GroupCommitter } from './write/groupCommit.ts';
import { ingestTables } from './ingest/ingest.ts';
import type { IngestedTable, IngestOptions } from './ingest/ingest.ts';
import { tablesOf } from './manifest/version.ts';
import { approximateSizeOf } from './metrics/approximateSize.ts';
import type { ApproximateSize, SizeRange } from './metrics/approximateSize.ts';
import { propertiesOf } from './metrics/storeProperties.ts';
import type { StoreProperties } from './metrics/storeProperties.ts';
import { statsOf } from './metrics/storeStats.ts';
import { requireBytes } from './entryBytes.ts';
import type { FamilyOptions, LsmOptions, ResolvedOptions } from './options.ts';
import { get } from './read/readPath.ts';
import type { RangeOptions, ReadOptions } from './readOptions.ts';
import { openStore } from './open/recovery.ts';
import { IntervalSync } from './write/intervalSync.ts';
import { syncActive } from './write/rotation.ts';
import type { Snapshot } from './snapshotList.ts';
import { LsmIterator } from './read/storeIterator.ts';
import { describeTable } from './table/tableDetails.ts';
import { OpenTransactions } from './transaction/openTransactions.ts';
import type { Transaction } from './transaction/transaction.ts';
import type { TransactionOptions } from './transaction/transactionOptions.ts';
import type { WriteBatch } from './writeBatch.ts';
import { WriteQueue } from './write/writeQueue.ts';
import type { BatchOptions, WriteOptions } from './write/writeQueue.ts';

/** A range of keys to compact. */
export interface CompactionRange {
  /** The default column family when left out. */
  readonly family?: ColumnFamily | undefined;
  /** Smallest key, included; unbounded when left out. */
  readonly from?: Uint8Array | undefined;
  /** Greatest key, included; unbounded when left out. */
  readonly to?: Uint8Array | undefined;
}

/** An open store: an ordered map from keys to values, both bytes, kept in a directory. */
export class Lsm {
  readonly directory: string;
  readonly options: ResolvedOptions;
  private readonly state: EngineState;
  private readonly lock: VfsLock | undefined;
  private readonly backpressure: Backpressure;
  private readonly intervalSync: IntervalSync;
  private readonly committer: GroupCommitter;
  private readonly queue: WriteQueue;
  private readonly transactions: OpenTransactions;
  private readonly familyChanges: FamilyChanges;
  private readonly flusher: Flusher;
  private readonly compactions: CompactionScheduler;
  private closing: Promise<void> | undefined;

  /**
   * Opens the store in `directory`, creating it unless the options say otherwise.
   * @throws LsmError `NOT_A_STORE`, `LOCKED`, `CORRUPTION`, `NOT_SUPPORTED` (a newer format),
   * `INVALID_ARGUMENT` (options) or `IO`, telling in one line what is wrong.
   */
  static async open(
    directory: string,
    environment: Environment,
    options: LsmOptions = {},
  ): Promise<Lsm> {
    const { state, lock } = await openStore(directory, environment, options);
    return new Lsm(state, lock);
  }

  private constructor(state: EngineState, lock: VfsLock | undefined) {
    this.directory = state.directory;
    this.options = state.options;
    this.state = state;
    this.lock = lock;
    this.backpressure = new Backpressure(state);
    this.compactions = new CompactionScheduler(state, () => this.backpressure.review());
    this.flusher = new Flusher(state, () => this.reviewAll());
    this.intervalSync = new IntervalSync(state);
    this.committer = new GroupCommitter(state, this.backpressure, this.intervalSync, () =>
      this.flusher.kick(),
    );
    this.queue = new WriteQueue(state, this.committer);
    this.transactions = new OpenTransactions(state, this.queue);
    this.familyChanges = new FamilyChanges(state, this.queue, () => this.reviewAll());
    if (state.options.readOnly) return;
    this.flusher.kick();
    this.compactions.start();
  }

  /**
   * Sets a key's value. Resolves when the write is visible; it then survives the end of the
   * process, and with `sync` (its own, or by the option `walSync`) a power failure too.
   * @throws LsmError `INVALID_ARGUMENT` for a key above 1 MiB or a value above 256 MiB; `NOT_OPEN`;
   * `NOT_SUPPORTED` on a read-only store; `IO`, after which the store takes no writes.
   */
  put(key: Uint8Array, value: Uint8Array, options?: WriteOptions): Promise<void> {
    return this.queue.put(key, value, options);
  }

  /** Removes a key, which need not exist. Otherwise as `put`. */
  delete(key: Uint8Array, options?: WriteOptions): Promise<void> {
    return this.queue.delete(key, options);
  }

  /**
   * Removes a key that was put exactly once since it was last gone; cheaper than `delete` for keys
   * that are written once and removed once. For any other key an older value may come back: see
   * `WriteBatch.singleDelete`. Otherwise as `put`.
   */
  singleDelete(key: Uint8Array, options?: WriteOptions): Promise<void> {
    return this.queue.singleDelete(key, options);
  }

  /**
   * Has the family's merge operator work `operand` into the key's value, whatever that is by then;
   * nothing is read for it. A reader sees the value that comes of it. Otherwise as `put`.
   * @throws LsmError as `put`; `NOT_SUPPORTED` when the family has no merge operator, or the store
   * was opened without it.
   */
  merge(key: Uint8Array, operand: Uint8Array, options?: WriteOptions): Promise<void> {
    return this.queue.merge(key, operand, options);
  }

  /**
   * Removes every key from `from` to before `to`, whatever there is, by one small entry. Does
   * nothing when the range is empty. Otherwise as `put`.
   */
  deleteRange(from: Uint8Array, to: Uint8Array, options?: WriteOptions): Promise<void> {
    return this.queue.deleteRange(from, to, options);
  }

  /**
   * Does all writes of a batch, or none. The batch must not change until the promise settles.
   * Otherwise as `put`.
   */
  write(batch: WriteBatch, options?: BatchOptions): Promise<void> {
    return this.queue.write(batch, options);
  }

  /**
   * A key's value, or `undefined`. The array is the caller's own. In Lockstep it resolves when the
   * viewer has seen every step.
   * @throws LsmError `NOT_OPEN`, `CORRUPTION`, `IO`; for a key of merge operands `MERGE_FAILED`, or
   * `NOT_SUPPORTED` when the store was opened without their operator.
   */
  async get(key: Uint8Array, options?: ReadOptions): Promise<Uint8Array | undefined> {
    const value = this.getSync(key, options);
    const { gate } = this.state.events;
    if (gate !== null) await gate();
    return value;
  }

  /** As `get`, at once. */
  getSync(key: Uint8Array, options?: ReadOptions): Uint8Array | undefined {
    const { state } = this;
    state.requireOpen();
    requireBytes('key', key);
    const { families } = state;
    const family = options === undefined ? families.default : families.meant(options.family);
    const snapshot = options?.snapshot;
    const sequence = snapshot === undefined ? state.lastSequence : this.sequenceOf(snapshot);
    return get(state, family, key, sequence, snapshot !== undefined, options?.operation);
  }

  /** Walks over a range of entries as they are now (or were, for the snapshot). Must be closed. */
  iterator(options: RangeOptions = {}): LsmIterator {
    const { state } = this;
    state.requireOpen();
    const { snapshot } = options;
    const sequence = snapshot === undefined ? state.lastSequence : this.sequenceOf(snapshot);
    return new LsmIterator(state, state.families.meant(options.family), options, { sequence });
  }

  /** The entries of a range, key and value as the caller's own arrays. */
  *entries(options: RangeOptions = {}): Generator<[Uint8Array, Uint8Array]> {
    const iterator = this.iterator(options);
    try {
      for (iterator.seekToFirst(); iterator.valid; iterator.next()) {
        yield [iterator.key(), iterator.value()];
      }
    } finally {
      iterator.close();
    }
  }

  /** A view of the store as it is now, until it is released. */
  snapshot(): Snapshot {
    const { state } = this;
    state.requireOpen();
    const { lastSequence: sequence, events } = state;
    const snapshot = state.snapshots.create(sequence);
    if (events.structural) events.emit({ kind: 'snapshot.create', sequence });
    return snapshot;
  }

  /**
   * Begins a transaction: it reads the store as it is now, keeps its writes to itself, and commits
   * all of them or none. Must be ended with `commit` or `rollback`: until then merges keep what it
   * sees.
   * @throws LsmError `INVALID_ARGUMENT`, `NOT_OPEN`.
   */
  transaction(options: TransactionOptions = {}): Transaction {
    return this.transactions.begin(options, () => this.snapshot());
  }

  /**
   * Resolves when everything written before is in the log: with `sync` (the default) it then
   * survives a power failure, without it the end of the process.
   * @throws LsmError `NOT_OPEN`; `NOT_SUPPORTED` on a read-only store; `IO`, after which the store
   * takes no writes.
   */
  async flushWal({ sync = true }: { readonly sync?: boolean | undefined } = {}): Promise<void> {
    const { state } = this;
    state.requireWritable();
    await this.queue.exclusively(async () => {
      state.requireSound();
      if (sync) await this.committer.sync(0);
    });
  }

  /**
   * Makes a column family: a key space of its own, written atomically together with the others.
   * What is not chosen in `options` is as in the default family. The choice is stored.
   * @throws LsmError `INVALID_ARGUMENT` when there is one of that name, for a name that is empty or
   * above 255 bytes, or for options; `NOT_OPEN`, `NOT_SUPPORTED`, `IO`.
   */
  createFamily(name: string, options: FamilyOptions = {}): Promise<ColumnFamily> {
    return this.familyChanges.create(name, options);
  }

  /**
   * Drops a column family with all it holds. From the call on it takes no reads or writes;
   * iterators that are open go on. Its name may be used again, for a family that is empty.
   * @throws LsmError `INVALID_ARGUMENT` for the default family and one that was dropped before;
   * `NOT_OPEN`, `NOT_SUPPORTED`, `IO`.
   */
  dropFamily(family: ColumnFamily): Promise<void> {
    return this.familyChanges.drop(family);
  }

  /** The column family of this name. */
  family(name: string): ColumnFamily | undefined {
    return this.families.find((family) => family.name === name);
  }

  /** All column families, the default one first. */
  get families(): readonly ColumnFamily[] {
    return this.state.families.list.filter((family) => !family.dropped);
  }

  /**
   * Resolves when everything written before is in tables: of one column family, or of all.
   * @throws LsmError as `put`.
   */
  async flush(family?: ColumnFamily): Promise<void> {
    const { families } = this.state;
    const chosen = family === undefined ? families.list : [families.meant(family)];
    await flushByHand(this.flushParts, chosen);
  }

  /**
   * Flushes, then rewrites everything in the range into the deepest level that holds any of it,
   * without shadowed versions and needless tombstones.
   * @throws LsmError `CANCELLED` when `signal` says so; `NOT_OPEN`; `NOT_SUPPORTED`.
   */
  async compactRange(range: CompactionRange = {}, options: ManualOptions = {}): Promise<void> {
    const { state, compactions } = this;
    const family = state.families.meant(range.family);
    await this.flush(family);
    const { from, to } = range;
    await compactByHand(state, compactions, family, { from, to }, options);
  }

  /**
   * Makes another store in `directory` (missing or empty) with exactly the state of one moment
   * after the call. Tables are linked, or copied where the disk cannot link; log segments are
   * copied. Writers go on meanwhile.
   * @throws LsmError `INVALID_ARGUMENT` when the directory is not free; `NOT_OPEN`; `IO`, after
   * which nothing of it is left.
   */
  checkpoint(directory: string): Promise<CheckpointReport> {
    return createCheckpoint(this.state, this.queue, directory);
  }

  /**
   * Takes in tables that `TableBuilder` wrote, all or none: their entries become the newest of
   * their keys, with one sequence number, without going through log and memtable. They must share
   * no keys with each other.
   * @throws LsmError `INVALID_ARGUMENT`, `CORRUPTION` (each table is checked whole), `NOT_OPEN`,
   * `NOT_SUPPORTED`, `IO`; the store is then as before.
   */
  ingest(paths: readonly string[], options: IngestOptions = {}): Promise<IngestedTable[]> {
    const { state, queue, committer, compactions, flushParts } = this;
    const parts = {
      queue,
      compactions,
      flush: (family: FamilyState) => flushByHand(flushParts, [family]),
      drain: (family: FamilyState) => drain(flushParts, family),
      syncLog: () => committer.sync(0),
    };
    return ingestTables(state, parts, paths, options);
  }

  /** Resolves when no flush or compaction is due or running. */
  async waitForIdle(): Promise<void> {
    while (this.state.mayWork && this.isBusy) await this.state.changed.wait();
  }

  /** The store in figures. */
  stats(): StoreStats {
    return statsOf(this.state);
  }

  /**
   * What a column family (the default one when left out) and the store around it are made of.
   * @throws LsmError `INVALID_ARGUMENT` when it was dropped.
   */
  properties(family?: ColumnFamily): StoreProperties {
    return propertiesOf(this.state, this.state.families.meant(family));
  }

  /**
   * How much lies in a range of keys, about, on disk and in memory.
   * @throws LsmError `NOT_OPEN`, `CORRUPTION`, `IO`.
   */
  approximateSize(range: SizeRange = {}): ApproximateSize {
    this.state.requireOpen();
    return approximateSizeOf(this.state, this.state.families.meant(range.family), range);
  }

  /** Empty, or why nothing can be written. */
  get readOnlyBecause(): string {
    const { state } = this;
    if (state.failure !== undefined) return state.failure.message;
    if (!state.isOpen) return 'the store is closed';
    return state.options.readOnly ? 'it was opened read-only' : '';
  }

  /** The figures that every operation moves; cheap. */
  gauges(): Gauges {
    return gaugesOf(this.state);
  }

  /** Everything as it is now: what a viewer's fold starts from, and must equal later. */
  describe(): TreeState {
    return describe(this.state);
  }

  /**
   * Blocks and properties of a table of the newest version.
   * @throws LsmError `INVALID_ARGUMENT` when there is no such table; `NOT_OPEN`, `CORRUPTION`,
   * `IO`.
   */
  tableDetails(file: FileNumber): TableDetails {
    const { state } = this;
    state.requireOpen();
    for (const table of tablesOf(state.versions.current)) {
      if (table.file === file) return describeTable(state.tables.reader(table));
    }
    throw new LsmError('INVALID_ARGUMENT', `the store has no table number ${file}`);
  }

  /** From now on events go to `sink`. */
  setEventSink(sink: EventSink): void {
    this.state.events.set(sink);
  }

  /** A number that ties the events of one operation together. */
  nextOperation(): OperationId {
    return this.state.nextOperation();
  }

  /** The fault after which nothing is written any more, until the store is opened again. */
  get failure(): LsmError | undefined {
    return this.state.failure;
  }

  /**
   * Ends everything: writes asked for before are done, jobs are stopped, the log is made durable,
   * files, timers and the lock are let go. Nothing is flushed: the log keeps it. Idempotent.
   * @throws LsmError `IO` when the log cannot be made durable, or the fault that has met a job or a
   * timer and of which no caller was told; everything is let go all the same.
   */
  close(): Promise<void> {
    this.closing ??= this.closeOnce();
    return this.closing;
  }

  /** What a change of the tables may have made due, or no longer due. */
  private reviewAll(): void {
    this.flusher.kick();
    this.compactions.kick();
    this.backpressure.review();
  }

  private async closeOnce(): Promise<void> {
    const { state } = this;
    this.transactions.close();
    state.beginClose();
    let fault: LsmError | undefined;
    if (!state.options.readOnly) {
      fault = await this.queue.exclusively(() => this.endLog()).then(() => undefined, toLsmError);
    }
    state.stopJobs();
    await this.intervalSync.settle();
    await this.flusher.settle();
    await this.compactions.settle();
    await state.runner.close();
    for (const iterator of state.iterators) iterator.close();
    if (state.events.structural) state.events.emit({ kind: 'store.close' });
    state.wal.close();
    state.versions.close();
    state.tables.close();
    this.lock?.release();
    if (fault !== undefined) throw fault;
  }

  private async endLog(): Promise<void> {
    const { state } = this;
    if (state.untoldFailure !== undefined) throw state.untoldFailure;
    if (state.failure !== undefined) return;
    await syncActive(state, 0);
    const endedLog = state.wal.active.number;
    await state.wal.endActive();
    // From now on the segment may not be shorter than it is.
    const { lastSequence } = state;
    await state.versions.apply({ endedLog }, { job: 0, flushedMemtable: 0, lastSequence });
  }

  private get flushParts(): FlushParts {
    const { state, queue, committer, flusher } = this;
    return { state, queue, committer, flusher };
  }

  private get isBusy(): boolean {
    return this.queue.busy || this.flusher.busy || this.compactions.busy;
  }

  private sequenceOf(snapshot: Snapshot): number {
    return this.state.snapshots.sequenceOf(snapshot);
  }
}
