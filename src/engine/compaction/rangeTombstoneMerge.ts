// The range deletes of a merge's inputs: which entries they let it drop, and which of them go on
// into which output. The rules are those of the entries (dropRules.ts), fragment by fragment:
//
//   1. An entry is hidden for good by a newer range delete over its key when no snapshot lies
//      between the two. It is dropped.
//   2. Of two range deletes over the same fragment with no snapshot between them, the older is
//      dropped.
//   3. A range delete is needed as long as it hides something in its fragment: an older version
//      that stays for a snapshot (versionSifter.ts finds that out), or, if it is the oldest there,
//      keys in a table below. Otherwise it is dropped, and by rule 1 all that it covers.
//
// What is kept is joined again where neighbouring fragments keep the same one, and cut where one
// output ends: just behind its last key, so that the tables of a run never overlap. The parts of a
// fragment that is cut are judged each for itself.

import { compareBytes, compareRanges } from '../../base/bytes.ts';
import type { SequenceNumber } from '../../protocol/events.ts';
import { overlapping } from '../manifest/version.ts';
import { Fragments } from '../rangeDelete/fragments.ts';
import { compareTombstones, successorOf } from '../rangeDelete/rangeTombstone.ts';
import type { RangeTombstone } from '../rangeDelete/rangeTombstone.ts';
import type { RunBelow } from './dropRules.ts';
import type { SnapshotStripes } from './snapshotStripes.ts';

/** A range delete over one fragment. */
export interface Cover {
  readonly sequence: SequenceNumber;
  readonly timestampMicros: number;
  /** Whether it hides something that stays, as far as the merge has come. */
  isNeeded: boolean;
}

/** A span with every range delete over all of it that some reader sees there. */
interface CoveredSpan {
  readonly from: Uint8Array;
  /** Not included. */
  readonly to: Uint8Array;
  /** Newest first; at least one. */
  readonly covers: readonly Cover[];
}

export const NO_COVERS: readonly Cover[] = [];

/** Asked key by key, in ascending order, and emptied output by output. */
export class RangeTombstoneMerge {
  private readonly spans: readonly CoveredSpan[];
  private readonly below: readonly RunBelow[];
  /** The first span that ends after the key asked for last. */
  private current = 0;
  /** The first span of which something is left for the next output. */
  private taken = 0;
  /** Up to here its keys are in outputs. */
  private takenTo: Uint8Array | undefined;

  constructor(
    tombstones: readonly RangeTombstone[],
    stripes: SnapshotStripes,
    below: readonly RunBelow[],
  ) {
    this.below = below;
    this.spans = new Fragments(tombstones).list.map(({ from, to, covers }) => {
      const seen = covers.filter(({ sequence }, index) => {
        const newer = covers[index - 1];
        return newer === undefined || !stripes.areTogether(sequence, newer.sequence);
      });
      return {
        from,
        to,
        covers: seen.map(({ sequence, timestampMicros }) => {
          return { sequence, timestampMicros, isNeeded: false };
        }),
      };
    });
  }

  /** The range deletes over a key, newest first. */
  coversOf(key: Uint8Array, keyLength: number): readonly Cover[] {
    const { spans } = this;
    const compareTo = (bound: Uint8Array): number =>
      compareRanges(bound, 0, bound.length, key, 0, keyLength);
    while (this.current < spans.length && compareTo(spans[this.current]!.to) <= 0) this.current++;
    const span = spans[this.current];
    return span === undefined || compareTo(span.from) > 0 ? NO_COVERS : span.covers;
  }

  /**
   * The range deletes of the next output; all keys of it have been asked for.
   * @param lastKey no later output holds this key or a smaller one; `undefined` when no output
   * follows.
   */
  takeUpTo(lastKey: Uint8Array | undefined): RangeTombstone[] {
    const end = lastKey === undefined ? undefined : successorOf(lastKey);
    const parts: RangeTombstone[][] = [];
    for (; this.taken < this.spans.length; this.taken++) {
      const span = this.spans[this.taken]!;
      const from = this.takenTo ?? span.from;
      if (end !== undefined && compareBytes(from, end) >= 0) break;
      const isCut = end !== undefined && compareBytes(span.to, end) > 0;
      parts.push(this.neededOf(span, from, isCut ? end : span.to));
      this.takenTo = isCut ? end : undefined;
      if (isCut) break;
    }
    return joined(parts);
  }

  /** What a part of a span keeps. */
  private neededOf({ covers }: CoveredSpan, from: Uint8Array, to: Uint8Array): RangeTombstone[] {
    const hidesBelow = this.below.some(({ run }) =>
      overlapping(run, { from, to }).some((table) => compareBytes(table.smallestKey, to) < 0),
    );
    const oldest = covers.at(-1);
    const needed = covers.filter((cover) => cover.isNeeded || (hidesBelow && cover === oldest));
    for (const cover of covers) cover.isNeeded = false;
    return needed.map(({ sequence, timestampMicros }) => ({ from, to, sequence, timestampMicros }));
  }
}

/** All parts, those of one range delete put together where they meet. */
function joined(parts: readonly (readonly RangeTombstone[])[]): RangeTombstone[] {
  const done: RangeTombstone[] = [];
  let open = new Map<SequenceNumber, RangeTombstone>();
  for (const part of parts) {
    const next = new Map<SequenceNumber, RangeTombstone>();
    for (const cover of part) {
      const before = open.get(cover.sequence);
      const joins = before !== undefined && compareBytes(before.to, cover.from) === 0;
      next.set(cover.sequence, joins ? { ...cover, from: before.from } : cover);
      if (joins) open.delete(cover.sequence);
    }
    done.push(...open.values());
    open = next;
  }
  done.push(...open.values());
  return done.sort(compareTombstones);
}
