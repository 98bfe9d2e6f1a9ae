// A column family as its users hold it.

/**
 * A key space of its own in a store. Made by `Lsm.createFamily`, found again by `Lsm.family`; given
 * with a read or a write to say where. It ends with `Lsm.dropFamily`, or with its store.
 */
export interface ColumnFamily {
  /** Its number: 0 for the default one; never used again after a drop. */
  readonly id: number;
  readonly name: string;
}

/** Name of the family that every store has. */
export const DEFAULT_FAMILY_NAME = 'default';

/** Longest name, bytes of UTF-8. */
export const FAMILY_NAME_SIZE_MAX = 255;
