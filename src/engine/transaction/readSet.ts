// What a transaction has read, and what it must find unchanged when it commits: single keys, read
// or read for update, and the ranges that its iterators have walked.

import { emptyKeyMap } from './keyMap.ts';
import type { KeyMap } from './keyMap.ts';
import type { CheckedRange } from '../read/changesSince.ts';
import type { WalkRecorder } from './walkedRanges.ts';

/** Why a key must not change: it was read, or read in order to be changed. */
export type ReadPurpose = 'read' | 'update';

/** Only grows: what was seen has been seen, whatever is rolled back. */
export class ReadSet {
  private keySet: KeyMap<ReadPurpose> = emptyKeyMap();
  private readonly walks: WalkRecorder[] = [];

  /** Keys read, ascending. */
  get keys(): KeyMap<ReadPurpose> {
    return this.keySet;
  }

  /** Ranges walked so far. */
  ranges(): CheckedRange[] {
    return this.walks.flatMap((walk) => walk.walked());
  }

  /** Notes a key; false when it was known already. */
  addKey(key: Uint8Array, purpose: ReadPurpose): boolean {
    const known = this.keySet.get(key);
    if (known === 'update' || known === purpose) return false;
    this.keySet = this.keySet.with(key.slice(), purpose);
    return known === undefined;
  }

  addWalk(walk: WalkRecorder): void {
    this.walks.push(walk);
  }
}
