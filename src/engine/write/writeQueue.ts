// Where writes wait. All that were asked for in the same turn of the event loop form one group;
// while one group is being synced, the next gathers. Groups are committed one after the other, in
// order.
//
// Work that must not meet a write (sealing the memtable, the last sync) waits in the same queue.

import { LsmError } from '../../base/errors.ts';
import type { OperationId } from '../../protocol/events.ts';
import type { EngineState } from '../engineState.ts';
import type { ColumnFamily } from '../family/columnFamily.ts';
import { WriteBatch } from '../writeBatch.ts';
import { tellWriteBegin } from './writeEvents.ts';
import { WriteGroup, wantsOwnGroup } from './writeGroup.ts';

/** How a batch is written. */
export interface BatchOptions {
  /**
   * Resolve only when the write survives a power failure, or not for that. What the option
   * `walSync` says when left out.
   */
  readonly sync?: boolean | undefined;
  /** Ties the events to the caller's operation; given by `nextOperation`. */
  readonly operation?: OperationId | undefined;
}

/** How one key is written. */
export interface WriteOptions extends BatchOptions {
  /** The default column family when left out. */
  readonly family?: ColumnFamily | undefined;
}

/** Who commits. */
export interface Committer {
  /**
   * Makes the group visible when nothing has to be waited for; otherwise does nothing and answers
   * false. Throws when nothing of it is visible and never will be.
   */
  commitAtOnce(group: WriteGroup): boolean;
  /** Resolves when the group is visible, rejects when nothing of it is. */
  commit(group: WriteGroup): Promise<void>;
  /** Whether a memtable may be sealed; looked at after each group. */
  readonly hasFull: boolean;
  /** Called then, when the group's writers have been told. */
  sealIfFull(): Promise<void>;
}

interface Task {
  readonly run: () => Promise<void>;
}

/** The one queue of a store. */
export class WriteQueue {
  private readonly state: EngineState;
  private readonly committer: Committer;
  private items: (WriteGroup | Task)[] = [];
  /** The group that still takes writers: the last item of the queue, or none. */
  private gathering: WriteGroup | undefined;
  /** An empty batch to gather the next group in. */
  private spare: WriteBatch | undefined;
  private working = false;

  constructor(state: EngineState, committer: Committer) {
    this.state = state;
    this.committer = committer;
  }

  /** Whether something waits or is being committed. */
  get busy(): boolean {
    return this.working;
  }

  put(key: Uint8Array, value: Uint8Array, options: WriteOptions | undefined): Promise<void> {
    try {
      this.state.requireWritable();
      const family = this.familyOf(options);
      const group = this.groupFor(key.length + value.length);
      group.batch.put(key, value, family);
      return this.join(group, 1, options, undefined);
    } catch (thrown) {
      return Promise.reject(asError(thrown));
    }
  }

  delete(key: Uint8Array, options: WriteOptions | undefined): Promise<void> {
    try {
      this.state.requireWritable();
      const family = this.familyOf(options);
      const group = this.groupFor(key.length);
      group.batch.delete(key, family);
      return this.join(group, 1, options, undefined);
    } catch (thrown) {
      return Promise.reject(asError(thrown));
    }
  }

  singleDelete(key: Uint8Array, options: WriteOptions | undefined): Promise<void> {
    try {
      return this.write(new WriteBatch().singleDelete(key, options?.family), options);
    } catch (thrown) {
      return Promise.reject(asError(thrown));
    }
  }

  merge(key: Uint8Array, operand: Uint8Array, options: WriteOptions | undefined): Promise<void> {
    try {
      this.state.requireWritable();
      const family = this.familyOf(options);
      this.state.families.meant(family).merger.requireOperator();
      const group = this.groupFor(key.length + operand.length);
      group.batch.merge(key, operand, family);
      return this.join(group, 1, options, undefined);
    } catch (thrown) {
      return Promise.reject(asError(thrown));
    }
  }

  deleteRange(from: Uint8Array, to: Uint8Array, options: WriteOptions | undefined): Promise<void> {
    try {
      return this.write(new WriteBatch().deleteRange(from, to, options?.family), options);
    } catch (thrown) {
      return Promise.reject(asError(thrown));
    }
  }

