// Range deletes overlap; a reader wants to know of one key the newest that covers it. So they are
// cut at each other's ends into fragments that do not overlap, each with the sequence numbers of
// all that cover it, newest first. RocksDB (FragmentedRangeTombstoneList) and Pebble (keyspan
// fragments) do the same.
//
//   a──────────────e #3              a──b #3
//      b────d #7             ►          b────d #7 #3
//           d────────g #5                    d─e #5 #3
//                                              e────g #5
//
// Finding a key's fragment is a binary search; within it, another for the reader's sequence number.

import { compareBytes } from '../../base/bytes.ts';
import type { SequenceNumber } from '../../protocol/events.ts';
import type { RangeTombstone } from './rangeTombstone.ts';

/** Sequence number of "no range delete": below all others. */
export const NOT_COVERED = 0;

/** A span, and every range delete over all of it. */
export interface Fragment {
  readonly from: Uint8Array;
  /** Not included. */
  readonly to: Uint8Array;
  /** Newest first; at least one. */
  readonly covers: readonly RangeTombstone[];
}

/** Fragments in order of their keys. Immutable. */
export class Fragments {
  readonly list: readonly Fragment[];

  /** @param tombstones in any order. */
  constructor(tombstones: readonly RangeTombstone[]) {
    this.list = fragmentsOf(tombstones);
  }

  /**
   * The greatest sequence number, at most `sequence`, of a range delete that covers `key`;
   * NOT_COVERED when there is none. Allocates nothing.
   */
  coverOf(key: Uint8Array, sequence: SequenceNumber): SequenceNumber {
    const fragment = this.list[this.firstEndingAfter(key)];
    if (fragment === undefined || compareBytes(fragment.from, key) > 0) return NOT_COVERED;
    return newestAt(fragment, sequence);
  }

  /** Index of the first fragment that ends after `key`; the count of fragments for none. */
  firstEndingAfter(key: Uint8Array): number {
    const { list } = this;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareBytes(list[middle]!.to, key) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The greatest sequence number in a fragment that is at most `sequence`, or NOT_COVERED. */
export function newestAt({ covers }: Fragment, sequence: SequenceNumber): SequenceNumber {
  let low = 0;
  let high = covers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (covers[middle]!.sequence > sequence) low = middle + 1;
    else high = middle;
  }
  return low < covers.length ? covers[low]!.sequence : NOT_COVERED;
}

/** Sweeps over all ends in order, with the tombstones that cover the place. */
function fragmentsOf(tombstones: readonly RangeTombstone[]): Fragment[] {
  const starting = tombstones.toSorted((a, b) => compareBytes(a.from, b.from));
  const ending = tombstones.toSorted((a, b) => compareBytes(a.to, b.to));
  const fragments: Fragment[] = [];
  let covers: readonly RangeTombstone[] = [];
  let from = starting[0]?.from;
  let next = 0;
  for (let ended = 0; from !== undefined;) {
    const end: Uint8Array | undefined = ending[ended]?.to;
    const start: Uint8Array | undefined = starting[next]?.from;
    if (end === undefined) break;
    const to = start !== undefined && compareBytes(start, end) < 0 ? start : end;
    if (covers.length > 0) fragments.push({ from, to, covers });
    from = to;
    const after = covers.filter((cover) => compareBytes(cover.to, to) > 0);
    while (ended < ending.length && compareBytes(ending[ended]!.to, to) <= 0) ended++;
    while (next < starting.length && compareBytes(starting[next]!.from, to) <= 0) {
      after.push(starting[next++]!);
    }
    covers = after.sort((a, b) => b.sequence - a.sequence);
  }
  return fragments;
}
