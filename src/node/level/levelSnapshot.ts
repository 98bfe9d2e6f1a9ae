// An explicit snapshot: abstract-level's handle around the engine's.

import type { AbstractSnapshot } from 'abstract-level';
import type { Snapshot } from '../../engine/snapshotList.ts';
import { LevelError } from './levelError.ts';
import { SnapshotBase } from './typedBases.ts';
import type { SnapshotOptions } from './typedBases.ts';

/** A view of the database as it was, until it is closed. */
export class LevelSnapshot extends SnapshotBase {
  readonly snapshot: Snapshot;

  constructor(snapshot: Snapshot, options: SnapshotOptions) {
    super(options);
    this.snapshot = snapshot;
  }

  /** Called by abstract-level once no read uses it any more. */
  _close(): Promise<void> {
    this.snapshot.release();
    return Promise.resolve();
  }
}

/**
 * The engine's snapshot behind one that came as an option.
 * @throws LevelError `LEVEL_INVALID_ARGUMENT` when it is no snapshot of an `LsmLevel`.
 */
export function engineSnapshotOf(
  snapshot: AbstractSnapshot | null | undefined,
): Snapshot | undefined {
  if (snapshot === undefined || snapshot === null) return undefined;
  if (snapshot instanceof LevelSnapshot) return snapshot.snapshot;
  throw new LevelError('LEVEL_INVALID_ARGUMENT', 'the snapshot is of another kind of database');
}
