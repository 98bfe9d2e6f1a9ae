// Commits transactions: check and append are one step inside the write queue, so no write comes
// between them.
//
// Most of the checking is done before: what happened up to the moment of the call is checked while
// other writers go on, and only what was written after it remains to be checked with the queue
// stopped. Those that wait at the same time share one group, one log record and one sync, unless
// one relies on what another of the group writes: it begins the next group, and will find it.

import type { SequenceNumber } from '../../protocol/events.ts';
import type { TransactionId } from '../../protocol/transactionEvents.ts';
import type { EngineState } from '../engineState.ts';
import type { WriteBatch } from '../writeBatch.ts';
import { WriteGroup } from '../write/writeGroup.ts';
import type { BatchOptions, WriteQueue } from '../write/writeQueue.ts';
import { TransactionConflict } from './transactionConflict.ts';
import { findChange, touches } from './validation.ts';
import type { Footprint } from './validation.ts';

/** A transaction that wants to commit. */
export interface CommitRequest {
  readonly id: TransactionId;
  /** Of each column family that it touched. */
  readonly footprints: readonly Footprint[];
  readonly batch: WriteBatch;
  readonly snapshotSequence: SequenceNumber;
  readonly options: BatchOptions | undefined;
}

interface Waiting extends CommitRequest {
  /** Up to here nothing had changed. */
  readonly checkedUpTo: SequenceNumber;
  readonly resolve: (firstSequence: SequenceNumber) => void;
  readonly reject: (reason: unknown) => void;
}

/** Commits the transactions of one store. */
export class TransactionCommitter {
  private readonly state: EngineState;
  private readonly queue: WriteQueue;
  private waiting: Waiting[] = [];

  constructor(state: EngineState, queue: WriteQueue) {
    this.state = state;
    this.queue = queue;
  }

  /**
   * Resolves with the sequence number of its first write when all are visible.
   * @throws TransactionConflict; LsmError `NOT_OPEN`, `IO`, `CORRUPTION`. Nothing was written then.
   */
  async commit(request: CommitRequest): Promise<SequenceNumber> {
    const checkedUpTo = this.state.lastSequence;
    await this.check(request, request.snapshotSequence, request.id);
    this.state.requireWritable();
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...request, checkedUpTo, resolve, reject });
      if (this.waiting.length === 1) void this.queue.exclusively(() => this.commitWaiting());
    });
  }

  /** Never rejects: every failure goes to the one who waits for it. */
  private async commitWaiting(): Promise<void> {
    const waiting = this.waiting;
    this.waiting = [];
    let members: Waiting[] = [];
    for (const member of waiting) {
      if (members.some(({ footprints }) => touches(footprints, member.footprints))) {
        await this.commitMembers(members);
        members = [];
      }
      if (!(await this.isSound(member))) continue;
      if (member.batch.entryCount > 0) members.push(member);
      else member.resolve(0);
    }
    await this.commitMembers(members);
  }

  private async isSound(member: Waiting): Promise<boolean> {
    try {
      const { id, checkedUpTo } = member;
      const isNews = this.state.lastSequence > checkedUpTo;
      await this.check(member, checkedUpTo, isNews ? id : undefined);
      return true;
    } catch (thrown) {
      member.reject(thrown);
      return false;
    }
  }

  /** @param told whose checks are told; `undefined` when there is nothing new to tell. */
  private async check(
    request: CommitRequest,
    since: SequenceNumber,
    told: TransactionId | undefined,
  ): Promise<void> {
    const { footprints, snapshotSequence } = request;
    for (const footprint of footprints) {
      const change = await findChange(this.state, footprint, since, told);
      if (change === undefined) continue;
      const { id: family, name: familyName } = footprint.family;
      throw new TransactionConflict({ ...change, family, familyName, snapshotSequence });
    }
  }

  /** Appends transactions that were found good and do not touch each other. */
  private async commitMembers(members: readonly Waiting[]): Promise<void> {
    let group: WriteGroup | undefined;
    let firstSequence = 0;
    for (const { batch, options, resolve, reject } of members) {
      if (group !== undefined && !group.takes(batch.sizeBytes)) {
        await this.queue.commitGroup(group);
        group = undefined;
      }
      if (group === undefined) {
        group = new WriteGroup(batch);
        firstSequence = this.state.lastSequence + 1;
      } else {
        group.batch.append(batch);
      }
      const first = firstSequence;
      firstSequence += batch.entryCount;
      void this.queue
        .enlist(group, batch.entryCount, options, undefined)
        .then(() => resolve(first), reject);
    }
    if (group !== undefined) await this.queue.commitGroup(group);
  }
}
