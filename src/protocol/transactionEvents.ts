// The events of transactions. Each one's writes come in the ordinary events of a write, under the
// same operation numbers as any batch; these tell what only a transaction has: what it saw, what it
// relied on, and how it ended.

import type { SequenceNumber, Tied } from './events.ts';

/** Running number of a transaction since the store was opened, from 1. */
export type TransactionId = number;

/** What a transaction is kept from seeing; see `Lsm.transaction`. */
export type IsolationLevel = 'snapshot' | 'serializable';

/**
 * How a transaction had used the key that somebody else changed: written, deleted with a range,
 * read for update, read, or passed in a walk.
 */
export type ConflictAccess = 'write' | 'range-delete' | 'update' | 'read' | 'range';

export type TransactionEvent =
  | (Tied & {
      readonly kind: 'transaction.begin';
      readonly transaction: TransactionId;
      readonly isolation: IsolationLevel;
      /** What it reads at. */
      readonly sequence: SequenceNumber;
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
