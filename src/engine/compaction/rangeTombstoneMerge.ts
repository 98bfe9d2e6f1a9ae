// The range deletes of a merge's inputs: which entries they let it drop, and which of them go on
// into which output. The rules are those of the entries (dropRules.ts), fragment by fragment:
//
//   1. An entry is hidden for good by a newer range delete over its key when no snapshot lies
//      between the two. It is dropped.
//   2. Of two range deletes over the same fragment with no snapshot between them, the older is
//      dropped.
//   3. A range delete is needed as long as it hides something: keys in a table below, or versions
//      that an older snapshot keeps. Otherwise it is dropped, and by rule 1 all that it covers.
//
// What is kept is joined again where neighbouring fragments keep the same one, and cut where one
// output ends: just behind its last key, so that the tables of a run never overlap.

import { compareBytes, compareRanges } from '../../base/bytes.ts';
import type { SequenceNumber } from '../../protocol/events.ts';
import { overlapping } from '../manifest/version.ts';
import { Fragments, NOT_COVERED } from '../rangeDelete/fragments.ts';
import type { Fragment } from '../rangeDelete/fragments.ts';
import {
  boundOf,
  compareTombstones,
  partBefore,
  partFrom,
  successorOf,
} from '../rangeDelete/rangeTombstone.ts';
import type { RangeTombstone } from '../rangeDelete/rangeTombstone.ts';
import type { RunBelow } from './dropRules.ts';
import type { SnapshotStripes } from './snapshotStripes.ts';

/** Asked key by key, in ascending order, and emptied output by output. */
export class RangeTombstoneMerge {
  private readonly fragments: readonly Fragment[];
  private readonly stripes: SnapshotStripes;
  /** What goes on into outputs, by first key. */
  private readonly kept: readonly RangeTombstone[];
  /** The first fragment that ends after the key asked for last. */
  private fragment = 0;
  /** How many of `kept` have been looked at for an output. */
  private taken = 0;
  /** What earlier outputs left of those, for the next. */
  private rest: RangeTombstone[] = [];

  constructor(
    tombstones: readonly RangeTombstone[],
    stripes: SnapshotStripes,
    below: readonly RunBelow[],
  ) {
    this.stripes = stripes;
    this.fragments = new Fragments(tombstones).list;
    this.kept = joined(this.fragments, (fragment) => stillNeeded(fragment, stripes, below));
  }

  /**
   * The range delete that hides an entry from every reader that could see it, by its sequence
   * number; NOT_COVERED when none does.
   */
  hiding(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    sequence: SequenceNumber,
  ): SequenceNumber {
    const { fragments } = this;
    const compareTo = (bound: Uint8Array): number =>
      compareRanges(bound, 0, bound.length, key, keyStart, keyEnd);
    while (this.fragment < fragments.length && compareTo(fragments[this.fragment]!.to) <= 0) {
      this.fragment++;
    }
    const fragment = fragments[this.fragment];
    if (fragment === undefined || compareTo(fragment.from) > 0) return NOT_COVERED;
    const next = fragment.covers.findLast((cover) => cover.sequence > sequence);
    if (next === undefined || !this.stripes.areTogether(sequence, next.sequence)) {
      return NOT_COVERED;
    }
    return next.sequence;
  }

  /**
   * The range deletes of the next output.
   * @param lastKey no later output holds this key or a smaller one; `undefined` when no output
   * follows.
   */
  takeUpTo(lastKey: Uint8Array | undefined): RangeTombstone[] {
    const end = lastKey === undefined ? undefined : successorOf(lastKey);
    const { kept, rest } = this;
    const from = this.taken;
    while (
      this.taken < kept.length &&
      (end === undefined || compareBytes(kept[this.taken]!.from, end) < 0)
    ) {
      this.taken++;
    }
    const open = [...rest, ...kept.slice(from, this.taken)];
    if (end === undefined) {
      this.rest = [];
      return open;
    }
    this.rest = open.flatMap((tombstone) => partFrom(tombstone, end) ?? []);
    return open.flatMap((tombstone) => partBefore(tombstone, end) ?? []);
  }
}

/** The range deletes of a fragment that still hide something (rules 2 and 3). */
function stillNeeded(
  { from, to, covers }: Fragment,
  stripes: SnapshotStripes,
  below: readonly RunBelow[],
): RangeTombstone[] {
  const range = { from, to: boundOf(to) };
  const hidesBelow = below.some(({ run }) => overlapping(run, range).length > 0);
  return covers.filter(({ sequence }, index) => {
    const newer = covers[index - 1];
    if (newer !== undefined && stripes.areTogether(sequence, newer.sequence)) return false;
    return hidesBelow || stripes.hasOlderThan(sequence);
  });
}

/** What each fragment keeps, with the pieces of one range delete put together where they meet. */
function joined(
  fragments: readonly Fragment[],
  keptOf: (fragment: Fragment) => RangeTombstone[],
): RangeTombstone[] {
  const done: RangeTombstone[] = [];
  let open = new Map<SequenceNumber, RangeTombstone>();
  for (const fragment of fragments) {
    const { from, to } = fragment;
    const next = new Map<SequenceNumber, RangeTombstone>();
    for (const cover of keptOf(fragment)) {
      const before = open.get(cover.sequence);
      const joins = before !== undefined && compareBytes(before.to, from) === 0;
      next.set(cover.sequence, { ...cover, from: joins ? before.from : from, to });
      if (joins) open.delete(cover.sequence);
    }
    done.push(...open.values());
    open = next;
  }
  done.push(...open.values());
  return done.sort(compareTombstones);
}
