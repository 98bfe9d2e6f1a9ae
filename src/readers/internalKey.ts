// The key under which LevelDB and its descendants keep a version of an entry: the user's key, then
// eight bytes, little-endian, of sequence number (56 bits) and kind (8 bits).

import { loadUint32 } from '../base/byteReader.ts';
import { corruption } from '../base/errors.ts';
import type { EntryKind } from '../protocol/events.ts';

/** Bytes that follow the user's key. */
export const TRAILER_BYTES = 8;

/** Kinds by their number on disk (RocksDB's db/dbformat.h; LevelDB has the first two). */
const KIND_OF_CODE: ReadonlyMap<number, EntryKind> = new Map([
  [0, 'delete'],
  [1, 'put'],
  [2, 'merge'],
  [7, 'single-delete'],
  [15, 'range-delete'],
  // In a blob file; under a timestamp; columns; with a preferred sequence number.
  [0x11, 'put'],
  [0x14, 'delete'],
  [0x16, 'put'],
  [0x18, 'put'],
]);

/** What a kind's number says; `undefined` for one that is not known here. */
export function entryKindOf(code: number): EntryKind | undefined {
  return KIND_OF_CODE.get(code);
}

/** What a place says of a key by the newest version there; `undefined` when it has none. */
export function lookupResult(
  code: number | undefined,
): 'found' | 'tombstone' | 'operand' | 'absent' {
  if (code === undefined) return 'absent';
  const kind = entryKindOf(code);
  if (kind === 'merge') return 'operand';
  return kind === 'put' ? 'found' : 'tombstone';
}

/** The sequence number in a trailer that begins at `position`; it is below 2^56. */
export function sequenceAt(bytes: Uint8Array, position: number): number {
  const high = bytes[position + 5]! | (bytes[position + 6]! << 8) | (bytes[position + 7]! << 16);
  return high * 0x1_0000_0000 + loadUint32(bytes, position + 1);
}

/** An internal key taken apart; the user's key is a view. */
export interface InternalKey {
  readonly userKey: Uint8Array;
  readonly sequence: number;
  /** The kind's number on disk. */
  readonly code: number;
}

/**
 * Takes an internal key apart.
 * @throws LsmError `CORRUPTION` when it is too short to be one.
 */
export function parseInternalKey(key: Uint8Array, file: string, offset: number): InternalKey {
  const end = key.length - TRAILER_BYTES;
  if (end < 0) throw corruption(`a key of ${key.length} bytes has no trailer`, file, offset);
  return { userKey: key.subarray(0, end), sequence: sequenceAt(key, end), code: key[end]! };
}
