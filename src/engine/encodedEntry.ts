// One entry of a write, lying somewhere in bytes: what a batch hands to the log and to the
// memtable.

import type { EntryKindCode } from './entryKind.ts';

/** Key and value are ranges of the same `bytes`; all offsets and lengths are bytes. */
export interface EncodedEntry {
  readonly kind: EntryKindCode;
  readonly bytes: Uint8Array;
  /** A view of the same bytes as `bytes`. */
  readonly view: DataView;
  readonly keyStart: number;
  readonly keyLength: number;
  readonly valueStart: number;
  readonly valueLength: number;
}
