// Keys of a table that another manifest entry shows otherwise than they stand in the file: with
// something put before each, or with another version in place of each one's own.

import { concatBytes } from '../../base/bytes.ts';
import type { PebbleComparer } from './comparers.ts';

/**
 * How keys of a file are shown; keys without a version stay so.
 * @param comparer must be known where there is a `suffix`.
 */
export function shownKeys(
  prefix: Uint8Array,
  suffix: Uint8Array,
  comparer: PebbleComparer | undefined,
): (key: Uint8Array) => Uint8Array {
  if (suffix.length === 0) {
    return prefix.length === 0 ? (key) => key : (key) => concatBytes([prefix, key]);
  }
  return (key) => {
    const end = comparer?.split(key, key.length) ?? key.length;
    if (end === key.length) return concatBytes([prefix, key]);
    return concatBytes([prefix, key.subarray(0, end), suffix]);
  };
}
