// The events of transactions. What one commits comes in the ordinary events of a write, under an
// operation number as any batch; what it reads, in those of a get or a scan. These tell what only a
// transaction has: what it keeps to itself, what it relies on, what is checked, and how it ends.

import type { SequenceNumber, Tied, WriteEntry } from './events.ts';

/** Running number of a transaction since the store was opened, from 1. */
export type TransactionId = number;

/** What a transaction is kept from seeing; see `Lsm.transaction`. */
export type IsolationLevel = 'snapshot' | 'serializable';

/**
 * How a transaction had used the key that somebody else changed: written, deleted with a range,
 * read for update, read, or passed in a walk.
 */
export type ConflictAccess = 'write' | 'range-delete' | 'update' | 'read' | 'range';

/** Why a key was read: for itself, or in order to change it, or to decide what to write. */
export type ReadPurpose = 'read' | 'update';

/** A key, or a range of keys, of one column family. */
export interface CheckedKeys {
  readonly family: number;
  /** The key; of a range where it begins, `null` for the first key there is. */
  readonly from: Uint8Array | null;
  /** Where a range ends, `null` for the last key there is; of a single key the same as `from`. */
  readonly to: Uint8Array | null;
  readonly toIncluded: boolean;
}

export type TransactionEvent =
  | (Tied & {
      readonly kind: 'transaction.begin';
      readonly transaction: TransactionId;
      readonly isolation: IsolationLevel;
      /** What it reads at. */
      readonly sequence: SequenceNumber;
    })
  | (Tied & {
      /** It has written, for itself alone. */
      readonly kind: 'transaction.write';
      readonly transaction: TransactionId;
      /** Of a range delete the value is where the range ends. */
      readonly entry: WriteEntry;
      /** Entries that its commit would write now, and the bytes of their keys and values. */
      readonly entries: number;
      readonly sizeBytes: number;
    })
  | (Tied & {
      /** It has read a key. */
      readonly kind: 'transaction.read';
      readonly transaction: TransactionId;
      readonly family: number;
      readonly key: Uint8Array;
      readonly purpose: ReadPurpose;
      /** Its own writes answered; the store was not asked. */
      readonly own: boolean;
      readonly found: boolean;
      readonly valueSizeBytes: number;
      /** At most the first 64 bytes. */
      readonly valuePreview: Uint8Array;
      /** Whether the commit will check that nobody has changed the key. */
      readonly checked: boolean;
      /** Keys that it will check because they were read. */
      readonly keysRead: number;
    })
  | (Tied & {
      /** It has walked over a range, and is done with it. */
      readonly kind: 'transaction.walk';
      readonly transaction: TransactionId;
      readonly range: CheckedKeys;
      /** Whether the commit will check that nobody has changed, added or removed a key of it. */
      readonly checked: boolean;
      /** Ranges that it will check because they were walked over. */
      readonly rangesRead: number;
    })
  | (Tied & {
      readonly kind: 'transaction.savepoint';
      readonly transaction: TransactionId;
      /** How many stand now, one above the other. */
      readonly savepoints: number;
    })
  | (Tied & {
      /** It has forgotten what it wrote since its newest savepoint, and the savepoint. */
      readonly kind: 'transaction.restore';
      readonly transaction: TransactionId;
      readonly savepoints: number;
      readonly entries: number;
      readonly sizeBytes: number;
    })
  | (Tied & {
      /** At its commit: whether somebody has changed a key or a range that it relies on. */
      readonly kind: 'transaction.check';
      readonly transaction: TransactionId;
      readonly access: ConflictAccess;
      readonly range: CheckedKeys;
      /** Of the change that was found; 0 when there is none, and the next is checked. */
      readonly newestSequence: SequenceNumber;
    })
  | (Tied & {
      readonly kind: 'transaction.commit';
      readonly transaction: TransactionId;
      /** Entries written, and the bytes of their keys and values. */
      readonly entries: number;
      readonly sizeBytes: number;
      /** What had to be unchanged besides. */
      readonly keysRead: number;
      readonly rangesRead: number;
      /** Of its first write; 0 when it wrote nothing. */
      readonly firstSequence: SequenceNumber;
      /** Since it began. */
      readonly durationMicros: number;
    })
  | (Tied & {
      /** Somebody else was first: nothing of it was written, and it is over. */
      readonly kind: 'transaction.conflict';
      readonly transaction: TransactionId;
      /** Column family of the key. */
      readonly family: number;
      readonly key: Uint8Array;
      readonly access: ConflictAccess;
      /** Of the other's write. */
      readonly newestSequence: SequenceNumber;
      readonly snapshotSequence: SequenceNumber;
    })
  | (Tied & {
      readonly kind: 'transaction.rollback';
      readonly transaction: TransactionId;
      /** Entries that would have been written. */
      readonly entries: number;
      /** `failed`: the store could not write. A store that closes has asked, too. */
      readonly reason: 'asked' | 'failed';
    });
