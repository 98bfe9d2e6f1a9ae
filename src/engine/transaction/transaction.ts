// A transaction as its user holds it. It reads the store as it was when it began, with its own
// writes on top; nobody else sees those before the commit, and nobody is kept from writing. The
// commit does everything, or fails with a conflict and does nothing.

import { compareBytes } from '../../base/bytes.ts';
import { LsmError } from '../../base/errors.ts';
import type { SequenceNumber } from '../../protocol/events.ts';
import type { EventSink } from '../../protocol/eventSink.ts';
import type {
  IsolationLevel,
  ReadPurpose,
  TransactionId,
} from '../../protocol/transactionEvents.ts';
import type { TransactionState } from '../../protocol/treeState.ts';
import { checkKey, checkValue, requireBytes } from '../entryBytes.ts';
import {
  KIND_DELETE,
  KIND_MERGE,
  KIND_PUT,
  KIND_RANGE_DELETE,
  KIND_SINGLE_DELETE,
} from '../entryKind.ts';
import type { ColumnFamily } from '../family/columnFamily.ts';
import type { FamilyState } from '../family/familyState.ts';
import { resolveBounds } from '../iterator/keyBounds.ts';
import type { LsmIterator, ReaderView } from '../read/storeIterator.ts';
import type { BatchOptions } from '../write/writeQueue.ts';
import type { AskedWrite } from './familyWrites.ts';
import { ownValue } from './ownValue.ts';
import { ownView } from './ownView.ts';
import { ReadSet } from './readSet.ts';
import { tellOwnRead, tellOwnWrite, tellWalk } from './tellOwn.ts';
import type {
  ResolvedTransactionOptions,
  TransactionRangeOptions,
  TransactionReadOptions,
} from './transactionOptions.ts';
import type { Footprint } from './validation.ts';
import { WalkRecorder } from './walkedRanges.ts';
import { WriteSet } from './writeSet.ts';

/** What a transaction needs of its store. */
export interface TransactionHost {
  readonly events: EventSink;
  /** Waits for a viewer that wants to be waited for. */
  gate(): Promise<void>;
  /** @throws LsmError `INVALID_ARGUMENT` when it was dropped, or is another store's. */
  family(handle: ColumnFamily | undefined): FamilyState;
  /** A key's value in the transaction's snapshot. */
  read(
    family: FamilyState,
    key: Uint8Array,
    sequence: SequenceNumber,
    options: TransactionReadOptions | undefined,
  ): Uint8Array | undefined;
  /** An iterator that is closed with the transaction at the latest; then calls `onClose`. */
  iterator(
    transaction: Transaction,
    family: FamilyState,
    options: TransactionRangeOptions,
    view: ReaderView & { readonly onClose: () => void },
  ): LsmIterator;
  /** Checks and appends; the transaction is over then, whatever the outcome. */
  commit(transaction: Transaction, options: BatchOptions | undefined): Promise<void>;
  /** Lets go of what it held. */
  rollback(transaction: Transaction): void;
}

/** What each key or range costs beyond its bytes, about. */
const OVERHEAD_BYTES = 96;

const NO_VALUE = new Uint8Array(0);

/** Made by `Lsm.transaction`; ends with `commit` or `rollback`. */
export class Transaction {
  readonly id: TransactionId;
  readonly isolation: IsolationLevel;
  /** It sees the store as it was after this write. */
  readonly sequence: SequenceNumber;
  private readonly host: TransactionHost;
  private readonly memoryLimit: number;
  private readonly reads = new ReadSet();
  private readonly savepoints: WriteSet[] = [];
  private writes = new WriteSet();
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

  /** Entries that the commit will write. */
  get writeCount(): number {
    return this.writes.entries;
  }

  /** Bytes of their keys and values. */
  get writeSizeBytes(): number {
    return this.writes.sizeBytes;
  }

  /** What it has done so far, for who looks on. */
  describe(): TransactionState {
    const { id: transaction, isolation, sequence, writes, reads } = this;
    const { entries, sizeBytes } = writes;
    const { keyCount: keysRead, rangeCount: rangesRead } = reads;
    const savepoints = this.savepoints.length;
    return {
      ...{ transaction, isolation, sequence, entries, sizeBytes },
      ...{ keysRead, rangesRead, savepoints },
    };
  }

