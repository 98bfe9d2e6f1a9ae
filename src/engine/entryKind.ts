// What an entry says about its key, as one byte on disk and in memtables. The numbers are
// RocksDB's. DO NOT CHANGE: they are in every log and table.

import { assertUnreachable } from '../base/assert.ts';
import type { EntryKind } from '../protocol/events.ts';

/** The key is gone: a tombstone that hides every older version. No value. */
export const KIND_DELETE = 0;
/** The key has this value. */
export const KIND_PUT = 1;
/** The value is an operand, to be combined with the older versions by a merge operator. */
export const KIND_MERGE = 2;
/** Hides exactly one older put. No value. */
export const KIND_SINGLE_DELETE = 7;
/** Hides every older entry from the key (inclusive) to the value (exclusive). */
export const KIND_RANGE_DELETE = 15;

/** An entry kind as it stands on disk. */
export type EntryKindCode =
  | typeof KIND_DELETE
  | typeof KIND_PUT
  | typeof KIND_MERGE
  | typeof KIND_SINGLE_DELETE
  | typeof KIND_RANGE_DELETE;

/** Whether a byte from disk is a kind this version knows. */
export function isEntryKind(code: number): code is EntryKindCode {
  return (
    code === KIND_PUT ||
    code === KIND_DELETE ||
    code === KIND_MERGE ||
    code === KIND_SINGLE_DELETE ||
    code === KIND_RANGE_DELETE
  );
}

/** Whether entries of this kind carry a value after their key. */
export function hasValue(code: EntryKindCode): boolean {
  return code !== KIND_DELETE && code !== KIND_SINGLE_DELETE;
}

/** Whether entries of this kind hide older ones and hold nothing themselves. */
export function isTombstone(code: EntryKindCode): boolean {
  return code === KIND_DELETE || code === KIND_SINGLE_DELETE || code === KIND_RANGE_DELETE;
}

/** The kind's name in events. */
export function entryKindName(code: EntryKindCode): EntryKind {
  switch (code) {
    case KIND_PUT:
      return 'put';
    case KIND_DELETE:
      return 'delete';
    case KIND_MERGE:
      return 'merge';
    case KIND_SINGLE_DELETE:
      return 'single-delete';
    case KIND_RANGE_DELETE:
      return 'range-delete';
    default:
      return assertUnreachable(code);
  }
}
