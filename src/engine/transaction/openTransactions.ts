// The transactions of one store that have not ended. Begins them, does for them what needs the
// store, and tells of their fate.

import { LsmError } from '../../base/errors.ts';
import type { SequenceNumber } from '../../protocol/events.ts';
import type { EngineState } from '../engineState.ts';
import { get } from '../read/readPath.ts';
import { LsmIterator } from '../read/storeIterator.ts';
import type { ReaderView } from '../read/storeIterator.ts';
import type { Snapshot } from '../snapshotList.ts';
import type { WriteOptions, WriteQueue } from '../write/writeQueue.ts';
import { Transaction } from './transaction.ts';
import type {
  TransactionHost,
  TransactionOptions,
  TransactionRangeOptions,
  TransactionReadOptions,
} from './transaction.ts';
import { TransactionCommitter } from './transactionCommitter.ts';
import { TransactionConflict } from './transactionConflict.ts';
import { batchOf } from './writeSet.ts';

const MEMORY_LIMIT_BYTES = 64 * 1024 * 1024;

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
    const { isolation = 'serializable', memoryLimit = MEMORY_LIMIT_BYTES } = options;
    checkOptions(isolation, memoryLimit);
    const { state } = this;
    const { events } = state;
    const snapshot = takeSnapshot();
    const { sequence } = snapshot;
    const id = ++this.lastId;
    const transaction = new Transaction(this, id, sequence, { isolation, memoryLimit });
    const beganMicros = state.environment.clock.monotonicMicros();
    this.open.set(transaction, { snapshot, iterators: new Set(), beganMicros });
    state.transactions.set(id, { transaction: id, isolation, sequence });
    if (events.structural) {
      events.emit({ kind: 'transaction.begin', transaction: id, isolation, sequence });
    }
    return transaction;
  }

  async gate(): Promise<void> {
    await this.state.events.gate?.();
  }

  read(
    key: Uint8Array,
    sequence: SequenceNumber,
    options: TransactionReadOptions | undefined,
  ): Uint8Array | undefined {
    this.state.requireOpen();
    return get(this.state, this.state.families.default, key, sequence, true, options?.operation);
  }

  iterator(
    transaction: Transaction,
    options: TransactionRangeOptions,
    view: ReaderView,
  ): LsmIterator {
    this.state.requireOpen();
    const { iterators } = this.open.get(transaction)!;
    const onClose = (): void => void iterators.delete(iterator);
    const iterator: LsmIterator = new LsmIterator(
      this.state,
      this.state.families.default,
      options,
      { ...view, onClose },
    );
    iterators.add(iterator);
    return iterator;
  }

  async commit(transaction: Transaction, options: WriteOptions | undefined): Promise<void> {
    const { state } = this;
    const { footprint, writeSizeBytes, sequence } = transaction;
    const entries = footprint.writes.size;
    let firstSequence = 0;
    try {
      state.requireOpen();
      if (entries > 0) state.requireWritable();
      const batch = batchOf(footprint.writes);
      const request = { footprint, batch, snapshotSequence: sequence, options };
      if (relies(transaction)) firstSequence = await this.committer.commit(request);
    } catch (thrown) {
      this.tellFailure(transaction, thrown);
      this.end(transaction);
      throw thrown;
    }
    const { events, environment } = state;
    if (events.structural) {
      const { beganMicros } = this.open.get(transaction)!;
      events.emit({
        kind: 'transaction.commit',
        transaction: transaction.id,
        entries,
        sizeBytes: writeSizeBytes,
        keysRead: footprint.reads.size,
        rangesRead: footprint.ranges.length,
        firstSequence,
        durationMicros: environment.clock.monotonicMicros() - beganMicros,
      });
    }
    this.end(transaction);
  }

  rollback(transaction: Transaction): void {
    this.tellRollback(transaction, 'asked');
    this.end(transaction);
  }

  /** Rolls back all that are open: the store closes. */
  close(): void {
    for (const transaction of this.open.keys()) if (transaction.isOpen) transaction.rollback();
  }

  private tellFailure(transaction: Transaction, thrown: unknown): void {
    if (!(thrown instanceof TransactionConflict)) {
      this.tellRollback(transaction, 'failed');
      return;
    }
    const { events } = this.state;
    if (!events.structural) return;
    const { key, access, newestSequence, snapshotSequence } = thrown;
    events.emit({
      kind: 'transaction.conflict',
      transaction: transaction.id,
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

  private end(transaction: Transaction): void {
    const holdings = this.open.get(transaction);
    this.open.delete(transaction);
    this.state.transactions.delete(transaction.id);
    for (const iterator of holdings?.iterators ?? []) iterator.close();
    holdings?.snapshot.release();
  }
}

/**
 * Whether a commit has anything to write or check. One that only read saw the store as it was at
 * one moment: that needs no check under either isolation.
 */
function relies({ footprint }: Transaction): boolean {
  if (footprint.writes.size > 0) return true;
  for (const { value } of footprint.reads.items()) if (value === 'update') return true;
  return false;
}

function checkOptions(isolation: string, memoryLimit: number): void {
  if (isolation !== 'snapshot' && isolation !== 'serializable') {
    throw new LsmError(
      'INVALID_ARGUMENT',
      `isolation is ${JSON.stringify(isolation)}; it must be "snapshot" or "serializable"`,
    );
  }
  if (!Number.isSafeInteger(memoryLimit) || memoryLimit < 1024) {
    throw new LsmError(
      'INVALID_ARGUMENT',
      `memoryLimit is ${memoryLimit}; it must be an integer of at least 1024 bytes`,
    );
  }
}