  /** What was written so far. */
  get writeSet(): WriteSet {
    return this.writes;
  }

  /**
   * What must not have changed at commit, of each family that it touched.
   * @throws LsmError `INVALID_ARGUMENT` when one of them was dropped.
   */
  footprints(): Footprint[] {
    const { writes, reads, host } = this;
    const written = [...writes.families].map((family) => host.family(family));
    const families = new Set([...written, ...reads.families]);
    return [...families].map((family) => ({
      family: host.family(family),
      writes: writes.of(family),
      reads: reads.of(family),
    }));
  }

  /**
   * A key's value: the transaction's own, or else the snapshot's. The array is the caller's own.
   * @throws LsmError `NOT_OPEN`, `LIMIT`, `CORRUPTION`, `IO`; for a key of merge operands
   * `MERGE_FAILED`, `NOT_SUPPORTED`.
   */
  async get(key: Uint8Array, options?: TransactionReadOptions): Promise<Uint8Array | undefined> {
    const value = this.getSync(key, options);
    await this.host.gate();
    return value;
  }

  /** As `get`, at once. */
  getSync(key: Uint8Array, options?: TransactionReadOptions): Uint8Array | undefined {
    return this.read(key, options, 'read');
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
    this.noteRead(this.host.family(options?.family), key, 'update');
    const value = this.read(key, options, 'update');
    await this.host.gate();
    return value;
  }

  /**
   * Sets a key's value, for the transaction alone until it commits; in the default column family
   * or the given one.
   * @throws LsmError `INVALID_ARGUMENT` for a key above 1 MiB or a value above 256 MiB; `LIMIT`,
   * after which the transaction is as before; `NOT_OPEN`.
   */
  put(key: Uint8Array, value: Uint8Array, family?: ColumnFamily): this {
    checkValue(value);
    return this.write({ kind: KIND_PUT, key, value }, family);
  }

  /** Removes a key, which need not exist. Otherwise as `put`. */
  delete(key: Uint8Array, family?: ColumnFamily): this {
    return this.write({ kind: KIND_DELETE, key, value: NO_VALUE }, family);
  }

  /**
   * Removes a key that was put exactly once since it was last gone, by the transaction itself or
   * before; see `WriteBatch.singleDelete`. Otherwise as `put`.
   */
  singleDelete(key: Uint8Array, family?: ColumnFamily): this {
    return this.write({ kind: KIND_SINGLE_DELETE, key, value: NO_VALUE }, family);
  }

  /**
   * Has the family's merge operator work `operand` into the key's value. Nothing is read for it,
   * but a change of the key by somebody else is a conflict. Otherwise as `put`.
   * @throws LsmError `NOT_SUPPORTED` when the family has no merge operator.
   */
  merge(key: Uint8Array, operand: Uint8Array, family?: ColumnFamily): this {
    this.requireOpen();
    checkValue(operand);
    this.host.family(family).merger.requireOperator();
    return this.write({ kind: KIND_MERGE, key, value: operand }, family);
  }

  /**
   * Removes every key from `from` to before `to`, whatever there is; does nothing when the range
   * is empty. Whoever else writes a key of the range meanwhile is in conflict with it. Otherwise
   * as `put`.
   */
  deleteRange(from: Uint8Array, to: Uint8Array, family?: ColumnFamily): this {
    this.requireOpen();
    checkKey(from);
    checkKey(to);
    if (compareBytes(from, to) >= 0) return this;
    return this.write({ kind: KIND_RANGE_DELETE, key: from, value: to }, family);
  }

