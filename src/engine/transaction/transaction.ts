// A transaction as its user holds it. It reads the store as it was when it began, with its own
// writes on top; nobody else sees those before the commit, and nobody is kept from writing. The
// commit does everything, or fails with a conflict and does nothing.

import { LsmError } from '../../base/errors.ts';
import type { SequenceNumber } from '../../protocol/events.ts';
import type { IsolationLevel, TransactionId } from '../../protocol/transactionEvents.ts';
import { checkKeySize, checkValueSize } from '../entrySize.ts';
import { KIND_PUT } from '../entryKind.ts';
import { resolveBounds } from '../iterator/keyBounds.ts';
import type { LsmIterator, ReaderView } from '../read/storeIterator.ts';
import type { RangeOptions, ReadOptions } from '../readOptions.ts';
import type { WriteOptions } from '../write/writeQueue.ts';
import { ReadSet } from './readSet.ts';
import type { Footprint } from './validation.ts';
import { WalkRecorder } from './walkedRanges.ts';
import { NO_WRITES, withWrite } from './writeSet.ts';
import type { WriteSet } from './writeSet.ts';
import { WriteSetIterator } from './writeSetIterator.ts';

/** Of a transaction. */
export interface TransactionOptions {
  /**
   * - `snapshot`: two that write the same key conflict; write skew can happen.
   * - `serializable`: one that read what another wrote conflicts, too; all committed ones might
   *   have run one after the other. The default.
   */
  readonly isolation?: IsolationLevel | undefined;
  /** Bytes that keys and values written and keys read may take in memory; 64 MiB by default. */
  readonly memoryLimit?: number | undefined;
}

/** The options with every default filled in. */
export interface ResolvedTransactionOptions {
  readonly isolation: IsolationLevel;
  readonly memoryLimit: number;
}

/** How a key is read in a transaction; it is in the default family. */
export type TransactionReadOptions = Omit<ReadOptions, 'snapshot' | 'family'>;
/** What is walked over in a transaction, in the default family. */
export type TransactionRangeOptions = Omit<RangeOptions, 'snapshot' | 'family'>;

/** What a transaction needs of its store. */
export interface TransactionHost {
  /** Waits for a viewer that wants to be waited for. */
  gate(): Promise<void>;
  /** A key's value in the transaction's snapshot. */
  read(
    key: Uint8Array,
    sequence: SequenceNumber,
    options: TransactionReadOptions | undefined,
  ): Uint8Array | undefined;
  /** An iterator that is closed with the transaction at the latest. */
  iterator(
    transaction: Transaction,
    options: TransactionRangeOptions,
    view: ReaderView,
  ): LsmIterator;
  /** Checks and appends; the transaction is over then, whatever the outcome. */
  commit(transaction: Transaction, options: WriteOptions | undefined): Promise<void>;
  /** Lets go of what it held. */
  rollback(transaction: Transaction): void;
}

/** What each key or range costs beyond its bytes, about. */
const OVERHEAD_BYTES = 96;

interface Savepoint {
  readonly writes: WriteSet;
  readonly writeBytes: number;
}

/** Made by `Lsm.transaction`; ends with `commit` or `rollback`. */
export class Transaction {
  readonly id: TransactionId;
  readonly isolation: IsolationLevel;
  /** It sees the store as it was after this write. */
  readonly sequence: SequenceNumber;
  private readonly host: TransactionHost;
  private readonly memoryLimit: number;
  private readonly reads = new ReadSet();
  private readonly savepoints: Savepoint[] = [];
  private writes: WriteSet = NO_WRITES;
  private writeBytes = 0;
  private readBytes = 0;
  private phase: 'open' | 'committing' | 'over' = 'open';

  /** Use `Lsm.transaction`. */
  constructor(
    host: TransactionHost,
    id: TransactionId,
    sequence: SequenceNumber,
    options: ResolvedTransactionOptions,
  ) {
    this.host = host;
    this.id = id;
    this.sequence = sequence;
    this.isolation = options.isolation;
    this.memoryLimit = options.memoryLimit;
  }

  /** Whether it can still read, write and commit. */
  get isOpen(): boolean {
    return this.phase === 'open';
  }

  /** Keys written so far. */
  get writeCount(): number {
    return this.writes.size;
  }

  /** Bytes that the commit will write: keys and values. */
  get writeSizeBytes(): number {
    return this.writeBytes;
  }

  /** What must not have changed at commit. */
  get footprint(): Footprint {
    const { writes, reads } = this;
    return { writes, reads: reads.keys, ranges: reads.ranges() };
  }

  /**
   * A key's value: the transaction's own, or else the snapshot's. The array is the caller's own.
   * @throws LsmError `NOT_OPEN`, `LIMIT`, `CORRUPTION`, `IO`.
   */
  async get(key: Uint8Array, options?: TransactionReadOptions): Promise<Uint8Array | undefined> {
    const value = this.getSync(key, options);
    await this.host.gate();
    return value;
  }

  /** As `get`, at once. */
  getSync(key: Uint8Array, options?: TransactionReadOptions): Uint8Array | undefined {
    this.requireOpen();
    const own = this.writes.get(key);
    if (own !== undefined) return own.kind === KIND_PUT ? own.value.slice() : undefined;
    if (this.isolation === 'serializable') this.noteRead(key, 'read');
    return this.host.read(key, this.sequence, options);
  }

