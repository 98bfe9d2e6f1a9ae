// The ranges of keys that iterators have seen: everything from where a walk was placed to where it
// stands, found keys and the gaps between them alike. A key that somebody else writes into such a
// range afterwards is a phantom: the walk would find it if it were done again.

import { compareRanges } from '../../base/bytes.ts';
import type { Entry } from '../iterator/entry.ts';
import type { KeyBounds } from '../iterator/keyBounds.ts';
import { KeyBuffer } from '../iterator/keyBuffer.ts';
import type { CheckedRange } from '../read/changesSince.ts';
import type { WalkObserver } from '../read/walkObserver.ts';

/** One end of a range: a key that moves along, or one of the walk's own bounds. */
class RangeEnd {
  private readonly key = new KeyBuffer();
  private readonly bound: Uint8Array | undefined;
  /** The end is the walk's own bound. */
  atBound = true;

  constructor(bound: Uint8Array | undefined) {
    this.bound = bound;
  }

  get bytes(): Uint8Array | undefined {
    return this.atBound ? this.bound : this.key.toBytes();
  }

  setToBytes(key: Uint8Array): void {
    this.key.setToBytes(key);
    this.atBound = false;
  }

  /** Moves to an entry that lies beyond it. */
  extendTo(entry: Entry, direction: 1 | -1): void {
    const { keyBytes, keyOffset, keyLength } = entry;
    const { bytes, length } = this.key;
    const end = keyOffset + keyLength;
    const order = compareRanges(keyBytes, keyOffset, end, bytes, 0, length);
    if (!this.atBound && order * direction > 0) this.key.setTo(entry);
  }
}

/** Notes what one iterator sees. Every placing begins a further range. */
export class WalkRecorder implements WalkObserver {
  private readonly bounds: KeyBounds;
  private readonly onRange: (keyBytes: number) => void;
  private readonly ranges: { readonly lower: RangeEnd; readonly upper: RangeEnd }[] = [];

  /** @param onRange called when a further range begins, with the bytes of its first keys. */
  constructor(bounds: KeyBounds, onRange: (keyBytes: number) => void) {
    this.bounds = bounds;
    this.onRange = onRange;
  }

  placed(from: Uint8Array | undefined, at: Entry | undefined, reverse: boolean): void {
    this.onRange((from?.length ?? 0) + (at?.keyLength ?? 0));
    const lower = new RangeEnd(this.bounds.lower);
    const upper = new RangeEnd(this.bounds.upper);
    const [start, end] = reverse ? [upper, lower] : [lower, upper];
    if (from !== undefined) start.setToBytes(from);
    if (at !== undefined) end.setToBytes(at.copyKey());
    this.ranges.push({ lower, upper });
  }

  moved(at: Entry | undefined, towardsGreater: boolean): void {
    const range = this.ranges.at(-1)!;
    const end = towardsGreater ? range.upper : range.lower;
    if (at === undefined) end.atBound = true;
    else end.extendTo(at, towardsGreater ? 1 : -1);
  }

  get rangeCount(): number {
    return this.ranges.length;
  }

  /** What was seen so far. */
  walked(): CheckedRange[] {
    return this.ranges.map(({ lower, upper }) => ({
      lower: lower.bytes,
      upper: upper.bytes,
      upperIncluded: !upper.atBound,
    }));
  }
}
