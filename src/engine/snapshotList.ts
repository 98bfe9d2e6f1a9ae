// The snapshots that are alive: sequence numbers whose view of the store must survive every merge.

import { LsmError } from '../base/errors.ts';
import type { SequenceNumber } from '../protocol/events.ts';

/** A view of the store as it was at one sequence number. */
export interface Snapshot {
  readonly sequence: SequenceNumber;
  /** Lets merges drop what only this snapshot saw. Idempotent. */
  release(): void;
}

class LiveSnapshot implements Snapshot {
  readonly sequence: SequenceNumber;
  private owner: SnapshotList | undefined;

  constructor(sequence: SequenceNumber, owner: SnapshotList) {
    this.sequence = sequence;
    this.owner = owner;
  }

  /** Whether it still protects its view, in the store of that list. */
  belongsTo(list: SnapshotList): boolean {
    return this.owner === list;
  }

  release(): void {
    const owner = this.owner;
    this.owner = undefined;
    owner?.remove(this.sequence);
  }
}

/** All snapshots of one store. */
export class SnapshotList {
  private readonly sequences: SequenceNumber[] = [];
  private readonly onRelease: (sequence: SequenceNumber) => void;

  constructor(onRelease: (sequence: SequenceNumber) => void) {
    this.onRelease = onRelease;
  }

  /** A snapshot at `sequence`, which is never below those that are alive. */
  create(sequence: SequenceNumber): Snapshot {
    this.sequences.push(sequence);
    return new LiveSnapshot(sequence, this);
  }

  /** Sequence numbers of the live ones, ascending; one may stand twice. */
  list(): readonly SequenceNumber[] {
    return this.sequences.slice();
  }

  remove(sequence: SequenceNumber): void {
    this.sequences.splice(this.sequences.indexOf(sequence), 1);
    this.onRelease(sequence);
  }

  /**
   * The sequence number a read with this snapshot sees.
   * @throws LsmError `INVALID_ARGUMENT` when it was released or is another store's.
   */
  sequenceOf(snapshot: Snapshot): SequenceNumber {
    if (snapshot instanceof LiveSnapshot && snapshot.belongsTo(this)) return snapshot.sequence;
    throw new LsmError('INVALID_ARGUMENT', 'the snapshot was released, or is of another store');
  }
}