  /**
   * As `get`, for a key that the transaction means to change, or whose value decides what it
   * writes: a change by somebody else is a conflict under `snapshot`, too.
   */
  async getForUpdate(
    key: Uint8Array,
    options?: TransactionReadOptions,
  ): Promise<Uint8Array | undefined> {
    this.requireOpen();
    this.noteRead(key, 'update');
    return this.get(key, options);
  }

  /**
   * Sets a key's value, for the transaction alone until it commits.
   * @throws LsmError `INVALID_ARGUMENT` for a key above 1 MiB or a value above 256 MiB; `LIMIT`,
   * after which the transaction is as before; `NOT_OPEN`.
   */
  put(key: Uint8Array, value: Uint8Array): this {
    return this.write(key, value);
  }

  /** Removes a key, which need not exist. Otherwise as `put`. */
  delete(key: Uint8Array): this {
    return this.write(key, undefined);
  }

  /**
   * Walks over a range as the transaction sees it now: the snapshot with its own writes so far.
   * Must be closed; closed at the transaction's end.
   */
  iterator(options: TransactionRangeOptions = {}): LsmIterator {
    this.requireOpen();
    const { writes, sequence } = this;
    const own = writes.size === 0 ? undefined : new WriteSetIterator(writes, sequence);
    return this.host.iterator(this, options, { sequence, own, observer: this.recorder(options) });
  }

  /** The entries of a range, key and value as the caller's own arrays. */
  *entries(options: TransactionRangeOptions = {}): Generator<[Uint8Array, Uint8Array]> {
    const iterator = this.iterator(options);
    try {
      for (iterator.seekToFirst(); iterator.valid; iterator.next()) {
        yield [iterator.key(), iterator.value()];
      }
    } finally {
      iterator.close();
    }
  }

  /** Marks where `rollbackToSavepoint` comes back to; several stand one above the other. */
  setSavepoint(): void {
    this.requireOpen();
    const { writes, writeBytes } = this;
    this.savepoints.push({ writes, writeBytes });
  }

  /**
   * Forgets the writes since the newest savepoint, and the savepoint. What was read stays read.
   * @throws LsmError `INVALID_ARGUMENT` when there is no savepoint.
   */
  rollbackToSavepoint(): void {
    this.requireOpen();
    const savepoint = this.savepoints.pop();
    if (savepoint === undefined) {
      throw new LsmError('INVALID_ARGUMENT', 'the transaction has no savepoint; set one first');
    }
    this.writes = savepoint.writes;
    this.writeBytes = savepoint.writeBytes;
  }

  /**
   * Makes all writes visible together, or none. The transaction is over either way.
   * @throws TransactionConflict when somebody changed what it relies on; LsmError `NOT_OPEN`,
   * `NOT_SUPPORTED` (read-only store), `INVALID_ARGUMENT` (more than 1 GiB), `IO`.
   */
  async commit(options?: WriteOptions): Promise<void> {
    this.requireOpen();
    this.phase = 'committing';
    try {
      await this.host.commit(this, options);
    } finally {
      this.phase = 'over';
    }
  }

  /** Forgets all writes; the transaction is over. Idempotent, and nothing after a commit. */
  rollback(): void {
    if (this.phase !== 'open') return;
    this.phase = 'over';
    this.host.rollback(this);
  }

  private write(key: Uint8Array, value: Uint8Array | undefined): this {
    this.requireOpen();
    checkKeySize(key);
    if (value !== undefined) checkValueSize(value);
    const old = this.writes.get(key);
    const oldBytes = old === undefined ? 0 : key.length + old.value.length + OVERHEAD_BYTES;
    const newBytes = key.length + (value?.length ?? 0) + OVERHEAD_BYTES;
    this.requireMemory(newBytes - oldBytes);
    this.writes = withWrite(this.writes, key, value);
    this.writeBytes += newBytes - oldBytes;
    return this;
  }

  private noteRead(key: Uint8Array, purpose: 'read' | 'update'): void {
    this.requireMemory(key.length + OVERHEAD_BYTES);
    if (this.reads.addKey(key, purpose)) this.readBytes += key.length + OVERHEAD_BYTES;
  }

  private recorder(options: TransactionRangeOptions): WalkRecorder | undefined {
    if (this.isolation !== 'serializable') return undefined;
    const recorder = new WalkRecorder(resolveBounds(options), (keyBytes) => {
      const sizeBytes = keyBytes + 2 * OVERHEAD_BYTES;
      this.requireMemory(sizeBytes);
      this.readBytes += sizeBytes;
    });
    this.reads.addWalk(recorder);
    return recorder;
  }

  private requireMemory(moreBytes: number): void {
    const needed = this.writeBytes + this.readBytes + moreBytes;
    if (needed <= this.memoryLimit) return;
    throw new LsmError(
      'LIMIT',
      `the transaction would take ${needed} bytes, its memoryLimit is ${this.memoryLimit}; ` +
        'commit it in parts, or give it a greater limit',
    );
  }

  private requireOpen(): void {
    if (this.phase !== 'open') {
      throw new LsmError('NOT_OPEN', 'the transaction is over; begin a new one');
    }
  }
}
