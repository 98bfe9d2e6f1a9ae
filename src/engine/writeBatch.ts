// Writes that become visible together or not at all. A batch is encoded while it is filled, into
// the log's own form and with room for the record's header in front, so that a commit hands its
// buffer to the disk as it is.

import { storeUint32, storeUint64 } from '../base/byteWriter.ts';
import { compareBytes, copyBytes } from '../base/bytes.ts';
import { LsmError } from '../base/errors.ts';
import { varintSize, writeVarint } from '../base/varint.ts';
import {
  hasValue,
  KIND_DELETE,
  KIND_MERGE,
  KIND_PUT,
  KIND_RANGE_DELETE,
  KIND_SINGLE_DELETE,
} from './entryKind.ts';
import type { ColumnFamily } from './family/columnFamily.ts';
import type { EntryKindCode } from './entryKind.ts';
import { LOG_PAYLOAD_SIZE_MAX, LOG_RECORD_HEADER_SIZE } from './log/logFormat.ts';
import { ARENA_CAPACITY_MAX_BYTES, batchSizeBytesMax } from './memtable/arena.ts';
import { checkKey, checkValue } from './entryBytes.ts';
import type { BatchCursor } from './wal/batchCursor.ts';
import {
  BATCH_COUNT,
  BATCH_SEQUENCE,
  BATCH_TIMESTAMP,
  RECORD_ENTRIES_START,
} from './wal/walFormat.ts';

/** What a batch writes to one family. */
export interface FamilyShare {
  readonly family: ColumnFamily;
  entries: number;
  userBytes: number;
}

const INITIAL_CAPACITY_BYTES = 512;
/** A cleared batch keeps at most this much memory. */
const KEPT_CAPACITY_BYTES = 1024 * 1024;
const RECORD_SIZE_MAX: number = LOG_RECORD_HEADER_SIZE + LOG_PAYLOAD_SIZE_MAX;
const NO_VALUE = new Uint8Array(0);
const NO_SHARES: readonly FamilyShare[] = [];
const NO_FAMILIES: readonly (ColumnFamily | undefined)[] = [];

/**
 * An ordered list of writes, applied atomically; of several to one key the last wins. Keys and
 * values are copied at once, so the caller may reuse its arrays. Keys may be empty.
 */
export class WriteBatch {
  private bytes: Uint8Array = new Uint8Array(INITIAL_CAPACITY_BYTES);
  private end: number = RECORD_ENTRIES_START;
  private count = 0;
  private userBytesTotal = 0;
  /** Of the families other than the default one. */
  private shares: readonly FamilyShare[] = NO_SHARES;
  private merged: readonly (ColumnFamily | undefined)[] = NO_FAMILIES;

  /** Writes in it. */
  get entryCount(): number {
    return this.count;
  }

  /** Bytes that they take in the log, without the record's header. */
  get sizeBytes(): number {
    return this.end - RECORD_ENTRIES_START;
  }

  /** Bytes of all its keys and values. */
  get userBytes(): number {
    return this.userBytesTotal;
  }

  /** What it writes to families other than the default one. */
  get otherShares(): readonly FamilyShare[] {
    return this.shares;
  }

  /** The families that it merges operands into, each once; `undefined` for the default one. */
  get mergedFamilies(): readonly (ColumnFamily | undefined)[] {
    return this.merged;
  }

  /** Writes to the default family. */
  get defaultEntries(): number {
    let entries = this.count;
    for (const share of this.shares) entries -= share.entries;
    return entries;
  }

  /** Bytes that the entries of the default family take in its memtable at most. */
  get memtableSizeBytesMax(): number {
    let userBytes = this.userBytesTotal;
    for (const share of this.shares) userBytes -= share.userBytes;
    return batchSizeBytesMax(this.defaultEntries, userBytes);
  }

  /**
   * Adds: `key` has `value`, in the default family or the given one.
   * @throws LsmError `INVALID_ARGUMENT` for a key above 1 MiB, a value above 256 MiB, or a batch
   * above 1 GiB; the batch is then unchanged.
   */
  put(key: Uint8Array, value: Uint8Array, family?: ColumnFamily): this {
    checkValue(value);
    this.add(KIND_PUT, key, value, family);
    return this;
  }

  /**
   * Adds: `key` is gone, in the default family or the given one.
   * @throws LsmError `INVALID_ARGUMENT` for a key above 1 MiB, or a batch above 1 GiB.
   */
  delete(key: Uint8Array, family?: ColumnFamily): this {
    this.add(KIND_DELETE, key, NO_VALUE, family);
    return this;
  }

  /**
   * Adds: `key`, which was put exactly once since it was last gone, is gone again. A merge may then
   * drop the put and this write together, wherever they meet; `delete` must sink to the deepest
   * level that may hold the key. For a key that was put twice, or removed by `delete` or a range
   * delete before, an older value of that key may come back.
   * @throws LsmError `INVALID_ARGUMENT` for a key above 1 MiB, or a batch above 1 GiB.
   */
  singleDelete(key: Uint8Array, family?: ColumnFamily): this {
    this.add(KIND_SINGLE_DELETE, key, NO_VALUE, family);
    return this;
  }

