// What a store's range keys come to, as Pebble's reads see them (rangekey's Coalesce): all bounds
// cut the keys into pieces; in each piece the newest statement about a suffix counts, and a delete
// ends all older ones. Pieces side by side that say the same are put together again.

import { equalBytes } from '../../base/bytes.ts';
import type { LiveRangeKey } from '../storeReader.ts';
import { withoutPrefix } from '../viewRange.ts';
import type { ViewRange } from '../viewRange.ts';
import type { PebbleComparer } from './comparers.ts';
import { CODE_RANGE_KEY_DELETE, CODE_RANGE_KEY_SET } from './rangeKeys.ts';
import type { RangeKeyEntry } from './rangeKeys.ts';

/** By their first keys; of one piece in the order of suffixes, newer times first. */
export function liveRangeKeys(
  entries: readonly RangeKeyEntry[],
  { compare, compareSuffixes }: Pick<PebbleComparer, 'compare' | 'compareSuffixes'>,
): readonly LiveRangeKey[] {
  const order = (left: Uint8Array, right: Uint8Array): number =>
    compare(left, left.length, right, right.length);
  const waiting = entries
    .filter(({ from, to }) => order(from, to) < 0)
    .sort((left, right) => order(left.from, right.from));
  const bounds = waiting.flatMap(({ from, to }) => [from, to]).sort(order);
  const live: LiveRangeKey[] = [];
  let open: RangeKeyEntry[] = [];
  let next = 0;
  /** The last so many of `live` are the piece right before. */
  let before = 0;
  for (const [index, from] of bounds.entries()) {
    const to = bounds[index + 1];
    if (to === undefined || order(from, to) === 0) continue;
    open = open.filter((entry) => order(entry.to, from) > 0);
    while (next < waiting.length && order(waiting[next]!.from, from) <= 0) {
      open.push(waiting[next++]!);
    }
    const piece = pieceOf(open, from, to).sort((left, right) =>
      compareSuffixes(left.suffix, right.suffix),
    );
    const start = live.length - before;
    before = piece.length;
    if (goesOn(live.slice(start), piece)) {
      for (let at = start; at < live.length; at++) live[at] = { ...live[at]!, to };
    } else live.push(...piece);
  }
  return live;
}

/** Those that share keys with a range, whole. */
export function reachingInto(
  rangeKeys: readonly LiveRangeKey[],
  range: ViewRange,
  { compare }: Pick<PebbleComparer, 'compare'>,
): readonly LiveRangeKey[] {
  const { from: low, to: high } = withoutPrefix(range);
  return rangeKeys.filter(
    ({ from, to }) =>
      (low === undefined || compare(to, to.length, low, low.length) > 0) &&
      (high === undefined || compare(from, from.length, high, high.length) < 0),
  );
}

function pieceOf(open: readonly RangeKeyEntry[], from: Uint8Array, to: Uint8Array): LiveRangeKey[] {
  // Of one sequence number sets count before unsets, and these before deletes.
  const newestFirst = open.toSorted(
    (left, right) => right.sequence - left.sequence || right.code - left.code,
  );
  const told: Uint8Array[] = [];
  const piece: LiveRangeKey[] = [];
  for (const { code, suffix, value, sequence } of newestFirst) {
    if (code === CODE_RANGE_KEY_DELETE) break;
    if (told.some((each) => equalBytes(each, suffix))) continue;
    told.push(suffix);
    if (code === CODE_RANGE_KEY_SET) piece.push({ from, to, suffix, value, sequence });
  }
  return piece;
}

/** Whether a piece says what the one right before it says. */
function goesOn(before: readonly LiveRangeKey[], piece: readonly LiveRangeKey[]): boolean {
  if (piece.length === 0 || before.length !== piece.length) return false;
  return piece.every((key, index) => {
    const known = before[index]!;
    return (
      known.sequence === key.sequence &&
      equalBytes(known.suffix, key.suffix) &&
      equalBytes(known.value, key.value)
    );
  });
}
