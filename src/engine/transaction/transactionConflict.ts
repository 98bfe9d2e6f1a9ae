// The error of a transaction that lost.

import { LsmError } from '../../base/errors.ts';
import type { SequenceNumber } from '../../protocol/events.ts';
import type { ConflictAccess } from '../../protocol/transactionEvents.ts';
import { shownKey } from '../shownKey.ts';

/** Where two transactions met. */
export interface Conflict {
  /** Number and name of the key's column family. */
  readonly family: number;
  readonly familyName: string;
  readonly key: Uint8Array;
  readonly access: ConflictAccess;
  /** Of the other's write. */
  readonly newestSequence: SequenceNumber;
  /** What the transaction read at; its view is older than the write. */
  readonly snapshotSequence: SequenceNumber;
}

/** Code `CONFLICT`: nothing was written; begin a new transaction and do it again. */
export class TransactionConflict extends LsmError implements Conflict {
  /** Number and name of the key's column family. */
  readonly family: number;
  readonly familyName: string;
  readonly key: Uint8Array;
  readonly access: ConflictAccess;
  readonly newestSequence: SequenceNumber;
  readonly snapshotSequence: SequenceNumber;

  constructor(conflict: Conflict) {
    const { family, familyName, key, access, newestSequence, snapshotSequence } = conflict;
    const place = family === 0 ? '' : ` in the column family ${JSON.stringify(familyName)}`;
    super(
      'CONFLICT',
      `another write (#${newestSequence}) changed ${shownKey(key)}${place}, which this ` +
        `transaction ${VERBS[access]} at #${snapshotSequence}; begin a new one and try again`,
    );
    this.name = 'TransactionConflict';
    this.family = family;
    this.familyName = familyName;
    this.key = key;
    this.access = access;
    this.newestSequence = newestSequence;
    this.snapshotSequence = snapshotSequence;
  }
}

const VERBS: Readonly<Record<ConflictAccess, string>> = {
  write: 'writes, having begun',
  'range-delete': 'deletes with its range, having begun',
  update: 'read for update',
  read: 'read',
  range: 'passed in a walk',
};