  /**
   * Walks over a range as the transaction sees it now: the snapshot with its own writes so far.
   * Must be closed; closed at the transaction's end.
   */
  iterator(options: TransactionRangeOptions = {}): LsmIterator {
    this.requireOpen();
    const { writes, sequence, host } = this;
    const family = host.family(options.family);
    const own = ownView(writes.of(family), sequence);
    const observer = this.recorder(family, options);
    const onClose = (): void => this.tellWalked(family, options, observer);
    return host.iterator(this, family, options, { sequence, own, observer, onClose });
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
    this.savepoints.push(this.writes);
    const { events } = this.host;
    if (!events.structural) return;
    const savepoints = this.savepoints.length;
    events.emit({ kind: 'transaction.savepoint', transaction: this.id, savepoints });
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
    this.writes = savepoint;
    const { events } = this.host;
    if (!events.structural) return;
    const savepoints = this.savepoints.length;
    const { entries, sizeBytes } = savepoint;
    const figures = { transaction: this.id, savepoints, entries, sizeBytes };
    events.emit({ kind: 'transaction.restore', ...figures });
  }

  /**
   * Makes all writes visible together, or none. The transaction is over either way.
   * @throws TransactionConflict when somebody changed what it relies on; LsmError `NOT_OPEN`,
   * `NOT_SUPPORTED` (read-only store), `INVALID_ARGUMENT` (more than 1 GiB, or a column family
   * that was dropped), `IO`.
   */
  async commit(options?: BatchOptions): Promise<void> {
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

  private write(write: AskedWrite, handle: ColumnFamily | undefined): this {
    this.requireOpen();
    checkKey(write.key);
    const family = this.host.family(handle);
    const writes = this.writes.with(family, write);
    this.requireMemory(memoryOf(writes) - memoryOf(this.writes));
    this.writes = writes;
    const { events } = this.host;
    if (events.write) {
      const { entries, sizeBytes } = writes;
      tellOwnWrite(events, family, write, { transaction: this.id, entries, sizeBytes });
    }
    return this;
  }

  private read(
    key: Uint8Array,
    options: TransactionReadOptions | undefined,
    purpose: ReadPurpose,
  ): Uint8Array | undefined {
    requireBytes('key', key);
    this.requireOpen();
    const { host, isolation } = this;
    const family = host.family(options?.family);
    let own = true;
    const value = ownValue(this.writes.of(family), family.merger, key, () => {
      own = false;
      if (isolation === 'serializable') this.noteRead(family, key, 'read');
      return host.read(family, key, this.sequence, options);
    });
    if (host.events.read) {
      const checked = purpose === 'update' || (isolation === 'serializable' && !own);
      const keysRead = this.reads.keyCount;
      const read = { transaction: this.id, purpose, own, checked, keysRead };
      tellOwnRead(host.events, family, key, value, read);
    }
    return value;
  }

  private tellWalked(
    family: FamilyState,
    options: TransactionRangeOptions,
    recorder: WalkRecorder | undefined,
  ): void {
    const { events } = this.host;
    if (!events.read) return;
    const bounds = { ...resolveBounds(options), upperIncluded: false };
    const ranges = recorder === undefined ? [bounds] : recorder.walked();
    const checked = recorder !== undefined;
    const rangesRead = this.reads.rangeCount;
    tellWalk(events, family, ranges, { transaction: this.id, checked, rangesRead });
  }

  private noteRead(family: FamilyState, key: Uint8Array, purpose: ReadPurpose): void {
    this.requireMemory(key.length + OVERHEAD_BYTES);
    if (this.reads.addKey(family, key, purpose)) this.readBytes += key.length + OVERHEAD_BYTES;
  }

  private recorder(
    family: FamilyState,
    options: TransactionRangeOptions,
  ): WalkRecorder | undefined {
    if (this.isolation !== 'serializable') return undefined;
    const recorder = new WalkRecorder(resolveBounds(options), (keyBytes) => {
      const sizeBytes = keyBytes + 2 * OVERHEAD_BYTES;
      this.requireMemory(sizeBytes);
      this.readBytes += sizeBytes;
    });
    this.reads.addWalk(family, recorder);
    return recorder;
  }

  private requireMemory(moreBytes: number): void {
    const needed = memoryOf(this.writes) + this.readBytes + moreBytes;
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

/** Bytes of memory that writes take, about. */
function memoryOf({ sizeBytes, entries }: WriteSet): number {
  return sizeBytes + entries * OVERHEAD_BYTES;
}
