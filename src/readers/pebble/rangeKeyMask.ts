// What a read does not show that lets range keys mask (range_keys.go): of the range keys over a key
// the one of the latest time counts that is not later than the read's own; keys of earlier times
// than that one are hidden. Keys without a version never are.

import { LsmError } from '../../base/errors.ts';
import type { LiveRangeKey } from '../storeReader.ts';
import type { PebbleComparer } from './comparers.ts';

interface Piece {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly suffix: Uint8Array;
}

/**
 * Whether a key is hidden.
 * @param rangeKeys as `liveRangeKeys` has them.
 * @param asOf the read's own time, a version as keys end with one.
 * @throws LsmError `INVALID_ARGUMENT` when it is no version.
 */
export function rangeKeyMask(
  rangeKeys: readonly LiveRangeKey[],
  asOf: Uint8Array,
  { compare, compareSuffixes, split }: PebbleComparer,
): (key: Uint8Array) => boolean {
  if (asOf.length === 0 || split(asOf, asOf.length) !== 0) {
    throw new LsmError('INVALID_ARGUMENT', 'a mask must be a version, as keys end with one');
  }
  const pieces: Piece[] = [];
  for (const { from, to, suffix } of rangeKeys) {
    if (compareSuffixes(suffix, asOf) < 0) continue;
    // Of one piece the latest comes first.
    const last = pieces.at(-1);
    if (last !== undefined && compare(last.from, last.from.length, from, from.length) === 0)
      continue;
    pieces.push({ from, to, suffix });
  }
  return (key) => {
    const end = split(key, key.length);
    if (end === key.length) return false;
    const piece = pieces[lastAtOrBefore(key)];
    if (piece === undefined) return false;
    if (compare(key, key.length, piece.to, piece.to.length) >= 0) return false;
    return compareSuffixes(piece.suffix, key.subarray(end)) < 0;
  };

  function lastAtOrBefore(key: Uint8Array): number {
    let low = 0;
    let high = pieces.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { from } = pieces[middle]!;
      if (compare(from, from.length, key, key.length) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
