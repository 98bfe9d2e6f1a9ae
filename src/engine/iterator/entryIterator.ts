// What every ordered source of entries offers: memtables, blocks, tables, runs and merges of them.

import type { Entry } from './entry.ts';

/**
 * Sorts before every sequence of the same key: `seek(key, SEQUENCE_MAX)` finds the newest version.
 */
export const SEQUENCE_MAX: number = Number.MAX_SAFE_INTEGER;

/**
 * A position among entries ordered by key ascending, then sequence descending. It shows every
 * version and every tombstone; UserIterator resolves them. A new iterator stands nowhere until it
 * is moved.
 */
export interface EntryIterator {
  /** Whether it stands on an entry. */
  readonly valid: boolean;
  /** Where it stands; meaningful only while `valid`. Read it again after each move. */
  readonly entry: Entry;
  /** Moves to the first entry. */
  first(): void;
  /** Moves to the last entry. */
  last(): void;
  /**
   * Moves to the first entry that is not before (key, sequence): the newest version of `key` with a
   * sequence of at most `sequence`, or else the first entry of a greater key.
   */
  seek(key: Uint8Array, sequence: number): void;
  /** Moves one on; must stand on an entry. */
  next(): void;
  /** Moves one back; must stand on an entry. */
  prev(): void;
}
