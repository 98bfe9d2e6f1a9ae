// A source of entries without those that range deletes hide from a reader. Being hidden depends on
// the reader's sequence number alone, so what is left is an ordered source like any other, and
// merges above it know nothing of range deletes.
//
// A long span is not walked through: where everything that the source holds there is older than the
// range delete, it seeks to the span's end.

import { compareBytes, compareRanges } from '../../base/bytes.ts';
import type { SequenceNumber } from '../../protocol/events.ts';
import type { Fragment, Fragments } from '../rangeDelete/fragments.ts';
import { successorOf } from '../rangeDelete/rangeTombstone.ts';
import type { Entry } from './entry.ts';
import { SEQUENCE_MAX } from './entryIterator.ts';
import type { EntryIterator } from './entryIterator.ts';

/** Hidden entries passed one by one before a seek jumps over the rest of their span. */
const STEPS_BEFORE_SEEK = 4;

/** A stretch of a source: how new its entries are at most, and where it ends. */
export interface Stretch {
  readonly largestSequence: SequenceNumber;
  /** Both included; `undefined` when the whole source is meant. */
  readonly smallestKey: Uint8Array | undefined;
  readonly largestKey: Uint8Array | undefined;
}

/** Shows of `source` what `spans` leave. */
export class HidingIterator implements EntryIterator {
  readonly entry: Entry;
  private readonly source: EntryIterator;
  private readonly spans: Fragments;
  private readonly stretch: () => Stretch;
  /** Index of the first span that ends after where it stands; checked before each use. */
  private span = 0;

  /**
   * @param spans made of range deletes that the reader sees, and no others.
   * @param stretch the part of the source in which it stands.
   */
  constructor(source: EntryIterator, spans: Fragments, stretch: () => Stretch) {
    this.source = source;
    this.entry = source.entry;
    this.spans = spans;
    this.stretch = stretch;
  }

  get valid(): boolean {
    return this.source.valid;
  }

  first(): void {
    this.source.first();
    this.passForward();
  }

  last(): void {
    this.source.last();
    this.passBackward();
  }

  seek(key: Uint8Array, sequence: number): void {
    this.source.seek(key, sequence);
    this.passForward();
  }

  next(): void {
    this.source.next();
    this.passForward();
  }

  prev(): void {
    this.source.prev();
    this.passBackward();
  }

  private passForward(): void {
    const { source } = this;
    for (let steps = 1; source.valid; steps++) {
      const span = this.hidingSpan();
      if (span === undefined) return;
      if (steps % STEPS_BEFORE_SEEK === 0 && this.isAllHidden(span)) {
        const { largestKey } = this.stretch();
        const ends = largestKey !== undefined && compareBytes(largestKey, span.to) < 0;
        source.seek(ends ? successorOf(largestKey) : span.to, SEQUENCE_MAX);
      } else {
        source.next();
      }
    }
  }

  private passBackward(): void {
    const { source } = this;
    for (let steps = 1; source.valid; steps++) {
      const span = this.hidingSpan();
      if (span === undefined) return;
      if (steps % STEPS_BEFORE_SEEK === 0 && this.isAllHidden(span)) {
        const { smallestKey } = this.stretch();
        const begins = smallestKey !== undefined && compareBytes(smallestKey, span.from) > 0;
        source.seek(begins ? smallestKey : span.from, SEQUENCE_MAX);
      }
      source.prev();
    }
  }

  /** Whether every entry of this stretch of the source that lies in the span is hidden by it. */
  private isAllHidden(span: Fragment): boolean {
    return this.stretch().largestSequence < span.covers[0]!.sequence;
  }

  /** The span that hides the current entry, if one does. */
  private hidingSpan(): Fragment | undefined {
    const { list } = this.spans;
    if (!this.isAtSpan()) this.span = this.spans.firstEndingAfter(this.entry.copyKey());
    const span = list[this.span];
    if (span === undefined || this.compareTo(span.from) > 0) return undefined;
    return this.entry.sequence < span.covers[0]!.sequence ? span : undefined;
  }

  /** Whether `span` is still the first that ends after the current entry's key. */
  private isAtSpan(): boolean {
    const { list } = this.spans;
    const here = list[this.span];
    const before = list[this.span - 1];
    return (
      (here === undefined || this.compareTo(here.to) > 0) &&
      (before === undefined || this.compareTo(before.to) <= 0)
    );
  }

  /** Sign of (key - the current entry's key). */
  private compareTo(key: Uint8Array): number {
    const { keyBytes, keyOffset, keyLength } = this.entry;
    return compareRanges(key, 0, key.length, keyBytes, keyOffset, keyOffset + keyLength);
  }
}
