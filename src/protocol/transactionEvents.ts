// The events of transactions. Each one's writes come in the ordinary events of a write, under the
// same operation numbers as any batch; these tell what only a transaction has: what it saw, what it
// relied on, and how it ended.

import type { SequenceNumber, Tied } from './events.ts';

/** Running number of a transaction since the store was opened, from 1. */
export type TransactionId = number;

/** What a transaction is kept from seeing; see `Lsm.transaction`. */
export type IsolationLevel = 'snapshot' | 'serializable';

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
      /** Keys written, and the bytes they and their values take. */
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
      readonly key: Uint8Array;
      /** How it had used the key: written, read for update, read, or passed in a walk. */
      readonly access: 'write' | 'update' | 'read' | 'range';
      /** Of the other's write. */
      readonly newestSequence: SequenceNumber;
      readonly snapshotSequence: SequenceNumber;
    })
  | (Tied & {
      readonly kind: 'transaction.rollback';
      readonly transaction: TransactionId;
      /** Keys that would have been written. */
      readonly entries: number;
      /** `failed`: the store could not write. A store that closes has asked, too. */
      readonly reason: 'asked' | 'failed';
    });
