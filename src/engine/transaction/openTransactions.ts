// The transactions of one store that have not ended. Begins them, does for them what needs the
// store, and tells of their fate.

import type { SequenceNumber } from '../../protocol/events.ts';
import type { EventSink } from '../../protocol/eventSink.ts';
import type { EngineState } from '../engineState.ts';
import type { ColumnFamily } from '../family/columnFamily.ts';
import type { FamilyState } from '../family/familyState.ts';
import { get } from '../read/readPath.ts';
import { LsmIterator } from '../read/storeIterator.ts';
import type { ReaderView } from '../read/storeIterator.ts';
import type { Snapshot } from '../snapshotList.ts';
import type { BatchOptions, WriteQueue } from '../write/writeQueue.ts';
import { Transaction } from './transaction.ts';
import type { TransactionHost } from './transaction.ts';
import { TransactionCommitter } from './transactionCommitter.ts';
import { TransactionConflict } from './transactionConflict.ts';
import { resolveTransactionOptions } from './transactionOptions.ts';
import type {
  TransactionOptions,
  TransactionRangeOptions,
  TransactionReadOptions,
} from './transactionOptions.ts';
import type { FamilyReads } from './readSet.ts';
import type { Footprint } from './validation.ts';

/** What an open transaction holds of the store. */
interface Holdings {
  readonly snapshot: Snapshot;
  readonly iterators: Set<LsmIterator>;
  /** Monotonic microseconds. */
  readonly beganMicros: number;
}

/** Begins, serves and ends transactions. */
export class OpenTransactions implements TransactionHost {
  private readonly state: EngineState;
  private readonly committer: TransactionCommitter;
  private readonly open = new Map<Transaction, Holdings>();
  private lastId = 0;

  constructor(state: EngineState, queue: WriteQueue) {
    this.state = state;
    this.committer = new TransactionCommitter(state, queue);
  }

  /**
   * @param takeSnapshot gives what it reads at; released at its end.
   * @throws LsmError `INVALID_ARGUMENT` for an option out of its bounds.
   */
  begin(options: TransactionOptions, takeSnapshot: () => Snapshot): Transaction {
    const resolved = resolveTransactionOptions(options);
    const { isolation } = resolved;
    const { state } = this;
    const { events } = state;
    const snapshot = takeSnapshot();
    const { sequence } = snapshot;
    const id = ++this.lastId;
    const transaction = new Transaction(this, id, sequence, resolved);
    const beganMicros = state.environment.clock.monotonicMicros();
    this.open.set(transaction, { snapshot, iterators: new Set(), beganMicros });
    state.transactions.set(id, transaction);
    if (events.structural) {
      events.emit({ kind: 'transaction.begin', transaction: id, isolation, sequence });
    }
    return transaction;
  }

  get events(): EventSink {
    return this.state.events;
  }

  async gate(): Promise<void> {
    await this.state.events.gate?.();
  }

  family(handle: ColumnFamily | undefined): FamilyState {
    return this.state.families.meant(handle);
  }

  read(
    family: FamilyState,
    key: Uint8Array,
    sequence: SequenceNumber,
    options: TransactionReadOptions | undefined,
  ): Uint8Array | undefined {
    this.state.requireOpen();
    return get(this.state, family, key, sequence, true, options?.operation);
  }

  iterator(
    transaction: Transaction,
    family: FamilyState,
    options: TransactionRangeOptions,
    view: ReaderView & { readonly onClose: () => void },
  ): LsmIterator {
    this.state.requireOpen();
    const { iterators } = this.open.get(transaction)!;
    const onClose = (): void => {
      iterators.delete(iterator);
      view.onClose();
    };
    const iterator: LsmIterator = new LsmIterator(this.state, family, options, {
      ...view,
      onClose,
    });
    iterators.add(iterator);
    return iterator;
  }

  async commit(transaction: Transaction, options: BatchOptions | undefined): Promise<void> {
    try {
      const footprints = transaction.footprints();
      const firstSequence = await this.append(transaction, footprints, options);
      this.tellCommit(transaction, footprints, firstSequence, this.end(transaction));
    } catch (thrown) {
      this.end(transaction);
      this.tellFailure(transaction, thrown);
      throw thrown;
    }
  }

  /** Checks and writes; 0 when there was nothing to write. */
  private async append(
    { id, writeSet, sequence }: Transaction,
    footprints: readonly Footprint[],
    options: BatchOptions | undefined,
  ): Promise<SequenceNumber> {
    const { state } = this;
    state.requireOpen();
    if (writeSet.entries > 0) state.requireWritable();
    if (!relies(footprints)) return 0;
    const batch = writeSet.toBatch();
    const request = { id, footprints, batch, snapshotSequence: sequence, options };
    return this.committer.commit(request);
  }

  rollback(transaction: Transaction): void {
    this.end(transaction);
    this.tellRollback(transaction, 'asked');
  }

  /** Rolls back all that are open: the store closes. */
  close(): void {
    for (const transaction of this.open.keys()) if (transaction.isOpen) transaction.rollback();
  }

  private tellCommit(
    transaction: Transaction,
    footprints: readonly Footprint[],
    firstSequence: SequenceNumber,
    beganMicros: number,
  ): void {
    const { events, environment } = this.state;
    if (!events.structural) return;
    const sum = (count: (footprint: Footprint) => number): number =>
      footprints.reduce((total, footprint) => total + count(footprint), 0);
    events.emit({
      kind: 'transaction.commit',
      transaction: transaction.id,
      entries: transaction.writeCount,
      sizeBytes: transaction.writeSizeBytes,
      keysRead: sum(({ reads }) => reads.keys.size),
      rangesRead: sum(({ reads }) => reads.ranges.length),
      firstSequence,
      durationMicros: environment.clock.monotonicMicros() - beganMicros,
    });
  }

  private tellFailure(transaction: Transaction, thrown: unknown): void {
    if (!(thrown instanceof TransactionConflict)) {
      this.tellRollback(transaction, 'failed');
      return;
    }
    const { events } = this.state;
    if (!events.structural) return;
    const { family, key, access, newestSequence, snapshotSequence } = thrown;
    events.emit({
      kind: 'transaction.conflict',
      transaction: transaction.id,
      family,
      key,
      access,
      newestSequence,
      snapshotSequence,
    });
  }

  private tellRollback({ id, writeCount }: Transaction, reason: 'asked' | 'failed'): void {
    const { events } = this.state;
    if (!events.structural) return;
    const entries = writeCount;
    events.emit({ kind: 'transaction.rollback', transaction: id, entries, reason });
  }

  /** Lets go of what it held, before its fate is told; gives when it began. */
  private end(transaction: Transaction): number {
    const holdings = this.open.get(transaction);
    this.open.delete(transaction);
    this.state.transactions.delete(transaction.id);
    for (const iterator of holdings?.iterators ?? []) iterator.close();
    holdings?.snapshot.release();
    return holdings?.beganMicros ?? 0;
  }
}

/**
 * Whether a commit has anything to write or check. One that only read saw the store as it was at
 * one moment: that needs no check under either isolation.
 */
function relies(footprints: readonly Footprint[]): boolean {
  return footprints.some(({ writes, reads }) => writes.entries > 0 || hasUpdate(reads));
}

function hasUpdate({ keys }: FamilyReads): boolean {
  for (const { value } of keys.items()) if (value === 'update') return true;
  return false;
}
