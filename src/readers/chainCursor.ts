// A cursor over a run: tables that never overlap, ascending. Only the table it stands in is open.

import type { EntryCursor } from './entryCursor.ts';
import type { CompareKeys } from './keyOrder.ts';

/** A table of a run. */
export interface ChainLink {
  /** The user's part of its greatest key. */
  readonly largestKey: Uint8Array;
  /** Opens it; `undefined` when it cannot be read, which has been listed then. */
  open(): EntryCursor | undefined;
}

/** Walks from table to table. */
export class ChainCursor implements EntryCursor {
  private readonly links: readonly ChainLink[];
  private readonly compare: CompareKeys;
  private index = 0;
  private opened = -1;
  private cursor: EntryCursor | undefined;

  constructor(links: readonly ChainLink[], compare: CompareKeys) {
    this.links = links;
    this.compare = compare;
  }

  get valid(): boolean {
    return this.cursor?.valid ?? false;
  }

  get key(): Uint8Array {
    return this.cursor!.key;
  }

  get keyLength(): number {
    return this.cursor!.keyLength;
  }

  get sequence(): number {
    return this.cursor!.sequence;
  }

  get code(): number {
    return this.cursor!.code;
  }

  value(): Uint8Array {
    return this.cursor!.value();
  }

  first(): void {
    this.enter(0, 1, (cursor) => cursor.first());
  }

  last(): void {
    this.enter(this.links.length - 1, -1, (cursor) => cursor.last());
  }

  seek(key: Uint8Array): void {
    let low = 0;
    let high = this.links.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { largestKey } = this.links[middle]!;
      if (this.compare(largestKey, largestKey.length, key, key.length) < 0) low = middle + 1;
      else high = middle;
    }
    this.enter(low, 1, (cursor) => cursor.seek(key));
  }

  next(): void {
    this.cursor!.next();
    if (!this.valid) this.enter(this.index + 1, 1, (cursor) => cursor.first());
  }

  prev(): void {
    this.cursor!.prev();
    if (!this.valid) this.enter(this.index - 1, -1, (cursor) => cursor.last());
  }

  private enter(start: number, direction: 1 | -1, move: (cursor: EntryCursor) => void): void {
    let place = move;
    for (let index = start; index >= 0 && index < this.links.length; index += direction) {
      this.index = index;
      if (this.opened !== index) this.cursor = this.links[index]!.open();
      this.opened = index;
      if (this.cursor !== undefined) place(this.cursor);
      if (this.valid) return;
      place = (cursor) => (direction > 0 ? cursor.first() : cursor.last());
    }
    this.cursor = undefined;
    this.opened = -1;
  }
}
