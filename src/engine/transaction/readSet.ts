// What a transaction has read, and what it must find unchanged when it commits: single keys, read
// or read for update, and the ranges that its iterators have walked; of each column family.

import type { FamilyState } from '../family/familyState.ts';
import type { ReadPurpose } from '../../protocol/transactionEvents.ts';
import type { CheckedRange } from '../read/changesSince.ts';
import { emptyKeyMap } from './keyMap.ts';
import type { KeyMap } from './keyMap.ts';
import type { WalkRecorder } from './walkedRanges.ts';

/** What was read of one family. */
export interface FamilyReads {
  /** Ascending. */
  readonly keys: KeyMap<ReadPurpose>;
  /** Ranges walked. */
  readonly ranges: readonly CheckedRange[];
}

const NO_KEYS: KeyMap<ReadPurpose> = emptyKeyMap();

/** Only grows: what was seen has been seen, whatever is rolled back. */
export class ReadSet {
  private readonly keys = new Map<FamilyState, KeyMap<ReadPurpose>>();
  private readonly walks = new Map<FamilyState, WalkRecorder[]>();

  private keysNoted = 0;

  /** Keys read, of all families. */
  get keyCount(): number {
    return this.keysNoted;
  }

  /** Ranges walked, of all families. */
  get rangeCount(): number {
    let count = 0;
    for (const walks of this.walks.values()) for (const walk of walks) count += walk.rangeCount;
    return count;
  }

  /** Families of which something was read. */
  get families(): Set<FamilyState> {
    return new Set([...this.keys.keys(), ...this.walks.keys()]);
  }

  /** What was read so far of one family. */
  of(family: FamilyState): FamilyReads {
    const keys = this.keys.get(family) ?? NO_KEYS;
    const walks = this.walks.get(family) ?? [];
    return { keys, ranges: walks.flatMap((walk) => walk.walked()) };
  }

  /** Notes a key; false when it was known already. */
  addKey(family: FamilyState, key: Uint8Array, purpose: ReadPurpose): boolean {
    const keys = this.keys.get(family) ?? NO_KEYS;
    const known = keys.get(key);
    if (known === 'update' || known === purpose) return false;
    this.keys.set(family, keys.with(key.slice(), purpose));
    if (known === undefined) this.keysNoted++;
    return known === undefined;
  }

  addWalk(family: FamilyState, walk: WalkRecorder): void {
    const walks = this.walks.get(family);
    if (walks === undefined) this.walks.set(family, [walk]);
    else walks.push(walk);
  }
}
