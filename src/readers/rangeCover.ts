// Deletions of ranges of a foreign store, as a walk over its entries asks for them: which is the
// newest over a key. They come to be known while tables are opened one after the other; those of a
// table hold only within its keys.
//
// The ranges are cut into pieces that do not overlap, each with its newest deletion, and looked up
// by halving. A bound is a key, and whether it lies before or behind the key itself.

import type { CompareKeys } from './keyOrder.ts';
import type { RangeDeletion } from './sst/rangeDeletions.ts';

interface Bound {
  readonly key: Uint8Array;
  /** Behind all versions of the key. */
  readonly isBehind: boolean;
}

interface Span {
  readonly from: Bound;
  readonly to: Bound;
  readonly sequence: number;
}

/** The keys of a table, both included. */
export interface KeySpan {
  readonly smallestKey: Uint8Array;
  readonly largestKey: Uint8Array;
}

/** All deletions of ranges that are known by now. */
export class RangeCover {
  private readonly compare: CompareKeys;
  private readonly spans: Span[] = [];
  /** Piece `index` reaches from `bounds[index]` to the next one. */
  private bounds: readonly Bound[] = [];
  private newest: readonly number[] = [];
  private isCut = true;

  constructor(compare: CompareKeys) {
    this.compare = compare;
  }

  /** @param within the table's keys; left out: they hold everywhere. */
  add(deletions: readonly RangeDeletion[], within?: KeySpan): void {
    for (const { from, to, sequence } of deletions) {
      const span = this.clipped(
        { key: from, isBehind: false },
        { key: to, isBehind: false },
        within,
      );
      if (span !== undefined) this.spans.push({ ...span, sequence });
    }
    if (deletions.length > 0) this.isCut = false;
  }

  /** The newest deletion over `key[0, keyLength)`; 0 for none. */
  over(key: Uint8Array, keyLength: number): number {
    if (this.spans.length === 0) return 0;
    if (!this.isCut) this.cut();
    let low = 0;
    let high = this.bounds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const bound = this.bounds[middle]!;
      const order = this.compare(bound.key, bound.key.length, key, keyLength);
      if (order < 0 || (order === 0 && !bound.isBehind)) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : this.newest[low - 1]!;
  }

  private clipped(from: Bound, to: Bound, within?: KeySpan): Omit<Span, 'sequence'> | undefined {
    if (within === undefined) return { from, to };
    const first: Bound = { key: within.smallestKey, isBehind: false };
    const last: Bound = { key: within.largestKey, isBehind: true };
    const start = this.order(from, first) < 0 ? first : from;
    const end = this.order(to, last) > 0 ? last : to;
    return this.order(start, end) < 0 ? { from: start, to: end } : undefined;
  }

  private order(left: Bound, right: Bound): number {
    const byKey = this.compare(left.key, left.key.length, right.key, right.key.length);
    return byKey === 0 ? Number(left.isBehind) - Number(right.isBehind) : byKey;
  }

  /** Sweeps over all bounds, and keeps the sequences of the spans that are open. */
  private cut(): void {
    this.isCut = true;
    const all = this.spans.flatMap(({ from, to, sequence }) => [
      { bound: from, sequence, opens: true },
      { bound: to, sequence, opens: false },
    ]);
    all.sort((left, right) => this.order(left.bound, right.bound));
    const open = new OpenSequences();
    const bounds: Bound[] = [];
    const newest: number[] = [];
    for (const [index, { bound, sequence, opens }] of all.entries()) {
      if (opens) open.add(sequence);
      else open.remove(sequence);
      const next = all[index + 1];
      if (next !== undefined && this.order(bound, next.bound) === 0) continue;
      bounds.push(bound);
      newest.push(open.greatest());
    }
    this.bounds = bounds;
    this.newest = newest;
  }
}

/** A bag of numbers in ascending order. */
class OpenSequences {
  private readonly sorted: number[] = [];

  add(sequence: number): void {
    this.sorted.splice(this.placeOf(sequence), 0, sequence);
  }

  remove(sequence: number): void {
    this.sorted.splice(this.placeOf(sequence), 1);
  }

  /** 0 when it is empty. */
  greatest(): number {
    return this.sorted.at(-1) ?? 0;
  }

  private placeOf(sequence: number): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.sorted[middle]! < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The newest of some deletions over `key`; 0 for none. */
export function newestOver(
  deletions: readonly RangeDeletion[],
  key: Uint8Array,
  compare: CompareKeys,
): number {
  let newest = 0;
  for (const { from, to, sequence } of deletions) {
    if (sequence <= newest) continue;
    const isInside =
      compare(from, from.length, key, key.length) <= 0 &&
      compare(key, key.length, to, to.length) < 0;
    if (isInside) newest = sequence;
  }
  return newest;
}
