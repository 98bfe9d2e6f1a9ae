// The error of a transaction that lost.

import { LsmError } from '../../base/errors.ts';
import type { SequenceNumber } from '../../protocol/events.ts';
import { shownKey } from '../shownKey.ts';

/** How the transaction had used the key that somebody else changed. */
export type ConflictAccess = 'write' | 'update' | 'read' | 'range';

/** Where two transactions met. */
export interface Conflict {
  readonly key: Uint8Array;
  readonly access: ConflictAccess;
  /** Of the other's write. */
  readonly newestSequence: SequenceNumber;
  /** What the transaction read at; its view is older than the write. */
  readonly snapshotSequence: SequenceNumber;
}

/** Code `CONFLICT`: nothing was written; begin a new transaction and do it again. */
export class TransactionConflict extends LsmError implements Conflict {
  readonly key: Uint8Array;
  readonly access: ConflictAccess;
  readonly newestSequence: SequenceNumber;
  readonly snapshotSequence: SequenceNumber;

  constructor(conflict: Conflict) {
    const { key, access, newestSequence, snapshotSequence } = conflict;
    super(
      'CONFLICT',
      `another write (#${newestSequence}) changed ${shownKey(key)}, which this transaction ` +
        `${VERBS[access]} at #${snapshotSequence}; begin a new one and try again`,
    );
    this.name = 'TransactionConflict';
    this.key = key;
    this.access = access;
    this.newestSequence = newestSequence;
    this.snapshotSequence = snapshotSequence;
  }
}

const VERBS: Readonly<Record<ConflictAccess, string>> = {
  write: 'writes, having begun',
  update: 'read for update',
  read: 'read',
  range: 'passed in a walk',
};