  /**
   * Adds: the family's merge operator works `operand` into the value of `key`, which need not have
   * one. Nothing is read for it. Not for keys that are removed by `singleDelete`.
   * @throws LsmError `INVALID_ARGUMENT` as `put`.
   */
  merge(key: Uint8Array, operand: Uint8Array, family?: ColumnFamily): this {
    checkValue(operand);
    this.add(KIND_MERGE, key, operand, family);
    this.noteMerge(family);
    return this;
  }

  /**
   * Adds: every key from `from` to before `to` is gone. Adds nothing when there can be none.
   * @throws LsmError `INVALID_ARGUMENT` for a key above 1 MiB, or a batch above 1 GiB.
   */
  deleteRange(from: Uint8Array, to: Uint8Array, family?: ColumnFamily): this {
    checkKey(from);
    checkKey(to);
    if (compareBytes(from, to) >= 0) return this;
    this.add(KIND_RANGE_DELETE, from, to, family);
    return this;
  }

  /**
   * Adds all writes of another batch after its own.
   * @throws LsmError `INVALID_ARGUMENT` when they are more than 1 GiB together.
   */
  append(other: WriteBatch): this {
    const length = other.sizeBytes;
    this.reserve(other.count, other.userBytesTotal, length);
    copyBytes(other.bytes, RECORD_ENTRIES_START, length, this.bytes, this.end);
    this.end += length;
    this.count += other.count;
    this.userBytesTotal += other.userBytesTotal;
    for (const { family, entries, userBytes } of other.shares) {
      this.share(family, entries, userBytes);
    }
    for (const family of other.merged) this.noteMerge(family);
    return this;
  }

  /** Forgets all writes. */
  clear(): this {
    if (this.bytes.length > KEPT_CAPACITY_BYTES)
      this.bytes = new Uint8Array(INITIAL_CAPACITY_BYTES);
    this.end = RECORD_ENTRIES_START;
    this.count = 0;
    this.userBytesTotal = 0;
    this.shares = NO_SHARES;
    this.merged = NO_FAMILIES;
    return this;
  }

  /** Lets `cursor` walk the writes; valid until the batch changes. Of use inside the engine. */
  readInto(cursor: BatchCursor): void {
    cursor.reset(this.bytes, RECORD_ENTRIES_START, this.end, this.count);
  }

  /**
   * Fills in what the payload says of the whole batch. Of use inside the engine.
   * @returns the buffer, which holds room for the record's header and then the payload up to
   * `recordEnd`; invalid once the batch changes.
   */
  sealPayload(firstSequence: number, timestampMicros: number): Uint8Array {
    const { bytes } = this;
    storeUint64(bytes, LOG_RECORD_HEADER_SIZE + BATCH_SEQUENCE, firstSequence);
    storeUint32(bytes, LOG_RECORD_HEADER_SIZE + BATCH_COUNT, this.count);
    storeUint64(bytes, LOG_RECORD_HEADER_SIZE + BATCH_TIMESTAMP, timestampMicros);
    return bytes;
  }

  /** End of the payload in the buffer that `sealPayload` gives. */
  get recordEnd(): number {
    return this.end;
  }

  private add(
    kind: EntryKindCode,
    key: Uint8Array,
    value: Uint8Array,
    family: ColumnFamily | undefined,
  ): void {
    const keyLength = key.length;
    const valueLength = value.length;
    checkKey(key);
    const valueSize = hasValue(kind) ? varintSize(valueLength) + valueLength : 0;
    const id = family === undefined ? 0 : family.id;
    const keySize = varintSize(keyLength) + keyLength;
    this.reserve(1, keyLength + valueLength, 1 + varintSize(id) + keySize + valueSize);
    const { bytes } = this;
    let position = this.end;
    bytes[position++] = kind;
    position = writeVarint(bytes, position, id);
    position = writeVarint(bytes, position, keyLength);
    copyBytes(key, 0, keyLength, bytes, position);
    position += keyLength;
    if (hasValue(kind)) {
      position = writeVarint(bytes, position, valueLength);
      copyBytes(value, 0, valueLength, bytes, position);
      position += valueLength;
    }
    this.end = position;
    this.count++;
    this.userBytesTotal += keyLength + valueLength;
    if (id !== 0) this.share(family!, 1, keyLength + valueLength);
  }

  private noteMerge(family: ColumnFamily | undefined): void {
    const meant = family?.id === 0 ? undefined : family;
    if (!this.merged.includes(meant)) this.merged = [...this.merged, meant];
  }

  private share(family: ColumnFamily, entries: number, userBytes: number): void {
    const known = this.shares.find((share) => share.family === family);
    if (known === undefined) {
      this.shares = [...this.shares, { family, entries, userBytes }];
      return;
    }
    known.entries += entries;
    known.userBytes += userBytes;
  }

  /** Makes room for more writes, or refuses those that no log record or no memtable could take. */
  private reserve(entries: number, userBytes: number, lengthBytes: number): void {
    const needed = this.end + lengthBytes;
    const inMemtable = batchSizeBytesMax(this.count + entries, this.userBytesTotal + userBytes);
    if (needed > RECORD_SIZE_MAX || inMemtable > ARENA_CAPACITY_MAX_BYTES) {
      throw new LsmError(
        'INVALID_ARGUMENT',
        `a batch cannot take ${this.count + entries} writes of ${needed} bytes; split it`,
      );
    }
    if (needed <= this.bytes.length) return;
    // A single large value gets its exact size; many small ones make the buffer double.
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
  }
}