  write(batch: WriteBatch, options: BatchOptions | undefined): Promise<void> {
    try {
      this.state.requireWritable();
      if (batch.entryCount === 0) return Promise.resolve();
      const { families } = this.state;
      for (const { family } of batch.otherShares) families.meant(family);
      for (const family of batch.mergedFamilies) families.meant(family).merger.requireOperator();
      const group = wantsOwnGroup(batch) ? this.ownGroup(batch) : this.groupFor(batch.sizeBytes);
      if (group.batch !== batch) group.batch.append(batch);
      return this.join(group, batch.entryCount, options, batch);
    } catch (thrown) {
      return Promise.reject(asError(thrown));
    }
  }

  /** Runs `work` after all writes asked for before, and before those asked for after. */
  exclusively(work: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.gathering = undefined;
      this.items.push({ run: () => work().then(resolve, reject) });
      this.begin();
    });
  }

  private familyOf(options: WriteOptions | undefined): ColumnFamily | undefined {
    const family = options?.family;
    return family === undefined ? undefined : this.state.families.meant(family);
  }

  private groupFor(sizeBytes: number): WriteGroup {
    const open = this.gathering;
    if (open !== undefined && open.takes(sizeBytes)) return open;
    const batch = this.spare ?? new WriteBatch();
    this.spare = undefined;
    this.gathering = new WriteGroup(batch);
    return this.gathering;
  }

  private ownGroup(batch: WriteBatch): WriteGroup {
    this.gathering = undefined;
    return new WriteGroup(batch);
  }

  /** Adds a writer whose writes are in the group's batch already. */
  private join(
    group: WriteGroup,
    entryCount: number,
    options: BatchOptions | undefined,
    batch: WriteBatch | undefined,
  ): Promise<void> {
    if (group.writers.length === 0) this.items.push(group);
    const promise = this.enlist(group, entryCount, options, batch);
    this.begin();
    return promise;
  }

  /**
   * Makes the caller a writer of a group whose batch holds its writes already; resolves when the
   * group is visible.
   * @param batch the writer's own; `undefined` when its writes are the last of the group's.
   */
  enlist(
    group: WriteGroup,
    entryCount: number,
    options: BatchOptions | undefined,
    batch: WriteBatch | undefined,
  ): Promise<void> {
    const { state } = this;
    const sync = options?.sync ?? state.options.walSync === 'always';
    if (sync) group.sync = true;
    let operation = 0;
    let beganMicros = 0;
    if (state.events.write) {
      operation = options?.operation ?? state.nextOperation();
      beganMicros = state.environment.clock.monotonicMicros();
      tellWriteBegin(state.events, operation, batch ?? group.batch, entryCount, sync);
    }
    return new Promise<void>((resolve, reject) => {
      group.writers.push({ operation, entryCount, beganMicros, resolve, reject });
    });
  }

  private begin(): void {
    if (this.working) return;
    this.working = true;
    void this.work();
  }

  /** Never rejects: every failure goes to those who wait for it. */
  private async work(): Promise<void> {
    // Whoever writes in the same turn may still join.
    await Promise.resolve();
    for (let item = this.items.shift(); item !== undefined; item = this.items.shift()) {
      if (item === this.gathering) this.gathering = undefined;
      if (!(item instanceof WriteGroup)) {
        await item.run();
        continue;
      }
      await this.commitGroup(item);
    }
    this.working = false;
    // Who waits for idleness may have asked between the last writer's answer and this moment.
    this.state.changed.wake();
  }

  /**
   * Commits a group and tells its writers. To be called from work that runs exclusively. Never
   * rejects: every failure goes to the writers.
   */
  async commitGroup(group: WriteGroup): Promise<void> {
    const { writers } = group;
    const { metrics, environment } = this.state;
    const { clock } = environment;
    const isTimed = metrics.writes.chooses();
    const began = isTimed ? clock.monotonicMicros() : 0;
    try {
      // Most groups need no wait; a promise for each would cost as much as its log record's bytes.
      if (!this.committer.commitAtOnce(group)) await this.committer.commit(group);
      if (isTimed) metrics.latencies.write.record(clock.monotonicMicros() - began);
      for (let index = 0; index < writers.length; index++) writers[index]!.resolve();
    } catch (thrown) {
      for (const writer of writers) writer.reject(thrown);
    }
    try {
      if (this.committer.hasFull) await this.committer.sealIfFull();
    } catch (thrown) {
      // The store has been stopped and says so to the next writer.
      if (!(thrown instanceof LsmError)) throw thrown;
    }
    if (this.spare === undefined && !wantsOwnGroup(group.batch)) this.spare = group.batch.clear();
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new LsmError('IO', String(thrown));
}
