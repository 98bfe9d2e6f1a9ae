// What a Level database must answer, the plain way: an immutable Map per state, and a sorted array
// for whatever is asked of a range.

import type { Bounds, KeyText, Selection, ShortChange } from './levelOperations.ts';

/** All entries of one state. Keys are compared as text of one character a byte: in byte order. */
export type Content = ReadonlyMap<KeyText, string>;

export type Entry = readonly [key: KeyText, value: string];

/** A value as text, from its short form. */
export function valueOf([length, repeated]: readonly [number, string]): string {
  return repeated.repeat(Math.ceil(length / repeated.length)).slice(0, length);
}

export function contentAfter(content: Content, changes: readonly ShortChange[]): Content {
  const after = new Map(content);
  for (const [key, value] of changes) {
    if (value === undefined) after.delete(key);
    else after.set(key, valueOf(value));
  }
  return after;
}

/** Whether a key lies between the bounds; `gte` counts before `gt`, and `lte` before `lt`. */
export function isWithin(key: KeyText, { gt, gte, lt, lte }: Bounds): boolean {
  const aboveLeast = gte === undefined ? gt === undefined || key > gt : key >= gte;
  const belowMost = lte === undefined ? lt === undefined || key < lt : key <= lte;
  return aboveLeast && belowMost;
}

/** The entries of a range in its own direction, `limit` of them at most. */
export function select(content: Content, selection: Omit<Selection, 'snapshot'>): Entry[] {
  const entries = [...content].filter(([key]) => isWithin(key, selection));
  entries.sort(([left], [right]) => (left < right ? -1 : 1));
  if (selection.reverse) entries.reverse();
  return selection.limit < 0 ? entries : entries.slice(0, selection.limit);
}

/** An iterator over one state. */
export class ModelIterator {
  private readonly selection: Selection;
  private readonly entries: readonly Entry[];
  private position = 0;
  private count = 0;

  constructor(content: Content, selection: Selection) {
    this.selection = selection;
    this.entries = select(content, { ...selection, limit: -1 });
  }

  /** A target outside of the range leads to its end. */
  seek(target: KeyText): void {
    const { entries, selection } = this;
    const { reverse } = selection;
    const found = entries.findIndex(([key]) => (reverse ? key <= target : key >= target));
    this.position = found < 0 || !isWithin(target, selection) ? entries.length : found;
  }

  next(most: number): readonly Entry[] {
    const { limit } = this.selection;
    const left = limit < 0 ? most : Math.min(most, limit - this.count);
    const taken = this.entries.slice(this.position, this.position + left);
    this.position += taken.length;
    this.count += taken.length;
    return taken;
  }
}
