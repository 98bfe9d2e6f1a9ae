// One entry where it lies: the common currency of memtables, tables, merges and table writers.
//
// Every source fills objects of this one class, so that the loops that compare and copy entries see
// a single shape. Key and value are given as bytes, offset and length, never as a subarray.

import { comparePadded } from '../../base/words.ts';

const NO_BYTES = new Uint8Array(4);
const NO_VIEW = new DataView(NO_BYTES.buffer);

/**
 * Where an iterator stands. Owned by its iterator; read it, never keep it:
 * - The key lies in a buffer that the next move overwrites. It is followed by zero bytes up to a
 *   multiple of four from its start, so that `compareKeys` may read whole words.
 * - The value's bytes never change while they can be reached (a block, an arena): keeping
 *   `valueBytes` with offset and length keeps the value.
 */
export class Entry {
  keyBytes: Uint8Array = NO_BYTES;
  /** A view of the same bytes as `keyBytes`. */
  keyView: DataView = NO_VIEW;
  keyOffset = 0;
  /** Bytes, without the padding. */
  keyLength = 0;
  /** An `EntryKind` as on disk (entryKind.ts). */
  kind = 0;
  sequence = 0;
  /** Wall clock of the write, microseconds since 1970. */
  timestampMicros = 0;
  valueBytes: Uint8Array = NO_BYTES;
  /** A view of the same bytes as `valueBytes`. */
  valueView: DataView = NO_VIEW;
  valueOffset = 0;
  valueLength = 0;

  /** A copy of the key in an array of its own. */
  copyKey(): Uint8Array {
    return this.keyBytes.slice(this.keyOffset, this.keyOffset + this.keyLength);
  }

  /** A copy of the value in an array of its own. */
  copyValue(): Uint8Array {
    return this.valueBytes.slice(this.valueOffset, this.valueOffset + this.valueLength);
  }
}

/** Orders two entries by key alone. */
export function compareKeys(a: Entry, b: Entry): number {
  return comparePadded(a.keyView, a.keyOffset, a.keyLength, b.keyView, b.keyOffset, b.keyLength);
}

/** The order of all entries everywhere: key ascending, then sequence descending (newest first). */
export function compareEntries(a: Entry, b: Entry): number {
  return compareKeys(a, b) || b.sequence - a.sequence;
}
